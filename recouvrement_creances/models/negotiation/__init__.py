from . import collection_settlement
from . import collection_promise_judgement
from . import collection_promise
from . import collection_waiver_execution
from . import collection_waiver

from . import collection_limitation_query
from . import collection_limitation
from . import collection_limitation_check
from . import collection_limitation_event
from . import collection_limitation_alarm
from . import collection_limitation_text
from . import collection_judgement
from . import collection_rate

from . import test_promise
from . import test_settlement
from . import test_settlement_counts
from . import test_waiver
from . import test_waiver_principal

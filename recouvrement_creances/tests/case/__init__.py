from . import test_case
from . import test_case_continuity
from . import test_case_figures
from . import test_decision
from . import test_decision_naive
from . import test_hold
from . import test_takeover
from . import test_undated_item

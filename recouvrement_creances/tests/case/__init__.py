from . import test_decision
from . import test_hold
from . import test_takeover

from . import test_late_terms
from . import test_rate

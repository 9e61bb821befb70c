from . import test_judgement
from . import test_late_terms
from . import test_rate
from . import test_limitation
from . import test_limitation_event
from . import test_limitation_alarm

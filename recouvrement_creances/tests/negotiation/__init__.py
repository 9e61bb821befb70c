from . import test_schedule
from . import test_schedule_contact
from . import test_schedule_counts
from . import test_schedule_life
from . import test_schedule_replay
from . import test_schedule_signature
from . import test_settlement
from . import test_waiver

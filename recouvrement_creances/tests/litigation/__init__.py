from . import test_court
from . import test_deadline
from . import test_proceeding
from . import test_proceeding_title
from . import test_handover
from . import test_handover_approval
from . import test_handover_transmission
from . import test_legal_file

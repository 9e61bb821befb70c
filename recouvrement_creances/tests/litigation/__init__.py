from . import test_court
from . import test_deadline
from . import test_proceeding
from . import test_proceeding_title

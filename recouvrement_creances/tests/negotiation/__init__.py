from . import test_assessment
from . import test_hardship
from . import test_help_body
from . import test_means_access
from . import test_waiver

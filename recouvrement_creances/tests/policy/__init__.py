from . import test_forbidden_texts
from . import test_kept_settings
from . import test_policy

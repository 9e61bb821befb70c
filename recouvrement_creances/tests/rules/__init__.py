from . import test_rules_examples
from . import test_rules_ladder
from . import test_rules_priority
from . import test_rules_transitions

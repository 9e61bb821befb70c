from . import test_concurrency
from . import test_continuation
from . import test_evidence
from . import test_letter
from . import test_outcome
from . import test_query_counts
from . import test_run
from . import test_sending

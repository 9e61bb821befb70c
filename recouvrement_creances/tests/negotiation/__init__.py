from . import test_settlement
from . import test_dispute
from . import test_dispute_access
from . import test_dispute_ledger
from . import test_dispute_papers
from . import test_dispute_watch
from . import test_nonpayment_reason
from . import test_waiver

from . import test_charge
from . import test_charge_block
from . import test_charge_booking
from . import test_charge_branch
from . import test_charge_guard
from . import test_charge_document
from . import test_interest
from . import test_interest_stops

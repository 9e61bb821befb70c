from . import test_charge
from . import test_charge_block
from . import test_charge_booking
from . import test_charge_document
from . import test_interest

from . import test_tour_accountant
from . import test_tour_charges
from . import test_tour_collector
from . import test_tour_dispute
from . import test_tour_invoicing
from . import test_tour_limitation
from . import test_tour_manager
from . import test_tour_returned_letter

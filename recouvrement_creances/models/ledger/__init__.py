from . import collection_interest
from . import collection_charge_line
from . import collection_charge_booking
from . import collection_charge
from . import collection_attribution

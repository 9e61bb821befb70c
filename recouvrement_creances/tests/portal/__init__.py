from . import test_portal_access
from . import test_portal_page
from . import test_portal_attack
from . import test_portal_payment
from . import test_portal_contact
from . import test_portal_dispute
from . import test_portal_promise
from . import test_portal_schedule

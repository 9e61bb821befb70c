from . import collection_portal_access
from . import collection_portal_attempt
from . import collection_portal_page
from . import collection_portal_document
from . import collection_portal_payment
from . import collection_contact_change

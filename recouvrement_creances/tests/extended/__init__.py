from . import test_buttons
from . import test_installation
from . import test_invoice_columns
from . import test_lists_of_models
from . import test_partner_merge
from . import test_partner_ranks
from . import test_translation
from . import test_new_records

from . import test_access_matrix
from . import test_access_writes
from . import test_companies
from . import test_copied_debtor
from . import test_dialog_access
from . import test_doors
from . import test_menus
from . import test_portal

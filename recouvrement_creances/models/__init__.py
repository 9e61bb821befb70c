from . import mixins
from . import policy
from . import case
from . import contact
from . import law
from . import ledger
from . import negotiation
from . import extended

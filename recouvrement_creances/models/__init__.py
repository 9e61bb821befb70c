from . import mixins
from . import policy
from . import case
from . import contact
from . import law
from . import custody
from . import extended

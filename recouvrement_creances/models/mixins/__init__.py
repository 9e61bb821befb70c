from . import collection_agreement
from . import collection_kept
from . import collection_reachable
from . import collection_stateful
from . import collection_approvable
from . import collection_deadlined
from . import collection_text
from . import collection_creditworthy

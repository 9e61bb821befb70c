from . import collection_kept
from . import collection_reachable
from . import collection_stateful
from . import collection_text

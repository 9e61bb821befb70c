from . import collection_case_figures
from . import collection_case
from . import collection_item
from . import collection_hold
from . import collection_hold_line
from . import collection_refresh
from . import collection_decision
from . import collection_ranking

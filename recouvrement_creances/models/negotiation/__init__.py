from . import collection_settlement
from . import collection_waiver

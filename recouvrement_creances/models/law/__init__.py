from . import collection_rate

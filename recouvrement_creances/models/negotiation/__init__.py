from . import collection_waiver

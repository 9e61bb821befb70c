from . import collection_stateful

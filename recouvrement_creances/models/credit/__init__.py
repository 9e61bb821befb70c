from . import collection_credit
from . import collection_insurance

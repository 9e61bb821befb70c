from . import collection_correspondence
from . import report_recouvrement_creances_charge
from . import report_recouvrement_creances_letter
from . import report_recouvrement_creances_statement

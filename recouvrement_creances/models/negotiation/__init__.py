from . import collection_waiver
from . import collection_help_body
from . import collection_assessment_budget
from . import collection_assessment_letter
from . import collection_assessment
from . import collection_assessment_line
from . import collection_assessment_fact
from . import collection_hardship

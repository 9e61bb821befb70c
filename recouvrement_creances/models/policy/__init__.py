from . import collection_stage
from . import collection_reason
from . import collection_policy_schedule
from . import collection_policy_sharing
from . import collection_policy
from . import collection_level
from . import collection_level_step

from . import collection_demo
from . import collection_demo_ledger
from . import collection_demo_schedule
from . import collection_demo_means
from . import collection_demo_litigation
from . import collection_demo_insolvency
from . import collection_demo_waiver
from . import collection_demo_story

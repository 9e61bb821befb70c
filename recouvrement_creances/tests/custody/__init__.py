from . import test_evidence_check
from . import test_evidence_doors
from . import test_evidence_export
from . import test_handover_custody
from . import test_means_custody
from . import test_note_flag
from . import test_person_export
from . import test_purge

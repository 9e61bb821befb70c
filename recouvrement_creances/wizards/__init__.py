from . import collection_action_untick
from . import collection_contact_outcome
from . import collection_contact_override
from . import collection_letter_post
from . import collection_letter_post_line
from . import collection_letter_proof
from . import collection_takeover
from . import collection_takeover_line

from . import test_translation
from . import test_partner_merge

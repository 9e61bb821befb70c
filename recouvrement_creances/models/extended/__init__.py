from . import res_company
from . import res_partner
from . import account_move
from . import account_move_line
from . import mail_activity
from . import ir_attachment
from . import res_config_settings
from . import base_partner_merge_automatic_wizard

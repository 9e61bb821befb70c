from odoo import api, fields, models
from odoo.exceptions import UserError

SOURCES = [
    ("call", "Phone call"),
    ("visit", "Visit"),
    ("meeting", "Meeting"),
    ("email", "E-mail"),
    ("letter", "Letter"),
    ("portal", "Debtor's page"),
    ("task", "Internal task"),
    ("hand", "By hand"),
    ("other", "Other"),
]


class CollectionReasonNote(models.Model):
    """Why a debtor did not pay, as it was understood on a day: the history behind the case."""

    _name = "collection.reason.note"
    _description = "Reason for non-payment that was noted"
    _inherit = ["collection.undefaulted"]
    _order = "noted_on desc, id desc"
    _rec_name = "reason_id"

    case_id = fields.Many2one(
        "collection.case", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="case_id.partner_id")
    reason_id = fields.Many2one(
        "collection.reason", required=True, readonly=True, ondelete="restrict"
    )
    kind = fields.Selection(related="reason_id.kind", string="Meaning")
    source = fields.Selection(selection=SOURCES, required=True, readonly=True)
    noted_on = fields.Date(required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Noted by", readonly=True, ondelete="set null")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_open = fields.Monetary(
        readonly=True, help="What was open in all on the case when the reason was noted."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_purge(self):
        if not self.env.su:
            raise UserError(self.env._("What was noted is history: note the present reason."))

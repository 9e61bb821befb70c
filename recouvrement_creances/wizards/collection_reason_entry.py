from odoo import fields, models

from ..models.negotiation.collection_reason_note import SOURCES


class CollectionReasonEntry(models.TransientModel):
    """Note why a debtor does not pay, and where that is known from."""

    _name = "collection.reason.entry"
    _description = "Note a reason for non-payment"
    _inherit = ["collection.sourced"]

    case_id = fields.Many2one("collection.case", required=True)
    reason_id = fields.Many2one(
        "collection.reason",
        string="Why they do not pay",
        required=True,
        domain=[("usage", "=", "nonpayment")],
    )
    source = fields.Selection(
        selection=SOURCES, string="Known from", required=True, default="email"
    )
    noted_on = fields.Date(string="Said on", required=True, default=fields.Date.context_today)

    def action_apply(self):
        """Note the reason on the case and in its history."""
        self.ensure_one()
        self.case_id._note_nonpayment_reason(self.reason_id, self.source, self.noted_on)
        return {"type": "ir.actions.act_window_close"}

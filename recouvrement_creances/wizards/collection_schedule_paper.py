import base64

from odoo import fields, models
from odoo.exceptions import UserError


class CollectionSchedulePaper(models.TransientModel):
    """Take in an agreement that the debtor signed on paper."""

    _name = "collection.schedule.paper"
    _description = "Agreement signed on paper"
    _inherit = ["collection.sourced"]

    schedule_id = fields.Many2one("collection.schedule", required=True)
    currency_id = fields.Many2one(related="schedule_id.currency_id")
    amount_total = fields.Monetary(related="schedule_id.amount_total")
    amount_in_words = fields.Char(compute="_compute_amount_in_words")
    signed_on = fields.Date(required=True, default=fields.Date.context_today)
    signer_name = fields.Char(string="Signed by", required=True)
    scan = fields.Binary(required=True, attachment=False)
    scan_name = fields.Char()
    is_amount_written = fields.Boolean(
        string="The debtor wrote the amount himself, in words and figures, and it is this one"
    )

    def _compute_amount_in_words(self):
        for wizard in self:
            wizard.amount_in_words = wizard.schedule_id._get_amount_in_words()

    def action_apply(self):
        """Note the signature: the schedule is in effect."""
        self.ensure_one()
        if not self.is_amount_written:
            raise UserError(
                self.env._(
                    "Without the amount in words, written by the debtor himself, the paper is no "
                    "acknowledgement (C. civ. 1376): have it signed again."
                )
            )
        scan = base64.b64decode(self.scan)
        self.schedule_id._sign_on_paper(self.signed_on, self.signer_name, scan)
        return {"type": "ir.actions.act_window_close"}

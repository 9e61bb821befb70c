from odoo import fields, models

from ..models.litigation.collection_insolvency_declaration import WAYS


class CollectionInsolvencySending(models.TransientModel):
    """Note how and when a declaration of claims was sent, with its proof."""

    _name = "collection.insolvency.sending"
    _description = "Note the sending of a declaration of claims"
    _inherit = ["collection.sourced"]

    declaration_id = fields.Many2one(
        "collection.insolvency.declaration", required=True, readonly=True
    )
    date = fields.Date(string="Sent on", required=True, default=fields.Date.context_today)
    way = fields.Selection(
        selection=WAYS, string="Sent by", required=True, default="registered_letter"
    )
    number = fields.Char(string="Tracking number")
    attachment_ids = fields.Many2many("ir.attachment", string="Proofs of sending")

    # === ACTIONS === #

    def action_apply(self):
        """Freeze the declaration as it was sent."""
        self.ensure_one()
        self.declaration_id._note_sending(
            self.date, self.way, self.number or "", self.attachment_ids
        )
        return {"type": "ir.actions.act_window_close"}

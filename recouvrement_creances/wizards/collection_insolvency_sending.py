import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError

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
    document = fields.Binary(
        string="What was sent",
        attachment=False,
        help="The PDF that was sent, where it is not the one that is printed here.",
    )
    document_name = fields.Char()
    obstacles = fields.Text(compute="_compute_obstacles")
    reason = fields.Text(
        string="Sent all the same, because",
        help="Why it was sent although something speaks against it: it is kept with it.",
    )

    # === COMPUTE === #

    @api.depends("declaration_id", "date")
    def _compute_obstacles(self):
        for wizard in self:
            declaration = wizard.declaration_id._origin
            wizard.obstacles = (
                declaration._find_sending_obstacles(wizard.date)
                if declaration and wizard.date
                else False
            )

    # === ACTIONS === #

    def action_apply(self):
        """Freeze the declaration as it was sent."""
        self.ensure_one()
        self.declaration_id._note_sending(
            self.date,
            self.way,
            self.number or "",
            self.attachment_ids,
            self.reason or "",
            self._read_document(),
        )
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS === #

    def _read_document(self):
        """Return the content of what was joined, None for nothing."""
        if not self.document:
            return None
        try:
            return base64.b64decode(self.document)
        except binascii.Error as error:
            raise UserError(self.env._("What was sent is joined as a PDF.")) from error

import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ..rules.uploads import is_readable


class CollectionLetterProof(models.TransientModel):
    """What the post reports of a registered letter."""

    _name = "collection.letter.proof"
    _description = "Proof of a registered letter"
    _inherit = ["collection.sourced"]

    action_id = fields.Many2one("collection.action", required=True)
    event = fields.Selection(
        selection=[
            ("presented", "First presentation"),
            ("acknowledged", "Acknowledgement of receipt"),
            ("not_collected", "Not collected: notified and not claimed"),
            ("refused", "Refused by the debtor"),
            ("returned", "Returned: unknown at this address"),
        ],
        required=True,
        default="presented",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    document = fields.Binary(string="Scan")
    document_name = fields.Char()

    def action_apply(self):
        """Keep the proof with the letter."""
        self.ensure_one()
        self.action_id.case_id.check_access("write")
        attachment = self.env["ir.attachment"]
        if self.document:
            if not is_readable(base64.b64decode(self.document)):
                raise UserError(
                    self.env._(
                        "“%s” is no document that a court reads: join it as PDF, PNG or JPEG. "
                        "Print anything else to a PDF first.",
                        self.document_name or "",
                    )
                )
            attachment = attachment.create(
                {
                    "name": self.document_name or self.env._("Proof of delivery"),
                    "datas": self.document,
                    "res_model": "collection.action",
                    "res_id": self.action_id.id,
                }
            )
        # In sudo mode to write the contact and its evidence, after the check of access above.
        self.env["collection.channel.registered_letter"].sudo()._note_proof(
            self.action_id.sudo(), self.event, self.date, attachment
        )
        return {"type": "ir.actions.act_window_close"}

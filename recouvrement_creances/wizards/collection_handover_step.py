from odoo import fields, models
from odoo.exceptions import UserError

ANSWERS = ("accept", "decline")


class CollectionHandoverStep(models.TransientModel):
    """Asks what the partner has answered, or why a handover is taken back or closed."""

    _name = "collection.handover.step"
    _description = "Step of a handover"
    _inherit = ["collection.sourced"]

    handover_id = fields.Many2one("collection.handover", required=True, readonly=True)
    event = fields.Selection(
        selection=[
            ("accept", "The partner takes it on"),
            ("decline", "The partner declines"),
            ("recall", "Take it back"),
            ("close", "Close it"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Date(default=fields.Date.context_today, required=True)
    note = fields.Text(string="What was said, or why")

    # === ACTIONS === #

    def action_apply(self):
        """Note the answer, or end the handover."""
        self.ensure_one()
        note = (self.note or "").strip()
        if not note and self.event != "accept":
            raise UserError(self.env._("Say why: it is kept with the handover."))
        if self.event in ANSWERS:
            self.handover_id.check_access("write")
            if self.date > fields.Date.context_today(self):
                raise UserError(self.env._("An answer is noted once it was given."))
            # In sudo mode to write what only the flow writes, after the check above.
            self.handover_id.sudo()._answer(self.event, note, self.date)
        else:
            self.handover_id._end(self.event, note)
        return {"type": "ir.actions.act_window_close"}

from odoo import fields, models
from odoo.exceptions import UserError


class CollectionDeadlineClosing(models.TransientModel):
    """Close a deadline: with the document that shows what was done, or with a reason."""

    _name = "collection.deadline.closing"
    _description = "Close a legal deadline"
    _inherit = ["collection.sourced"]

    deadline_id = fields.Many2one("collection.deadline", string="Legal deadline", required=True)
    way = fields.Selection(
        selection=[
            ("done", "Done: here is the document"),
            ("drop", "Nothing has to be done: here is why"),
        ],
        required=True,
        default="done",
    )
    date = fields.Date(string="Done on", required=True, default=fields.Date.context_today)
    attachment_ids = fields.Many2many("ir.attachment", string="Documents")
    reason = fields.Char(string="Why")

    def action_apply(self):
        """Close or drop the deadline; who, when and why stay with it."""
        self.ensure_one()
        if self.way == "drop" and not (self.reason or "").strip():
            raise UserError(self.env._("Say why nothing has to be done."))
        if self.way == "done" and not self.attachment_ids:
            raise UserError(
                self.env._("Join the document that shows what was done, or choose the other way.")
            )
        self.deadline_id.case_id.check_access("write")
        if self.way == "done":
            self.deadline_id._check_done_on(self.date)
            self.deadline_id._close(self.date, self.attachment_ids, self.reason)
        else:
            self.deadline_id._drop(self.reason)
        return {"type": "ir.actions.act_window_close"}

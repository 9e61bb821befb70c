from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CollectionActionUntick(models.TransientModel):
    """Leave debtors out of a proposal: why, and until when."""

    _name = "collection.action.untick"
    _description = "Leave out of a collection proposal"
    _inherit = ["collection.sourced"]

    action_ids = fields.Many2many("collection.action", required=True)
    reason_id = fields.Many2one(
        "collection.reason",
        required=True,
        domain=[("usage", "=", "exclusion")],
        default=lambda self: self.env.ref(
            "recouvrement_creances.collection_reason_exclusion_default", raise_if_not_found=False
        ),
    )
    date_end = fields.Date(
        string="No contact until",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=7),
        help="A hold is noted until the end of this day.",
    )
    note = fields.Text()
    summary = fields.Char(compute="_compute_summary")

    @api.depends("action_ids", "date_end")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = self.env._(
                "%(count)s debtor(s) will not be contacted until %(date)s.",
                count=len(wizard.action_ids.case_id),
                date=format_date(self.env, wizard.date_end) if wizard.date_end else "…",
            )

    def action_apply(self):
        """Cancel the proposals and hold their cases."""
        self.ensure_one()
        if self.reason_id.usage != "exclusion":
            raise UserError(self.env._("“%s” is a reason for something else.", self.reason_id.name))
        self.action_ids._leave_out(self.reason_id, self.date_end, self.note)
        return {"type": "ir.actions.act_window_close"}

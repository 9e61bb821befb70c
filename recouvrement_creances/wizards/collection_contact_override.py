from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionContactOverride(models.TransientModel):
    """A manager lets contacts leave although a contact rule forbids it, and says why."""

    _name = "collection.contact.override"
    _description = "Contact against a rule"
    _inherit = ["collection.sourced"]

    action_ids = fields.Many2many("collection.action", required=True)
    reason_id = fields.Many2one(
        "collection.reason", required=True, domain=[("usage", "=", "override")]
    )
    note = fields.Char()
    block = fields.Text(compute="_compute_block")

    @api.depends("action_ids")
    def _compute_block(self):
        guard, moment = self.env["collection.guard"], fields.Datetime.now()
        for wizard in self:
            requests = [guard._request_sending(action) for action in wizard.action_ids._origin]
            refusals = guard._find_refusals(requests, moment)
            wizard.block = "\n".join({refusal.text for refusal in refusals.values()})

    def action_apply(self):
        """Let the contacts leave now; rule, reason and author are kept."""
        self.ensure_one()
        if self.reason_id.usage != "override":
            raise UserError(self.env._("“%s” is a reason for something else.", self.reason_id.name))
        answer = self.action_ids._override(self.reason_id, self.note, fields.Datetime.now())
        return answer or {"type": "ir.actions.act_window_close"}

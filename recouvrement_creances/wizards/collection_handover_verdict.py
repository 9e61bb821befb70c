from odoo import api, fields, models


class CollectionHandoverVerdict(models.TransientModel):
    """Asks whoever decides on handovers for the decision, or for what he wants to know first."""

    _name = "collection.handover.verdict"
    _description = "Decision on handovers"
    _inherit = ["collection.sourced"]

    handover_ids = fields.Many2many("collection.handover", required=True, readonly=True)
    description = fields.Text(compute="_compute_description")
    decision = fields.Selection(
        selection=[("approve", "Approve"), ("refuse", "Refuse"), ("ask", "Ask something first")],
        required=True,
        default="approve",
    )
    note = fields.Text(string="Why", required=True)

    # === COMPUTE === #

    @api.depends("handover_ids")
    def _compute_description(self):
        for dialog in self:
            dialog.description = "\n".join(
                f"{handover.display_name} · {handover._format_amount()}"
                for handover in dialog.handover_ids
            )

    # === ACTIONS === #

    def action_apply(self):
        """Write the decisions down; each is asked for its own right."""
        self.ensure_one()
        self.handover_ids._decide(self.decision, self.note)
        return {"type": "ir.actions.act_window_close"}

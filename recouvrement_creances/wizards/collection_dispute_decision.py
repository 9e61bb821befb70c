from odoo import api, fields, models
from odoo.fields import Command


class CollectionDisputeDecision(models.TransientModel):
    """Decide a dispute: right, right in part, wrong; and why."""

    _name = "collection.dispute.decision"
    _description = "Decision on a dispute"
    _inherit = ["collection.sourced"]

    dispute_id = fields.Many2one("collection.dispute", required=True)
    answer = fields.Text(
        related="dispute_id.answer", related_sudo=False, string="Answer of the owner"
    )
    decision = fields.Selection(
        selection=[
            ("founded", "Founded: ask for a credit note"),
            ("partly_founded", "Partly founded: ask for a credit note of the part"),
            ("unfounded", "Unfounded: reminders go on, charges are kept"),
        ],
        compute="_compute_decision",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    note = fields.Text(string="Why", required=True)
    line_ids = fields.One2many(
        "collection.dispute.decision.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("dispute_id")
    def _compute_decision(self):
        """Propose what the owner thinks."""
        for wizard in self:
            wizard.decision = wizard.dispute_id.answer_opinion or "unfounded"

    @api.depends("dispute_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create({"line_id": line.id}) for line in wizard.dispute_id.line_ids
            ]

    def action_apply(self):
        """Decide; what is held follows at once."""
        self.ensure_one()
        accepted = {line.line_id: line.amount_accepted for line in self.line_ids}
        self.dispute_id._decide(self.decision, self.note, accepted)
        return {"type": "ir.actions.act_window_close"}

from odoo import api, fields, models


class CollectionDisputeAnswer(models.TransientModel):
    """What the owner of a dispute thinks of it."""

    _name = "collection.dispute.answer"
    _description = "Answer to a dispute"
    _inherit = ["collection.sourced"]

    dispute_id = fields.Many2one("collection.dispute", required=True)
    # Not in sudo mode: any colleague may open this dialog, and names the dispute by himself.
    description = fields.Text(related="dispute_id.description", related_sudo=False)
    opinion = fields.Selection(
        selection=[
            ("founded", "The debtor is right"),
            ("partly_founded", "The debtor is right in part"),
            ("unfounded", "The debtor is wrong"),
        ],
        required=True,
        default="unfounded",
    )
    answer = fields.Text(string="Why", required=True)

    @api.constrains("dispute_id")
    def _check_dispute_id(self):
        """Nobody names a dispute here that he may not read."""
        # As the person: constraints run in sudo mode.
        self.dispute_id.with_user(self.env.user).check_access("read")

    def action_apply(self):
        """Note the answer; who works on the case decides."""
        self.ensure_one()
        self.dispute_id._answer(self.opinion, self.answer)
        return {"type": "ir.actions.act_window_close"}

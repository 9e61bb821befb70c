from odoo import fields, models


class CollectionDisputeAnswer(models.TransientModel):
    """What the owner of a dispute thinks of it."""

    _name = "collection.dispute.answer"
    _description = "Answer to a dispute"

    dispute_id = fields.Many2one("collection.dispute", required=True)
    description = fields.Text(related="dispute_id.description")
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

    def action_apply(self):
        """Note the answer; who works on the case decides."""
        self.ensure_one()
        self.dispute_id._answer(self.opinion, self.answer)
        return {"type": "ir.actions.act_window_close"}

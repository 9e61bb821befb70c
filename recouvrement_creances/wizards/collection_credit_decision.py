from odoo import api, fields, models

from ..models.mixins.collection_creditworthy import ADVICE_LABELS


class CollectionCreditDecision(models.TransientModel):
    """Decide on what is proposed for a customer's credit, having read what it changes."""

    _name = "collection.credit.decision"
    _description = "Decision on a customer's credit"
    _inherit = ["collection.sourced"]

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, ondelete="cascade"
    )
    advice = fields.Selection(
        selection=ADVICE_LABELS, string="Proposed", required=True, readonly=True
    )
    consequence = fields.Char(string="What changes", compute="_compute_consequence")

    # === COMPUTE === #

    @api.depends("partner_id", "advice")
    def _compute_consequence(self):
        for wizard in self:
            owner = wizard.partner_id
            wizard.consequence = (
                self.env._(
                    "%(customer)s: %(change)s",
                    customer=owner.display_name,
                    change=owner._describe_advice(wizard.advice),
                )
                if owner and wizard.advice
                else False
            )

    # === ACTIONS === #

    def action_apply(self):
        """Do it; the customer's messages keep what held before."""
        self.ensure_one()
        self.partner_id._follow_credit_advice(self.advice)
        return {"type": "ir.actions.act_window_close"}

from odoo import api, fields, models

from ..models.litigation.collection_insolvency_claim import TOLD_FIELDS


class CollectionInsolvencyStepLine(models.TransientModel):
    """What the state of claims says of one debt that was declared."""

    _name = "collection.insolvency.step.line"
    _description = "Debt in the state of claims"
    _inherit = ["collection.sourced"]

    wizard_id = fields.Many2one("collection.insolvency.step", required=True, ondelete="cascade")
    claim_id = fields.Many2one(
        "collection.insolvency.claim", string="Debt", required=True, ondelete="cascade"
    )
    item_id = fields.Many2one(related="claim_id.item_id", string="Invoice")
    currency_id = fields.Many2one(related="claim_id.currency_id")
    amount_declared = fields.Monetary(related="claim_id.amount_declared", string="Declared")
    amount_admitted = fields.Monetary(
        string="Admitted", compute="_compute_amounts", store=True, readonly=False, precompute=True
    )
    amount_contested = fields.Monetary(
        string="Contested", compute="_compute_amounts", store=True, readonly=False, precompute=True
    )
    amount_rejected = fields.Monetary(
        string="Rejected", compute="_compute_amounts", store=True, readonly=False, precompute=True
    )

    # === COMPUTE === #

    @api.depends("claim_id")
    def _compute_amounts(self):
        """Propose what is known of the debt."""
        for line in self:
            for name in TOLD_FIELDS:
                line[name] = line.claim_id[name]

    # === BUSINESS === #

    def _get_told(self):
        """Return {debt: what was said of it}."""
        return {line.claim_id: {name: line[name] for name in TOLD_FIELDS} for line in self}

from odoo import fields, models


class CollectionTakeoverLine(models.TransientModel):
    """How many items the take-over places at one level."""

    _name = "collection.takeover.line"
    _description = "Level of a take-over"
    _inherit = ["collection.sourced"]

    wizard_id = fields.Many2one(
        "collection.takeover", required=True, index=True, ondelete="cascade"
    )
    policy_id = fields.Many2one(related="level_id.policy_id")
    level_id = fields.Many2one("collection.level", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.company_id.currency_id")
    item_count = fields.Integer(string="Items", readonly=True)
    amount = fields.Monetary(readonly=True)

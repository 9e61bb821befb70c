from odoo import fields, models


class CollectionChargeClaimLine(models.TransientModel):
    """An item whose charges may be claimed; what counts is computed again on claim."""

    _name = "collection.charge.claim.line"
    _description = "Item of a claim of charges"
    _inherit = ["collection.sourced"]

    wizard_id = fields.Many2one("collection.charge.claim", required=True, ondelete="cascade")
    item_id = fields.Many2one("collection.item", required=True, ondelete="cascade")
    is_chosen = fields.Boolean(string="Claim", default=True)
    number = fields.Char(string="Invoice")
    due_date = fields.Date()
    currency_id = fields.Many2one("res.currency")
    euro_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.ref("base.EUR"), readonly=True
    )
    interest = fields.Monetary()
    indemnity = fields.Monetary(string="Fixed indemnity", currency_field="euro_id")
    detail = fields.Text(string="How it is computed")

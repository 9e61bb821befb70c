from odoo import fields, models


class CollectionDisputeEntryLine(models.TransientModel):
    """An item that may be disputed, wholly or in part."""

    _name = "collection.dispute.entry.line"
    _description = "Item of a new dispute"
    _inherit = ["collection.sourced"]

    wizard_id = fields.Many2one("collection.dispute.entry", required=True, ondelete="cascade")
    item_id = fields.Many2one("collection.item", required=True, ondelete="cascade")
    is_chosen = fields.Boolean(string="Disputed")
    due_date = fields.Date(related="item_id.due_date")
    currency_id = fields.Many2one(related="item_id.currency_id")
    amount_due = fields.Monetary(string="Due and not disputed", readonly=True)
    amount = fields.Monetary(string="Amount disputed", help="Less than what is due: only a part.")

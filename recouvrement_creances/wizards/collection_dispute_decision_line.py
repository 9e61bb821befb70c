from odoo import fields, models


class CollectionDisputeDecisionLine(models.TransientModel):
    """How much of a disputed item was found right."""

    _name = "collection.dispute.decision.line"
    _description = "Item of a decision on a dispute"
    _inherit = ["collection.sourced"]

    wizard_id = fields.Many2one("collection.dispute.decision", required=True, ondelete="cascade")
    line_id = fields.Many2one("collection.dispute.line", required=True, ondelete="cascade")
    invoice_name = fields.Char(related="line_id.invoice_name", string="Invoice")
    currency_id = fields.Many2one(related="line_id.currency_id")
    amount = fields.Monetary(related="line_id.amount", string="Disputed")
    amount_accepted = fields.Monetary(string="Found right")

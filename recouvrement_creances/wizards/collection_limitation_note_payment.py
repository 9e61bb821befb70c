from odoo import fields, models


class CollectionLimitationNotePayment(models.TransientModel):
    """A part payment found in the ledger, proposed as an acknowledgement of the debt."""

    _name = "collection.limitation.note.payment"
    _description = "Part payment proposed as an event on limitation"
    _inherit = ["collection.sourced"]

    wizard_id = fields.Many2one("collection.limitation.note", required=True, ondelete="cascade")
    is_chosen = fields.Boolean(string="Counts")
    item_id = fields.Many2one("collection.item", string="Invoice")
    date = fields.Date()
    payment_reference = fields.Char(string="Payment")
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary()
    by_debtor = fields.Boolean(string="Paid by the debtor")

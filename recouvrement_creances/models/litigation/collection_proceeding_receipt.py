from odoo import api, fields, models


class CollectionProceedingReceipt(models.Model):
    """What the debtor paid through the commissaire de justice or the lawyer, and what was kept.

    What is still due is read from the ledger: the payment is registered there; this says how much
    of it was kept back as fees.
    """

    _name = "collection.proceeding.receipt"
    _description = "Payment through a court proceeding"
    _order = "date desc, id desc"

    proceeding_id = fields.Many2one(
        "collection.proceeding", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="proceeding_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="proceeding_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    amount = fields.Monetary(string="Paid by the debtor", required=True)
    fee = fields.Monetary(string="Fees kept back")
    amount_net = fields.Monetary(
        string="Paid over to us", compute="_compute_amount_net", store=True
    )
    reference = fields.Char(help="The statement of the commissaire de justice, or the transfer.")

    _check_amounts = models.Constraint(
        "CHECK(amount > 0 AND COALESCE(fee, 0) >= 0 AND COALESCE(fee, 0) <= amount)",
        "A payment is above zero, and no more than it is kept back.",
    )

    # === COMPUTE === #

    @api.depends("amount", "fee")
    def _compute_amount_net(self):
        for receipt in self:
            receipt.amount_net = receipt.amount - receipt.fee

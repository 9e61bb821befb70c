from odoo import models

from ..litigation.collection_proceeding_receipt import BOOKED


class AccountPayment(models.Model):
    """What came in through a court proceeding is told of there when it is cancelled."""

    _inherit = "account.payment"

    def write(self, vals):
        """EXTENDS account: proceedings hear of payments that count no more."""
        is_cancelling = "state" in vals and vals["state"] not in BOOKED
        counted = self.filtered(lambda payment: is_cancelling and payment.state in BOOKED)
        result = super().write(vals)
        if counted:
            # In sudo mode as who works in the books may see no proceedings.
            self.env["collection.proceeding.receipt"].sudo()._tell_cancelled(counted)
        return result

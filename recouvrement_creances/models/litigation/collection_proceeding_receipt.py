from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# A statement and the money that it tells of come within this time of each other.
NEAR_DAYS = 45


class CollectionProceedingReceipt(models.Model):
    """What the debtor paid through the commissaire de justice or the lawyer, and what was kept.

    What is still due is read from the ledger: the payment is registered there; this says how much
    of it was kept back as fees.
    """

    _name = "collection.proceeding.receipt"
    _description = "Payment through a court proceeding"
    _inherit = ["collection.derived"]
    _order = "date desc, id desc"
    _check_company_auto = True

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

    payment_id = fields.Many2one(
        "account.payment",
        string="Registered as",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('payment_type', '=', 'inbound'), ('state', 'in', ('in_process', 'paid'))]",
        groups="account.group_account_invoice,account.group_account_readonly",
        help="The payment in the books. Found by itself where one of the debtor, or of who "
        "collects, has this amount, whole or less the fees.",
    )

    _check_amounts = models.Constraint(
        "CHECK(amount > 0 AND COALESCE(fee, 0) >= 0 AND COALESCE(fee, 0) <= amount)",
        "A payment is above zero, and no more than it is kept back.",
    )

    # === COMPUTE === #

    @api.depends("amount", "fee")
    def _compute_amount_net(self):
        for receipt in self:
            receipt.amount_net = receipt.amount - receipt.fee

    # === CONSTRAINTS === #

    @api.constrains("date")
    def _check_date(self):
        today = fields.Date.context_today(self)
        if any(receipt.date > today for receipt in self):
            raise ValidationError(self.env._("A payment is noted once it has arrived."))

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        # In sudo mode to know of payments: who sees no accounting deletes no booked ones either.
        if self.sudo().payment_id:
            raise UserError(
                self.env._(
                    "This payment is in the books: cancel the payment there first if it never came."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Find the payments that receipts tell of, where they are registered already."""
        receipts = super().create(vals_list)
        receipts._find_payments()
        return receipts

    # === ACTIONS === #

    def action_find_payment(self):
        """Look for the payment again: it may have been registered since."""
        self.check_access("write")
        self._find_payments()

    # === BUSINESS === #

    def _find_payments(self):
        """Link each receipt to its payment, when exactly one fits that no other one tells of."""
        # In sudo mode to read payments, and to link what people without accounting do not see.
        for receipt_sudo in self.sudo().filtered(lambda receipt: not receipt.payment_id):
            # one query per receipt: people note one at a time
            found = self.env["account.payment"].sudo().search(receipt_sudo._get_payment_domain())
            fitting = found.filtered(
                lambda payment, receipt=receipt_sudo: any(
                    not receipt.currency_id.compare_amounts(payment.amount, amount)
                    for amount in (receipt.amount, receipt.amount_net)
                )
            )
            if len(fitting) == 1:
                receipt_sudo.payment_id = fitting

    def _get_payment_domain(self):
        self.ensure_one()
        proceeding = self.proceeding_id
        people = proceeding.partner_id | proceeding.counsel_id | proceeding.handover_id.agent_id
        return (
            Domain("partner_id", "child_of", people.commercial_partner_id.ids)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("currency_id", "=", self.currency_id.id)
            & Domain("payment_type", "=", "inbound")
            & Domain("state", "in", ("in_process", "paid"))
            & Domain("date", ">=", self.date - timedelta(days=NEAR_DAYS))
            & Domain("date", "<=", self.date + timedelta(days=NEAR_DAYS))
            & Domain("id", "not in", self._find_linked().ids)
        )

    def _find_linked(self):
        """Return the payments that other receipts tell of, near enough to be meant here."""
        near = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("payment_id", "!=", False),
                ("date", ">=", self.date - timedelta(days=2 * NEAR_DAYS)),
                ("date", "<=", self.date + timedelta(days=2 * NEAR_DAYS)),
            ]
        )
        return near.payment_id

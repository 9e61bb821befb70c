from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from .collection_proceeding_effects import NEXT_TASK
from .collection_proceeding_news import GONE

# What counts in the books, of the states of a payment.
BOOKED = ("in_process", "paid")
# What a payment in the books says as well.
OF_THE_BOOKS = frozenset(("proceeding_id", "date", "amount", "fee", "payment_id"))
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
    is_booked = fields.Boolean(
        readonly=True, copy=False, help="Registered here, with a payment of its own."
    )
    is_cancelled = fields.Boolean(
        string="Cancelled",
        compute="_compute_is_cancelled",
        compute_sudo=True,
        help="Its payment was cancelled or taken back in the books: it counts no more.",
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

    @api.depends("is_booked", "payment_id.state", "payment_id.move_id.state")
    def _compute_is_cancelled(self):
        for receipt in self:
            payment = receipt.payment_id
            # What was noted by hand tells of money, whatever the books know of it.
            counts = not receipt.is_booked
            if payment:
                counts = payment.state in BOOKED and payment.move_id.state in (False, "posted")
            receipt.is_cancelled = not counts

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
        if self.sudo().filtered(lambda receipt: not receipt.is_cancelled).payment_id:
            raise UserError(
                self.env._(
                    "This payment is in the books: cancel the payment there first if it never came."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Find the payments that receipts tell of, where they are registered already."""
        noted = self
        if not self.env.su:
            # Only what registers a payment of its own says so.
            noted, vals_list = self._drop_given(("is_booked",), vals_list)
        receipts = super(CollectionProceedingReceipt, noted).create(vals_list).with_env(self.env)
        receipts._find_payments()
        return receipts

    def write(self, vals):
        """Leave what was registered here as the books have it.

        :raises UserError: it would say another thing than its payment
        """
        if not self.env.su:
            self._check_written(vals)
        return super().write(vals)

    def _check_written(self, vals):
        if "is_booked" in vals:
            raise UserError(self.env._("A payment is registered by the button of the proceeding."))
        if OF_THE_BOOKS & vals.keys() and any(receipt.is_booked for receipt in self):
            raise UserError(
                self.env._(
                    "This payment was registered in the books: cancel it there, and register the "
                    "right one."
                )
            )

    # === ACTIONS === #

    def action_find_payment(self):
        """Look for the payment again: it may have been registered since."""
        self.check_access("write")
        self._find_payments()

    # === BUSINESS === #

    @api.model
    def _tell_cancelled(self, payments):
        """Say on proceedings which of their payments are cancelled; called in sudo mode.

        :param payments: account.payment records that counted until now
        """
        for receipt in self.search([("payment_id", "in", payments.ids)]):
            receipt._tell_proceeding()

    def _tell_proceeding(self):
        """Keep it on the proceeding; of what is over nobody looks, so that a task says it."""
        proceeding = self.proceeding_id
        manager = self.env["res.users"]._find_collection_manager(self.company_id)
        user = proceeding.case_user_id.filtered("active") or manager
        told = proceeding.with_context(lang=user.lang or self.company_id.partner_id.lang)
        words = told.env._(
            "A payment of %(amount)s, of %(day)s, was cancelled or reset to draft in the books",
            amount=self.currency_id.format(self.amount),
            day=format_date(told.env, self.date),
        )
        told._message_log(body=words)
        if proceeding.state in GONE and user:
            note = told.env._("The proceeding is over: see what is due by now, and how it goes on.")
            told.activity_schedule(NEXT_TASK, summary=words, note=note, user_id=user.id)

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
            & Domain("state", "in", BOOKED)
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

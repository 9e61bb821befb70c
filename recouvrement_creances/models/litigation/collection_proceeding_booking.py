from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

ACCOUNTANT = "recouvrement_creances.group_accountant"
INVOICING = "account.group_account_invoice"


class CollectionProceedingBooking(models.AbstractModel):
    """Books what a debtor paid through the commissaire de justice or the lawyer, fees included."""

    _name = "collection.proceeding.booking"
    _description = "Payments through court proceedings"

    # === BUSINESS === #

    def _register_receipt(self, journal, day, amount, fee=0.0, **values):
        """Book what the debtor paid, whole; return the receipt.

        The bank gets what was paid over, and the debtor is credited with all that he paid: the fees
        are the creditor's. Odoo matches it with the items, the oldest first; what is too much stays
        open to the debtor's credit.

        :param account.journal journal: bank or cash
        :param date day: the value date
        :param float amount: what the debtor paid, in the currency of the proceeding
        :param float fee: what was kept back of it
        :param values: fee_account (an expense, or the debt to who kept it back), fee_partner,
            reference
        """
        self.ensure_one()
        self._check_receives(journal, day, amount, fee, values.get("fee_account"))
        debts = self.item_ids.move_line_id.filtered(lambda line: not line.reconciled)
        # With an entry of its own, which journals without an outstanding account leave out.
        payments = self.env["account.payment"].with_context(force_payment_move=True)
        payment = payments.create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner_id.id,
                "amount": self.currency_id.round(amount - fee),
                "currency_id": self.currency_id.id,
                "date": day,
                "journal_id": journal.id,
                "memo": values.get("reference") or self.display_name,
                "company_id": self.company_id.id,
                "write_off_line_vals": self._prepare_fee(day, fee, **values),
                **({"destination_account_id": debts[0].account_id.id} if debts else {}),
            }
        )
        payment.action_post()
        account = payment.destination_account_id
        credit = payment.move_id.line_ids.filtered(lambda line: line.account_id == account)
        (credit | debts.filtered(lambda line: line.account_id == account)).reconcile()
        return self._note_receipt(payment, amount, fee, values.get("reference"))

    def _prepare_fee(self, day, fee, fee_account=None, fee_partner=None, **_values):
        """Return the lines of what was kept back, beside the bank and the debtor."""
        if self.currency_id.is_zero(fee):
            return []
        company = self.company_id
        partner = fee_partner or self.env["res.partner"]
        return [
            {
                "name": self.env._("Fees kept back: %s", self.display_name),
                "account_id": fee_account.id,
                "partner_id": partner.commercial_partner_id.id,
                "currency_id": self.currency_id.id,
                "amount_currency": fee,
                "balance": self.currency_id._convert(fee, company.currency_id, company, day),
            }
        ]

    def _note_receipt(self, payment, amount, fee, reference):
        # In sudo mode to say that it was registered here, after the checks above.
        receipts_sudo = self.env["collection.proceeding.receipt"].sudo()
        receipt_sudo = receipts_sudo.create(
            {
                "proceeding_id": self.id,
                "date": payment.date,
                "amount": amount,
                "fee": fee,
                "reference": reference,
                "payment_id": payment.id,
                "is_booked": True,
            }
        )
        return receipt_sudo.with_env(self.env)

    def _check_registers(self):
        """Refuse who registers no payments: they are of the collection, and of the books."""
        self.check_access("write")
        user = self.env.user
        if not user.has_group(ACCOUNTANT):
            raise AccessError(self.env._("Only an accountant of collection registers payments."))
        if not user.has_group(INVOICING):
            raise AccessError(
                self.env._(
                    "You have no rights of invoicing in the accounting, where the payment is "
                    "booked: let an accountant who has them register it."
                )
            )

    def _check_receives(self, journal, day, amount, fee, fee_account):
        self._check_registers()
        currency = self.currency_id
        if currency.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("Give the amount that was paid."))
        if fee < 0 or currency.compare_amounts(fee, amount) >= 0:
            raise UserError(
                self.env._(
                    "The fees are part of what the debtor paid: what was paid over is above zero."
                )
            )
        if not currency.is_zero(fee) and not fee_account:
            raise UserError(self.env._("Choose the account of the fees."))
        if not journal:
            raise UserError(self.env._("Choose the bank or cash journal of the payment."))
        if day > fields.Date.context_today(self):
            raise UserError(self.env._("The day of the payment is in the future."))
        first = self._find_day_of_debt()
        if first and day < first:
            raise UserError(
                self.env._(
                    "A payment of %(day)s comes before the first invoice, of %(first)s: check the "
                    "day.",
                    day=format_date(self.env, day),
                    first=format_date(self.env, first),
                )
            )

from odoo import api, models
from odoo.exceptions import UserError

from .collection_schedule_life import LIVE

CUSTOMER_ACCOUNT = "asset_receivable"


class CollectionSchedulePayment(models.AbstractModel):
    """Payments for a schedule: matched with what it covers, in the order that was agreed on."""

    _name = "collection.schedule.payment"
    _description = "Payments of a schedule"

    # === BUSINESS === #

    def _get_next_instalment(self):
        """Return the oldest instalment of which something is left to pay."""
        self.ensure_one()
        return self._get_lines().filtered(
            lambda line: self.currency_id.compare_amounts(line.amount_left, 0) > 0
        )[:1]

    def _register_payment(self, journal, amount, day, memo=None):
        """Note that the debtor paid, and match the payment with what the schedule covers.

        :param account.journal journal: bank or cash
        :param float amount: in the schedule's currency; what is too much stays open to his credit
        :param date day: the value date
        :return: the account.payment
        :raise UserError: the schedule is not in effect, or nothing was paid
        """
        self.ensure_one()
        self._check_takes_payments()
        if self.currency_id.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("Give the amount that was paid."))
        # With an entry of its own, which journals without an outstanding account leave out.
        payments = self.env["account.payment"].with_context(force_payment_move=True)
        payment = payments.create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner_id.id,
                "amount": amount,
                "currency_id": self.currency_id.id,
                "date": day,
                "journal_id": journal.id,
                "memo": memo or self.name,
                "company_id": self.company_id.id,
                **self._prepare_account(),
            }
        )
        payment.action_post()
        self._reconcile_payment(payment.move_id.line_ids)
        return payment

    def _prepare_account(self):
        """Return the account of what is paid next: the debtor's own may be another one by now."""
        debts = self.item_line_ids.sorted("sequence").item_id.move_line_id
        account = debts.filtered(lambda line: not line.reconciled)[:1].account_id
        return {"destination_account_id": account.id} if account else {}

    def _check_takes_payments(self):
        self.ensure_one()
        if self.state not in ("proposed", *LIVE):
            raise UserError(
                self.env._("%s is not in effect: register the payment on the invoices.", self.name)
            )

    @api.model
    def _find_credit_lines(self, lines):
        """Return the lines of a payment's entry that are open to the debtor's credit."""
        return lines.filtered(
            lambda line: (
                line.account_id.account_type == CUSTOMER_ACCOUNT
                and line.parent_state == "posted"
                and not line.reconciled
                and line.amount_residual_currency < 0
            )
        )

    def _reconcile_payment(self, lines):
        """Match a payment with what the schedule covers, debt by debt in the agreed order.

        Odoo would match by due date and leave charges out; here the order is the schedule's.
        The schedule judges itself by it, as after any matching.

        :param account.move.line lines: of the payment's entry
        """
        self.ensure_one()
        for credit in self._find_credit_lines(lines):
            for cover in self.item_line_ids.sorted("sequence"):
                if credit.reconciled:
                    break
                debt = cover.item_id.move_line_id or self._get_charge_line(cover.charge_id, credit)
                if debt.account_id == credit.account_id and not debt.reconciled:
                    (debt | credit).reconcile()

    def _get_charge_line(self, charge, credit):
        """Return the open journal item of a statement, booked now if it was a memo until paid."""
        empty = self.env["account.move.line"]
        if not charge or charge.state != "claimed":
            return empty
        # In sudo mode to write what only the flow writes on a statement; a memo becomes an entry
        # with its first payment (CGI 237 sexies).
        charge_sudo = charge.sudo()
        charge_sudo._book(max(credit.date, charge.date))
        line_sudo = charge_sudo._get_receivable_line()
        self._cover_charge_item(line_sudo)
        return line_sudo.with_env(self.env)

    def _cover_charge_item(self, line_sudo):
        """Hold what the entry of a statement makes due: nobody is reminded of it apart."""
        today = self.company_id._collection_today()
        self._follow_items()
        self.env["collection.refresh"].sudo()._refresh(self.company_id, today, self.case_id)
        item = self.env["collection.item"].sudo().search([("move_line_id", "=", line_sudo.id)])
        hold_sudo = self.hold_id.sudo()
        is_held = hold_sudo.state == "open"
        if item and is_held and item not in hold_sudo.line_ids.item_id:
            hold_sudo.write({"line_ids": [(0, 0, {"item_id": item.id})]})
        elif item and not is_held and self.state in LIVE:
            # Charges alone held nothing before they were an entry. In sudo mode as above.
            self.sudo()._hold_contacts(today)

    @api.model
    def _judge_charges(self, charges):
        """Judge the schedules that cover statements whose entries were just matched or not."""
        covers = self.env["collection.schedule.item"].search([("charge_id", "in", charges.ids)])
        self.env["collection.settlement"]._judge_by_company(covers.schedule_id)

from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ..common import TODAY
from .common import LitigationCommon


@tagged("post_install", "-at_install")
class TestProceedingPayment(LitigationCommon):
    """What is paid through the commissaire: the debtor paid it whole, we bear the fees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.fees = cls.root["account.account"].create(
            {"name": "Frais d'actes", "code": "622799", "account_type": "expense"}
        )
        cls.commissioner = cls.root["res.partner"].create({"name": "Maître Constant"})

    def _enforce(self, *amounts, **values):
        """Return a proceeding that is enforced, about invoices, the oldest first."""
        invoices = self.env["account.move"]
        for number, amount in enumerate(amounts):
            days_late = 90 - number
            invoices |= self._overdue_invoice(days_late, amount, partner=self.debtor)
        self._decide()
        items = self._item(invoices[0])
        for invoice in invoices[1:]:
            items |= self._item(invoice)
        proceeding = self.root["collection.proceeding"]._open(
            items.case_id, items, self._procedure("enforcement"), **values
        )
        proceeding.without_handover_reason = "Taken over"
        self._take(proceeding.with_user(self.accountant), "enforce", procedure="enforcement")
        return proceeding.with_user(self.accountant), invoices

    def _register(self, proceeding, amount, fee=0.0, user=None, **values):
        account = values.pop("fee_account", self.fees)
        return proceeding.with_user(user or self.accountant)._register_receipt(
            self.bank, TODAY, amount, fee, fee_account=account, **values
        )

    def _show(self, payment):
        """Return {account: (balance, partner)} of a payment's entry."""
        return {
            line.account_id: (line.balance, line.partner_id)
            for line in payment.sudo().move_id.line_ids
        }

    def test_the_debtor_paid_all_of_it_and_the_fees_are_ours(self):
        proceeding, invoice = self._enforce(5000)
        receipt = self._register(proceeding, 1000, 120, reference="Décompte 1")
        self.assertEqual(invoice.amount_residual, 4000)
        self.assertEqual(proceeding.amount_open, 4000)
        self.assertRecordValues(
            receipt,
            [{"amount": 1000, "fee": 120, "amount_net": 880, "reference": "Décompte 1"}],
        )
        self.assertEqual((proceeding.amount_received, proceeding.fees_kept), (1000, 120))
        payment = receipt.payment_id
        self.assertEqual((payment.amount, payment.partner_id), (880, self.debtor))
        shown = self._show(payment)
        self.assertEqual(shown[self.fees][0], 120)
        self.assertEqual(shown[self.debtor.property_account_receivable_id], (-1000, self.debtor))
        self.assertEqual(sum(balance for balance, _partner in shown.values()), 0)

    def test_fees_that_were_billed_pay_the_bill(self):
        bill = self._create_invoice_one_line(
            move_type="in_invoice",
            price_unit=100,
            tax_ids=[],
            partner_id=self.commissioner,
            invoice_date=TODAY,
            post=True,
        )
        proceeding, invoice = self._enforce(5000, counsel_id=self.commissioner.id)
        payable = bill.line_ids.filtered(lambda line: line.account_type == "liability_payable")
        form = Form(
            self.env["collection.proceeding.payment"]
            .with_user(self.accountant)
            .with_context(default_proceeding_id=proceeding.id)
        )
        form.amount, form.fee = 1000, 100
        self.assertEqual(form.fee_partner_id, self.commissioner)
        self.assertEqual(form.fee_account_id, payable.account_id)
        self.assertEqual(form.amount_net, 900)
        form.save().action_apply()
        kept = self._show(proceeding.receipt_ids.payment_id)[payable.account_id]
        self.assertEqual(kept, (100, self.commissioner))
        self.assertEqual(invoice.amount_residual, 4000)

    def test_without_a_bill_an_expense_is_proposed(self):
        proceeding, _invoice = self._enforce(5000)
        form = Form(
            self.env["collection.proceeding.payment"]
            .with_user(self.accountant)
            .with_context(default_proceeding_id=proceeding.id)
        )
        self.assertEqual(form.fee_account_id, self.fees)
        self.assertEqual(form.journal_id, self.bank)

    def test_the_oldest_item_is_paid_first_and_what_is_too_much_stays_in_credit(self):
        proceeding, invoices = self._enforce(300, 200)
        self._register(proceeding, 350, 50)
        self.assertEqual(invoices.mapped("amount_residual"), [0, 150])
        receipt = self._register(proceeding, 200)
        self.assertEqual(invoices.mapped("amount_residual"), [0, 0])
        receivable = self.debtor.property_account_receivable_id
        credit = receipt.payment_id.sudo().move_id.line_ids.filtered(
            lambda line: line.account_id == receivable
        )
        self.assertEqual(credit.amount_residual, -50)

    def test_far_more_than_what_is_owed_is_said_before_it_is_booked(self):
        proceeding, _invoice = self._enforce(5000)
        form = Form(
            self.env["collection.proceeding.payment"]
            .with_user(self.accountant)
            .with_context(default_proceeding_id=proceeding.id)
        )
        form.amount = 5000
        self.assertFalse(form.too_much)
        form.amount = 500000
        self.assertIn("more than what is owed", form.too_much)

    def test_what_is_no_payment_is_refused(self):
        proceeding, _invoice = self._enforce(5000)
        for amount, fee in ((0, 0), (-5, 0), (100, 100), (100, 150), (100, -1)):
            with self.subTest(amount=amount, fee=fee), self.assertRaises(UserError):
                self._register(proceeding, amount, fee)
        with self.assertRaisesRegex(UserError, "account of the fees"):
            self._register(proceeding, 100, 10, fee_account=False)
        with self.assertRaisesRegex(UserError, "in the future"), self.on(-1):
            self._register(proceeding, 100)
        self.assertFalse(proceeding.receipt_ids)

    def test_the_value_date_is_not_before_the_first_invoice(self):
        proceeding, _invoice = self._enforce(5000)
        with self.assertRaisesRegex(UserError, "before the first invoice"):
            proceeding._register_receipt(self.bank, date(2020, 1, 1), 100)
        self.assertFalse(proceeding.receipt_ids)

    # === ONCE === #

    def _fill_in(self, proceeding, amount=1000):
        form = Form(
            self.env["collection.proceeding.payment"]
            .with_user(self.accountant)
            .with_context(default_proceeding_id=proceeding.id)
        )
        form.amount = amount
        return form.save()

    def _read_version(self, dialog):
        """Return what the database changes when a row is written."""
        self.env.flush_all()
        self.env.cr.execute(SQL("SELECT ctid::text FROM %s", SQL.identifier(dialog._table)))
        return self.env.cr.fetchall()

    def test_one_dialog_books_one_payment(self):
        proceeding, invoice = self._enforce(5000)
        dialog = self._fill_in(proceeding)
        before = self._read_version(dialog)
        dialog.action_apply()
        # Two at once meet in the row of the dialog.
        self.assertNotEqual(self._read_version(dialog), before)
        with self.assertRaisesRegex(UserError, "registered already"):
            dialog.action_apply()
        self.assertEqual(len(proceeding.receipt_ids), 1)
        self.assertEqual(invoice.amount_residual, 4000)
        # The next payment has a dialog of its own.
        self._fill_in(proceeding).action_apply()
        self.assertEqual(invoice.amount_residual, 3000)

    def test_one_dialog_records_one_step(self):
        proceeding, _invoice = self._enforce(5000)
        dialog = (
            self.env["collection.proceeding.step"]
            .with_user(self.accountant)
            .create(
                {
                    "proceeding_id": proceeding.id,
                    "step_id": self._step("notify", "enforcement").id,
                    "attachment_ids": [Command.set(self._paper().ids)],
                    "note": "Nobody was met",
                }
            )
        )
        dialog.action_apply()
        with self.assertRaisesRegex(UserError, "registered already"):
            dialog.action_apply()
        noted = proceeding.event_ids.filtered(lambda event: event.step_id == dialog.step_id)
        self.assertEqual(len(noted), 1)

    # === CANCELLED IN THE BOOKS === #

    def test_what_was_cancelled_in_the_books_counts_no_more(self):
        proceeding, invoice = self._enforce(5000)
        receipt = self._register(proceeding, 1000, 120)
        other = self._register(proceeding, 500, 30)
        self.assertEqual((proceeding.amount_received, proceeding.fees_kept), (1500, 150))
        payment = receipt.payment_id.sudo()
        payment.action_draft()
        self.assertTrue(receipt.is_cancelled)
        self.assertEqual((proceeding.amount_received, proceeding.fees_kept), (500, 30))
        payment.action_post()
        self.assertFalse(receipt.is_cancelled)
        self.assertEqual(proceeding.amount_received, 1500)
        payment.action_cancel()
        self.assertTrue(receipt.with_user(self.personas["reader"]).is_cancelled)
        self.assertEqual((proceeding.amount_received, proceeding.fees_kept), (500, 30))
        self.assertEqual(invoice.amount_residual, 4500)
        # Its entry alone may be taken back, too.
        other.payment_id.sudo().move_id.button_draft()
        self.assertTrue(other.is_cancelled)
        self.assertEqual(proceeding.amount_received, 0)
        # What never came may go; what is deleted in the books does not come to life here.
        receipt.with_user(self.collector).unlink()
        other.payment_id.sudo().action_cancel()
        other.payment_id.sudo().unlink()
        self.assertFalse(other.payment_id)
        self.assertTrue(other.is_cancelled)
        self.assertEqual(proceeding.amount_received, 0)

    def test_who_followed_what_is_closed_is_told_of_a_cancelled_payment(self):
        proceeding, _invoice = self._enforce(5000)
        receipt = self._register(proceeding, 1000)
        receipt.payment_id.sudo().action_draft()
        self.assertFalse(proceeding.activity_ids)
        receipt.payment_id.sudo().action_post()
        self._take(proceeding, "close", procedure="enforcement", reason="Nothing is left")
        before = proceeding.activity_ids
        receipt.payment_id.with_user(self.personas["invoicing"]).action_cancel()
        task = proceeding.activity_ids - before
        self.assertEqual(task.user_id, self.collector)
        self.assertIn("1,000.00", task.summary)
        # Once.
        receipt.payment_id.sudo().action_draft()
        self.assertEqual(proceeding.activity_ids - before, task)

    def test_what_is_booked_is_not_deleted_nor_noted_before_it_came(self):
        proceeding, _invoice = self._enforce(5000)
        receipt = self._register(proceeding, 1000)
        with self.assertRaisesRegex(UserError, "in the books"):
            receipt.with_user(self.collector).unlink()
        values = {"proceeding_id": proceeding.id, "amount": 500}
        with self.assertRaisesRegex(UserError, "once it has arrived"):
            receipt.create({**values, "date": TODAY + timedelta(days=1)})
        noted = receipt.create(values)
        noted.unlink()
        self.assertFalse(noted.exists())

    def test_what_is_booked_stays_as_the_books_have_it(self):
        proceeding, _invoice = self._enforce(5000)
        receipt = self._register(proceeding, 1000, 120).with_user(self.collector)
        for values in (
            {"amount": 5000},
            {"fee": 0},
            {"date": TODAY - timedelta(days=9)},
            {"payment_id": False},
            {"is_booked": False},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                receipt.write(values)
        self.assertEqual((proceeding.amount_received, proceeding.fees_kept), (1000, 120))
        receipt.reference = "Décompte 2"
        values = {"proceeding_id": proceeding.id, "amount": 500}
        noted = receipt.create({**values, "is_booked": True})
        noted |= receipt.with_context(default_is_booked=True).create(values)
        self.assertEqual(noted.mapped("is_booked"), [False, False])
        with self.assertRaisesRegex(UserError, "button"):
            noted.is_booked = True
        noted.amount = 400
        self.assertEqual(proceeding.amount_received, 1800)

    def test_only_accountants_register_payments(self):
        proceeding, _invoice = self._enforce(5000)
        with self.assertRaises(AccessError):
            self._register(proceeding, 100, user=self.collector)
        with self.assertRaises(AccessError):
            self._register(proceeding, 100, user=self.personas["reader"])

    def test_who_may_not_book_is_neither_offered_it_nor_left_without_a_word(self):
        proceeding, _invoice = self._enforce(5000)
        button = 'name="action_register_payment"'
        manager = proceeding.with_user(self.manager)
        self.assertNotIn(button, manager.get_view(view_type="form")["arch"])
        self.assertIn(button, proceeding.get_view(view_type="form")["arch"])
        with self.assertRaisesRegex(AccessError, "invoicing"):
            manager.action_register_payment()
        with self.assertRaisesRegex(AccessError, "invoicing"):
            self._register(proceeding, 100, user=self.manager)
        # Who works in the books alone is no accountant of collection.
        invoicing = proceeding.with_user(self.personas["invoicing"])
        with self.assertRaises(AccessError):
            invoicing.action_register_payment()

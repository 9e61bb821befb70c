from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestInsurance(CollectionCommon):
    """The insurer hears of what is late and covered, in time, and of nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sudo().collection_insurer_days = 60
        cls.customer = cls._debtor("Insured Customer")
        cls.customer.collection_insured_amount = 5000

    def _deadlines(self):
        return self.root["collection.deadline"].search(
            [("rule_code", "=", "insurance.declaration")], order="event_date"
        )

    def _invoice(self, days_late, **vals):
        invoice = self._overdue_invoice(days_late, partner=self.customer, **vals)
        self._decide()
        return invoice

    def _night(self, days=0):
        """Do what the scheduled action does of insurance, on a later day too."""
        day = TODAY + timedelta(days=days)
        watch = self.root["collection.deadline"]
        with self.on(days):
            watch._end_insurance(self.company, day)
            watch._warn(self.company, day)
            watch._warn_of_insurance(self.company, day)
        return self._deadlines()

    # === WHAT IS SETTLED === #

    def test_deadline_ends_once_its_debt_is_paid(self):
        invoice = self._invoice(30)
        deadline = self._night()
        self.assertEqual(deadline.state, "open")
        self._pay(invoice)
        # Paid by the last day, and looked at after it only: nothing was missed.
        self._night(31)
        self.assertEqual(deadline.state, "dropped")
        self.assertIn("settled", deadline.closing_reason)
        self.assertFalse(deadline.activity_ids)

    def test_later_debt_has_its_own_days_once_the_first_is_paid(self):
        first = self._invoice(40)
        self._invoice(20)
        deadline = self._night()
        self._pay(first)
        new = self._night(1) - deadline
        self.assertEqual(deadline.state, "dropped")
        self.assertEqual((new.state, new.event_date), ("open", TODAY - timedelta(days=20)))

    def test_payment_that_comes_back_opens_it_again(self):
        invoice = self._invoice(30)
        first = self._night()
        self._pay(invoice)
        self._night(1)
        self.assertEqual(first.state, "dropped")
        lines = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        lines.remove_move_reconcile()
        self._decide()
        self.assertEqual((self._night(2) - first).state, "open")

    def test_what_a_person_dropped_stays_dropped(self):
        self._invoice(30)
        deadline = self._night()
        accountant = self.personas["accountant"]
        closings = self.env["collection.deadline.closing"].with_user(accountant)
        closings.create(
            {"deadline_id": deadline.id, "way": "drop", "reason": "Below the policy's threshold"}
        ).action_apply()
        self.assertEqual(self._night(1), deadline)

    # === WHAT IS NOT LATE, OR NOT COVERED === #

    def test_nothing_is_opened_before_the_due_date_has_passed(self):
        self.company.sudo().collection_insurer_days = 30
        self._invoice(-3)
        self.assertFalse(self._night())
        self.assertFalse(self._night(3))
        self.assertEqual(self._night(4).event_date, TODAY + timedelta(days=3))

    def test_invoice_made_after_the_cover_ended_is_not_declared(self):
        self._invoice(30)
        invoiced_on = TODAY - timedelta(days=60)
        self.customer.collection_insured_until = invoiced_on - timedelta(days=1)
        self.assertFalse(self._night())
        # On the last day of the cover it still is, as in the figures.
        self.customer.collection_insured_until = invoiced_on
        self.assertEqual(self._night().state, "open")

    def test_deadline_ends_with_a_cover_that_was_none(self):
        self._invoice(30)
        deadline = self._night()
        self.customer.collection_insured_amount = 0
        self._night(1)
        self.assertEqual(deadline.state, "dropped")
        self.assertIn("insured", deadline.closing_reason)

    # === SEVERAL DEBTS === #

    def test_one_night_ends_with_what_can_still_be_saved(self):
        for days in (200, 150, 100, 59, 45):
            self._invoice(days)
        deadlines = self._night()
        self.assertEqual(
            [(one.event_date, one.state) for one in deadlines],
            [
                (TODAY - timedelta(days=100), "missed"),
                (TODAY - timedelta(days=59), "open"),
            ],
        )
        self.assertTrue(deadlines[0].activity_ids)
        self.assertTrue(deadlines[1].activity_ids)
        self.assertEqual(self._night(1), deadlines)

    def test_next_debt_follows_in_the_night_in_which_one_is_missed(self):
        self._invoice(59)
        self._invoice(50)
        self._night()
        deadlines = self._night(2)
        self.assertEqual(deadlines.mapped("state"), ["missed", "open"])
        self.assertEqual(deadlines[1].event_date, TODAY - timedelta(days=50))

    def test_earlier_debt_that_is_booked_late_is_told_too(self):
        self._invoice(30)
        first = self._night()
        self._invoice(40)
        new = self._night(1) - first
        self.assertEqual(new.event_date, TODAY - timedelta(days=40))
        self.assertEqual(set(self._deadlines().mapped("state")), {"open"})

    # === ONCE, IN TIME === #

    def _open(self, days=0):
        return self.root["collection.insurance"]._open_due(
            self.company, TODAY + timedelta(days=days)
        )

    def test_insured_debts_are_declared_in_time(self):
        self._overdue_invoice(10, 1000, partner=self.customer)
        self._overdue_invoice(10, 1000, partner=self._debtor("Not Insured"))
        self._decide()
        self.assertFalse(self._open())
        with self.on(5):
            deadline = self._open(5)
            self.assertEqual(deadline.partner_id, self.customer)
            self.assertEqual(deadline.event_date, TODAY - timedelta(days=10))
            self.assertEqual(deadline.legal_date, TODAY + timedelta(days=50))
            # Once, whatever the day.
            self.assertFalse(self._open(6))
        with self.on(20):
            self.root["collection.deadline"]._warn(self.company, TODAY + timedelta(days=20))
            self.assertTrue(deadline.activity_ids)

    def test_what_was_declared_is_noted_with_its_document(self):
        self._overdue_invoice(30, 1000, partner=self.customer)
        self._decide()
        deadline = self._open()
        accountant = self.personas["accountant"]
        file = (
            self.env["ir.attachment"]
            .with_user(accountant)
            .create({"name": "declared.pdf", "raw": b"%PDF-1.4 declared"})
        )
        closings = self.env["collection.deadline.closing"].with_user(accountant)
        values = {"deadline_id": deadline.id, "attachment_ids": file.ids}
        with self.assertRaisesRegex(UserError, "cannot have been done before"):
            closings.create({**values, "date": TODAY - timedelta(days=31)}).action_apply()
        closings.create({**values, "date": TODAY}).action_apply()
        self.assertEqual((deadline.state, deadline.attachment_ids), ("done", file))

    def test_declared_debt_is_not_asked_for_again(self):
        self._overdue_invoice(30, 1000, partner=self.customer)
        self._decide()
        deadline = self._open()
        deadline._close(TODAY, reason="Declared on the insurer's site")
        self.assertFalse(self._open(1))

    def test_missed_debt_does_not_silence_what_falls_due_later(self):
        self._overdue_invoice(50, 1000, partner=self.customer)
        self._decide()
        missed = self._open()
        with self.on(11):
            self.root["collection.deadline"]._warn(self.company, TODAY + timedelta(days=11))
            self.assertEqual(missed.state, "missed")
            self.assertFalse(self._open(11))
        self._overdue_invoice(30, 1000, partner=self.customer)
        self._overdue_invoice(20, 1000, partner=self.customer)
        self._decide()
        deadline = self._open(12)
        self.assertEqual(deadline.event_date, TODAY - timedelta(days=30))
        self.assertFalse(self._open(13))

    def test_company_without_insurance_asks_for_nothing(self):
        self.company.sudo().collection_insurer_days = 0
        self._overdue_invoice(50, 1000, partner=self.customer)
        self._decide()
        self.assertFalse(self._open())
        self.assertFalse(self._deadlines())

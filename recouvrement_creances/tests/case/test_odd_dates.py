from datetime import date, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..common import TODAY, CollectionCommon

LAST_DAY = date(9999, 12, 31)


def day(number):
    """Return the day so many days after TODAY."""
    return TODAY + timedelta(days=number)


@tagged("post_install", "-at_install")
class TestOddDates(CollectionCommon):
    """Days far away are refused when typed, and kill no screen when they were imported."""

    def setUp(self):
        super().setUp()
        self.invoice = self._overdue_invoice(6)
        self._decide()
        self.case = self._case()

    def _import(self, table, values, record):
        """Write past the ORM, as a migration of old data does."""
        self.env.flush_all()
        columns = [SQL("%s = %s", SQL.identifier(name), value) for name, value in values.items()]
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = %s",
                SQL.identifier(table),
                SQL(", ").join(columns),
                record.id,
            )
        )
        self.env.invalidate_all()

    def _assert_readable(self, verdict, next_date):
        self._decide()
        self.assertVerdict(self.invoice, verdict, next_date=next_date)
        case = self.case.with_user(self.collector)
        case.invalidate_recordset()
        self.assertEqual(case.next_date, next_date)
        self.assertTrue(case.next_step)
        self.assertTrue(case.explanation)

    # === TYPED === #

    def test_hold_reaches_ten_years_ahead_at_most(self):
        for values in (
            {"date_end": LAST_DAY},
            {"review_date": LAST_DAY},
            {"date_start": LAST_DAY, "date_end": LAST_DAY},
            {"date_end": day(3654)},
        ):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, "10 years"):
                self._hold(self.case, **values)
        hold = self._hold(self.case, date_end=day(3600))
        with self.assertRaisesRegex(ValidationError, "10 years"):
            hold.date_end = LAST_DAY

    def test_hold_made_by_hand_does_not_end_in_the_past(self):
        holds = self.root["collection.hold"].with_user(self.collector)
        values = {
            "case_id": self.case.id,
            "reason_id": self.root.ref("recouvrement_creances.collection_reason_hold_other").id,
            "date_start": day(-9),
        }
        for name in ("date_end", "review_date"):
            with self.subTest(field=name), self.assertRaisesRegex(UserError, "from today on"):
                holds.create({**values, name: day(-1)})
        hold = holds.create({**values, "date_end": TODAY})
        with self.assertRaisesRegex(UserError, "from today on"):
            hold.date_end = day(-1)

    def test_limits_of_a_policy_stay_within_a_year(self):
        for name, value in (
            ("minimum_days_between", 3000000),
            ("minimum_days_between", 366),
            ("weekly_cap", 367),
            ("monthly_cap", 3000000),
            ("call_attempts", 3000000),
        ):
            with self.subTest(field=name), self.assertRaises(ValidationError):
                self.policy[name] = value
        self.policy.write({"minimum_days_between": 365, "monthly_cap": 366})

    def test_search_for_any_number_of_days_overdue(self):
        items = self.root["collection.item"]
        self.assertFalse(items.search([("days_overdue", ">", 2**31 - 1)]))
        self.assertIn(self._item(self.invoice), items.search([("days_overdue", ">", -(2**31))]))

    # === IMPORTED === #

    def test_hold_until_the_end_of_the_calendar(self):
        hold = self._hold(self.case)
        self._import("collection_hold", {"date_end": LAST_DAY}, hold)
        self._assert_readable("held", LAST_DAY)

    def test_invoice_due_at_the_end_of_the_calendar(self):
        self._import(
            "account_move_line", {"date_maturity": LAST_DAY}, self._item(self.invoice).move_line_id
        )
        self._assert_readable("not_due", LAST_DAY)

    def test_invoice_due_at_the_beginning_of_the_calendar(self):
        line = self._item(self.invoice).move_line_id
        self._import("account_move_line", {"date_maturity": date(1, 1, 1)}, line)
        self._import("collection_level", {"delay_days": -90}, self.policy.level_ids[0])
        self._decide()
        self.assertTrue(self._item(self.invoice).verdict)

    def test_wait_for_ever_between_two_contacts(self):
        with self._mail_server():
            self._run()
        self._import("collection_policy", {"minimum_days_between": 2**31 - 1}, self.policy)
        self._decide()
        self.assertVerdict(self.invoice, "too_soon", next_date=TODAY + timedelta(days=36500))
        self._import("collection_policy", {"weekly_cap": 2**31 - 1}, self.policy)
        self._decide()
        self.assertTrue(self._case().explanation)

    def test_level_for_ever_after_the_due_date(self):
        self._import("collection_level", {"delay_days": 2**31 - 1}, self.policy.level_ids[0])
        self._decide()
        self.assertTrue(self._item(self.invoice).verdict)

    # === DISPUTES WITHOUT AN OBJECT === #

    def _dispute(self, amount=0, items=None):
        items = self._item(self.invoice) if items is None else items
        return self._hold(
            self.case,
            "dispute",
            review_date=day(10),
            line_ids=[Command.create({"item_id": item.id, "amount": amount}) for item in items],
        )

    def test_dispute_ends_when_its_items_are_paid(self):
        other = self._overdue_invoice(7, amount=200)
        self._decide()
        both = self._item(self.invoice) | self._item(other)
        disputes = self._dispute(), self._dispute(items=both)
        whole = self._dispute(items=both.browse())
        self._pay(self.invoice)
        with self._mail_server():
            self._run()
        self.assertEqual([hold.state for hold in disputes], ["expired", "open"])
        self.assertEqual(whole.state, "open")
        self._pay(other)
        self._run()
        self.assertEqual((disputes[1].state, whole.state), ("expired", "expired"))
        self.assertIn("nothing of it is due", self.case.message_ids[:1].body)

    def test_dispute_ends_when_its_invoice_is_deleted(self):
        self._overdue_invoice(7, amount=200)
        dispute = self._dispute()
        self.invoice.button_draft()
        self.invoice.with_context(force_delete=True).unlink()
        with self._mail_server():
            self._run()
        self.assertEqual(dispute.state, "expired")

    def test_dispute_of_a_partly_paid_item_goes_on(self):
        dispute = self._dispute(300)
        self._pay(self.invoice, 400)
        with self._mail_server():
            self._run()
        self.assertEqual(dispute.state, "open")

    def test_no_more_than_what_is_due_is_disputed(self):
        with self.assertRaisesRegex(ValidationError, r"1,000\.00 still due"):
            self._dispute(1000.01)
        dispute = self._dispute(1000)
        with self.assertRaisesRegex(ValidationError, "no more than that"):
            dispute.line_ids.amount = 5000
        self._pay(self.invoice, 400)
        dispute.note = "A dispute that became larger than the item is still kept"

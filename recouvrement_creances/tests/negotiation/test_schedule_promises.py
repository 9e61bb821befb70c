from datetime import date

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .schedule_common import FIRST, ScheduleCommon

SOON = date(2026, 12, 10)


@tagged("post_install", "-at_install")
class TestSchedulePromises(ScheduleCommon):
    """A debt is promised for a day or paid by instalments, not both."""

    def _promise(self, amount, items=None, on=SOON):
        case = self.case.with_user(self.collector)
        items = (self.items if items is None else items).with_env(case.env)
        return case.env["collection.promise"]._make(case, items, amount, on, self.debtor, "call")

    def _promises(self):
        return self.root["collection.promise"].search([("case_id", "=", self.case.id)], order="id")

    # === AFTER A SCHEDULE === #

    def test_what_a_schedule_puts_off_is_promised_for_no_other_day(self):
        self._signed(items=self.items[:1], count=3)
        with self.assertRaisesRegex(UserError, "in a schedule that is on time"):
            self._promise(100)
        self.assertEqual(self._promise(100, self.items[1:]).state, "pending")

    def test_missed_instalment_may_be_promised(self):
        schedule = self._signed(count=3)
        self._judge_on(schedule, date(2027, 1, 8))
        with freeze_time("2027-01-08 09:00:00"):
            promise = self._promise(300, on=date(2027, 1, 12))
        self.assertEqual((schedule.state, promise.state), ("late", "pending"))

    def test_form_and_dialog_propose_what_no_schedule_settles(self):
        covered, free = self.items[:1], self.items[1:]
        self._signed(items=covered, count=3)
        promises = self.env["collection.promise"].with_user(self.collector)
        with Form(promises.with_context(default_case_id=self.case.id)) as form:
            self.assertEqual(form.amount, free.amount_residual_currency)
            form.date = SOON
        self.assertEqual(form.record.item_ids.ids, free.ids)
        outcomes = self.env["collection.contact.outcome"].with_user(self.collector)
        dialog = outcomes.create(
            {"case_id": self.case.id, "channel": "call", "outcome": "promised"}
        )
        self.assertEqual(dialog.item_ids.ids, free.ids)
        case = self.case.with_user(self.collector)
        self.assertEqual(case._get_waivable_items().ids, self.items.ids)

    # === BEFORE A SCHEDULE === #

    def test_signature_takes_over_what_was_promised_before(self):
        promise = self._promise(900)
        schedule = self._signed(count=3)
        self.assertEqual((promise.state, promise.hold_id.state), ("withdrawn", "released"))
        self.assertIn(schedule.name, promise.message_ids.sorted("id")[-1].body)
        self._judge_on(schedule, date(2026, 12, 18))
        self.assertEqual((promise.state, schedule.state), ("withdrawn", "running"))
        self.assertEqual(self._promises(), promise)
        self.env.invalidate_all()
        self.assertEqual(set(self.items.mapped("verdict")), {"schedule"})

    def test_signature_about_a_part_leaves_the_rest_of_a_promise(self):
        promise = self._promise(900)
        covered, free = self.items[:1], self.items[1:]
        self._signed(items=covered, count=3)
        self.assertEqual(promise.state, "withdrawn")
        rest = self._promises() - promise
        self.assertRecordValues(
            rest,
            [
                {
                    "rest_of_id": promise.id,
                    "item_ids": free.ids,
                    "amount": free.amount_residual_currency,
                    "date": SOON,
                    "state": "pending",
                }
            ],
        )

    def test_promise_of_what_is_not_covered_stays(self):
        promise = self._promise(100, self.items[1:])
        self._signed(items=self.items[:1], count=3)
        self.assertEqual((promise.state, promise.hold_id.state), ("pending", "open"))

    def test_promise_whose_day_has_passed_is_judged_before_it_is_taken_over(self):
        promise = self._promise(900)
        schedule = self._proposed(count=3)
        with freeze_time("2026-12-12 09:00:00"):
            schedule.sudo()._sign("", self._words(schedule), "Jeanne Payeur")
        self.assertEqual((schedule.state, promise.state), ("running", "broken"))

    def test_rest_of_a_promise_is_nothing_that_a_schedule_settles(self):
        """Promises that were made before a schedule took effect may still bear on its items."""
        extra = self._item(self._invoice(80, date(2026, 11, 5)))
        self.root["collection.decision"]._decide(self.company, date(2026, 12, 1))
        schedule = self._signed(items=self.items[:1], count=3)
        self._judge_on(schedule, date(2027, 1, 8))
        self.assertEqual(schedule.state, "late")
        with freeze_time("2027-01-08 09:00:00"):
            former = self._promise(980, self.items | extra, on=date(2027, 1, 12))
            self._pay_schedule(schedule, 200, FIRST)
            self.assertEqual(schedule.state, "running")
            self._promise(80, extra, on=date(2027, 1, 14))
        rest = self._promises().filtered("rest_of_id")
        self.assertEqual((former.state, rest.item_ids), ("withdrawn", self.items[1:]))

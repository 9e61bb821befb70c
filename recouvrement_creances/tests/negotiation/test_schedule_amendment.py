from datetime import date

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .schedule_common import FIRST, ScheduleCommon

SECOND = date(2027, 2, 5)


@tagged("post_install", "-at_install")
class TestScheduleAmendment(ScheduleCommon):
    """The dialog changes a draft, or makes the next version of a schedule in effect."""

    def _dialog(self, schedule):
        """Open the dialog as the collector does, by the button of the schedule."""
        action = schedule.with_user(self.collector).action_change()
        return Form(self._plans().with_context(**action["context"]))

    def _plans(self):
        return self.env["collection.schedule.plan"].with_user(self.collector)

    def _apply(self, dialog):
        action = dialog.save().action_apply()
        return self._schedules().browse(action["res_id"])

    def _lines(self, schedule):
        return [(line.due_date, line.amount, line.kind) for line in schedule._get_lines()]

    def _sign_again(self, schedule):
        schedule.action_submit()
        schedule.sudo()._sign("", self._words(schedule), "Jeanne Payeur")

    # === DRAFTS === #

    def test_dialog_shows_a_draft_as_it_is(self):
        charge = self._claim()
        lines = [
            (date(2026, 12, 20), 100.0, "down_payment"),
            (FIRST, 500.0, "instalment"),
            (SECOND, round(300.0 + charge.amount_total, 2), "instalment"),
        ]
        schedule = self._draft(
            lines=lines,
            charges=charge,
            charges_last=True,
            begins_with_down_payment=True,
            skipped_months={8, 12},
            interest_clause="waived",
            payment_way="sepa",
            payment_reference="RUM-2026-17",
            frequency="month",
            requested_by="debtor",
            note="A large customer is lost",
        )
        dialog = self._dialog(schedule)
        self.assertEqual(dialog.difference, 0)
        self.assertEqual(self._apply(dialog), schedule)
        self.assertEqual(self._lines(schedule), lines)
        self.assertEqual(schedule.item_line_ids.sorted("sequence")[-1].charge_id, charge)
        self.assertRecordValues(
            schedule,
            [
                {
                    "begins_with_down_payment": True,
                    "skipped_months": "8, 12",
                    "interest_clause": "waived",
                    "payment_way": "sepa",
                    "payment_reference": "RUM-2026-17",
                    "requested_by": "debtor",
                    "note": "A large customer is lost",
                    "down_payment": 100.0,
                }
            ],
        )

    def test_changed_terms_make_new_lines(self):
        schedule = self._draft(count=3)
        dialog = self._dialog(schedule)
        dialog.count = 6
        self.assertEqual(len(self._apply(dialog).instalment_ids), 6)
        self.assertEqual(schedule.first_date, FIRST)

    def test_plan_on_month_ends_stays_on_them(self):
        schedule = self._draft(count=3, first_date=date(2027, 2, 28), at_month_end=True)
        dialog = self._dialog(schedule)
        dialog.count = 2
        self._apply(dialog)
        self.assertEqual(schedule._get_lines()[-1].due_date, date(2027, 3, 31))

    def test_first_instalment_is_not_in_the_past(self):
        dialog = self._dialog(self._draft(count=3))
        dialog.first_date = date(2026, 11, 5)
        self.assertIn("past", dialog.problem)
        with self.assertRaisesRegex(UserError, "past"):
            dialog.save().action_apply()

    # === VERSIONS === #

    def test_new_version_spreads_what_is_left(self):
        former = self._signed(interest_clause="waived", payment_way="standing_order")
        self._pay_schedule(former, 300, FIRST)
        with freeze_time("2027-01-10 09:00:00"):
            dialog = self._dialog(former)
            self.assertEqual((dialog.total, dialog.count), (600, 2))
            self.assertEqual(dialog.first_date, SECOND)
            dialog.count = 4
            schedule = self._apply(dialog)
            self.assertEqual(schedule.previous_id, former)
            self.assertEqual(schedule.name, f"{former.name}/v2")
            self.assertEqual(schedule.interest_clause, "waived")
            self.assertEqual(schedule.payment_way, "standing_order")
            self.assertEqual(former.state, "running")
            self._sign_again(schedule)
        self.assertEqual((former.state, schedule.state), ("cancelled", "running"))
        self.assertEqual(len(former.instalment_ids), 3)
        self.assertEqual(self._left(schedule, date(2027, 1, 10)), [150, 150, 150, 150])

    def test_duration_counts_from_the_first_day_of_the_first_version(self):
        former = self._signed(count=10)
        with freeze_time("2027-06-10 09:00:00"):
            dialog = self._dialog(former)
            dialog.first_date = date(2027, 7, 5)
            dialog.count = 7
            schedule = self._apply(dialog)
            self.assertRegex(schedule.limit_text, "lasts 14 months; the policy allows 12")
            schedule.action_submit()
            self.assertEqual(schedule.state, "to_approve")

    def test_new_version_goes_on_with_charges_that_were_booked(self):
        charge = self._claim()
        former = self._signed(charges=charge, count=2)
        self._pay_schedule(former, 60, FIRST)
        left = round(840 + charge.amount_total, 2)
        with freeze_time("2027-01-05 09:00:00"):
            dialog = self._dialog(former)
            self.assertEqual(dialog.total, left)
            schedule = self._apply(dialog)
            self._sign_again(schedule)
        self.assertEqual(round(sum(self._left(schedule, FIRST)), 2), left)
        self._pay_schedule(schedule, left, FIRST)
        self.assertEqual((schedule.state, charge.state), ("completed", "paid"))

    def test_interest_waived_by_the_first_of_three_versions_stays_waived(self):
        schedule = self._signed(interest_clause="waived", count=3)
        before = float(self._charged(self.old, date(2026, 11, 30)).charges.interest.total)
        for count, day in ((4, "2026-12-10"), (5, "2026-12-20")):
            former = schedule
            with freeze_time(f"{day} 09:00:00"):
                schedule = self._draft(
                    count=count, previous=former.with_user(self.collector), interest_clause="waived"
                )
                self._sign_again(schedule)
        self.assertEqual(schedule.version, 3)
        after = self._charged(self.old, date(2026, 12, 31)).charges.interest.total
        self.assertEqual(float(after), before)
        schedule.with_user(self.personas["manager"]).action_cancel()
        self.env.invalidate_all()
        due = self._charged(self.old, date(2026, 12, 31)).charges.interest.total
        self.assertGreater(float(due), before)

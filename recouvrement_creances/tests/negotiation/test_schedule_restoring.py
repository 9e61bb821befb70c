from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .schedule_common import ScheduleCommon

BROKEN_ON = date(2027, 2, 1)
# After the first instalment was paid, before the second one is due.
CAUGHT_UP = date(2027, 2, 3)


@tagged("post_install", "-at_install")
class TestScheduleRestoring(ScheduleCommon):
    """A manager gives the acceleration up when the debtor has caught up: the plan goes on."""

    def _broken(self, **terms):
        """Return a schedule that was broken off on 1 February, its first instalment unpaid."""
        schedule = self._signed(**terms)
        self._judge_on(schedule, date(2027, 1, 8))
        with freeze_time(BROKEN_ON.isoformat() + " 09:00:00"):
            schedule.sudo()._accelerate(BROKEN_ON)
        self.assertEqual((schedule.state, schedule.hold_id.state), ("broken", "released"))
        return schedule

    def _pay_first(self):
        with freeze_time(CAUGHT_UP.isoformat() + " 09:00:00"):
            self._pay_on(self.old, CAUGHT_UP, 300)

    def _restore(self, schedule, reason="Paid what was late", persona="manager"):
        with freeze_time(CAUGHT_UP.isoformat() + " 09:00:00"):
            dialogs = self.env["collection.schedule.restoration"]
            dialogs.with_user(self.personas[persona]).create(
                {"schedule_id": schedule.id, "note": reason}
            ).action_apply()

    def test_schedule_goes_on_when_the_debtor_has_caught_up(self):
        schedule = self._broken()
        self._pay_first()
        self.assertEqual(schedule.state, "broken")
        self._restore(schedule, "The bank had been closed")
        self.assertEqual(schedule.state, "running")
        self.assertFalse(schedule.ended_on or schedule.late_since)
        self.assertEqual(schedule.hold_id.state, "open")
        self.assertEqual(self._instalment_states(schedule), ["late", "pending", "pending"])
        self.items.invalidate_recordset()
        self.assertEqual(set(self.items.mapped("verdict")), {"schedule"})
        message = schedule.sudo().message_ids.filtered(
            lambda message: "The bank had been closed" in message.body
        )
        self.assertEqual(message.author_id, self.personas["manager"].partner_id)

    def test_payments_count_again_and_another_missed_one_is_late_again(self):
        schedule = self._broken()
        self._pay_first()
        self._restore(schedule)
        self._pay_schedule(schedule, 300, date(2027, 2, 5))
        self.assertEqual(self._instalment_states(schedule), ["late", "kept", "pending"])
        self.assertEqual(self._judge_on(schedule, date(2027, 3, 8)), "late")
        self.assertFalse(schedule._find_notices())
        self._pay_schedule(schedule, 300, date(2027, 3, 9))
        self.assertEqual(schedule.state, "completed")

    def test_debtor_who_is_still_late_gets_nothing_back(self):
        schedule = self._broken()
        with self.assertRaisesRegex(UserError, "01/05/2027 is not paid in full"):
            self._restore(schedule)

    def test_only_a_manager_decides_and_says_why(self):
        schedule = self._broken()
        self._pay_first()
        for persona in ("collector", "accountant"):
            with self.subTest(persona=persona), self.assertRaises(AccessError):
                schedule.with_user(self.personas[persona])._restore("I would like it")
        with self.assertRaisesRegex(UserError, "Say why"):
            self._restore(schedule, "  ")
        self.assertEqual(schedule.state, "broken")

    def test_only_what_was_broken_off_is_put_back(self):
        schedule = self._signed()
        with self.assertRaisesRegex(UserError, "not possible any more"):
            self._restore(schedule)

    def test_what_was_agreed_on_anew_stays(self):
        schedule = self._broken()
        self._pay_first()
        with freeze_time(CAUGHT_UP.isoformat() + " 09:00:00"):
            other = self._signed(first_date=date(2027, 3, 5))
        self.assertEqual(other.state, "running")
        with self.assertRaisesRegex(UserError, f"covered by {other.name}"):
            self._restore(schedule)

    def test_interest_that_was_waived_stands_still_again(self):
        schedule = self._broken(interest_clause="waived")

        def interest():
            # No rate of the year after is known yet.
            day = date(2026, 12, 31)
            return float(self._charged(self.young, day).charges.interest.total)

        while_broken = interest()
        self._pay_first()
        self._restore(schedule)
        self.assertLess(interest(), while_broken)

from datetime import datetime, time, timedelta

from odoo.tests import tagged

from ..common import TODAY, CollectionCommon

# UTC; Paris is an hour ahead.
MOMENT = datetime.combine(TODAY, time(9))


@tagged("post_install", "-at_install")
class TestGuardTogether(CollectionCommon):
    """Contacts that leave at the same moment know of each other."""

    def setUp(self):
        super().setUp()
        self._overdue_invoice(6)
        run = self.root["collection.run"].create({"company_id": self.company.id})
        run.action_propose()
        self.reminder = self._case().action_ids
        self.guard = self.root["collection.guard"]

    def _add(self, **values):
        case = self._case()
        return self.reminder._with_door().create(
            {"case_id": case.id, "company_id": case.company_id.id, "channel": "email", **values}
        )

    def _let_leave(self, *actions):
        """Return which of some contacts may leave at ten in the morning."""
        return self.guard._defer_blocked(self.reminder.browse().union(*actions), MOMENT)

    def test_reminder_makes_way_for_what_was_agreed_on(self):
        agreed = self._add(is_agreed=True)
        self.assertEqual(self._let_leave(self.reminder, agreed), agreed)
        days = self.reminder.level_id.policy_id.minimum_days_between
        self.assertGreater(days, 1)
        self.assertGreaterEqual(self.reminder.not_before, MOMENT + timedelta(days=days - 1))

    def test_reminder_makes_way_for_what_another_process_is_about_to_send(self):
        agreed = self._add(is_agreed=True, state="confirmed")
        for hours, leaves in ((None, False), (-1, False), (5, False), (24, True), (100, True)):
            agreed.not_before = hours is not None and MOMENT + timedelta(hours=hours)
            with self.subTest(hours=hours):
                self.assertEqual(bool(self._let_leave(self.reminder)), leaves)
        agreed.state, agreed.not_before = "cancelled", False
        self.assertTrue(self._let_leave(self.reminder))

    def test_two_agreed_contacts_leave_on_their_day(self):
        first, second = self._add(is_agreed=True), self._add(is_agreed=True)
        self.assertEqual(self._let_leave(first, second), first | second)

    def test_of_two_messages_of_no_round_one_leaves(self):
        first, second = self._add(), self._add()
        self.assertEqual(self._let_leave(first, second), first)

    def test_steps_of_a_level_and_letters_of_a_day_leave_together(self):
        second = self._add(cycle=self.reminder.cycle, level_id=self.reminder.level_id.id)
        self.assertEqual(self._let_leave(self.reminder, second), self.reminder | second)
        letters = [self._add(channel="letter"), self._add(channel="registered_letter")]
        self.assertEqual(self._let_leave(*letters), letters[0] | letters[1])

    def test_task_of_the_office_is_no_contact(self):
        task = self._add(channel="task")
        self.assertEqual(self._let_leave(self.reminder, task), self.reminder | task)

    def test_what_another_process_hands_over_counts(self):
        self._add(state="sending", claimed_at=MOMENT - timedelta(minutes=1))
        self.assertFalse(self._let_leave(self.reminder))

    def test_reminder_makes_way_for_what_a_manager_lets_leave(self):
        reason = self.root["collection.reason"].search([("usage", "=", "override")], limit=1)
        overridden = self._add(override_reason_id=reason.id)
        self.assertEqual(self._let_leave(self.reminder, overridden), overridden)

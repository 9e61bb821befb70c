from odoo.tests import tagged

from .common import DisputeCommon, day

LATE = "recouvrement_creances.mail_activity_type_dispute_late"


@tagged("post_install", "-at_install")
class TestDisputeWatch(DisputeCommon):
    """What nobody answers goes up: to a manager, then to the finance director, once each."""

    def setUp(self):
        super().setUp()
        self.dispute = self._open(300)
        # The administrator has every role as well: the last one with it is told.
        self.director = self.personas["finance_director"]

    def _escalate(self, number):
        with self.on(number):
            self.root["collection.dispute"]._cron_watch()
        return self.dispute.activity_ids.filtered(
            lambda task: task.activity_type_id == self.root.ref(LATE)
        )

    def test_manager_then_director_are_told_once(self):
        self.assertFalse(self._escalate(14))
        first = self._escalate(15)
        self.assertEqual((first.user_id, self.dispute.escalation), (self.manager, 1))
        self.assertEqual(self._escalate(16), first)
        self.assertEqual(self._escalate(21), first)
        second = self._escalate(22) - first
        self.assertEqual((second.user_id, self.dispute.escalation), (self.director, 2))
        self.assertEqual(self._escalate(60), first | second)

    def test_manager_is_told_again_where_nobody_is_above(self):
        directors = self.root.ref("recouvrement_creances.group_finance_director").sudo()
        directors.user_ids = False
        first = self._escalate(15)
        second = self._escalate(22) - first
        self.assertEqual((first.user_id, second.user_id), (self.manager, self.manager))

    def test_next_step_starts_the_clock_again(self):
        self._escalate(15)
        with self.on(15):
            self.dispute.with_user(self.sales)._answer("unfounded", "No")
        self.assertEqual((self.dispute.escalation, self.dispute.deadline), (0, day(29)))
        self.assertFalse(self._escalate(29))
        self.assertEqual(len(self._escalate(30)), 1)

    def test_credit_note_that_nobody_makes_goes_up_too(self):
        self._decided(self.dispute, "founded")
        self.assertEqual(self._escalate(15).user_id, self.manager)

    def test_disputes_that_are_over_wake_nobody(self):
        self._decided(self.dispute, "unfounded")
        self.assertFalse(self._escalate(60))

    def test_many_disputes_are_found_with_one_search(self):
        others = self.root["collection.dispute"]
        for _number in range(20):
            others |= self._open(1, self.other)
        with self.on(15):
            told = others._escalate(self.company, day(15))
        self.assertEqual(told, others | self.dispute - self.dispute.browse())
        self.assertEqual(set(others.mapped("escalation")), {1})

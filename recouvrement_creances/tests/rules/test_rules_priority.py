from odoo.tests import BaseCase, tagged

from ...rules.priority import (
    MAXIMUM_AGE_POINTS,
    CaseFacts,
    priority_points,
    priority_score,
)


@tagged("post_install", "-at_install")
class TestRulesPriority(BaseCase):
    """The worklist's order can be explained, and moves the way a collector expects."""

    def test_each_factor_adds_its_points(self):
        base = priority_score(CaseFacts(amount_overdue=1000))
        for facts, points in (
            ({"days_overdue": 45}, 4),
            ({"level_number": 3}, 15),
            ({"tasks_late": 2}, 15),
            ({"contacts_failed": 1}, 10),
            ({"ladder_done": True}, 20),
            ({"hold_expired": True}, 15),
        ):
            with self.subTest(facts=facts):
                score = priority_score(CaseFacts(amount_overdue=1000, **facts))
                self.assertEqual(score - base, points)

    def test_ten_times_the_amount_is_worth_ten_points(self):
        for amount in (10, 100, 1000, 10000):
            more = priority_score(CaseFacts(amount_overdue=amount * 10))
            self.assertEqual(more - priority_score(CaseFacts(amount_overdue=amount)), 10)

    def test_less_than_one_unit_is_worth_nothing(self):
        self.assertEqual(priority_score(CaseFacts(amount_overdue=0.5)), 0)

    def test_age_counts_for_a_year_at_most(self):
        points = dict(priority_points(CaseFacts(amount_overdue=1000, days_overdue=5000)))
        self.assertEqual(points["age"], MAXIMUM_AGE_POINTS)

    def test_nothing_overdue_and_nothing_to_do_is_last(self):
        facts = CaseFacts(days_overdue=300, level_number=4, ladder_done=True)
        self.assertEqual(priority_points(facts), [])

    def test_work_that_waits_counts_without_an_amount(self):
        self.assertEqual(priority_points(CaseFacts(tasks_late=1)), [("late_tasks", 15)])
        self.assertEqual(priority_points(CaseFacts(contacts_failed=1)), [("failed_contacts", 10)])
        self.assertEqual(priority_points(CaseFacts(hold_expired=True)), [("hold_expired", 15)])

    def test_credit_balance_does_not_break_the_ranking(self):
        self.assertEqual(priority_points(CaseFacts(amount_overdue=-50)), [])
        self.assertGreater(priority_score(CaseFacts(amount_overdue=-50, tasks_late=1)), 0)

    def test_heaviest_factor_is_named_first(self):
        facts = CaseFacts(amount_overdue=200, days_overdue=90, level_number=1, ladder_done=True)
        values = [points for _factor, points in priority_points(facts)]
        self.assertEqual(values, sorted(values, reverse=True))
        self.assertEqual(priority_score(facts), sum(values))

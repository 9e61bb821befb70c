from odoo.tests import BaseCase, tagged

from ...rules.ladder import rung_for_age

DELAYS = [-7, 5, 15, 30, 60]


@tagged("post_install", "-at_install")
class TestRulesLadder(BaseCase):
    """An old receivable is placed by its age, never above what a person has to decide."""

    def test_age_passes_the_rungs_one_by_one(self):
        ages = {-8: 0, -7: 1, 4: 1, 5: 2, 14: 2, 15: 3, 29: 3, 30: 4, 59: 4, 60: 5, 4000: 5}
        for days_late, rung in ages.items():
            with self.subTest(days_late=days_late):
                self.assertEqual(rung_for_age(days_late, DELAYS), rung)

    def test_ceiling_holds_whatever_the_age(self):
        for days_late in range(-30, 400, 7):
            self.assertLessEqual(rung_for_age(days_late, DELAYS, highest=3), 3)

    def test_ceiling_of_zero_leaves_the_item_on_the_ground(self):
        self.assertEqual(rung_for_age(400, DELAYS, highest=0), 0)

    def test_older_items_never_stand_lower(self):
        rungs = [rung_for_age(days_late, DELAYS) for days_late in range(-100, 200)]
        self.assertEqual(rungs, sorted(rungs))

    def test_ladder_without_rungs_places_nothing(self):
        self.assertEqual(rung_for_age(100, []), 0)

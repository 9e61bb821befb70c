from datetime import timedelta

from odoo.tests import tagged

from ..common import TODAY
from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourManager(CollectionTourCommon):
    """A manager revises a policy, changes its ladder and confirms it again."""

    def setUp(self):
        super().setUp()
        self.reminder = self._make_template(name="Reminder of the tour")

    def _change_the_ladder(self, language):
        self._tour("manager", language)
        self.assertEqual(self.policy.state, "confirmed")
        self.assertEqual(self.policy.level_ids.mapped("delay_days"), [8, 15, 30, 45, 75])
        self.assertEqual(self.policy.level_ids.mapped("number"), [1, 2, 3, 4, 5])
        level = self.policy.level_ids[-1]
        self.assertEqual(level.name, "Last reminder")
        self.assertRecordValues(
            level.step_ids,
            [{"channel": "email", "mode": "confirm", "template_id": self.reminder.id}],
        )
        invoice = self._overdue_invoice(6)
        self._decide()
        self.assertVerdict(invoice, "too_soon", next_date=TODAY + timedelta(days=2))

    def test_manager_changes_the_ladder_of_a_policy(self):
        self._change_the_ladder("en_US")

    def test_manager_changes_the_ladder_of_a_policy_in_french(self):
        self._change_the_ladder("fr_FR")

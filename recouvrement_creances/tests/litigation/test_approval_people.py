from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import TODAY
from .handover_common import HandoverCommon


@tagged("post_install", "-at_install")
class TestApprovalPeople(HandoverCommon):
    """Nobody gives himself a decision, and every change of who decides is on record."""

    def setUp(self):
        super().setUp()
        self.rule = self.root["collection.approval.rule"].create(
            {"company_id": self.company.id, "approver_id": self.director.id}
        )

    def _stand_in(self, user):
        return {
            "substitute_id": user.id,
            "substitute_from": TODAY,
            "substitute_until": TODAY,
        }

    def test_a_manager_does_not_stand_in_by_his_own_word(self):
        rule = self.rule.with_user(self.manager)
        with self.assertRaisesRegex(AccessError, "Who stands in"):
            rule.write(self._stand_in(self.manager))
        with self.assertRaisesRegex(AccessError, "Who stands in"):
            rule.write(self._stand_in(self.second_director))
        with self.assertRaisesRegex(AccessError, "himself"):
            rule.approver_id = self.manager
        with self.assertRaisesRegex(AccessError, "himself"):
            rule.create({"company_id": self.company.id, "approver_id": self.manager.id})
        with self.assertRaisesRegex(AccessError, "Who stands in"):
            rule.create({"company_id": self.company.id, **self._stand_in(self.second_director)})

    def test_a_director_names_who_stands_in_and_nothing_else(self):
        rule = self.rule.with_user(self.director)
        rule.write(self._stand_in(self.manager))
        self.assertEqual(self._request().activity_ids.user_id, self.manager)
        with self.assertRaisesRegex(AccessError, "manager writes the rules"):
            rule.least_amount = 100000
        other = self.rule.with_user(self.second_director)
        with self.assertRaisesRegex(AccessError, "himself"):
            other.write(self._stand_in(self.second_director))

    def test_a_manager_who_decides_names_his_own_substitute(self):
        self.rule.approver_id = self.manager
        self.rule.with_user(self.manager).write(self._stand_in(self.director))
        self.assertEqual(self.rule.substitute_id, self.director)

    def test_changes_are_on_record(self):
        # A record's first values are no change.
        self.env.flush_all()
        self.env.cr.flush()
        rule = self.rule.with_user(self.director).with_context(tracking_disable=False)
        rule.write(self._stand_in(self.manager))
        self.env.flush_all()
        self.env.cr.flush()
        tracked = self.rule.message_ids.sudo().tracking_value_ids.field_id.mapped("name")
        self.assertIn("substitute_id", tracked)
        with self.assertRaisesRegex(UserError, "archive"):
            self.rule.unlink()

    def test_a_first_level_writes_the_request_so_that_two_at_once_meet(self):
        self.rule.approver_id = self.manager
        self.root["collection.approval.rule"].create({"company_id": self.company.id, "level": 2})
        handover = self._request()
        self.env.flush_all()
        query = "SELECT ctid::text FROM collection_handover WHERE id = %s"
        self.env.cr.execute(query, [handover.id])
        before = self.env.cr.fetchone()
        handover.with_user(self.manager)._decide("approve", "Agreed")
        self.assertEqual(handover.state, "requested")
        self.env.cr.execute(query, [handover.id])
        self.assertNotEqual(self.env.cr.fetchone(), before)

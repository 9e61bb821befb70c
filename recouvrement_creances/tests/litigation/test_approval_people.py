from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

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

    def test_who_stands_in_goes_with_who_named_him(self):
        none = {"substitute_id": False, "substitute_from": False, "substitute_until": False}
        self.rule.write(self._stand_in(self.manager))
        third = self._make_persona("third", "recouvrement_creances.group_manager")
        self.rule.with_user(third).approver_id = self.second_director
        self.assertRecordValues(self.rule, [none])
        # The form leaves him out, and sends so.
        self.rule.write(self._stand_in(self.manager))
        with Form(self.rule.with_user(third)) as form:
            form.approver_id = self.director
            self.assertFalse(form.substitute_id or form.substitute_until)
        self.assertRecordValues(self.rule, [none])
        # Who is written again is nobody else; and nobody takes away a substitute by that.
        self.rule.write(self._stand_in(self.manager))
        self.rule.with_user(third).approver_id = self.director
        self.assertEqual(self.rule.substitute_id, self.manager)
        with self.assertRaisesRegex(AccessError, "Who stands in"):
            self.rule.with_user(third).write({"approver_id": self.director.id, **none})

    def test_what_nobody_could_decide_is_not_asked_for(self):
        self.rule.approver_id = self.manager
        handover = self._complete(self._prepare(user=self.manager))
        handover.write({"note": "Does not answer any more"})
        refused = self.assertRaisesRegex(UserError, "level 1: only collection_manager")
        with refused, self.env.cr.savepoint():
            handover.action_request()
        self.rule.write(self._stand_in(self.second_director))
        handover.action_request()
        self.assertEqual(handover.activity_ids.user_id, self.second_director)
        self.assertEqual(handover.next_deciders, self.second_director.name)

    def test_who_decides_alone_on_a_later_level_leaves_the_first_to_another(self):
        self.rule.approver_id = False
        self.root["collection.approval.rule"].create(
            {"company_id": self.company.id, "level": 2, "approver_id": self.director.id}
        )
        handover = self._request()
        with self.assertRaisesRegex(UserError, "level 2"), self.env.cr.savepoint():
            self._approve(handover)
        self._approve(handover, self.second_director)
        self.assertEqual(handover.activity_ids.user_id, self.director)

    def test_who_decides_by_the_rules_that_are_left_gets_the_task(self):
        self.rule.approver_id = self.manager
        handover = self._request()
        self.assertEqual(handover.activity_ids.user_id, self.manager)
        self.rule.action_archive()
        self.assertEqual(handover.activity_ids.user_id, self.director)
        self.rule.action_unarchive()
        self.assertEqual(handover.activity_ids.user_id, self.manager)
        # Of two levels the second is gone: somebody still has to decide.
        second = self.root["collection.approval.rule"].create(
            {"company_id": self.company.id, "level": 2, "approver_id": self.second_director.id}
        )
        self._approve(handover, self.manager)
        self.assertEqual(handover.activity_ids.user_id, self.second_director)
        second.action_archive()
        self.assertTrue(handover.activity_ids.user_id)
        self._approve(handover, handover.activity_ids.user_id)
        self.assertEqual(handover.state, "approved")

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

    def test_who_left_is_given_nothing(self):
        self.rule.write(self._stand_in(self.manager))
        handover = self._request()
        self.assertEqual(handover.activity_ids.user_id, self.manager)
        self.manager.sudo().group_ids = self.root.ref("recouvrement_creances.group_reader")
        deadlines = self.root["collection.deadline"]
        deadlines._renew_approvals(self.company, TODAY)
        self.assertEqual(handover.activity_ids.user_id, self.director)
        task = handover.activity_ids
        deadlines._renew_approvals(self.company, TODAY)
        self.assertEqual(handover.activity_ids, task)

    def test_who_does_not_work_in_the_company_decides_nothing(self):
        handover = self._request()
        self.assertEqual(handover.activity_ids.user_id, self.director)
        elsewhere = self.root["res.company"].create({"name": "Elsewhere"})
        self.director.sudo().write(
            {"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id}
        )
        handover.invalidate_recordset()
        self.assertFalse(handover.next_deciders)
        self.root["collection.deadline"]._renew_approvals(self.company, TODAY)
        self.assertFalse(handover.activity_ids)
        said = " ".join(handover.sudo().message_ids.mapped("body"))
        self.assertIn(f"{self.director.name} may not work in {self.company.name}", said)
        self.rule.approver_id = self.second_director
        self.assertEqual(handover.activity_ids.user_id, self.second_director)

    def test_that_nobody_may_decide_is_said_once(self):
        handover = self._request()
        self.director.sudo().group_ids = self.root.ref("recouvrement_creances.group_reader")
        deadlines = self.root["collection.deadline"]
        deadlines._renew_approvals(self.company, TODAY)
        messages = self.root["mail.message"]
        domain = [("model", "=", handover._name), ("res_id", "=", handover.id)]
        said = messages.search([*domain, ("body", "ilike", "Nobody could decide")])
        self.assertIn(self.manager.partner_id, said.notified_partner_ids)
        deadlines._renew_approvals(self.company, TODAY)
        again = messages.search([*domain, ("body", "ilike", "Nobody could decide")])
        self.assertEqual(again, said)

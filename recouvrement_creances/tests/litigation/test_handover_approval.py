import re
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import RestrictViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import TODAY
from .handover_common import HandoverCommon


@tagged("post_install", "-at_install")
class TestHandoverApproval(HandoverCommon):
    """Who decides, in which order, on what; and that a decision stays."""

    def _rule(self, **vals):
        return self.root["collection.approval.rule"].create({"company_id": self.company.id, **vals})

    # === ONE LEVEL === #

    def test_a_finance_director_decides_without_any_rule(self):
        handover = self._request()
        self.assertEqual(handover.activity_ids.user_id, self.director)
        self.assertFalse(handover.can_decide)
        self.assertTrue(handover.with_user(self.director).can_decide)
        self._approve(handover, note="They will not pay otherwise")
        self.assertEqual(handover.state, "approved")
        self.assertEqual(handover.decided_by_id, self.director)
        self.assertEqual(handover.decision_note, "They will not pay otherwise")
        self.assertFalse(handover.activity_ids)
        self.assertEqual(handover.decision_ids.mapped("decision"), ["requested", "approve"])
        self.assertEqual(handover.decision_ids[-1].amount, 5000)

    def test_what_the_checklist_asks_for_is_still_brought_after_the_decision(self):
        handover = self._prepare()
        check = handover.check_ids.filtered(lambda one: one.code == "delivery")
        handover._ask_for(check)
        task = check.sudo().activity_id
        self._approve(self._request(handover))
        self.assertEqual(handover.state, "approved")
        self.assertEqual(handover.sudo().activity_ids, task.exists())
        self.assertTrue(task.active)

    def test_the_mail_to_who_decides_opens_the_request(self):
        handover = self._request()
        mails = self.root["mail.mail"].search([("model", "=", "collection.handover")])
        (mail,) = mails.filtered(lambda mail: self.director.partner_id in mail.recipient_ids)
        opened = rf"/mail/view\?model=collection\.handover(&amp;|&)res_id={handover.id}\b"
        self.assertTrue(re.search(opened, mail.body_html), mail.body_html)

    def test_approval_holds_the_items_once_and_moves_the_case(self):
        handover = self._approve(self._request())
        self.assertEqual(handover.item_ids.verdict, "handed_over")
        self.assertEqual(handover.case_id.stage_kind, "litigation")
        self.assertTrue(handover.file_hash, handover.file_problem)
        handover.action_start_proceeding()
        proceeding = handover.proceeding_ids
        self.assertEqual(proceeding.procedure_id.kind, "payment_order")
        self._take(proceeding.with_user(self.accountant), "file")
        holds = handover.case_id.hold_ids.filtered(lambda hold: hold.kind == "handover")
        self.assertEqual(holds, handover.hold_id)

    def test_nobody_decides_on_his_own_request(self):
        self.director.sudo().group_ids += self.root.ref("recouvrement_creances.group_accountant")
        handover = self._request(self._prepare(user=self.director))
        self.assertEqual(handover.activity_ids.user_id, self.second_director)
        with self.assertRaisesRegex(AccessError, "his own request"):
            handover.with_user(self.director)._decide("approve", "Mine")
        # Nor on what he prepared and a colleague asked for.
        other = self._prepare(self._overdue_item(partner=self.partner_b), user=self.director)
        self._complete(other)
        other.write({"note": "Now"})
        other.with_user(self.accountant).action_request()
        with self.assertRaisesRegex(AccessError, "his own request"):
            other.with_user(self.director)._decide("approve", "Mine")

    def test_who_has_no_right_decides_nothing(self):
        handover = self._request()
        for name in ("collector", "accountant", "manager", "reader"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                handover.with_user(self.personas[name])._decide("approve", "Why not")
        self.assertEqual(handover.state, "requested")

    def test_a_director_of_another_company_sees_nothing(self):
        other_company = self.setup_other_company(name="Sister")["company"]
        stranger = self._make_user(
            "stranger", "recouvrement_creances.group_finance_director", other_company
        )
        handover = self._request()
        seen = handover.with_user(stranger).with_context(allowed_company_ids=other_company.ids)
        self.assertFalse(seen.search([]))
        self.assertFalse(seen.env["collection.handover.decision"].search([]))
        with self.assertRaises(AccessError):
            seen._decide("approve", "Whatever")
        with self.assertRaises(AccessError):
            seen.read(["amount"])

    def test_a_decision_says_why(self):
        handover = self._request()
        for decision in ("approve", "refuse", "ask"):
            with self.subTest(decision=decision), self.assertRaisesRegex(UserError, "Say why"):
                handover.with_user(self.director)._decide(decision, " ")

    def test_what_was_refused_is_asked_for_again(self):
        handover = self._request()
        handover.with_user(self.director)._decide("refuse", "Call them once more")
        self.assertEqual(handover.state, "refused")
        self.assertNotEqual(handover.item_ids.verdict, "handed_over")
        handover.write({"note": "Called: they hang up"})
        handover.action_request()
        self.assertEqual((handover.state, handover.round), ("requested", 2))
        self._approve(handover)
        self.assertEqual(
            handover.decision_ids.mapped(lambda one: (one.round, one.decision)),
            [(1, "requested"), (1, "refuse"), (2, "requested"), (2, "approve")],
        )

    def test_a_question_leaves_the_request_open(self):
        handover = self._request()
        handover.with_user(self.director)._decide("ask", "Is the works acceptance signed?")
        self.assertEqual(handover.state, "requested")
        task = handover.activity_ids.filtered(lambda one: one.user_id == self.collector)
        self.assertIn("acceptance", task.note)
        self.assertTrue(handover.with_user(self.director).can_decide)
        self._approve(handover)
        self.assertFalse(task.exists(), "nobody waits for the answer any more")

    def test_several_are_decided_on_at_once(self):
        first = self._request()
        second = self._request(self._prepare(self._overdue_item(partner=self.partner_b)))
        both = (first | second).with_user(self.director)
        action = both.action_decide()
        dialog = (
            both.env[action["res_model"]]
            .with_context(**action["context"])
            .create({"decision": "approve", "note": "Both"})
        )
        dialog.action_apply()
        self.assertEqual(set(both.mapped("state")), {"approved"})

    # === LEVELS === #

    def test_levels_decide_one_after_the_other(self):
        manager = self.personas["manager"]
        self._rule(level=1, approver_id=manager.id)
        self._rule(level=2, least_amount=4000)
        handover = self._request()
        self.assertEqual(handover.activity_ids.user_id, manager)
        with self.assertRaisesRegex(AccessError, "decided by"):
            handover.with_user(self.director)._decide("approve", "I first")
        self._approve(handover, manager, "First")
        self.assertEqual((handover.state, handover.next_level), ("requested", 2))
        self.assertEqual(handover.activity_ids.user_id, self.director)
        self._approve(handover, note="Second")
        self.assertEqual(handover.state, "approved")

    def test_nobody_decides_on_two_levels(self):
        self._rule(level=1)
        self._rule(level=2)
        handover = self._approve(self._request())
        with self.assertRaisesRegex(AccessError, "somebody else"):
            handover.with_user(self.director)._decide("approve", "Again")
        self._approve(handover, self.second_director)
        self.assertEqual(handover.state, "approved")

    def test_rules_fit_by_amount_and_kind(self):
        manager = self.personas["manager"]
        self._rule(level=1, approver_id=manager.id, debtor_kind="consumer")
        self._rule(level=1, least_amount=5000.01, approver_id=manager.id)
        self._rule(level=1, approver_id=self.second_director.id)
        handover = self._request()
        self.assertEqual(handover.activity_ids.user_id, self.second_director)
        with self.assertRaises(AccessError):
            handover.with_user(manager)._decide("approve", "Mine?")

    def test_a_substitute_decides_within_his_days(self):
        rule = self._rule(
            level=1,
            approver_id=self.director.id,
            substitute_id=self.second_director.id,
            substitute_from=TODAY,
            substitute_until=TODAY,
        )
        handover = self._request()
        self.assertEqual(handover.activity_ids.user_id, self.second_director)
        with self.on(1), self.assertRaises(AccessError):
            handover.with_user(self.second_director)._decide("approve", "Late")
        self._approve(handover, self.second_director)
        self.assertEqual(handover.decision_ids[-1].substituted_id, self.director)
        self.assertEqual(rule._get_deciders(TODAY), self.director | self.second_director)

    def test_a_request_that_waits_goes_to_who_stands_in_and_back(self):
        self._rule(
            level=1,
            approver_id=self.director.id,
            substitute_id=self.second_director.id,
            substitute_from=TODAY + timedelta(days=2),
            substitute_until=TODAY + timedelta(days=3),
        )
        handover = self._request()
        found = {}
        for days in range(6):
            with self.on(days), self.enter_registry_test_mode():
                self.root.ref(
                    "recouvrement_creances.ir_cron_warn_deadlines"
                ).method_direct_trigger()
                handover.invalidate_recordset()
                found[days] = handover.activity_ids.user_id
        away = {2, 3}
        expected = {days: self.second_director if days in away else self.director for days in found}
        self.assertEqual(found, expected)

    def test_a_rule_gives_nobody_a_right(self):
        with self.assertRaisesRegex(ValidationError, "give the role first"):
            self._rule(level=1, approver_id=self.collector.id)
        rule = self._rule(level=1, approver_id=self.director.id)
        handover = self._request()
        self.director.sudo().group_ids = self.root.ref("recouvrement_creances.group_reader")
        with self.assertRaises(AccessError):
            handover.with_user(self.director)._decide("approve", "Still here")
        self.assertTrue(rule.approver_id)

    def test_a_list_reads_the_rules_once(self):
        rule = self._rule(level=1)
        handovers = self._request()
        for partner in (self.partner_b, self._debtor("Third Debtor")):
            handovers |= self._request(self._prepare(self._overdue_item(partner=partner)))
        self.env.flush_all()
        self.env.transaction.clear()
        rules = type(self.root["collection.approval.rule"])
        with patch.object(rules, "search", autospec=True, side_effect=rules.search) as search:
            seen = handovers.with_user(self.director)
            self.assertEqual(seen.mapped("can_decide"), [True] * 3)
            self.assertEqual(set(seen.mapped("next_level")), {1})
        self.assertEqual(search.call_count, 1)
        # A rule that changes counts at once.
        rule.level = 2
        seen.invalidate_recordset(["next_level"])
        self.assertEqual(set(seen.mapped("next_level")), {2})

    # === WHAT CHANGES === #

    def test_an_amount_that_changes_is_asked_for_again(self):
        handover = self._request()
        self._pay(handover.item_ids.move_id, 1000)
        handover.with_user(self.director)._decide("approve", "Agreed")
        self.assertEqual((handover.state, handover.round), ("requested", 2))
        self.assertEqual(handover.amount_requested, 4000)
        self.assertEqual(handover.requested_by_id, self.collector)
        self.assertEqual(handover.activity_ids.user_id, self.director)
        self._approve(handover)
        self.assertEqual(handover.state, "approved")

    def test_a_change_within_the_tolerance_is_none(self):
        handover = self._request()
        self._pay(handover.item_ids.move_id, 250)
        self._approve(handover)
        self.assertEqual(handover.state, "approved")

    def test_nothing_is_approved_of_an_insolvent_debtor(self):
        handover = self._request()
        self._hold(handover.case_id, "insolvency", review_date=TODAY + timedelta(30))
        with self.assertRaisesRegex(UserError, "insolvent"):
            handover.with_user(self.director)._decide("approve", "Agreed")

    def test_what_has_gone_missing_since_is_not_approved(self):
        handover = self._request()
        for kind, line in (("promise", "No running agreement"), ("dispute", "No open dispute")):
            hold = self._hold(handover.case_id, kind)
            with self.subTest(kind=kind), self.assertRaisesRegex(UserError, line):
                handover.with_user(self.director)._decide("approve", "Agreed")
            hold._release("test")
        handover.case_id.legal_document_ids.filtered(lambda one: one.kind == "order").unlink()
        with self.assertRaisesRegex(UserError, "Order or contract"):
            handover.with_user(self.director)._decide("approve", "Agreed")
        self.assertEqual(handover.state, "requested")
        # What only was a day too old does not stop who decides the day after.
        self._add_document(handover, "order")
        with self.on(1):
            self._approve(handover)
        self.assertEqual(handover.state, "approved")

    # === WHAT STAYS === #

    def test_a_decision_is_edited_by_nobody(self):
        handover = self._approve(self._request())
        decision = handover.decision_ids[-1]
        for user in (self.director, self.collector, self.root.ref("base.user_admin")):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                decision.with_user(user).write({"note": "Other"})
            with self.subTest(user=user.login), self.assertRaises(UserError):
                decision.with_user(user).unlink()
        for record in (
            decision.sudo(),
            self.root["collection.handover.decision"].browse(decision.id),
        ):
            with self.assertRaises(UserError):
                record.note = "Other"
            with self.assertRaises(UserError):
                record.unlink()
        for vals in ({"decision_note": "Other"}, {"decided_by_id": self.collector.id}):
            with self.assertRaises(UserError):
                handover.sudo().write(vals)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_it_too(self):
        decision = self._request().decision_ids
        self.env.flush_all()
        for statement in (
            "UPDATE collection_handover_decision SET note = 'Other' WHERE id = %s",
            "UPDATE collection_handover_decision SET note = NULL WHERE id = %s",
            "DELETE FROM collection_handover_decision WHERE id = %s",
        ):
            with (
                self.subTest(statement=statement),
                self.assertRaises(RestrictViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [decision.id])
        with self.assertRaises(RestrictViolation), self.env.cr.savepoint():
            self.env.cr.execute("TRUNCATE collection_handover_decision")

    def test_it_is_not_decided_on_twice(self):
        handover = self._approve(self._request())
        with self.assertRaises(UserError):
            handover.with_user(self.second_director)._decide("refuse", "No")
        self.assertEqual(handover.state, "approved")

    def test_the_checklist_stays_as_who_decided_saw_it(self):
        handover = self._request()
        with self.assertRaises(AccessError):
            handover.with_user(self.personas["reader"]).action_work_out()
        self._approve(handover)
        self._hold(handover.case_id, "promise")
        handover.action_work_out()
        self.assertEqual(set(self._results(handover).values()), {"passed"})

    def test_a_purge_takes_the_words_and_leaves_the_decision(self):
        handover = self._approve(self._request())
        document = handover.case_id.legal_document_ids[0]
        handover.case_id.sudo().write({"is_open": False, "purged_on": TODAY})
        handover.case_id.sudo()._erase_handovers()
        self.assertFalse(handover.note)
        self.assertFalse(handover.decision_note)
        self.assertFalse(handover.file_id)
        self.assertFalse(document.exists())
        self.assertEqual(handover.decision_ids.mapped("note"), [False, False])
        self.assertEqual(handover.decision_ids[-1].user_id, self.director)

from datetime import timedelta

from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import TODAY
from .handover_common import HandoverCommon


@tagged("post_install", "-at_install")
class TestHandover(HandoverCommon):
    """What is prepared names what is missing; what is asked for stays as it is."""

    def test_what_is_missing_is_named_and_comes_in_one_by_one(self):
        handover = self._prepare()
        found = self._results(handover)
        missing = {code for code, result in found.items() if result == "missing"}
        self.assertEqual(
            missing,
            {
                "notice_piece",
                *("identity", "solvency", "insolvency"),
                *("invoices", "order", "delivery"),
            },
        )
        with self.assertRaisesRegex(UserError, "Delivery proven"):
            handover.action_request()
        self._complete(handover)
        self.assertEqual(set(self._results(handover).values()), {"passed"})

    def test_an_item_without_notice_is_named(self):
        item = self._overdue_item()
        handover = (
            self.env["collection.handover"]
            .with_user(self.collector)
            .create({"case_id": item.case_id.id, "item_ids": [(6, 0, item.ids)]})
        )
        self.assertEqual(self._results(handover)["notice"], "missing")
        piece = handover.check_ids.filtered(lambda check: check.code == "notice_piece")
        self.assertEqual((piece.because, piece.can_note, piece.can_ask), ("none", False, False))
        self._give_notice(item, days_ago=5)
        handover.action_work_out()
        line = handover.check_ids.filtered(lambda check: check.code == "notice")
        self.assertEqual((line.result, line.because), ("missing", "running"))
        self.assertIn("03/21/2026", line.explanation)

    def test_holds_of_all_kinds_are_seen(self):
        handover = self._complete(self._prepare())
        for kind, code in (
            ("promise", "agreement"),
            ("schedule", "agreement"),
            ("dispute", "dispute"),
            ("insolvency", "insolvency"),
        ):
            hold = self._hold(handover.case_id, kind)
            handover.action_work_out()
            with self.subTest(kind=kind):
                self.assertEqual(self._results(handover)[code], "missing")
            hold._release("test")
        handover.action_work_out()
        self.assertEqual(set(self._results(handover).values()), {"passed"})

    def test_a_dispute_or_a_missing_document_may_be_stated(self):
        handover = self._complete(self._prepare())
        self.assertFalse(handover.is_dispute_open or handover.is_document_missing)
        self._hold(handover.case_id, "dispute")
        handover.case_id.legal_document_ids.filtered(lambda one: one.kind == "delivery").unlink()
        handover.action_work_out()
        self.assertTrue(handover.is_dispute_open and handover.is_document_missing)
        handover.write({"dispute_statement": "Unfounded", "document_statement": "A service"})
        found = self._results(handover)
        self.assertEqual((found["dispute"], found["delivery"]), ("stated", "stated"))
        handover.write({"note": "Now", "route_code": "summons"})
        handover.action_request()
        self.assertEqual(handover.state, "requested")

    def test_what_is_missing_is_asked_for_in_one_click(self):
        handover = self._prepare()
        line = handover.check_ids.filtered(lambda check: check.code == "order")
        self.assertTrue(line.can_ask)
        line.action_ask()
        self.assertEqual(line.asked_on, TODAY)
        task = handover.activity_ids
        self.assertEqual(task.user_id, line.asked_id)
        self.assertIn("contract", task.summary)
        with self.assertRaisesRegex(UserError, "has this task already"):
            line.action_ask()
        self.assertEqual(handover.activity_ids, task)
        # Done without bringing it: it may be asked for again.
        task.with_user(task.user_id).action_done()
        line.action_ask()
        self.assertEqual(len(handover.activity_ids), 1)
        line.action_note()
        self.assertEqual(line.action_note()["context"]["default_kind"], "order")

    def test_nobody_who_has_left_is_asked_for_a_piece(self):
        handover = self._prepare()
        seller = self.personas["accountant"]
        handover.item_ids.move_id.sudo().invoice_user_id = seller
        line = handover.check_ids.filtered(lambda check: check.code == "order")
        self.assertEqual(handover._find_responsible(line), seller)
        seller.sudo().active = False
        self.assertEqual(handover._find_responsible(line), self.collector)

    def test_checks_of_yesterday_do_not_do_for_today(self):
        handover = self._complete(self._prepare())
        with self.on(1):
            handover.action_work_out()
            found = self._results(handover)
            self.assertEqual((found["insolvency"], found["solvency"]), ("missing", "missing"))
            self.assertEqual(found["identity"], "passed")

    def test_what_has_gone_out_of_date_is_shown_with_the_refusal(self):
        handover = self._complete(self._prepare())
        handover.note = "Does not answer any more"
        with self.on(1):
            shown = handover.action_request()
            self.assertEqual(shown["tag"], "display_notification")
            self.assertIn("Solvency checked", shown["params"]["message"])
            self.assertEqual(self._results(handover)["solvency"], "missing")
            with self.assertRaisesRegex(UserError, "Solvency checked"):
                handover.action_request()
            self.assertEqual(handover.state, "draft")

    def test_routes_are_weighed_and_the_best_is_proposed(self):
        handover = self._complete(self._prepare())
        best = handover.route_ids[0]
        self.assertEqual((best.code, best.is_recommended), ("payment_order", True))
        self.assertEqual(handover.route_code, "payment_order")
        self.assertGreater(best.value, best.cost)
        self.assertIn("not disputed", best.explanation)
        traders = handover.route_ids.filtered(lambda route: route.code == "small_claims")
        self.assertFalse(traders.is_open)
        with self.assertRaisesRegex(UserError, "between traders"):
            traders.action_choose()

    def test_what_holds_for_all_routes_is_said_once(self):
        handover = self._complete(self._prepare())
        found = handover.route_ids.filtered(
            lambda route: "trader_unknown" in (route.warning_codes or "")
        )
        self.assertGreater(len(found), 1)
        self.assertIn("civil company", handover.route_note)
        for route in found:
            self.assertNotIn("civil company", route.explanation)

    def test_what_is_checked_is_fixed_once_a_line_asks_for_it(self):
        view = self.root["collection.debtor.check"].get_view(view_type="form")["arch"]
        (kind,) = etree.fromstring(view).xpath("//field[@name='kind']")
        self.assertIn("default_kind", kind.get("readonly"))
        handover = self._prepare()
        line = handover.check_ids.filtered(lambda check: check.code == "solvency")
        self.assertEqual(line.action_note()["context"]["default_kind"], "solvency")
        check = handover.env["collection.debtor.check"].create(
            {"case_id": handover.case_id.id, "kind": "identity", "source": "Infogreffe"}
        )
        with self.assertRaisesRegex(UserError, "stays as it was noted"):
            check.kind = "insolvency"

    def test_what_was_asked_for_stays(self):
        handover = self._request()
        for vals in ({"note": "Other"}, {"route_code": "summons"}, {"item_ids": [(5,)]}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                handover.write(vals)
        handover.action_revise()
        self.assertEqual(handover.state, "draft")
        self.assertFalse(handover.activity_ids)
        handover.route_code = "summons"

    def test_the_flow_alone_writes_its_fields(self):
        handover = self._prepare()
        for name, value in (("amount_requested", 1), ("file_hash", "x"), ("round", 3)):
            with self.subTest(name=name), self.assertRaises(AccessError):
                handover.write({name: value})
        with self.assertRaises(UserError):
            handover.write({"state": "approved"})
        forged = (
            self.env["collection.handover"]
            .with_user(self.collector)
            .with_context(default_amount_requested=7, default_state="approved")
            .create(
                {
                    "case_id": self._overdue_item(partner=self.partner_b).case_id.id,
                    "item_ids": [(6, 0, self._overdue_item(partner=self.partner_b).ids)],
                    "round": 4,
                }
            )
        )
        self.assertEqual((forged.state, forged.round, forged.amount_requested), ("draft", 0, 0))

    def test_items_are_handed_over_once(self):
        handover = self._prepare()
        with self.assertRaises(ValidationError):
            self._prepare(handover.item_ids)
        handover.action_cancel()
        self.assertEqual(self._prepare(handover.item_ids).state, "draft")

    def test_who_prepares_again_finds_what_runs(self):
        handover = self._prepare()
        case = handover.case_id
        self.assertEqual(case.action_prepare_handover()["res_id"], handover.id)
        self._request(handover)
        self.assertEqual(case.action_prepare_handover()["res_id"], handover.id)
        later = self._overdue_item(700, days=20)
        other = handover.browse(case.action_prepare_handover()["res_id"])
        self.assertNotEqual(other, handover)
        self.assertEqual(other.item_ids, later)

    def test_a_collector_prepares_his_own_cases_only(self):
        item = self._overdue_item()
        item.case_id.user_id = self.personas["other_collector"]
        with self.assertRaises(AccessError):
            self._prepare(item)

    def test_cases_whose_ladder_is_done_are_listed_until_something_is_prepared(self):
        action = self.env.ref("recouvrement_creances.collection_case_action_candidates")
        item = self._overdue_item()
        cases = self.root["collection.case"].search(safe_eval(action.domain))
        self.assertNotIn(item.case_id, cases)
        item.write(
            {"level_id": self.policy.level_ids[-1].id, "last_contact_date": TODAY - timedelta(90)}
        )
        self._decide()
        self.assertEqual(item.verdict, "ladder_done")
        self.assertIn(item.case_id, self.root["collection.case"].search(safe_eval(action.domain)))
        opened = item.case_id.with_user(self.collector).action_prepare_handover()
        self.assertEqual(opened["res_model"], "collection.handover")
        self.assertNotIn(
            item.case_id, self.root["collection.case"].search(safe_eval(action.domain))
        )

    def test_who_decides_sees_what_was_tried(self):
        handover = self._prepare()
        seen = handover.with_user(self.director)
        self.assertIn("formal notice", seen.tried)
        self.assertGreater(seen.amount_charges, 0)
        self.assertFalse(seen.charges_problem)

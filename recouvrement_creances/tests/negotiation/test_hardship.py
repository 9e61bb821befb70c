from datetime import date

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import TODAY
from .means_common import CONCLUSION, MeansCommon


@tagged("post_install", "-at_install")
class TestHardship(MeansCommon):
    """A collector reports that a debtor cannot pay, a manager decides once and for all."""

    def test_report_gives_the_manager_a_task_that_tells_no_facts(self):
        report = self._report()
        task = report.sudo().activity_ids
        self.assertEqual((task.user_id, report.state), (self.manager, "asked"))
        self.assertNotIn("Income", f"{task.summary} {task.note}")
        self.assertFalse(self.case.hold_ids)

    def test_accepted_extra_time_holds_the_case_and_tells_who_asked(self):
        report = self._report()
        self._decide_on(report)
        self.assertRecordValues(
            report,
            [
                {
                    "state": "accepted",
                    "decided_way": "extra_time",
                    "decided_by_id": self.manager.id,
                    "decided_on": TODAY,
                    "decision_note": "As agreed",
                }
            ],
        )
        self.assertRecordValues(
            self.case.hold_ids,
            [{"kind": "manual", "date_end": date(2026, 4, 16), "state": "open"}],
        )
        self.assertEqual(self.case.open_item_ids.verdict, "held")
        self.assertNotIn(CONCLUSION, self.case.hold_ids.note)
        told = report.sudo().activity_ids
        self.assertEqual(told.user_id, self.collector)
        self.assertIn("Accepted", told.summary)

    def test_each_way_holds_contacts_as_it_needs(self):
        body = self.root["collection.help.body"]._get_for(self.debtor)[0]
        for way, vals, expected in (
            ("stop", {"until": "2026-06-16"}, {"review_date": date(2026, 6, 16)}),
            ("refer", {"until": False, "body_id": body.id}, {"review_date": date(2026, 3, 30)}),
            ("schedule", {"until": False}, {"date_end": date(2026, 3, 30)}),
            ("waiver", {"until": False}, {"date_end": date(2026, 3, 30)}),
        ):
            with self.subTest(way=way):
                report = self._report(way=way, **vals)
                self._decide_on(report)
                hold = report.sudo().hold_id
                for name, day in expected.items():
                    self.assertEqual(hold[name], day)
                self.assertEqual(report.decided_body_id.id, vals.get("body_id", False))

    def test_manager_decides_another_way(self):
        report = self._report(way="waiver", until=False)
        self._decide_on(report, "change", way="extra_time", until="2026-03-31")
        self.assertEqual((report.state, report.decided_way), ("changed", "extra_time"))
        self.assertEqual(report.way, "waiver")
        self.assertEqual(report.sudo().hold_id.date_end, date(2026, 3, 31))

    def test_refusal_holds_nothing_and_keeps_its_reason(self):
        report = self._report()
        self._decide_on(report, "refuse", note="Means suffice")
        self.assertEqual((report.state, report.decision_note), ("refused", "Means suffice"))
        self.assertFalse(report.decided_way or report.sudo().hold_id or self.case.hold_ids)

    def test_decision_is_not_changed_afterwards(self):
        report = self._report()
        self._decide_on(report)
        with self.assertRaisesRegex(UserError, "not possible any more"):
            self._decide_on(report, "refuse")
        for user in (self.collector, self.manager):
            with self.assertRaises(UserError):
                report.with_user(user).decision_note = "Other"
            with self.assertRaises(AccessError):
                report.with_user(user).facts = "Other"
        with self.assertRaises(UserError):
            report.sudo().state = "asked"
        with self.assertRaises(UserError):
            report.sudo().unlink()

    def test_nobody_decides_on_his_own_report(self):
        other = new_test_user(
            self.root,
            login="second_manager",
            groups="recouvrement_creances.group_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        report = self._report(self.manager, manager_id=other.id)
        self.assertFalse(report.can_decide)
        with self.assertRaisesRegex(AccessError, "own request"):
            report._decide("approve", "Why not")
        self._decide_on(report, user=other)
        self.assertEqual(report.state, "accepted")
        with self.assertRaisesRegex(ValidationError, "other than yourself"):
            self._report(self.manager, manager_id=self.manager.id)

    def test_only_managers_decide(self):
        report = self._report()
        for name in ("collector", "accountant", "finance_director", "reader"):
            with self.subTest(role=name), self.assertRaises(AccessError):
                report.with_user(self.personas[name])._decide("approve", "Why not")
        for name in ("collector", "accountant", "finance_director", "reader"):
            with self.subTest(role=name), self.assertRaises(AccessError):
                self._decide_on(report, user=self.personas[name])

    def test_decision_needs_a_reason_and_a_day_that_brings_the_case_back(self):
        report = self._report()
        with self.assertRaisesRegex(UserError, "Say why"):
            self._decide_on(report, note=" ")
        with self.assertRaisesRegex(UserError, "until when"):
            self._decide_on(report, "change", way="stop", until=False)
        with self.assertRaisesRegex(UserError, "past"):
            self._decide_on(report, "change", way="stop", until="2026-01-01")
        with self.assertRaisesRegex(UserError, "body"):
            self._decide_on(report, "change", way="refer", until=False, body_id=False)

    def test_report_needs_what_its_way_asks_for(self):
        for vals in ({"until": False}, {"until": "2026-01-01"}, {"until": "2030-01-01"}):
            with self.subTest(vals=vals), self.assertRaises(UserError), self.env.cr.savepoint():
                self._report(**vals)

    def test_decision_is_not_forged_with_the_report(self):
        report = self._report(
            state="accepted", decided_by_id=self.manager.id, decision_note="Yes", decided_way="stop"
        )
        self.assertEqual(report.state, "asked")
        self.assertFalse(report.decided_by_id or report.decision_note or report.decided_way)

    def test_one_report_waits_at_a_time_and_is_withdrawn_by_who_made_it(self):
        report = self._report()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._report()
        with self.assertRaises(AccessError):
            report.with_user(self.manager).action_withdraw()
        report.action_withdraw()
        self.assertEqual(report.state, "withdrawn")
        self.assertFalse(report.sudo().activity_ids)
        self._report()

    def test_only_who_works_on_the_case_reports(self):
        with self.assertRaises(AccessError):
            self._report(self.personas["other_collector"])

    # === WHERE IT STARTS === #

    def test_outcome_cannot_pay_opens_the_report(self):
        dialog = self._as(self.collector, "collection.contact.outcome").create(
            {
                "case_id": self.case.id,
                "channel": "call",
                "outcome": "cannot_pay",
                "nonpayment_reason_id": self.income.id,
                "report_hardship": True,
            }
        )
        action = dialog.action_apply()
        self.assertEqual(action["res_model"], "collection.hardship")
        defaults = {
            name.removeprefix("default_"): value for name, value in action["context"].items()
        }
        report = self._report(**{**defaults, "facts": CONCLUSION})
        self.assertEqual((report.case_id, report.nonpayment_reason_id), (self.case, self.income))

    def test_report_that_waits_is_opened_instead_of_a_second_one(self):
        report = self._report()
        action = self.case.with_user(self.collector).action_report_hardship()
        self.assertEqual(action["res_id"], report.id)

    def test_dialog_shows_no_facts_of_a_report_that_one_may_not_see(self):
        report = self._report()
        elsewhere = self.root["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.root,
            login="manager_elsewhere",
            groups="recouvrement_creances.group_manager",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        dialogs = self.root["collection.hardship.decision"].with_user(stranger)
        dialogs = dialogs.with_context(allowed_company_ids=elsewhere.ids)
        with self.assertRaises(AccessError):
            dialogs.create({"hardship_id": report.id, "note": "Why"}).read(["facts"])

    def test_assessment_opens_the_report_with_what_it_recommends(self):
        assessment = self._assess()
        assessment.action_conclude()
        context = assessment.action_report_hardship()["context"]
        self.assertEqual(context["default_way"], "schedule")
        self.assertEqual(context["default_instalment_amount"], 300)
        self.assertEqual(context["default_facts"], CONCLUSION)

    def test_merged_debtors_keep_one_waiting_report(self):
        twin = self._debtor("Jeanne Petit twin", is_company=False)
        self._overdue_invoice(40, partner=twin)
        self._decide()
        first = self._report()
        assessment = self._assess()
        twin_case = self._case(twin)
        second = self._report(case_id=twin_case.id)
        self.root["collection.case"]._join_debtors(self.debtor, twin)
        self.assertEqual((first.sudo().case_id, second.case_id), (twin_case, twin_case))
        self.assertEqual(assessment.sudo().case_id, twin_case)
        self.assertEqual(sorted((first | second).mapped("state")), ["asked", "withdrawn"])

    def test_report_follows_merged_debtors_with_the_assessment_that_it_names(self):
        twin = self._debtor("Jeanne Petit twin", is_company=False)
        self._overdue_invoice(40, partner=twin)
        self._decide()
        assessment = self._assess()
        report = self._report(assessment_id=assessment.id)
        twin_case = self._case(twin)
        self.root["collection.case"]._join_debtors(self.debtor, twin)
        self.assertEqual(report.sudo().case_id, twin_case)
        self.assertEqual(report.sudo().assessment_id, assessment)
        self.assertEqual(assessment.sudo().case_id, twin_case)

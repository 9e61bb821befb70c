import json
import re
from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .schedule_common import FIRST, ScheduleCommon

MARKUP = "\"><script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)>' {{ 7*7 }}"
# What stands in a page only where a text became part of it.
BROKEN_OUT = ("<script>alert", "<img src=x", "<svg onload")
# What the text ends with once it was worked out as a template.
WORKED_OUT = re.compile("(?:'|&#39;|&#x27;|&#039;) ?49")
TODAY = date(2026, 12, 1)


@tagged("post_install", "-at_install")
class TestNegotiationTexts(ScheduleCommon):
    """What colleagues type stays a text: in chatter, tasks, evidence, and on paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor.write({"name": f"Dupont {MARKUP}", "street": MARKUP, "ref": MARKUP})
        cls.env.flush_all()
        cls.former = {
            model: cls.root[model].search([], order="id desc", limit=1).id or 0
            for model in ("mail.message", "mail.activity")
        }

    def assertIsText(self, *pages):
        """Fail when a page contains what was typed as a part of itself, or worked out."""
        for page in pages:
            for part in BROKEN_OUT:
                self.assertNotIn(part, str(page))
            self.assertNotRegex(str(page), WORKED_OUT)

    def _as(self, persona, model):
        return self.env[model].with_user(self.personas[persona])

    def _print(self, report, record):
        """Return the page that a PDF is printed from."""
        reports = self.root["ir.actions.report"]
        page, _kind = reports._render_qweb_html(f"recouvrement_creances.{report}", record.ids)
        return page.decode()

    def _find_made(self, model, field):
        """Return what a test has made that bears the text in a field of HTML."""
        domain = [("id", ">", self.former[model]), (field, "ilike", "alert(1)")]
        return self.root[model].search(domain).mapped(field)

    def _assertNothingBroken(self, has_task=False):
        """Look at the messages made, of which there must be, and at the tasks."""
        self.env.flush_all()
        messages = self._find_made("mail.message", "body")
        tasks = self._find_made("mail.activity", "note")
        self.assertTrue(messages)
        self.assertEqual((has_task, len(tasks)), (bool(tasks), len(tasks)))
        self.assertIsText(*messages, *tasks)

    def test_promise_and_hold(self):
        promise = self._as("collector", "collection.promise")._make(
            self.case.with_user(self.collector),
            self.items.with_user(self.collector),
            100,
            TODAY,
            self.debtor,
            "call",
            note=MARKUP,
        )
        self.assertEqual((promise.note, promise.hold_id.note), (MARKUP, MARKUP))
        promise.action_withdraw()
        self.case.sudo()._message_log(body=promise.display_name)
        self._assertNothingBroken()

    def test_schedule_and_its_agreement(self):
        schedule = self._proposed(
            note=MARKUP, payment_reference=MARKUP, payment_way="sepa", requested_by="debtor"
        )
        report = "collection_schedule_report"
        offered = self._print(report, schedule)
        schedule.sudo()._sign("", self._words(schedule), MARKUP, "192.0.2.1", MARKUP)
        signed = self._print(report, schedule)
        evidence = schedule.sudo().action_id.evidence_ids
        self.assertEqual(json.loads(evidence.payload)["facts"]["signer"], MARKUP)
        self.assertIn("&lt;script&gt;alert(1)", offered)
        self.assertIsText(offered, signed)
        schedule._cancel(MARKUP)
        self._assertNothingBroken()

    def test_refusal_of_a_schedule(self):
        schedule = self._draft(count=13, note=MARKUP)
        schedule.action_submit()
        schedule.with_user(self.personas["manager"])._decide("refuse", MARKUP)
        self.assertEqual(schedule.decision_note, MARKUP)
        self._assertNothingBroken()

    def test_dispute(self):
        category = self.root["collection.dispute.category"]._get_of_kind("quality")
        case = self.case.with_user(self.collector)
        dispute = case.env["collection.dispute"]._open(
            case, [(self.items[:1].with_env(case.env), 10)], category.with_env(case.env), MARKUP
        )
        dispute._decide("unfounded", MARKUP)
        self.assertEqual((dispute.description, dispute.decision), (MARKUP, MARKUP))
        self._assertNothingBroken()

    def test_waiver(self):
        waiver = self._as("accountant", "collection.waiver").create(
            {
                "case_id": self.case.id,
                "item_ids": [Command.set(self.items.ids)],
                "share": "amount",
                "amount": 500,
                "reason_id": self.root.ref(
                    "recouvrement_creances.collection_reason_waiver_gesture"
                ).id,
                "note": MARKUP,
            }
        )
        self.assertEqual(waiver.state, "requested")
        waiver.with_user(self.personas["finance_director"])._decide("refuse", MARKUP)
        self._assertNothingBroken()

    def test_assessment_and_hardship(self):
        assessment = self._as("manager", "collection.assessment").create(
            {
                "case_id": self.case.id,
                "conclusion": MARKUP,
                "fact_ids": [
                    Command.create(
                        {
                            "kind": "court_filing",
                            "date": TODAY,
                            "description": MARKUP,
                            "source": MARKUP,
                        }
                    )
                ],
            }
        )
        letter = self._print("collection_assessment_report", assessment)
        self.assertIn("&lt;script&gt;alert(1)", letter)
        self.assertIsText(letter)
        reason = self.root.ref("recouvrement_creances.collection_reason_nonpayment_income")
        hardship = self._as("accountant", "collection.hardship").create(
            {
                "case_id": self.case.id,
                "nonpayment_reason_id": reason.id,
                "facts": MARKUP,
                "way": "extra_time",
                "until": FIRST,
                "manager_id": self.personas["manager"].id,
            }
        )
        hardship.with_user(self.personas["manager"])._decide("refuse", MARKUP)
        self.assertEqual((hardship.facts, hardship.decision_note), (MARKUP, MARKUP))
        self.case.sudo()._message_log(body=hardship.display_name)
        self._assertNothingBroken()

import base64
import hashlib
import io

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from ..common import TODAY
from .means_common import CONCLUSION, MeansCommon


@tagged("post_install", "-at_install")
class TestAssessment(MeansCommon):
    """What a debtor declares becomes what can be paid, and a neutral letter."""

    # === WHAT IS DECLARED === #

    def test_each_step_of_the_budget_is_shown(self):
        assessment = self._assess()
        self.assertRecordValues(
            assessment,
            [
                {
                    "kind": "person",
                    "amount_resources": 1600.0,
                    "amount_charges": 1000.0,
                    "amount_debts": 300.0,
                    "amount_balance": 300.0,
                    "amount_ability": 300.0,
                    "amount_due": 1200.0,
                    "valid_until": TODAY.replace(month=9),
                }
            ],
        )
        self.assertEqual(
            assessment.line_ids.mapped("amount_month"), [1500.0, 100.0, 900.0, 100.0, 300.0]
        )
        self.assertIn("4 months", assessment.suggestion)

    def test_form_proposes_a_schedule_from_unsaved_lines(self):
        form = Form(
            self._as(self.collector, "collection.assessment").with_context(
                default_case_id=self.case.id
            )
        )
        with form.resource_ids.new() as line:
            line.kind, line.amount = "wages", 1000
        with form.charge_ids.new() as line:
            line.kind, line.amount, line.period = "rent", 6000, "year"
        self.assertEqual(form.amount_ability, 500)
        form.recommendation = "schedule"
        self.assertEqual((form.instalment_count, form.instalment_amount), (3, 500))
        saved = form.save()
        self.assertEqual(saved.line_ids.mapped("section"), ["resource", "charge"])

    def test_nothing_left_points_to_those_who_help(self):
        assessment = self._assess(lines=False)
        assessment.line_ids = [Command.create({"kind": "rent", "amount": 900})]
        self.assertEqual((assessment.amount_balance, assessment.amount_ability), (-900, 0))
        self.assertIn("body that helps", assessment.suggestion)

    def test_company_has_figures_and_facts_with_their_source(self):
        company = self._debtor("Some Company")
        self._overdue_invoice(40, partner=company)
        self._decide()
        assessment = self._assess(case_id=self._case(company).id, lines=False, fiscal_year="2025")
        self.assertEqual(assessment.kind, "company")
        fact = {"kind": "court_filing", "date": TODAY, "description": "Safeguard"}
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.env.cr.savepoint(),
        ):
            assessment.fact_ids = [Command.create(fact)]
        assessment.fact_ids = [Command.create({**fact, "source": "BODACC no. 52"})]
        with self.assertRaisesRegex(ValidationError, "household"):
            assessment.line_ids = [Command.create({"kind": "wages", "amount": 1})]

    def test_words_on_health_are_warned_of_and_listed_for_a_manager(self):
        form = Form(
            self._as(self.collector, "collection.assessment").with_context(
                default_case_id=self.case.id
            )
        )
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
            form.conclusion = "Elle est en arrêt maladie"
        self.assertIn("arrêt maladie", "".join(logs.output))
        assessment = self._assess(conclusion="Elle est en arrêt maladie")
        flag = self.root["collection.note.flag"].search([("case_id", "=", self.case.id)])
        self.assertEqual((flag.place, flag.category), ("assessment", "health"))
        assessment.line_ids[0].label = "handicap"
        assessment.conclusion = "Income fell"
        self.assertEqual(flag.exists().mapped("category") or ["health"], ["health"])

    # === WHAT FOLLOWS === #

    def test_conclusion_is_kept_as_it_was(self):
        assessment = self._assess()
        assessment.action_conclude()
        self.assertRecordValues(
            assessment,
            [
                {
                    "state": "concluded",
                    "concluded_by_id": self.collector.id,
                    "concluded_on": TODAY,
                    "amount_concluded": 1200.0,
                }
            ],
        )
        line = assessment.line_ids[0]
        for change in (
            lambda: assessment.write({"conclusion": "Other"}),
            lambda: line.write({"amount": 1}),
            lambda: assessment.write({"line_ids": [Command.create({"kind": "food", "amount": 1})]}),
            line.unlink,
            assessment.unlink,
            assessment.action_conclude,
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        self.env.invalidate_all()
        self._pay(self._item_invoice(), 200)
        self._decide()
        self.assertEqual(assessment.amount_due, 1200.0)

    def _item_invoice(self):
        return self.case.open_item_ids.move_id

    def test_state_and_conclusion_are_not_given_by_hand(self):
        assessment = self._assess(state="concluded", amount_concluded=5)
        self.assertEqual((assessment.state, assessment.amount_concluded), ("draft", 0))
        with self.assertRaises(UserError):
            assessment.state = "concluded"

    def test_letter_that_proves_what_was_posted_is_not_given_by_hand(self):
        other = self._as(self.collector, "ir.attachment").create({"name": "x.pdf", "raw": b"x"})
        given = {"letter_id": other.id, "letter_hash": "0" * 64}
        assessment = self._assess(**given)
        self.assertFalse(assessment.letter_id or assessment.letter_hash)
        for name, value in {**given, "concluded_on": TODAY}.items():
            with self.subTest(name=name), self.assertRaisesRegex(UserError, "buttons only"):
                assessment.write({name: value})

    def test_conclusion_needs_what_it_speaks_of(self):
        for vals, message in (
            ({"recommendation": False}, "recommendation"),
            ({"conclusion": " "}, "conclusion"),
            ({"lines": False}, "declared"),
            ({"instalment_count": 0}, "incomplete"),
            ({"recommendation": "refer"}, "incomplete"),
            ({"recommendation": "extra_time"}, "incomplete"),
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, message):
                self._assess(**vals).action_conclude()

    def test_later_conclusion_replaces_the_earlier_one_even_of_a_colleague(self):
        first = self._assess()
        first.action_conclude()
        renewed = first.action_renew()
        second = self._as(self.collector, "collection.assessment").browse(renewed["res_id"])
        self.assertEqual((second.state, len(second.line_ids)), ("draft", 5))
        self.case.user_id = self.manager
        third = self._assess(self.manager)
        third.action_conclude()
        self.assertEqual((first.state, third.state), ("replaced", "concluded"))

    def test_renewed_assessment_leaves_the_documents_to_the_former(self):
        payslip = self._as(self.collector, "ir.attachment").create(
            {"name": "payslip.pdf", "raw": b"%PDF-1.4"}
        )
        first = self._assess(document_ids=payslip.ids)
        first.action_conclude()
        renewed = first.browse(first.action_renew()["res_id"])
        self.assertEqual((first.document_ids, len(renewed.document_ids)), (payslip, 0))
        self.assertEqual(len(renewed.line_ids), 5)

    def test_assessment_runs_out(self):
        assessment = self._assess()
        assessment.action_conclude()
        self.assertTrue(assessment.is_valid)
        with self.on(200):
            assessment.invalidate_recordset(["is_valid"])
            self.assertFalse(assessment.is_valid)

    def test_author_who_lost_the_case_reads_it_and_changes_nothing(self):
        assessment = self._assess()
        self.case.user_id = self.personas["other_collector"]
        self.assertEqual(assessment.conclusion, CONCLUSION)
        for change in (
            lambda: assessment.write({"household_size": 2}),
            lambda: assessment.line_ids[0].write({"amount": 1}),
            assessment.action_conclude,
            assessment.unlink,
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                change()

    def test_only_who_works_on_the_case_assesses_it(self):
        with self.assertRaises(AccessError):
            self._assess(self.personas["other_collector"])

    # === LETTER === #

    def _print(self, assessment):
        assessment.with_context(force_report_rendering=True).action_print_letter()
        content = assessment.letter_id.raw
        pages = PdfFileReader(io.BytesIO(content)).pages
        return content, "\n".join(page.extract_text() for page in pages)

    def test_letter_sums_up_in_neutral_words_and_stays_as_printed(self):
        assessment = self._assess()
        with self.assertRaisesRegex(UserError, "Conclude"):
            assessment.action_print_letter()
        assessment.action_conclude()
        content, text = self._print(assessment)
        self.assertEqual(assessment.letter_hash, hashlib.sha256(content).hexdigest())
        for words in ("Summary of our exchange", "1,600.00", "in 4 monthly payments", "3414"):
            self.assertIn(words, " ".join(text.split()))
        for words in (CONCLUSION, "insolvent", "formal notice", "court", "legal action"):
            self.assertNotIn(words, text)
        assessment.partner_id.sudo().name = "Somebody Else"
        self.assertEqual(self._print(assessment)[0], content)

    def test_letter_speaks_the_language_of_the_debtor(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self.debtor.lang = "fr_FR"
        assessment = self._assess()
        assessment.action_conclude()
        _content, text = self._print(assessment)
        for words in ("Synthèse de notre échange", "Ce que vous avez déclaré", "Banque de France"):
            self.assertIn(words, " ".join(text.split()))

    def test_posting_leaves_a_contact_whose_evidence_holds_no_figure(self):
        assessment = self._assess()
        assessment.action_conclude()
        assessment.action_send_letter()
        action = self.case.action_ids
        self.assertRecordValues(
            action, [{"channel": "letter", "state": "planned", "attachment_id": False}]
        )
        evidence = self.case.evidence_ids
        self.assertIn(assessment.letter_hash, evidence.payload)
        self.assertFalse(evidence.attachment_ids)
        for secret in (CONCLUSION, "1600", "1,600"):
            self.assertNotIn(secret, evidence.payload)
        self._as(self.collector, "collection.letter.post").create(
            {"action_ids": [Command.set(action.ids)]}
        ).action_apply()
        self.assertEqual(action.state, "sent")
        with self.assertRaisesRegex(UserError, "already"):
            assessment.action_send_letter()

    # === DOCUMENTS === #

    def test_documents_are_seen_through_the_assessment_only(self):
        files = self._as(self.collector, "ir.attachment")
        payslip = files.create({"name": "payslip.pdf", "datas": base64.b64encode(b"1500 EUR")})
        assessment = self._assess(document_ids=[Command.set(payslip.ids)])
        self.assertEqual((payslip.res_model, payslip.res_id), (assessment._name, assessment.id))
        for name in ("reader", "other_collector", "accountant", "finance_director", "invoicing"):
            with self.subTest(role=name), self.assertRaises(AccessError):
                payslip.with_user(self.personas[name]).read(["datas"])
        self.assertEqual(payslip.with_user(self.manager).raw, b"1500 EUR")
        foreign = files.create(
            {"name": "x", "raw": b"x", "res_model": "collection.case", "res_id": self.case.id}
        )
        with self.assertRaisesRegex(UserError, "Upload"):
            assessment.document_ids = [Command.link(foreign.id)]

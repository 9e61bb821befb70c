import base64
import json
from datetime import date
from io import BytesIO

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from .schedule_common import ScheduleCommon

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)


@tagged("post_install", "-at_install")
class TestScheduleSignature(ScheduleCommon):
    """The debtor writes the amount in words himself; what he signed is frozen."""

    def setUp(self):
        super().setUp()
        self._invoice(380.50, date(2026, 11, 15))
        self.items = self.case.open_item_ids
        self.schedule = self._proposed().sudo()

    def _sign(self, words="mille deux cent quatre-vingts euros et cinquante centimes", **values):
        self.schedule._sign(
            values.get("signature", ""),
            words,
            values.get("name", "Jeanne Payeur"),
            "192.0.2.1",
            "Mozilla/5.0",
        )

    def test_both_spellings_and_hasty_typing_are_understood(self):
        for words in (
            "mille deux cent quatre-vingts euros et cinquante centimes",
            "MILLE-DEUX-CENT-QUATRE-VINGTS-EUROS ET CINQUANTE CENTIMES",
            "la somme de mille deux cents quatre vingt euros cinquante",
            "one thousand two hundred and eighty euros and fifty cents",
        ):
            with self.subTest(words=words):
                self.assertTrue(self.schedule._is_agreed_amount(words))

    def test_another_amount_or_figures_are_refused(self):
        for words in (
            "mille deux cent quatre-vingts euros",
            "mille deux cent huit euros et cinquante centimes",
            "1280,50 euros",
            "",
            None,
            "mille deux cent quatre-vingts euros et cinquante centimes <script>",
        ):
            with self.subTest(words=words), self.assertRaisesRegex(UserError, "not the agreed"):
                self._sign(words)
        self.assertEqual(self.schedule.state, "proposed")

    def test_signature_is_evidence(self):
        self._sign(signature="data:image/png;base64," + base64.b64encode(PICTURE).decode())
        self.assertEqual((self.schedule.state, self.schedule.signature_kind), ("running", "drawn"))
        evidence = self.schedule.action_id.evidence_ids
        facts = json.loads(evidence.payload)["facts"]
        self.assertEqual(evidence.kind, "signed")
        self.assertEqual(facts["signer"], "Jeanne Payeur")
        self.assertEqual((facts["address"], facts["total"]), ("192.0.2.1", 1280.50))
        self.assertEqual(len(facts["instalments"]), 3)
        self.assertEqual(
            evidence.attachment_ids, self.schedule.signed_agreement_id | self.schedule.agreement_id
        )
        self.assertFalse(self.root["collection.evidence"]._find_break(self.company))

    def test_page_that_is_signed_bears_more_than_the_legal_mentions(self):
        self.company.sudo().write({"collection_legal_form": "SAS", "collection_capital": 1000})
        schedules = self._schedules().browse(self._draft(count=count).id for count in range(3, 12))
        printed = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_separately("recouvrement_creances.collection_schedule_report", schedules.ids)
        )
        lengths = set()
        for content in printed.values():
            pages = PdfFileReader(BytesIO(content)).pages
            lengths.add(len(pages))
            self.assertIn("Signatures", pages[-1].extract_text())
        self.assertEqual(lengths, {1, 2})

    def test_moment_of_the_signature_has_its_clock(self):
        self.company.sudo().partner_id.tz = "Europe/Paris"
        self._sign()
        reports = self.env["ir.actions.report"].sudo()
        report = "recouvrement_creances.collection_schedule_report"
        page, _kind = reports._render_qweb_html(report, self.schedule.ids)
        self.assertRegex(page.decode(), r"10:00:00\sAM \(Europe/Paris\)")

    def test_signature_is_given_once(self):
        self._sign()
        with self.assertRaisesRegex(UserError, "only a proposed schedule"):
            self._sign()

    def test_what_is_no_picture_is_refused(self):
        svg = base64.b64encode(b"<svg onload='alert(1)'/>").decode()
        for signature in (svg, "%%%", b"<svg/>"):
            with self.subTest(signature=signature), self.assertRaisesRegex(UserError, "no picture"):
                self._sign(signature=signature)

    def test_nameless_signature_is_refused(self):
        with self.assertRaisesRegex(UserError, "name of the person"):
            self._sign(name="  ")

    def test_debt_that_changed_is_not_acknowledged(self):
        self._pay_on(self.old, date(2026, 12, 1), 100)
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "has changed since"):
            self._sign()

    def test_acknowledgement_waits_for_a_manager_to_interrupt_limitation(self):
        self._sign()
        event = self.root["collection.limitation.event"].search([("case_id", "=", self.case.id)])
        self.assertEqual((event.kind, event.state), ("acknowledgement", "noted"))
        self.assertEqual(event.item_ids, self.items)
        self.assertEqual(event.attachment_ids, self.schedule.signed_agreement_id)
        event.with_user(self.personas["manager"]).action_confirm()
        self.assertEqual(event.state, "confirmed")

    def test_amount_is_in_the_words_of_the_agreements_language(self):
        self.assertEqual(self.schedule._get_amount_in_words()[:9], "one thous")
        self.root["res.lang"]._activate_lang("fr_FR")
        self.debtor.lang = "fr_FR"
        self.assertEqual(self.schedule._get_amount_in_words()[:10], "mille deux")
        self.debtor.lang = "en_US"
        in_french = self.schedule.with_context(lang="fr_FR")
        self.assertEqual(in_french._get_amount_in_words()[:9], "one thous")

    def test_invoices_stay_as_they_are(self):
        before = [(line.id, line.write_date) for line in self.old.line_ids]
        self._sign()
        self.env.flush_all()
        self.old.invalidate_recordset()
        self.assertEqual([(line.id, line.write_date) for line in self.old.line_ids], before)
        self.assertEqual(self.old.invoice_date_due, date(2026, 9, 30))

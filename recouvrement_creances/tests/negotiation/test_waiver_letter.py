import io
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools.pdf import PdfFileReader

from ..ledger.common import ChargeCommon

DUE = date(2026, 9, 30)
SOON = date(2026, 12, 11)
REPORT = "recouvrement_creances.collection_waiver_report"


@tagged("post_install", "-at_install")
class TestWaiverLetter(ChargeCommon):
    """What the debtor gets of a waiver says what is given up, and on which condition."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:9")
        cls.company.sudo().write(
            {
                "collection_waiver_limit": 10000,
                "collection_waiver_account_id": cls.company_data["default_account_expense"].id,
            }
        )
        cls.reason = cls.root.ref("recouvrement_creances.collection_reason_waiver_gesture")
        cls.invoice = cls._invoice(1000, DUE)

    def _waive(self, **vals):
        case = self._case(self.debtor)
        values = {
            "case_id": case.id,
            "reason_id": self.reason.id,
            "note": "A customer of thirty years",
            "share": "amount" if "amount" in vals else "all",
            **vals,
        }
        return self.env["collection.waiver"].with_user(self.accountant).create(values)

    def _waive_part(self, **vals):
        items = [Command.set(self._item(self.invoice).ids)]
        return self._waive(item_ids=items, amount=300, **vals)

    def _print(self, waiver, persona="collector"):
        """Return the only page of the confirmation as text."""
        reports = self.env["ir.actions.report"].with_user(self.personas[persona])
        with self.allow_pdf_render():
            content, kind = reports.with_context(force_report_rendering=True)._render_qweb_pdf(
                REPORT, waiver.ids
            )
        self.assertEqual(kind, "pdf")
        (page,) = PdfFileReader(io.BytesIO(content)).pages
        return " ".join(page.extract_text().split())

    def _assert_says(self, page, *words):
        for each in words:
            self.assertIn(each, page)

    def test_condition_is_told_with_what_is_left_and_how_to_pay_it(self):
        page = self._print(self._waive_part(condition_date=SOON))
        self._assert_says(
            page,
            "Confirmation of a waiver",
            self.invoice.name,
            "300.00",
            "three hundred",
            "700.00",
            "December 11, 2026",
            "void without any further step",
            "credit note for this amount will be sent",
            "How to pay",
        )

    def test_waiver_whose_condition_was_met_is_final(self):
        waiver = self._waive_part(condition_date=SOON)
        with freeze_time("2026-12-02 09:00:00"):
            self._pay_on(self.invoice, date(2026, 12, 2), 700)
            self.root["collection.waiver"]._cron_book()
        self.assertEqual(waiver.state, "done")
        page = self._print(waiver)
        self._assert_says(page, "This payment has come", "is final", "is sent to you separately")
        for words in ("void", "How to pay"):
            self.assertNotIn(words, page)

    def test_waiver_without_a_condition_names_none(self):
        page = self._print(self._waive_part())
        self._assert_says(page, "without any condition and is final", "700.00")
        self.assertNotIn("void", page)

    def test_charges_given_up_name_their_statement(self):
        charge = self._claim()
        waiver = self._waive(
            charge_id=charge.id,
            condition_date=SOON,
            item_ids=[Command.set(self._item(self.invoice).ids)],
        )
        self.assertEqual(waiver.state, "approved")
        page = self._print(waiver)
        self._assert_says(page, charge.name, "charges stay due", "1,000.00", "December 11, 2026")
        self.assertNotIn("credit note", page)

    def test_confirmation_speaks_the_language_of_the_debtor(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["recouvrement_creances"], ["fr_FR"])
        self.debtor.lang = "fr_FR"
        page = self._print(self._waive_part(condition_date=SOON))
        self._assert_says(page, "Confirmation de remise", "trois cents euros", "11 décembre 2026")
        self.assertNotIn("waiver", page)

    def test_nothing_is_confirmed_that_is_not_granted(self):
        self.company.sudo().collection_waiver_limit = 0
        waiver = self._waive_part()
        self.assertEqual(waiver.state, "requested")
        with self.assertRaisesRegex(UserError, "nothing to confirm"):
            self._print(waiver)
        waiver.with_user(self.personas["finance_director"])._decide("refuse", "He can pay")
        with self.assertRaisesRegex(UserError, "nothing to confirm"):
            self._print(waiver)

    def test_who_has_no_role_in_collection_prints_nothing(self):
        with self.assertRaises(AccessError):
            self._print(self._waive_part(), "invoicing")

    def test_message_with_the_confirmation_is_a_contact_of_the_case(self):
        waiver = self._waive_part(condition_date=SOON)
        with self.allow_pdf_render():
            action = waiver.with_user(self.accountant).action_send_confirmation()
        composer = self.env["mail.compose.message"].with_user(self.accountant)
        form = Form(composer.with_context(**action["context"]))
        self.assertEqual(form.subject, f"Confirmation of a waiver {waiver.case_id.name}")
        form.body = "<p>As we have agreed on.</p>"
        form.save().action_send_mail()
        evidence = waiver.case_id.evidence_ids.filtered(lambda record: record.kind == "sent")
        self.assertEqual(evidence.attachment_ids.mimetype, "application/pdf")
        self.assertEqual(evidence.action_id.partner_id, self.debtor)
        self.assertTrue(evidence.attachment_ids.raw.startswith(b"%PDF"))

import base64
from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY
from .insolvency_common import OPENED, InsolvencyCommon

REASON = "Copies went along on paper"
OWN = b"%PDF-1.4 what was sent from another desk"


@tagged("post_install", "-at_install")
class TestDeclarationSending(InsolvencyCommon):
    """A sending is noted of what can have been sent, or with the reason why it was."""

    def _prepare(self, record=None):
        record = record or self._record()
        declarations = self.root["collection.insolvency.declaration"].with_user(self.accountant)
        declaration = declarations._prepare_for(record.with_user(self.accountant))
        declaration.write({"signatory_name": "Sophie", "signatory_quality": "Accountant"})
        return declaration

    def _dialog(self, declaration, day=TODAY, **values):
        """Return the dialog that notes the sending, as the accountant fills it in."""
        return (
            self.env["collection.insolvency.sending"]
            .with_user(self.accountant)
            .create(
                {
                    "declaration_id": declaration.id,
                    "date": day,
                    "way": "platform",
                    "attachment_ids": self._paper("receipt.pdf").ids,
                    **values,
                }
            )
        )

    def _document(self, invoice):
        """Put the document of an invoice on its case, today."""
        item = self._item(invoice)
        documents = self.root["collection.legal.document"].with_user(self.accountant)
        document = documents.create(
            {
                "case_id": item.case_id.id,
                "kind": "invoice",
                "name": f"Copy of {invoice.name}",
                "content": base64.b64encode(f"%PDF-1.4 {invoice.name}".encode()),
                "item_ids": [(6, 0, item.ids)],
            }
        )
        # The database dates what is made by its own clock.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET create_date = %s WHERE id IN %s",
            [TODAY, tuple(document._get_files().ids)],
        )
        self.env.invalidate_all()

    # === DOCUMENTS === #

    def test_an_invoice_without_a_document_is_named_before_anything_is_frozen(self):
        invoice = self._owe()
        declaration = self._prepare()
        dialog = self._dialog(declaration)
        self.assertIn(invoice.name, dialog.obstacles)
        with self.assertRaisesRegex(UserError, f"{invoice.name}.*say why"):
            dialog.action_apply()
        self.assertEqual(declaration.state, "draft")
        self.assertFalse(declaration.sudo().file_id)

    def test_it_is_noted_with_the_reason_why_it_was_sent_all_the_same(self):
        self._owe()
        declaration = self._prepare()
        self._dialog(declaration, reason=REASON).action_apply()
        self.assertEqual(declaration.state, "sent")
        self.assertEqual(declaration.sent_reason, REASON)
        with self.assertRaises(UserError):
            declaration.write({"sent_reason": "Another one"})

    def test_what_is_documented_asks_for_no_reason(self):
        invoice = self._owe()
        declaration = self._prepare()
        self._document(invoice)
        dialog = self._dialog(declaration, reason=REASON)
        self.assertFalse(dialog.obstacles)
        dialog.action_apply()
        self.assertEqual(declaration.state, "sent")
        # A reason for nothing is kept by nobody.
        self.assertFalse(declaration.sent_reason)

    # === DAYS === #

    def test_what_was_printed_here_was_not_sent_before(self):
        invoice = self._owe()
        declaration = self._prepare()
        self._document(invoice)
        declaration.action_print()
        yesterday = TODAY - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "Printed on 03/16/2026, sent on 03/15/2026"):
            self._dialog(declaration, yesterday, reason=REASON).action_apply()
        self.assertEqual(declaration.state, "draft")
        self._dialog(declaration).action_apply()
        self.assertEqual(declaration.sent_on, TODAY)

    def test_what_was_sent_instead_takes_the_place_of_what_was_printed(self):
        self._owe()
        declaration = self._prepare()
        declaration.action_print()
        printed = declaration.sudo().document_id
        with self.assertRaisesRegex(UserError, "PDF"):
            self._dialog(
                declaration, OPENED, reason=REASON, document=base64.b64encode(b"words")
            ).action_apply()
        self._dialog(
            declaration, OPENED, reason=REASON, document=base64.b64encode(OWN)
        ).action_apply()
        self.assertEqual((declaration.state, declaration.sent_on), ("sent", OPENED))
        self.assertEqual(declaration.sudo().document_id.raw, OWN)
        self.assertFalse(printed.exists())
        self.assertIn(f"/{declaration.sudo().document_id.id}?", declaration.action_print()["url"])

    def test_a_commission_is_answered_after_its_letter(self):
        self.debtor.write({"is_company": False, "collection_debtor_kind": "consumer"})
        self._owe()
        record = self._record(kind="overindebtedness", publication_date=False)
        asked_on = TODAY - timedelta(days=2)
        self._step_of(record, "claim_letter", asked_on)
        declaration = self._prepare(record)
        with self.assertRaisesRegex(UserError, "letter of 03/14/2026"):
            self._dialog(declaration, asked_on - timedelta(days=1), reason=REASON).action_apply()
        self._dialog(declaration, asked_on, reason=REASON).action_apply()
        self.assertEqual(declaration.state, "sent")

    # === WORDS === #

    def test_of_a_consumer_the_admission_is_spoken_of(self):
        self.debtor.write({"is_company": False, "collection_debtor_kind": "consumer"})
        self._owe()
        declaration = self._prepare(self._record(kind="overindebtedness", publication_date=False))
        before = OPENED - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "after the admission"):
            self._dialog(declaration, before, reason=REASON).action_apply()

    def test_the_file_bears_the_name_of_its_record(self):
        self._owe()
        declaration = self._prepare()
        self.debtor.name = "Bois/Charpente"
        declaration.action_print()
        name = declaration.sudo().document_id.name
        self.assertEqual(name, "Declaration 1 · Bois-Charpente.pdf")

    def test_in_french_it_is_feminine(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self.root["ir.module.module"]._load_module_terms(["recouvrement_creances"], ["fr_FR"])
        self._owe()
        declaration = self._prepare().with_context(lang="fr_FR")
        self.assertEqual(declaration._creation_message(), "Déclaration de créances créée")

    def test_papers_of_the_first_of_a_month_say_so_in_french(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        correspondence = self.root["collection.correspondence"].with_context(lang="fr_FR")
        self.company.sudo().city = "Lyon"
        with self.on((date(2026, 12, 1) - TODAY).days):
            self.assertTrue(
                correspondence._get_place_and_date(self.company).endswith("1er décembre 2026")
            )
        self._owe()
        record = self._record(judgement_date=date(2026, 3, 1), publication_date=date(2026, 3, 5))
        declaration = self._prepare(record)
        self.company.partner_id.sudo().lang = "fr_FR"
        reports = self.root["report.recouvrement_creances.declaration"]
        values = reports.with_context(lang="fr_FR")._get_report_values(declaration.ids)
        html = self.env["ir.qweb"]._render("recouvrement_creances.declaration", values)
        self.assertIn("1er mars 2026", str(html))

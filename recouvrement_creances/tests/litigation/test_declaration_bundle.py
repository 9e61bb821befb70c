import base64
import hashlib
import io
import zipfile
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools.pdf import PdfFileReader

from ..common import TODAY
from .insolvency_common import InsolvencyCommon


@tagged("post_install", "-at_install")
class TestDeclarationBundle(InsolvencyCommon):
    """The declaration with its numbered pieces, in one file that stays as it was sent."""

    def _prepare(self):
        invoices = [self._owe(60, 1000), self._owe(50, 500)]
        record = self._record()
        declaration = self.root["collection.insolvency.declaration"].with_user(self.accountant)
        declaration = declaration._prepare_for(record.with_user(self.accountant))
        declaration.write({"signatory_name": "Sophie", "signatory_quality": "Accountant"})
        return declaration, invoices

    def _document(self, invoice, kind="invoice"):
        item = self._item(invoice)
        return (
            self.root["collection.legal.document"]
            .with_user(self.accountant)
            .create(
                {
                    "case_id": item.case_id.id,
                    "kind": kind,
                    "name": f"Copy of {invoice.name}",
                    "content": base64.b64encode(f"%PDF-1.4 {kind} {invoice.name}".encode()),
                    "item_ids": [(6, 0, item.ids)],
                }
            )
        )

    @staticmethod
    def _read(file):
        with zipfile.ZipFile(io.BytesIO(file.raw)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    @staticmethod
    def _text(content):
        pages = PdfFileReader(io.BytesIO(content)).pages
        return " ".join(" ".join(page.extract_text().split()) for page in pages)

    def test_invoices_without_a_document_are_named(self):
        declaration, (first, second) = self._prepare()
        self._document(first)
        with self.assertRaisesRegex(UserError, second.name):
            declaration.action_download_file()

    def test_declaration_list_and_pieces_with_their_sums(self):
        declaration, invoices = self._prepare()
        for invoice in invoices:
            self._document(invoice)
        self._document(invoices[0], "order")
        action = declaration.action_download_file()
        file = declaration.sudo().file_id
        self.assertIn(f"/web/content/{file.id}", action["url"])
        self.assertEqual(declaration.file_hash, hashlib.sha256(file.raw).hexdigest())
        files = self._read(file)
        names = list(files)
        self.assertEqual(names[0], "A-declaration-of-claims.pdf")
        self.assertEqual(files[names[0]], declaration.sudo().document_id.raw)
        self.assertEqual(names[-2:], ["00-list-of-pieces.pdf", "SHA256SUMS"])
        self.assertEqual([name[:2] for name in names[1:-2]], ["01", "02", "03", "04"])
        for name, content in files.items():
            if name != "SHA256SUMS":
                digest = hashlib.sha256(content).hexdigest()
                self.assertIn(f"{digest}  {name}", files["SHA256SUMS"].decode())
        # The declaration lists the same pieces in the same order.
        listed = declaration.piece_names.splitlines()
        self.assertEqual(len(listed), 4)
        self.assertIn("order", listed[2].lower())
        self.assertIn("Statement of account", listed[3])
        shown = self._text(files["00-list-of-pieces.pdf"])
        self.assertIn("Statement of account as of the judgement", shown)
        account = self._text(files[names[4]])
        for invoice in invoices:
            self.assertIn(invoice.name, account)
        # It tells the creditors' representative what was owed: nobody is asked to pay.
        for demand in ("your payment", "How to pay", "data protection"):
            self.assertNotIn(demand, account)
        self.assertTrue(file.name.startswith("declaration-"), file.name)

    def test_what_was_sent_stays_with_its_pieces(self):
        declaration, invoices = self._prepare()
        for invoice in invoices:
            self._document(invoice)
        declaration.action_download_file()
        first = declaration.sudo().file_id
        declaration.action_print()
        self.assertFalse(declaration.sudo().file_id or first.exists())
        declaration.action_download_file()
        kept = declaration.sudo().file_id
        declaration._note_sending(TODAY, "platform", proofs=self._paper("receipt.pdf"))
        self._document(invoices[0], "order")
        declaration.action_download_file()
        self.assertEqual(declaration.sudo().file_id, kept)
        with self.assertRaises(UserError):
            kept.unlink()

    def test_the_file_is_written_as_the_sending_is_noted(self):
        declaration, invoices = self._prepare()
        for invoice in invoices:
            self._document(invoice)
        declaration.action_print()
        declaration._note_sending(TODAY, "platform", proofs=self._paper("receipt.pdf"))
        document = declaration.sudo().document_id.raw
        kept = declaration.sudo().file_id
        files = self._read(kept)
        self.assertEqual(files["A-declaration-of-claims.pdf"], document)
        self.assertNotIn("Put together", self._text(files["00-list-of-pieces.pdf"]))
        self._document(invoices[0], "order")
        declaration.action_download_file()
        self.assertEqual(declaration.sudo().file_id, kept)
        self.assertFalse([name for name in self._read(kept) if "order" in name])
        self.assertEqual(declaration.file_made_at, kept.create_date)

    def test_a_sending_is_noted_though_a_document_is_missing(self):
        declaration, (first, _second) = self._prepare()
        self._document(first)
        declaration._note_sending(TODAY, "platform", proofs=self._paper("receipt.pdf"))
        self.assertEqual(declaration.state, "sent")
        names = [name[:2] for name in self._read(declaration.sudo().file_id)]
        self.assertEqual(names, ["A-", "01", "02", "00", "SH"])

    def test_what_was_sent_before_files_were_kept_leaves_out_what_came_later(self):
        declaration, invoices = self._prepare()
        for invoice in invoices:
            self._document(invoice)
        early = declaration.case_id.legal_document_ids._get_files()
        declaration._note_sending(TODAY, "platform", proofs=self._paper("receipt.pdf"))
        document = declaration.sudo().document_id.raw
        declaration.sudo()._with_door().write({"file_id": False, "file_hash": False})
        self._document(invoices[0], "order")
        late = declaration.case_id.legal_document_ids._get_files() - early
        self.env.flush_all()
        for files, day in ((early, TODAY), (late, TODAY + timedelta(days=1))):
            self.env.cr.execute(
                "UPDATE ir_attachment SET create_date = %s WHERE id IN %s", [day, tuple(files.ids)]
            )
        self.env.invalidate_all()
        with freeze_time(TODAY + timedelta(days=2)):
            declaration.action_download_file()
        files = self._read(declaration.sudo().file_id)
        self.assertEqual(files["A-declaration-of-claims.pdf"], document)
        self.assertEqual([name[:2] for name in files], ["A-", "01", "02", "03", "00", "SH"])
        self.assertFalse([name for name in files if "order" in name])
        shown = self._text(files["00-list-of-pieces.pdf"])
        self.assertIn("Put together on 03/18/2026", shown)
        self.assertIn("the sending of 03/16/2026", shown)

    def test_lines_that_a_person_wrote_stay_behind_the_pieces(self):
        declaration, invoices = self._prepare()
        documents = [self._document(invoice) for invoice in invoices]
        order = self._document(invoices[0], "order")
        declaration.action_compute()
        listed = declaration.piece_names.splitlines()
        self.assertEqual(len(listed), 4)
        own = ["Bill of lading of 3 March", listed[0].split(" of ")[0]]
        declaration.piece_names = "\n".join((own[0], *listed, own[1]))
        order.unlink()
        declaration.action_download_file()
        lines = declaration.piece_names.splitlines()
        kept = [line for line in listed if "order" not in line.lower()]
        self.assertEqual(lines, [*kept, own[0]])
        self.assertEqual(len(documents), 2)
        declaration.action_compute()
        self.assertEqual(declaration.piece_names.splitlines(), lines)

    def test_the_account_is_named_in_the_language_of_the_file(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self.root["ir.module.module"]._load_module_terms(["recouvrement_creances"], ["fr_FR"])
        self.company.partner_id.sudo().lang = "fr_FR"
        declaration, invoices = self._prepare()
        for invoice in invoices:
            self._document(invoice)
        declaration.action_download_file()
        names = list(self._read(declaration.sudo().file_id))
        self.assertTrue(names[3].endswith("-releve-de-compte.pdf"), names[3])

    def test_no_currency_is_spoken_of_where_there_is_one(self):
        # Who owes no indemnity, which is set in euros.
        self.debtor.collection_debtor_kind = "consumer"
        self._owe(60, 1000)
        record = self._record()
        declarations = self.root["collection.insolvency.declaration"]
        declaration = declarations.with_user(self.accountant)._prepare_for(
            record.with_user(self.accountant)
        )
        declaration.write({"signatory_name": "Sophie", "signatory_quality": "Accountant"})
        self.assertNotIn("another currency", self._text(declaration._print().raw))
        self._owe(55, 700, currency_id=self.other_currency.id)
        declaration.action_compute()
        self.assertIn("another currency", self._text(declaration._print().raw))

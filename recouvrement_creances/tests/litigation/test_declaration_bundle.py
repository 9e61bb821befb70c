import base64
import hashlib
import io
import zipfile
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools.pdf import PdfFileReader

from ..common import TODAY
from .insolvency_common import COPIES_WENT, InsolvencyCommon

SENT_ON = TODAY - timedelta(days=4)


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

    def _document(self, invoice, kind="invoice", day=TODAY):
        """Return a document that was put on the case on a day."""
        item = self._item(invoice)
        document = (
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
        self._date_files(document._get_files(), day)
        return document

    def _date_files(self, files, day):
        """Let files have been joined on a day."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET create_date = %s WHERE id IN %s",
            # At noon it is that day wherever the company is.
            [f"{day} 12:00:00", tuple(files.ids)],
        )
        self.env.invalidate_all()

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
        self.assertEqual([name[:2] for name in files], ["A-", "01", "02", "03", "00", "SH"])
        self.assertNotIn("Put together", self._text(files["00-list-of-pieces.pdf"]))
        self._document(invoices[0], "order")
        declaration.action_download_file()
        self.assertEqual(declaration.sudo().file_id, kept)
        orders = [one for one in self._read(kept).values() if one.startswith(b"%PDF-1.4 order")]
        self.assertFalse(orders)
        self.assertEqual(declaration.file_made_at, kept.create_date)

    def test_a_sending_is_noted_though_a_document_is_missing(self):
        declaration, (first, _second) = self._prepare()
        self._document(first)
        declaration._note_sending(
            TODAY, "platform", proofs=self._paper("receipt.pdf"), reason=COPIES_WENT
        )
        self.assertEqual(declaration.state, "sent")
        names = [name[:2] for name in self._read(declaration.sudo().file_id)]
        self.assertEqual(names, ["A-", "01", "02", "00", "SH"])

    def test_what_was_sent_before_files_were_kept_leaves_out_what_came_later(self):
        declaration, invoices = self._prepare()
        for invoice in invoices:
            self._document(invoice)
        declaration._note_sending(TODAY, "platform", proofs=self._paper("receipt.pdf"))
        document = declaration.sudo().document_id.raw
        declaration.sudo()._with_door().write({"file_id": False, "file_hash": False})
        self._document(invoices[0], "order", TODAY + timedelta(days=1))
        with freeze_time(f"{TODAY + timedelta(days=2)} 12:00:00"):
            declaration.action_download_file()
        files = self._read(declaration.sudo().file_id)
        self.assertEqual(files["A-declaration-of-claims.pdf"], document)
        self.assertEqual([name[:2] for name in files], ["A-", "01", "02", "03", "00", "SH"])
        self.assertFalse([one for one in files.values() if one.startswith(b"%PDF-1.4 order")])
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
        own = ["Bill of lading of 3 March", listed[0].rpartition(" of ")[0]]
        declaration.piece_names = "\n".join((own[0], *listed, own[1]))
        order.unlink()
        declaration.action_download_file()
        lines = declaration.piece_names.splitlines()
        kept = [line for line in listed if "order" not in line.lower()]
        self.assertEqual(lines, [*kept, own[0]])
        self.assertEqual(len(documents), 2)
        declaration.action_compute()
        self.assertEqual(declaration.piece_names.splitlines(), lines)

    def test_a_line_of_ones_own_is_not_taken_for_a_piece_that_begins_alike(self):
        declaration, invoices = self._prepare()
        self._document(invoices[0], "contract")
        declaration.action_compute()
        listed = declaration.piece_names.splitlines()
        (contract,) = [line for line in listed if line.startswith("Contract or general terms: ")]
        title = contract.rpartition(" of ")[0]
        declaration.piece_names = "\n".join((*listed, "Contract", title.upper(), f" {contract} "))
        declaration.action_compute()
        self.assertEqual(declaration.piece_names.splitlines(), [*listed, "Contract"])

    def test_the_file_of_a_past_sending_holds_what_its_printed_list_names(self):
        declaration, invoices = self._prepare()
        for invoice in invoices:
            self._document(invoice, day=SENT_ON)
        self._document(invoices[0], "order", SENT_ON)
        with freeze_time(SENT_ON):
            declaration.action_print()
        listed = declaration.piece_names.splitlines()
        self.assertIn("order", listed[2].lower())
        self._document(invoices[1], "delivery")
        declaration._note_sending(SENT_ON, "platform", proofs=self._paper("receipt.pdf"))
        files = self._read(declaration.sudo().file_id)
        names = [name for name in files if name[:2].isdecimal() and name[:2] != "00"]
        self.assertEqual(len(names), len(listed))
        self.assertFalse([one for one in files.values() if one.startswith(b"%PDF-1.4 delivery")])
        self.assertTrue([one for one in files.values() if one.startswith(b"%PDF-1.4 order")])
        shown = self._text(files["00-list-of-pieces.pdf"])
        self.assertIn("Put together on 03/16/2026", shown)
        self.assertIn("the sending of 03/12/2026", shown)

    def test_what_is_printed_as_a_past_sending_is_noted_names_the_pieces_of_its_day(self):
        declaration, invoices = self._prepare()
        self._document(invoices[0], day=SENT_ON)
        self._document(invoices[1])
        self._document(invoices[1], "delivery")
        declaration._note_sending(
            SENT_ON, "platform", proofs=self._paper("receipt.pdf"), reason=COPIES_WENT
        )
        # The second invoice is named, as one of which there was no document yet.
        listed = declaration.piece_names.splitlines()
        self.assertEqual(len(listed), 3)
        for invoice in invoices:
            self.assertEqual(len([line for line in listed if invoice.name in line]), 1, listed)
        names = [name[:2] for name in self._read(declaration.sudo().file_id)]
        self.assertEqual(names, ["A-", "01", "02", "00", "SH"])

    def test_a_piece_that_the_store_has_lost_is_listed_and_named_as_the_file_is_built(self):
        declaration, invoices = self._prepare()
        for invoice in invoices:
            self._document(invoice)
        lost = self._document(invoices[0], "order")._get_files()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = 'no/where', db_datas = NULL WHERE id = %s",
            [lost.id],
        )
        lost.invalidate_recordset()
        declaration.action_compute()
        self.assertIn("order", declaration.piece_names.splitlines()[2].lower())
        declaration.action_print()
        with self.assertRaisesRegex(UserError, f"“{lost.name}” is missing from Odoo's store"):
            declaration.action_download_file()

    def test_the_same_file_is_one_piece(self):
        declaration, invoices = self._prepare()
        for invoice in invoices:
            self._document(invoice)
        order = self._document(invoices[0], "order")
        self._document(invoices[0], "delivery").content = order.content
        declaration.action_compute()
        self.assertEqual(len(declaration.piece_names.splitlines()), 4)

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

import base64
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import TODAY
from .handover_common import HandoverCommon

PROGRAM = base64.b64encode(b"MZ\x90\x00 This program cannot be run in DOS mode")


@tagged("post_install", "-at_install")
class TestHandoverPieces(HandoverCommon):
    """Only what a court reads is a piece, each invoice has its own, and so has the notice."""

    def _line(self, handover, code):
        handover.action_work_out()
        return handover.check_ids.filtered(lambda check: check.code == code)

    def _force(self, document, content):
        """Let a file have been put on the case before it was looked at."""
        document.sudo()._get_files().raw = base64.b64decode(content)
        self.env.add_to_compute(document._fields["is_readable"], document)

    def _undone(self):
        """Take back what was refused, as a request that fails does."""
        return self.env.cr.savepoint()

    # === WHAT A COURT READS === #

    def test_a_program_is_no_piece_and_is_named_with_what_to_do(self):
        handover = self._prepare()
        for kind in ("invoice", "order", "other"):
            with (
                self.subTest(kind=kind),
                self.assertRaisesRegex(ValidationError, r"x\.exe.*PDF"),
                self._undone(),
            ):
                self._add_document(handover, kind, PROGRAM, file_name="x.exe")
        order = self._add_document(handover, "order")
        with self.assertRaises(ValidationError):
            order.content = PROGRAM
        for kind, content in (("png", b"\x89PNG\r\n\x1a\n"), ("jpg", b"\xff\xd8\xff\xe0")):
            self._add_document(handover, "other", base64.b64encode(content), name=kind)

    def test_what_was_put_there_before_neither_counts_nor_is_handed_over(self):
        handover = self._complete(self._prepare())
        order = handover.case_id.legal_document_ids.filtered(lambda one: one.kind == "order")
        self._force(order, PROGRAM)
        line = self._line(handover, "order")
        self.assertEqual(line.result, "missing")
        self.assertIn("order.pdf", line.explanation)
        pieces = self.root["collection.legal.pieces"]
        found = pieces._gather(handover.case_id.sudo(), handover.item_ids.sudo())
        self.assertNotIn("order", [piece["kind"] for piece in found])

    def test_a_scan_of_the_post_is_a_document_too(self):
        action = self._give_notice(self._overdue_item())
        wizard = self.root["collection.letter.proof"].create(
            {"action_id": action.id, "document": PROGRAM, "document_name": "ar.exe"}
        )
        with self.assertRaisesRegex(UserError, r"ar\.exe"):
            wizard.action_apply()

    # === EACH INVOICE ITS OWN === #

    def _prepare_two(self):
        first, second = self._overdue_item(), self._overdue_item(700, 100)
        handover = self._prepare(first)
        handover.item_ids |= second
        return handover, first, second

    def test_one_file_does_not_do_for_two_invoices(self):
        handover, first, second = self._prepare_two()
        with self.assertRaisesRegex(ValidationError, "About"), self._undone():
            self._add_document(handover, "invoice")
        with self.assertRaisesRegex(ValidationError, "document of its own"), self._undone():
            self._add_document(handover, "invoice", item_ids=[(6, 0, (first | second).ids)])
        self._add_document(handover, "invoice", item_ids=[(6, 0, first.ids)])
        line = self._line(handover, "invoices")
        self.assertEqual(line.result, "missing")
        self.assertIn(second.move_id.name, line.explanation)
        self.assertNotIn(first.move_id.name, line.explanation)
        with self.assertRaisesRegex(ValidationError, first.move_id.name), self._undone():
            self._add_document(handover, "invoice", item_ids=[(6, 0, second.ids)])
        other = base64.b64encode(b"%PDF-1.4 another")
        self._add_document(handover, "invoice", other, item_ids=[(6, 0, second.ids)])
        self.assertEqual(self._line(handover, "invoices").result, "passed")

    def test_the_form_asks_for_the_first_that_is_missing(self):
        handover, first, second = self._prepare_two()
        self._add_document(handover, "invoice", item_ids=[(6, 0, first.ids)])
        context = self._line(handover, "invoices").action_note()["context"]
        self.assertEqual(context["default_item_ids"], second.ids)
        self.assertEqual(context["default_name"], second.move_id.name)

    def test_merged_debtors_keep_documents_that_were_joined_by_other_habits(self):
        """About the whole case, or one scan of several invoices on two cases."""
        first = self._overdue_item()
        second = self._overdue_item(700, 100, partner=self.partner_b)
        documents = self.root["collection.legal.document"]
        for item in (first, second):
            documents |= self._add_document(item, "invoice", item_ids=[(6, 0, item.ids)])
        whole = self._add_document(second, "other", base64.b64encode(b"%PDF-1.4 w"))
        # As it was saved before each invoice had to have its own.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE collection_legal_document SET kind = 'invoice' WHERE id = %s", [whole.id]
        )
        whole.invalidate_recordset()
        wizard = self.root["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.partner_b | self.debtor).ids, self.debtor, extra_checks=False)
        self.assertEqual((documents | whole).case_id, first.case_id)
        # One file still does for one invoice only.
        own = first.case_id.legal_document_ids._get_own_invoices()
        self.assertEqual(own, first.move_id)

    def test_what_a_court_reads_is_told_once_and_not_by_clients(self):
        handover = self._prepare()
        order = self._add_document(handover, "order")
        self.assertTrue(order.is_readable)
        with self.assertRaises(UserError):
            order.is_readable = False
        file = order.sudo()._get_files()
        self.assertEqual(file._read_first_bytes(5), b"%PDF-")
        opened = []
        read = type(file)._file_read
        with patch.object(
            type(file), "_file_read", lambda *args, **kw: opened.append(args) or read(*args, **kw)
        ):
            self._add_document(handover, "delivery")
        self.assertFalse([args for args in opened if args[1] == file.store_fname])

    def test_odoos_own_document_counts(self):
        handover = self._prepare()
        move = handover.sudo().item_ids.move_id
        self.root["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": b"%PDF-1.4 printed",
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        move.invalidate_recordset()
        self.assertTrue(move.invoice_pdf_report_id)
        self.assertEqual(self._line(handover, "invoices").result, "passed")

    # === THE NOTICE === #

    def test_a_notice_without_its_letter_or_proof_is_named(self):
        handover = self._prepare()
        line = self._line(handover, "notice_piece")
        self.assertEqual((line.result, line.because), ("missing", "letter"))
        self.assertEqual(line.day, TODAY - timedelta(days=30))
        self.assertEqual(line.action_note()["context"]["default_kind"], "notice")
        self._add_document(handover, "notice")
        line = self._line(handover, "notice_piece")
        self.assertEqual((line.result, line.because), ("missing", "proof"))
        self.assertEqual(line.action_note()["context"]["default_kind"], "notice_proof")
        self.assertIn("notice of receipt", line.explanation)
        self._add_document(handover, "notice_proof")
        self.assertEqual(self._line(handover, "notice_piece").result, "passed")

    def test_what_the_contact_itself_holds_counts(self):
        handover = self._prepare()
        action = handover.sudo()._get_notices()
        evidence = self.root["collection.evidence"]
        for kind, because in (("prepared", "proof"), ("acknowledged", "")):
            file = self.root["ir.attachment"].create(
                {"name": kind, "raw": b"%PDF-1.4 " + kind.encode()}
            )
            evidence._note(action, kind, attachments={action: file})
            line = self._line(handover, "notice_piece")
            self.assertEqual(line.because or "", because)
        self.assertEqual(line.result, "passed")

    def test_who_states_what_proves_it_instead_may_ask(self):
        handover = self._complete(self._prepare())
        documents = handover.case_id.legal_document_ids
        documents.filtered(lambda one: one.kind == "notice_proof").unlink()
        handover.action_work_out()
        self.assertTrue(handover.is_document_missing)
        handover.document_statement = "The debtor answered it by mail"
        self.assertEqual(self._results(handover)["notice_piece"], "stated")

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY
from .insolvency_common import COPIES_WENT, InsolvencyCommon


@tagged("post_install", "-at_install")
class TestDeclarationFiles(InsolvencyCommon):
    """Files that prove a declaration are kept as they are, and go with their case."""

    def _prepare(self, record):
        """Return the declaration of proceedings, ready to be printed."""
        declaration = self.root["collection.insolvency.declaration"].with_user(self.accountant)
        declaration = declaration._prepare_for(record.with_user(self.accountant))
        declaration.signatory_quality = "Finance director"
        return declaration

    def _send(self, declaration):
        declaration._note_sending(
            TODAY, "registered_letter", "1A 000 000 0001", self._paper("receipt.pdf"), COPIES_WENT
        )

    def _plan(self, record):
        """Record a plan and return its step."""
        self._step_of(record, "plan", note="Told by Mr Petit")
        return record.event_ids[:1]

    def test_who_declared_in_time_needs_no_relief_whatever_is_corrected(self):
        self._owe()
        record = self._record()
        self._send(self._prepare(record))
        self.assertEqual(self._state(record, "insolvency.relief"), ["dropped"])
        record.retains_title = True
        self.assertEqual(self._state(record, "insolvency.relief"), ["dropped"])

    def test_the_number_of_the_court_stays_on_the_line_of_its_sign(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        parties = self.root.ref("recouvrement_creances.declaration_parties")
        parties.update_field_translations("arch_db", {"fr_FR": {", no.": ", n°"}})
        self._owe()
        declaration = self._prepare(self._record(number="2026J00042"))
        reports = self.root["report.recouvrement_creances.declaration"]
        for lang, sign in (("en_US", "no."), ("fr_FR", "n°")):
            with self.subTest(lang):
                self.company.partner_id.sudo().lang = lang
                values = reports._get_report_values(declaration.ids)
                html = self.env["ir.qweb"]._render("recouvrement_creances.declaration", values)
                self.assertIn(f"{sign}\N{NO-BREAK SPACE}2026J00042", str(html))

    def test_files_of_what_was_sent_stay(self):
        self._owe()
        record = self._record()
        declaration = self._prepare(record)
        declaration.action_print()
        self._send(declaration)
        files = declaration.document_id | declaration.proof_ids | self._plan(record).attachment_ids
        self.assertEqual(len(files), 3)
        for file in files:
            for user in (self.accountant, self.manager, self.root.user):
                with self.subTest(file=file.name, user=user.name):
                    with self.assertRaisesRegex(UserError, "is kept"):
                        file.with_user(user).write({"raw": b"Other"})
                    with self.assertRaises(UserError):
                        file.with_user(user).unlink()

    def test_purge_takes_the_files_and_leaves_what_was_declared(self):
        invoice = self._owe()
        record = self._record()
        declaration = self._prepare(record)
        self._send(declaration)
        files = declaration.document_id | declaration.proof_ids | self._plan(record).attachment_ids
        seal, total = declaration.document_hash, declaration.amount_total
        cases = record.case_id.sudo()
        # A debt of which a payment was cancelled keeps what proves it.
        self.root["collection.erasure"]._erase_notes(cases, TODAY)
        self.assertEqual(files.exists(), files)
        self._pay(invoice)
        self._decide()
        self.root["collection.erasure"]._erase_notes(cases, TODAY)
        self.env.invalidate_all()
        self.assertFalse(files.exists())
        self.assertFalse(declaration.document_id or declaration.proof_ids)
        self.assertEqual(
            (declaration.document_hash, declaration.amount_total, declaration.state),
            (seal, total, "sent"),
        )
        self.assertEqual((record.event_ids.code, record.event_ids.note), ("plan", False))

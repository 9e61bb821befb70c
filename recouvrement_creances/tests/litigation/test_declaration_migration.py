from datetime import datetime, time, timedelta
from importlib.util import module_from_spec, spec_from_file_location

from odoo.exceptions import UserError
from odoo.modules.module import get_module_path
from odoo.tests import tagged
from odoo.tools import format_date

from ..common import TODAY
from .insolvency_common import COPIES_WENT, InsolvencyCommon


@tagged("post_install", "-at_install")
class TestDeclarationMigration(InsolvencyCommon):
    """A declaration that 19.0.1.0.0 has prepared lists each invoice once, and what people wrote."""

    def _migrate(self):
        self.env.flush_all()
        path = f"{get_module_path('recouvrement_creances')}/migrations/19.0.1.1.0/"
        spec = spec_from_file_location("post_declarations", f"{path}post-declarations.py")
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def _prepare_former(self, of, account, *own):
        """Return a declaration in preparation whose pieces are listed as 19.0.1.0.0 did."""
        invoices = [self._owe(60, 1000), self._owe(50, 500)]
        record = self._record().with_user(self.accountant)
        declarations = self.root["collection.insolvency.declaration"].with_user(self.accountant)
        declaration = declarations._prepare_for(record)
        declaration.write({"signatory_name": "Sophie", "signatory_quality": "Accountant"})
        translated = self.env(context={"lang": declaration._get_lang()})
        lines = [
            f"{invoice.name} {of} {format_date(translated, invoice.invoice_date)}"
            for invoice in invoices
        ]
        declaration.sudo().write(
            {"piece_names": "\n".join((*lines, account, *own)), "listed_names": False}
        )
        return declaration, invoices

    def _assert_listed_once(self, declaration, invoices, *own):
        declaration.action_compute()
        lines = declaration.piece_names.splitlines()
        for invoice in invoices:
            self.assertEqual(len([line for line in lines if invoice.name in line]), 1, lines)
        self.assertEqual(lines[3:], list(own))

    def test_each_invoice_is_listed_once_and_what_a_person_wrote_stays(self):
        own = "Bill of lading of 3 March"
        declaration, invoices = self._prepare_former(
            "of", "Statement of account as of the judgement", own
        )
        former = declaration.piece_names
        self._migrate()
        self.assertEqual(declaration.piece_names, former, "as it may have been printed")
        self._assert_listed_once(declaration, invoices, own)

    def test_in_french_too(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self.root["ir.module.module"]._load_module_terms(["recouvrement_creances"], ["fr_FR"])
        self.company.partner_id.sudo().lang = "fr_FR"
        declaration, invoices = self._prepare_former("du", "Relevé de compte au jour du jugement")
        self._migrate()
        self._assert_listed_once(declaration, invoices)

    def test_what_was_read_since_or_sent_stays(self):
        declaration, _invoices = self._prepare_former(
            "of", "Statement of account as of the judgement"
        )
        declaration.sudo().listed_names = "Read"
        self._migrate()
        self.assertEqual(declaration.listed_names, "Read")
        declaration.sudo().listed_names = False
        declaration._note_sending(
            TODAY, "platform", proofs=self._paper("receipt.pdf"), reason=COPIES_WENT
        )
        declaration.sudo()._with_door().write({"listed_names": False})
        self._migrate()
        self.assertFalse(declaration.listed_names)

    def test_what_was_printed_was_so_on_the_day_of_its_file(self):
        declaration, _invoices = self._prepare_former(
            "of", "Statement of account as of the judgement"
        )
        unprinted = declaration._prepare_for(self._consumer())
        declaration._print()
        printed = TODAY - timedelta(days=2)
        # Late in the evening in Greenwich, the next morning where the company is.
        self.company.partner_id.sudo().tz = "Asia/Tokyo"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET create_date = %s WHERE id = %s",
            [datetime.combine(printed, time(23, 30)), declaration.document_id.id],
        )
        self.env.invalidate_all()
        declaration.sudo().printed_on = False
        self._migrate()
        self.assertEqual(declaration.printed_on, printed + timedelta(days=1))
        self.assertFalse(unprinted.printed_on)
        with self.assertRaisesRegex(UserError, "the day is wrong"):
            declaration._note_sending(printed, "platform", proofs=self._paper(), reason=COPIES_WENT)

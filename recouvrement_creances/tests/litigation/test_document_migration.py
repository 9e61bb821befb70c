import base64
from importlib.util import module_from_spec, spec_from_file_location

from odoo.modules.module import get_module_path
from odoo.tests import tagged

from .handover_common import HandoverCommon


@tagged("post_install", "-at_install")
class TestDocumentMigration(HandoverCommon):
    """Documents of invoices of 19.0.1.0.0, about the whole case, are told of which they are."""

    def _migrate(self):
        self.env.flush_all()
        path = f"{get_module_path('recouvrement_creances')}/migrations/19.0.1.1.0/"
        spec = spec_from_file_location("post_documents", f"{path}post-documents.py")
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def _add_former(self, handover, name, content=b"", **vals):
        """Return a document about the whole case, as an invoice had it."""
        content = base64.b64encode(b"%PDF-1.4 " + (content or name.encode()))
        document = self._add_document(handover, "other", content, name=name, **vals)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE collection_legal_document SET kind = 'invoice' WHERE id = %s", [document.id]
        )
        document.invalidate_recordset()
        return document

    def test_the_only_invoice_of_a_case_and_the_request_that_waits(self):
        handover = self._prepare()
        document = self._add_former(handover, "Scan")
        handover.action_work_out()
        self.assertEqual(self._results(handover)["invoices"], "missing")
        self._migrate()
        self.assertEqual(document.item_ids, handover.item_ids)
        self.assertEqual(self._results(handover)["invoices"], "passed")

    def test_of_several_the_one_that_the_name_says(self):
        first, second = self._overdue_item(), self._overdue_item(700, 100)
        handover = self._prepare(first)
        name = second.move_id.name.replace("/", "_")
        named = self._add_former(handover, "Scan", file_name=f"{name}.pdf")
        longer = self._add_former(handover, f"{first.move_id.name}9", file_name="x.pdf")
        both = self._add_former(handover, f"{first.move_id.name} {name}", file_name="y.pdf")
        self._migrate()
        self.assertEqual(named.item_ids, second)
        self.assertFalse(longer.item_ids or both.item_ids)

    def test_a_paid_one_needs_none_and_what_was_said_stays(self):
        first, second = self._overdue_item(), self._overdue_item(700, 100)
        handover = self._prepare(first)
        said = self._add_document(handover, "invoice", item_ids=[(6, 0, second.ids)])
        self._pay(second.move_id, 700)
        self._decide()
        document = self._add_former(handover, "Scan")
        self._migrate()
        self.assertEqual(document.item_ids, first)
        self.assertEqual(said.item_ids, second)

    def test_one_scan_of_several_is_left_to_people(self):
        first, second = self._overdue_item(), self._overdue_item(700, 100)
        handover = self._prepare(first)
        one = self._add_former(handover, first.move_id.name, b"both")
        other = self._add_former(handover, second.move_id.name, b"both")
        self._migrate()
        self.assertEqual(one.item_ids, first)
        self.assertFalse(other.item_ids)

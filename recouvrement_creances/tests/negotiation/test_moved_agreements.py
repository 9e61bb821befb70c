from odoo.tests import tagged

from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestMergedAgreements(PromiseCommon):
    """History keeps no two debtors from being merged."""

    def test_promise_of_deleted_invoices_stays_where_it_was(self):
        waiting = self._promise(on=self.invoice.invoice_date_due.replace(day=30))
        other = self._overdue_invoice(8)
        kept = self._overdue_invoice(7, partner=self.partner_b)
        self._decide()
        going = self._promise(on=waiting.date, items=self._item(other))
        self.invoice.button_draft()
        self.invoice.with_context(force_delete=True).unlink()
        self.assertFalse(waiting.item_ids)
        self.root["collection.case"]._join_debtors(self.partner_a, self.partner_b)
        self.assertEqual(waiting.case_id, self.case)
        self.assertEqual(going.case_id, self._item(kept).case_id)

    def test_handover_of_deleted_invoices_stays_where_it_was(self):
        self._overdue_invoice(8)
        self._overdue_invoice(7, partner=self.partner_b)
        self._decide()
        handover = self.root["collection.handover"].create(
            {"case_id": self.case.id, "item_ids": self.item.ids}
        )
        self.invoice.button_draft()
        self.invoice.with_context(force_delete=True).unlink()
        self.root["collection.case"]._join_debtors(self.partner_a, self.partner_b)
        self.assertEqual(handover.case_id, self.case)
        self.assertFalse(self.case.is_open)

from odoo.tests import tagged

from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourInvoicing(CollectionTourCommon):
    """An accountant without any collection right sees where an invoice's collection stands."""

    def setUp(self):
        super().setUp()
        self.invoice = self._overdue_invoice(6, partner=self._debtor("Late Customer"))
        with self._mail_server():
            self._run()
        self.assertVerdict(self.invoice, "too_soon")
        self.assertFalse(self.personas["invoicing"].has_group("recouvrement_creances.group_reader"))

    def test_invoicing_sees_where_the_collection_of_an_invoice_stands(self):
        self._tour("invoicing", "en_US")

    def test_invoicing_sees_where_the_collection_of_an_invoice_stands_in_french(self):
        self._tour("invoicing", "fr_FR")

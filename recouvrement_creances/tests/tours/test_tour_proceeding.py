from datetime import date

from odoo.tests import tagged

from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourProceeding(CollectionTourCommon):
    """An accountant prepares an order for payment, files it and closes its first deadline."""

    def setUp(self):
        super().setUp()
        self.debtor = self._debtor("Sued Debtor", zip="75002", city="Paris")
        self._overdue_invoice(90, 5000, partner=self.debtor)
        self._decide()

    def _file_an_order(self, language):
        self._tour("accountant", language, "proceeding")
        proceeding = self._case(self.debtor).proceeding_ids
        self.assertRecordValues(
            proceeding,
            [{"state": "filed", "amount_claimed": 5000, "principal_claimed": 5000}],
        )
        self.assertEqual(proceeding.event_ids.attachment_ids.raw, b"The act")
        self.assertRecordValues(
            proceeding.deadline_ids,
            [{"rule_code": "order.fees", "state": "done", "legal_date": date(2026, 3, 31)}],
        )
        self.assertEqual(proceeding.hold_id.state, "open")

    def test_accountant_files_an_order_for_payment(self):
        self._file_an_order("en_US")

    def test_accountant_files_an_order_for_payment_in_french(self):
        self._file_an_order("fr_FR")

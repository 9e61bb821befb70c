from datetime import date

from odoo.tests import tagged

from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourLimitation(CollectionTourCommon):
    """A manager sees what limitation threatens and notes that a debtor acknowledged its debt."""

    def setUp(self):
        super().setUp()
        self.debtor = self._debtor("Threatened Claim", is_company=False)
        due = date(2024, 3, 31)
        days = (date(2026, 3, 16) - due).days
        self.invoice = self._overdue_invoice(days, partner=self.debtor)
        self._overdue_invoice(40, partner=self._debtor("Young Claim", is_company=False))
        self._decide()

    def _note_an_acknowledgement(self, language):
        self._tour("manager", language, "limitation")
        item = self._item(self.invoice)
        self.assertEqual(item.limitation_date, date(2026, 3, 31))
        self.assertEqual(item.limitation_possible_date, date(2028, 3, 16))
        self.assertEqual(item.limitation_confirmed_date, date(2028, 3, 16))
        event = item.case_id.limitation_event_ids
        self.assertRecordValues(
            event,
            [
                {
                    "kind": "acknowledgement",
                    "state": "confirmed",
                    "confirmed_by_id": self.personas["manager"].id,
                }
            ],
        )
        self.assertEqual(event.attachment_ids.mapped("name"), ["acknowledgement.txt"])
        self.assertEqual(event.attachment_ids.raw, b"I owe this.")

    def test_manager_sees_what_limitation_threatens(self):
        self._note_an_acknowledgement("en_US")

    def test_manager_sees_what_limitation_threatens_in_french(self):
        self._note_an_acknowledgement("fr_FR")

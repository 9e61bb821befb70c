from datetime import timedelta

from odoo.tests import tagged

from ..common import TODAY
from .common import PortalCommon
from .test_portal_attack import NASTY

SCRIPTS = ("<script>alert", "<img src=x", "<svg onload")


@tagged("post_install", "-at_install")
class TestPortalPromise(PortalCommon):
    """A debtor tells its date of payment by itself."""

    def setUp(self):
        super().setUp()
        self._open()
        self.policy.sudo().promise_longest_days = 60

    # === DATE OF PAYMENT === #

    def _promise(self, **data):
        day = TODAY + timedelta(days=10)
        values = {"item": self._item_ids(self.invoice), "date": day.isoformat(), **data}
        response = self._post("/promise", values)
        self.env.invalidate_all()
        return response

    def _promises(self):
        return self.root["collection.promise"].search([("case_id", "=", self.case.id)])

    def test_debtor_tells_a_date_of_payment(self):
        response = self._promise(amount="600,50", note="After the fair")
        self.assertIn('role="status"', response.text)
        self.assertRecordValues(
            self._promises(),
            [
                {
                    "amount": 600.5,
                    "date": TODAY + timedelta(days=10),
                    "how": "portal",
                    "note": "After the fair",
                    "promised_by_id": self.partner_a.id,
                    "state": "pending",
                }
            ],
        )
        self._decide()
        self.assertVerdict(self.invoice, "promise")
        self.assertEqual(self._attempts()[:1].event, "handed_in")

    def test_wrong_promises_are_explained(self):
        for data in (
            {"date": (TODAY - timedelta(days=1)).isoformat()},
            {"date": (TODAY + timedelta(days=300)).isoformat()},
            {"date": "soon"},
            {"date": "2026-13-45"},
            {"amount": "1000.01"},
            {"amount": "-1"},
            {"item": []},
            {"note": "x" * 5000},
        ):
            with self.subTest(data=data):
                response = self._promise(**data)
                self.assertEqual(response.status_code, 200)
                self.assertIn('role="alert"', response.text)
                self.assertFalse(self._promises())
                self.assertEqual(self._attempts()[:1].event, "invalid")

    def test_items_of_another_debtor_are_not_promised(self):
        response = self._promise(item=self._item_ids(self.invoice, self.other_invoice))
        self.assertEqual(response.status_code, 403)
        self.assertFalse(self._promises())
        self.assertEqual(self._attempts()[:1].event, "foreign")

    def test_texts_of_a_promise_are_shown_as_text(self):
        for text in NASTY:
            response = self._promise(note=text, date=text)
            for part in SCRIPTS:
                self.assertNotIn(part, response.text)

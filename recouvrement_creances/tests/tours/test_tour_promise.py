from odoo.tests import tagged

from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourPromise(CollectionTourCommon):
    """A promise is noted, paid and turned back, with payments registered as they always are."""

    def setUp(self):
        super().setUp()
        self.promising = self._debtor("Promising Debtor")
        self._overdue_invoice(10, amount=1200.0, partner=self.promising)
        self._decide()

    def _promise_and_pay(self, language):
        self._tour("accountant", language, "promise")
        promise = self._case(self.promising).promise_ids
        self.assertRecordValues(
            promise, [{"state": "kept", "amount": 1200.0, "amount_paid": 1200.0}]
        )
        self.assertEqual(promise.hold_id.state, "released")
        payment = self.root["account.payment"].search([("partner_id", "=", self.promising.id)])
        self.start_tour(
            f"/odoo/account.payment/{payment.id}",
            "collection_tour_promise_payment_cancelled",
            login=self.personas["accountant"].login,
            timeout=120,
        )
        self.env.invalidate_all()
        self.assertEqual(payment.state, "canceled")
        self.assertEqual((promise.state, promise.amount_paid), ("pending", 0.0))
        self.assertEqual(promise.hold_id.state, "open")

    def test_payment_keeps_a_promise_and_its_cancellation_turns_it_back(self):
        self._promise_and_pay("en_US")

    def test_payment_keeps_a_promise_and_its_cancellation_turns_it_back_in_french(self):
        self._promise_and_pay("fr_FR")

from odoo.tests import tagged

from ..common import TODAY
from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalCapture(PortalCommon):
    """A payment that is authorised first settles what was chosen once it is captured."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls._make_provider()
        cls.provider.capture_manually = True

    def setUp(self):
        super().setUp()
        self._open()

    def _capture(self, transaction, amount=None):
        """Capture a payment, or a part of it, as the accountant does; return what was captured."""
        part = transaction._capture(amount)
        self._finish(transaction | part)
        return part

    def _finish(self, transactions):
        """Let the scheduled action of payments come by."""
        for transaction in transactions.filtered(lambda each: not each.is_post_processed):
            transaction._post_process()
        self.env.invalidate_all()

    def _charge(self):
        income = self.company_data["default_account_revenue"]
        self.company.sudo().write(
            {
                "collection_interest_account_id": income.id,
                "collection_indemnity_account_id": income.id,
            }
        )
        charges = self.root["collection.charge"]._claim(
            self.case, self._item(self.invoice), TODAY, TODAY
        )
        return charges.filtered(lambda each: each.currency_id == self.company.currency_id)

    # === CAPTURED === #

    def test_capture_settles_what_was_ticked(self):
        authorized = self._pay_online([self.invoice])
        self.assertEqual(authorized.state, "authorized")
        self.assertEqual(self.invoice.amount_residual, 1000)
        captured = self._capture(authorized)
        self.assertEqual((captured.state, authorized.state), ("done", "done"))
        self.assertEqual(captured.collection_case_id, self.case)
        self.assertFalse(authorized.payment_id)
        self.assertEqual(self.invoice.amount_residual, 0)
        self.assertEqual(self.recent.amount_residual, 500)
        self.assertEqual(captured.invoice_ids, self.invoice)
        self.assertNotIn("is being processed", self._get().text)

    def test_capture_settles_claimed_charges(self):
        charge = self._charge()
        response = self._choose([self.invoice], charge=charge.ids)
        authorized = self._simulate(self._make_transaction(self._signed(response)))
        self._capture(authorized)
        self.assertEqual(self.invoice.amount_residual, 0)
        self.assertRecordValues(charge, [{"state": "paid", "paid_on": TODAY}])

    def test_refund_of_a_payment_settles_nothing_more(self):
        captured = self._capture(self._pay_online([self.invoice], "400"))
        self.assertEqual(self.invoice.amount_residual, 600)
        refund = captured._refund()
        self._finish(refund)
        self.assertFalse(refund.collection_case_id)
        self.assertEqual(self.invoice.amount_residual, 600)

    # === IN PARTS, OR GIVEN UP === #

    def test_what_is_captured_in_parts_settles_part_by_part(self):
        authorized = self._pay_online([self.invoice])
        self._capture(authorized, 400)
        self.assertEqual((authorized.state, self.invoice.amount_residual), ("authorized", 600))
        page = self._get().text
        self.assertRegex(page, r"A payment of .*600\.00.* is being processed")
        self.assertEqual(page.count("is being processed"), 1)
        refused = self._choose([self.invoice])
        self.assertRegex(refused.text, r"A payment of[^:]*600\.00[^:]*is being processed")
        self.assertNotIn("data-access-token", refused.text)
        self._capture(authorized, 600)
        self.assertEqual((authorized.state, self.invoice.amount_residual), ("done", 0))
        self.assertNotIn("is being processed", self._get().text)

    def test_rest_that_is_given_up_can_be_paid_anew(self):
        authorized = self._pay_online([self.invoice])
        self._capture(authorized, 400)
        self._finish(authorized | authorized._void(600))
        self.assertEqual(self.invoice.amount_residual, 600)
        self.assertNotIn("is being processed", self._get().text)
        self.assertIn("data-access-token", self._choose([self.invoice]).text)

    def test_capture_that_is_not_booked_yet_is_shown_once(self):
        authorized = self._pay_online([self.invoice])
        authorized._capture()
        self.env.invalidate_all()
        self.assertEqual(self._get().text.count("is being processed"), 1)

    def test_authorisation_that_is_given_up_leaves_all_to_be_paid(self):
        authorized = self._pay_online([self.invoice])
        self.assertIn("is being processed", self._get().text)
        self._finish(authorized | authorized._void())
        self.assertEqual((authorized.state, self.invoice.amount_residual), ("cancel", 1000))
        self.assertNotIn("is being processed", self._get().text)
        self.assertIn("data-access-token", self._choose([self.invoice]).text)

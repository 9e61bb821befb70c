from datetime import date

from odoo.tests import freeze_time, tagged

from ..ledger.common import NOW, ChargeCommon
from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourCharges(ChargeCommon, CollectionTourCommon):
    """An accountant claims what late payment has cost and registers the payment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        running = freeze_time(NOW.isoformat() + " 09:00:00", tick=True)
        running.start()
        cls.addClassCleanup(running.stop)

    def setUp(self):
        super().setUp()
        self._invoice(1000, date(2026, 9, 30))
        self._invoice(500, date(2026, 10, 31))
        self._decide()

    def _claim_in_browser(self, language):
        self.accountant.lang = language
        self.start_tour(
            "/odoo", "collection_tour_charges", login=self.accountant.login, timeout=120
        )
        self.env.invalidate_all()
        charge = self.root["collection.charge"].search([("company_id", "=", self.company.id)])
        # 62 days on 1,000 and 31 days on 500 at 12.40 %, two indemnities.
        self.assertRecordValues(
            charge,
            [
                {
                    "state": "paid",
                    "amount_interest": 26.33,
                    "amount_indemnity": 80.0,
                    "paid_on": NOW,
                }
            ],
        )
        self.assertTrue(charge._get_receivable_line().reconciled)
        self.assertEqual(charge.action_id.state, "planned")

    def test_accountant_claims_charges_and_registers_their_payment(self):
        self._claim_in_browser("en_US")

    def test_accountant_claims_charges_and_registers_their_payment_in_french(self):
        self._claim_in_browser("fr_FR")

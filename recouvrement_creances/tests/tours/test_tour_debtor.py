from datetime import date

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import tagged
from odoo.tests.common import get_db_name

from ..portal.common import PortalCommon
from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourDebtor(PortalCommon, CollectionTourCommon):
    """A debtor opens the link of a reminder on a phone and settles its account there."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls._make_provider()
        cls.promised = cls._overdue_invoice(5, amount=200.0)
        cls.disputed = cls._overdue_invoice(2, amount=100.0)
        cls.policy.write({"schedule_longest_months": 12, "schedule_least_instalment": 50})

    @classmethod
    def _make_bundles(cls):
        """EXTENDS the tours: the page has bundles of its own."""
        result = super()._make_bundles()
        with Registry(get_db_name()).cursor() as cursor:
            qweb = api.Environment(cursor, SUPERUSER_ID, {})["ir.qweb"]
            for name in ("web.assets_frontend_minimal", "web.assets_frontend_lazy"):
                qweb._get_asset_bundle(name, css=False, js=True).js()
            qweb._get_asset_bundle("web.assets_frontend", css=True, js=False).css()
        return result

    def _settle(self, language):
        self.partner_a.lang = language
        self.start_tour(self._path(self.case), "collection_tour_debtor", timeout=180)
        self.env.invalidate_all()
        self.assertEqual(self.invoice.amount_residual, 0)
        self.assertEqual(self.recent.amount_residual, 500)
        promise = self.root["collection.promise"].search([("case_id", "=", self.case.id)])
        self.assertRecordValues(
            promise,
            [{"amount": 200, "date": date(2026, 3, 26), "how": "portal", "state": "pending"}],
        )
        dispute = self.root["collection.dispute"].search([("case_id", "=", self.case.id)])
        self.assertRecordValues(
            dispute, [{"amount": 40, "how": "portal", "description": "Two boxes were broken"}]
        )
        schedule = self.root["collection.schedule"].search([("case_id", "=", self.case.id)])
        self.assertRecordValues(
            schedule,
            [
                {
                    "amount_total": 500,
                    "instalment_count": 5,
                    "typed_amount": "cinq cents dollars",
                    "signer_name": "Alice Debtor",
                }
            ],
        )
        self.assertIn(schedule.state, ("signed", "running"))
        self._decide()
        for invoice, verdict in ((self.recent, "schedule"), (self.promised, "promise")):
            self.assertVerdict(invoice, verdict)
        change = self.case.contact_change_ids
        self.assertRecordValues(change, [{"street": "2 New Street", "state": "proposed"}])

    def test_debtor_settles_its_account(self):
        self._settle("en_US")

    def test_debtor_settles_its_account_in_french(self):
        self._settle("fr_FR")

from odoo.tests import tagged

from ..negotiation.common import DisputeCommon
from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourDispute(DisputeCommon, CollectionTourCommon):
    """A collector opens a dispute, a salesperson answers it, reminders go on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category.with_context(lang="en_US").name = "Disputed work"
        cls.category.with_context(lang="fr_FR").name = "Disputed work"
        cls.sales.sudo().name = "Sam Sales"
        cls.personas["sales"] = cls.sales
        cls.late = cls._debtor("Late Payer")
        cls.disputed = cls._overdue_invoice(20, partner=cls.late)

    def _dispute_in_browser(self, language):
        self._decide()
        self._tour("collector", language, "dispute_open")
        dispute = self.root["collection.dispute"].search([("partner_id", "=", self.late.id)])
        self.assertRecordValues(
            dispute, [{"state": "open", "amount": 300, "owner_id": self.sales.id}]
        )
        self.assertEqual(dispute.hold_id.line_ids.amount, 300)
        self.sales.lang = language
        self.start_tour(
            "/odoo/collection-disputes",
            "collection_tour_dispute_answer",
            login=self.sales.login,
            timeout=120,
        )
        self.env.invalidate_all()
        self.assertEqual((dispute.state, dispute.answered_by_id), ("answered", self.sales))
        self._tour("collector", language, "dispute_decide")
        self.assertEqual((dispute.state, dispute.hold_id.state), ("unfounded", "released"))
        self.assertVerdict(self.disputed, "remind")
        with self._mail_server() as sink:
            self._run()
        received = [message for message in sink.messages if "late.payer" in str(message)]
        self.assertEqual(len(received), 1)

    def test_dispute_is_opened_answered_and_turned_down(self):
        self._dispute_in_browser("en_US")

    def test_dispute_is_opened_answered_and_turned_down_in_french(self):
        self._dispute_in_browser("fr_FR")

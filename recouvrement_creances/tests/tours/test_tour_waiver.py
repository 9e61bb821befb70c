from odoo.fields import Command
from odoo.tests import tagged

from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourWaiver(CollectionTourCommon):
    """A manager decides from his activities on the waivers that an accountant asks for."""

    def setUp(self):
        super().setUp()
        self.company.sudo().write(
            {"collection_waiver_limit": 50, "collection_waiver_manager_limit": 500}
        )
        self.generous = self._ask("Generous Debtor")
        self.greedy = self._ask("Greedy Debtor")

    def _ask(self, name):
        """Return an accountant's request to give up 300 of 1,000."""
        debtor = self._debtor(name)
        invoice = self._overdue_invoice(10, partner=debtor)
        self._decide()
        waiver = (
            self.env["collection.waiver"]
            .with_user(self.personas["accountant"])
            .create(
                {
                    "case_id": self._case(debtor).id,
                    "item_ids": [Command.set(self._item(invoice).ids)],
                    "share": "amount",
                    "amount": 300,
                    "reason_id": self.env.ref(
                        "recouvrement_creances.collection_reason_waiver_gesture"
                    ).id,
                    "note": "Delivered late, with apologies",
                }
            )
        )
        self.assertEqual(waiver.state, "requested")
        return waiver

    def _approve_and_refuse(self, language):
        self._tour("manager", language, "waiver")
        manager = self.personas["manager"]
        self.assertRecordValues(
            self.generous | self.greedy,
            [
                {
                    "state": "done",
                    "decided_by_id": manager.id,
                    "decision_note": "A customer of thirty years",
                },
                {"state": "refused", "decided_by_id": manager.id, "decision_note": "They can pay"},
            ],
        )
        self.assertEqual(self.generous.item_ids.amount_residual_currency, 700)
        self.assertEqual(self.greedy.item_ids.amount_residual_currency, 1000)
        self.assertEqual(self.generous.sudo().move_ids.move_type, "out_refund")

    def test_manager_decides_on_waivers(self):
        self._approve_and_refuse("en_US")

    def test_manager_decides_on_waivers_in_french(self):
        self._approve_and_refuse("fr_FR")

from datetime import date

from odoo.tests import tagged

from ..common import TODAY
from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourCollector(CollectionTourCommon):
    """A collector works through the worklist, with the rights of a collector only."""

    def setUp(self):
        super().setUp()
        self.to_call = self._debtor(
            "Debtor To Call",
            phone="+33 4 00 00 00 03",
            collection_policy_id=self._make_policy(
                [(5, "call", {"instructions": "Ask for the date of payment"})],
                name="Calls",
                domain="[('id', '=', 0)]",
            ).id,
        )
        self._overdue_invoice(6, amount=100.0, partner=self.to_call)
        self._run()
        self.pressing = self._debtor("Pressing Debtor", phone="+33 4 00 00 00 04")
        self._overdue_invoice(40, amount=10000.0, partner=self.pressing)
        self._decide()
        self.root["collection.ranking"]._rank(self.company, TODAY)

    def _work_through_the_worklist(self, language):
        self._tour("collector", language)
        case = self._case(self.pressing)
        self.assertRecordValues(
            case.hold_ids,
            [{"kind": "promise", "date_end": date(2026, 3, 30), "state": "open"}],
        )
        self.assertEqual(case.open_item_ids.verdict, "promise")
        self.assertRecordValues(
            case.action_ids,
            [
                {
                    "channel": "call",
                    "state": "done",
                    "outcome": "promised",
                    "note": "Pays after the fair",
                    "user_id": self.collector.id,
                }
            ],
        )
        self.assertEqual(case.evidence_ids.mapped("kind"), ["outcome"])
        called = self._case(self.to_call)
        self.assertRecordValues(called.action_ids, [{"state": "done", "outcome": "reached"}])
        self.assertEqual(called.open_item_ids.verdict, "ladder_done")

    def test_collector_works_through_the_worklist(self):
        self._work_through_the_worklist("en_US")

    def test_collector_works_through_the_worklist_in_french(self):
        self._work_through_the_worklist("fr_FR")

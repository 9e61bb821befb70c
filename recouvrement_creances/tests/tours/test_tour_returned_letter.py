from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY
from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourReturnedLetter(CollectionTourCommon):
    """A collector notes that a formal notice came back, and is asked to find the debtor."""

    def setUp(self):
        super().setUp()
        policy = self._make_policy([(5, "registered_letter", {"mode": "confirm"})])
        policy.level_ids.is_formal_notice = True
        self.moved = self._debtor("Moved Away", street="1 rue Haute", city="Lyon", zip="69001")
        self.moved.with_company(self.company).sudo().collection_policy_id = policy
        self.invoice = self._overdue_invoice(10, partner=self.moved)
        self._run()
        self.letter = self._case(self.moved).action_ids
        self.letter.with_user(self.collector).action_confirm()
        dialog = (
            self.root["collection.letter.post"]
            .with_user(self.collector)
            .create({"action_ids": [Command.set(self.letter.ids)], "posted_on": TODAY})
        )
        dialog.line_ids.tracking_number = "2C 123 456 7890 1"
        dialog.action_apply()

    def _handle_the_return(self, language):
        self.assertEqual(self._item(self.invoice).level_id, self.letter.level_id)
        self.collector.lang = language
        self.start_tour(
            f"/odoo/collection-actions/{self.letter.id}",
            "collection_tour_returned_letter",
            login=self.collector.login,
            timeout=120,
        )
        self.env.invalidate_all()
        self.assertEqual(
            (self.letter.state, self.letter.letter_outcome), ("failed", "unknown_address")
        )
        self.assertFalse(self._item(self.invoice).level_id)
        self.assertIn("returned", self.letter.evidence_ids.mapped("kind"))
        find = self._case(self.moved).activity_search(
            ["recouvrement_creances.mail_activity_type_find_debtor"]
        )
        self.assertEqual(find.user_id, self.collector)

    def test_collector_handles_a_returned_letter(self):
        self._handle_the_return("en_US")

    def test_collector_handles_a_returned_letter_in_french(self):
        self._handle_the_return("fr_FR")

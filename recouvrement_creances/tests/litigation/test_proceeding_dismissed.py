from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import TODAY
from .handover_common import HandoverCommon


@tagged("post_install", "-at_install")
class TestProceedingDismissed(HandoverCommon):
    """What a judge has dismissed is not asked for again, and a person says what becomes of it."""

    def _start(self, handover=None):
        handover = handover or self._approve(self._request())
        handover.action_start_proceeding()
        return handover.proceeding_ids.with_user(self.accountant)

    def _dismiss(self, proceeding):
        proceeding = proceeding.with_user(self.accountant)
        for key in ("file", "grant", "serve", "oppose", "dismiss"):
            self._take(proceeding, key, TODAY)
        return proceeding

    def test_a_dismissed_claim_is_let_go_by_a_manager(self):
        proceeding = self._dismiss(self._sue())
        with self.assertRaisesRegex(AccessError, "C. civ. 1355"):
            self._take(proceeding, "close", reason="Over")
        managed = proceeding.with_user(self.manager)
        self._take(managed, "close", reason="The credit note follows")
        self.assertEqual(proceeding.state, "closed")

    def test_a_refused_request_leaves_the_ordinary_ways(self):
        """No order was made: that says nothing of the claim itself (CPC 1409)."""
        proceeding = self._start()
        for key in ("file", "reject", "close"):
            self._take(proceeding, key, TODAY, reason="A summons follows")
        self.assertEqual(proceeding.state, "closed")
        self._decide()
        self.assertEqual(self._results(self._prepare(proceeding.item_ids))["judged"], "passed")

    def test_what_was_paid_since_is_closed_by_anybody(self):
        proceeding = self._dismiss(self._sue())
        self._pay(proceeding.item_ids.move_id)
        self._take(proceeding, "close")
        self.assertEqual(proceeding.state, "closed")

    def test_a_dismissed_claim_is_not_handed_over_once_more(self):
        proceeding = self._dismiss(self._start())
        self._take(proceeding.with_user(self.manager), "close", reason="Over")
        self._decide()
        again = self._prepare(proceeding.item_ids)
        line = again.check_ids.filtered(lambda check: check.code == "judged")
        self.assertEqual((line.result, line.day), ("missing", TODAY))
        self.assertIn("dismissed the claim on", line.explanation)
        self.assertEqual(self._results(self._prepare())["judged"], "passed")

    def test_no_second_proceeding_begins_from_the_same_handover(self):
        proceeding = self._dismiss(self._start())
        with self.assertRaisesRegex(UserError, "C. civ. 1355"):
            proceeding.handover_id.with_user(self.accountant).action_start_proceeding()

    def test_another_proceeding_about_the_same_is_a_managers(self):
        first = self._dismiss(self._sue())
        again = self.root["collection.proceeding"]._open(
            first.case_id, first.item_ids, self._procedure("summons")
        )
        again.without_handover_reason = "Taken over"
        again = again.with_user(self.accountant)
        with self.assertRaisesRegex(AccessError, "C. civ. 1355"):
            self._take(again, "serve", procedure="summons", reason="Once more")
        managed = again.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "say why"):
            self._take(managed, "serve", procedure="summons")
        self._take(managed, "serve", procedure="summons", reason="Another ground: the deposit")
        self.assertEqual(again.state, "served")

    def test_its_handover_does_not_end_before_it(self):
        proceeding = self._dismiss(self._start())
        handover = proceeding.handover_id.with_user(self.accountant)
        with self.assertRaisesRegex(UserError, "closes with its last step"):
            handover._end("close", "Enough")
        self.assertEqual(proceeding.item_ids.verdict, "handed_over")
        self._take(proceeding.with_user(self.manager), "close", reason="Credited")
        self.assertEqual(handover.state, "closed")

    def test_who_takes_its_end_back_is_asked_again(self):
        proceeding = self._dismiss(self._sue())
        managed = proceeding.with_user(self.manager)
        asked = proceeding.activity_ids.mapped("summary")
        self.assertTrue(asked)
        end = self._take(managed, "close", reason="Over")
        self.assertNotEqual(proceeding.activity_ids.mapped("summary"), asked)
        managed._undo_step(end, "Another case")
        self.assertEqual(proceeding.activity_ids.mapped("summary"), asked)

from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import TODAY
from .common import LitigationCommon

YESTERDAY = TODAY - timedelta(days=1)
WHY = "Of another debtor"


@tagged("post_install", "-at_install")
class TestProceedingCorrection(LitigationCommon):
    """A step that was recorded by mistake is taken back: both stay, and what it did is undone."""

    def _undo(self, event, reason=WHY, user=None):
        event = event.with_user(user or self.manager)
        return event.proceeding_id._undo_step(event, reason)

    def _states(self, proceeding, code):
        found = self.root["collection.deadline"].search(
            [
                ("source_model", "=", proceeding._name),
                ("source_id", "=", proceeding.id),
                ("rule_code", "=", code),
            ],
            order="id",
        )
        return found.mapped("state")

    def test_first_step_taken_back_leaves_nothing_but_its_history(self):
        proceeding = self._sue()
        event = self._take(proceeding, "file", number="2026IP00012")
        correction = self._undo(event)
        self.assertEqual((proceeding.state, proceeding.number), ("draft", False))
        self.assertEqual(proceeding.hold_id.state, "released")
        self.assertNotEqual(proceeding.item_ids.verdict, "handed_over")
        self.assertEqual(self._states(proceeding, "order.fees"), ["dropped"])
        self.assertEqual(proceeding.event_ids, event | correction)
        self.assertEqual((correction.undoes_id, correction.note), (event, WHY))
        self.assertTrue(event.is_undone)
        self.assertEqual(event.attachment_ids.mapped("name"), ["file.pdf"])
        # It may be recorded rightly, on an earlier day too.
        self._take(proceeding, "file", YESTERDAY)
        self.assertEqual((proceeding.state, proceeding.hold_id.state), ("filed", "open"))
        self.assertEqual(self._states(proceeding, "order.fees"), ["dropped", "open"])

    def test_deadlines_that_it_ended_run_again(self):
        proceeding = self._sue()
        self._take(proceeding, "file", YESTERDAY)
        self._take(proceeding, "grant", YESTERDAY, amount_granted=4800, costs_granted=33.47)
        event = self._take(proceeding, "serve")
        item = proceeding.item_ids
        self.assertGreater(item.limitation_possible_date, item.limitation_date)
        self._undo(event)
        self.assertEqual(proceeding.state, "granted")
        self.assertEqual(self._states(proceeding, "order.service"), ["dropped", "open"])
        running = proceeding.deadline_ids.filtered(
            lambda one: one.rule_code == "order.service" and one.state == "open"
        )
        self.assertEqual(running.legal_date, date(2026, 9, 15))
        self.assertEqual(running.regime_date, YESTERDAY)
        self.assertEqual(self._states(proceeding, "order.opposition"), ["dropped"])
        self.assertEqual(self._states(proceeding, "order.enforcement"), ["dropped"])
        self.assertEqual(event.limitation_event_id.state, "cancelled")
        self.assertEqual(item.limitation_possible_date, item.limitation_date)
        self.assertEqual(proceeding.amount_granted, 4800)
        self._undo(proceeding.event_ids.filtered(lambda one: one.step_id == self._step("grant")))
        self.assertEqual(self._states(proceeding, "order.service"), ["dropped", "dropped"])
        self.assertEqual((proceeding.state, proceeding.amount_granted), ("filed", 0))
        self.assertFalse(proceeding.order_date or proceeding.decided_on)

    def test_a_judgement_goes_with_its_step_and_a_title_with_its_own(self):
        proceeding = self._sue(procedure="summons")
        for key in ("serve", "file"):
            self._take(proceeding, key, procedure="summons")
        judged = self._take(
            proceeding,
            "judge",
            procedure="summons",
            amount_granted=5000,
            grants_legal_interest=True,
        )
        judgement = proceeding.judgement_id
        title = self._take(proceeding, "entitle", procedure="summons")
        self.assertEqual(judgement.enforceable_on, TODAY)
        self._undo(title)
        self.assertEqual((proceeding.state, proceeding.title_date), ("judged", False))
        self.assertFalse(judgement.enforceable_on)
        self.assertEqual((judgement.state, proceeding.judgement_id), ("standing", judgement))
        self.assertEqual(self._states(proceeding, "title.execution"), ["dropped"])
        self._undo(judged)
        self.assertEqual(judgement.state, "cancelled")
        self.assertFalse(proceeding.judgement_id)
        self.assertEqual(proceeding.state, "filed")

    def test_a_withdrawal_taken_back_holds_and_interrupts_again(self):
        proceeding = self._sue(procedure="summons")
        self._take(proceeding, "serve", procedure="summons")
        claim = proceeding.event_ids.limitation_event_id
        event = self._take(proceeding, "withdraw", procedure="summons")
        self.assertEqual(claim.state, "void")
        self._undo(event)
        self.assertEqual((proceeding.state, proceeding.hold_id.state), ("served", "open"))
        self.assertEqual(proceeding.item_ids.verdict, "handed_over")
        self.assertEqual(proceeding.case_id.stage_kind, "litigation")
        again = proceeding._get_effective_events().limitation_event_id
        self.assertNotEqual(again, claim)
        self.assertEqual((again.kind, again.state, again.date), ("court_claim", "noted", TODAY))

    def test_a_hearing_leaves_the_calendar(self):
        proceeding = self._sue()
        for key in ("file", "grant", "serve", "oppose"):
            self._take(proceeding, key)
        event = self._take(proceeding, "hear", hearing=datetime(2026, 5, 12, 8, 30))
        hearing = proceeding.hearing_ids
        self._undo(event)
        self.assertFalse(hearing.exists())
        self.assertFalse(proceeding.next_hearing)
        self.assertEqual(proceeding.state, "opposed")

    def test_only_the_last_step_with_a_reason_by_a_manager(self):
        proceeding = self._sue()
        first = self._take(proceeding, "file")
        last = self._take(proceeding, "fees")
        with self.assertRaisesRegex(UserError, "followed on"):
            self._undo(first)
        with self.assertRaisesRegex(UserError, "what was wrong"):
            self._undo(last, " ")
        with self.assertRaisesRegex(AccessError, "Only a manager"):
            self._undo(last, user=self.accountant)
        self.assertEqual((first | last).with_user(self.manager).filtered("can_undo"), last)
        self.assertFalse((first | last).with_user(self.accountant).filtered("can_undo"))
        action = last.with_user(self.manager).action_undo()
        dialog = Form(
            self.env[action["res_model"]].with_user(self.manager).with_context(**action["context"])
        )
        dialog.reason = WHY
        dialog.save().action_apply()
        self.assertEqual(self._states(proceeding, "order.fees"), ["dropped", "open"])
        with self.assertRaisesRegex(UserError, "already"):
            self._undo(last)
        with self.assertRaisesRegex(UserError, "already"):
            self._undo(last.undone_by_ids)
        self._undo(first)
        self.assertEqual(proceeding.state, "draft")
        self.assertEqual(self._states(proceeding, "order.fees"), ["dropped", "dropped"])
        for event in proceeding.event_ids:
            with self.subTest(event=event.id), self.assertRaises(UserError):
                event.sudo().write({"note": "Other"})

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY
from .handover_common import HandoverCommon

DISMISSED = "Dismissed by the court: credit note"


@tagged("post_install", "-at_install")
class TestProceedingHold(HandoverCommon):
    """Nobody is reminded of what is in court, nor of what a court has found not to be owed."""

    def _open_second(self, first, procedure="summons"):
        """Return another proceeding about the items of a first one, in preparation."""
        second = self.root["collection.proceeding"]._open(
            first.case_id, first.item_ids, self._procedure(procedure)
        )
        second.without_handover_reason = "Taken over"
        return second.with_user(self.accountant)

    def _plan(self, case, items, state="planned"):
        """Return a call about some items that somebody is to make."""
        activity = case.sudo().activity_schedule(
            "mail.mail_activity_data_call", user_id=self.collector.id
        )
        level = self.policy.level_ids[:1]
        return (
            self.root["collection.action"]
            ._with_door()
            .create(
                {
                    "company_id": case.company_id.id,
                    "case_id": case.id,
                    "channel": "call",
                    "mode": "manual",
                    "state": state,
                    # Each of another round: one contact of a step in each.
                    "cycle": 50 + len(case.action_ids),
                    "step_id": level.step_ids[:1].id,
                    "level_id": level.id,
                    "activity_id": activity.id,
                    "line_ids": [(0, 0, {"item_id": item.id}) for item in items],
                }
            )
        )

    # === DISMISSED === #

    def _dismiss(self):
        proceeding = self._sue()
        for key in ("file", "grant", "serve", "oppose", "dismiss"):
            self._take(proceeding, key, TODAY)
        return proceeding

    def _find_manual(self, proceeding):
        return proceeding.case_id.hold_ids.filtered(lambda hold: hold.kind == "manual")

    def test_what_was_dismissed_stays_held_once_its_proceeding_is_closed(self):
        proceeding = self._dismiss()
        self._take(proceeding.with_user(self.manager), "close", reason="Credit note in January")
        hold = self._find_manual(proceeding)
        self.assertRecordValues(
            hold, [{"state": "open", "note": DISMISSED, "date_end": False, "date_start": TODAY}]
        )
        self.assertGreater(hold.review_date, TODAY)
        self.assertEqual(hold.line_ids.item_id, proceeding.item_ids)
        self.assertEqual(proceeding.hold_id.state, "released")
        with self.on(60):
            self._decide()
            self.assertEqual(proceeding.item_ids.verdict, "held")
        # Not before a person says so.
        hold.with_user(self.manager).action_release()
        self.assertNotIn(proceeding.item_ids.verdict, ("held", "handed_over"))

    def test_who_makes_credit_notes_is_asked_for_one(self):
        for accountant, user in ((self.env["res.users"], self.manager), (self.accountant,) * 2):
            self.company.sudo().collection_accountant_id = accountant
            proceeding = self._dismiss()
            self._take(proceeding.with_user(self.manager), "close", reason="January")
            with self.subTest(user=user.login):
                self.assertEqual(proceeding.activity_ids.user_id, user)
                self.assertIn("credit note", proceeding.activity_ids.summary)

    def test_who_takes_the_end_back_takes_that_hold_back(self):
        proceeding = self._dismiss()
        managed = proceeding.with_user(self.manager)
        asked = proceeding.activity_ids.mapped("summary")
        end = self._take(managed, "close", reason="January")
        managed._undo_step(end, "We appeal")
        self.assertEqual(self._find_manual(proceeding).state, "released")
        self.assertEqual(proceeding.item_ids.verdict, "handed_over")
        self.assertEqual(proceeding.activity_ids.mapped("summary"), asked)

    def test_nothing_is_held_of_what_was_credited_before(self):
        proceeding = self._dismiss()
        self._pay(proceeding.item_ids.move_id)
        self._take(proceeding, "close")
        self.assertFalse(self._find_manual(proceeding))
        self.assertFalse(proceeding.activity_ids)

    def test_what_was_not_dismissed_is_let_go(self):
        proceeding = self._sue()
        for key in ("file", "grant", "close"):
            self._take(proceeding, key, TODAY, reason="Settled by phone")
        self.assertFalse(self._find_manual(proceeding))
        self.assertNotIn(proceeding.item_ids.verdict, ("held", "handed_over"))

    # === TWICE IN COURT === #

    def test_what_is_in_court_already_is_brought_there_again_with_a_reason(self):
        first = self._sue()
        second = self._open_second(first)
        self._take(first, "file")
        with self.assertRaisesRegex(UserError, "in court already"):
            self._take(second, "serve", procedure="summons")
        event = self._take(second, "serve", procedure="summons", reason="The order will lapse")
        self.assertIn("will lapse", event.note)

    def test_what_is_prepared_or_has_ended_is_not_in_court(self):
        first = self._sue()
        self._take(self._open_second(first), "serve", procedure="summons")
        other = self._sue()
        self._take(other, "file")
        self._take(other, "withdraw")
        self._take(self._open_second(other), "serve", procedure="summons")

    def test_a_title_is_enforced_by_another_proceeding(self):
        first = self._sue()
        for key in ("file", "grant", "serve"):
            self._take(first, key)
        with self.on(90) as day:
            self._take(first, "entitle", day)
            second = self._open_second(first, "enforcement")
            self._take(second, "enforce", day, procedure="enforcement")
        self.assertEqual(second.state, "enforcement")

    def test_what_another_court_still_has_stays_held(self):
        first = self._sue()
        second = self._open_second(first)
        self._take(first, "file")
        self._take(second, "serve", procedure="summons", reason="The order will lapse")
        self.assertFalse(second.hold_id)
        end = self._take(first, "withdraw")
        self.assertEqual((first.hold_id.state, second.hold_id.state), ("released", "open"))
        self.assertEqual(first.item_ids.verdict, "handed_over")
        self.assertEqual(first.case_id.stage_kind, "litigation")
        first.with_user(self.manager)._undo_step(end, "Another case")
        self._take(second, "withdraw", procedure="summons")
        self.assertEqual((first.item_ids.verdict, first.hold_id.state), ("handed_over", "open"))
        self._take(first, "withdraw")
        self.assertNotEqual(first.item_ids.verdict, "handed_over")

    def test_it_holds_what_is_added_in_one_hold(self):
        first = self._sue()
        case = first.case_id
        other = self._overdue_item(700)
        second = self.root["collection.proceeding"]._open(
            case, first.item_ids | other, self._procedure("summons")
        )
        second.without_handover_reason = "Taken over"
        second = second.with_user(self.accountant)
        self._take(first, "file")
        self._take(second, "serve", procedure="summons", reason="The order will lapse")
        self.assertEqual(second.hold_id.line_ids.item_id, other)
        self._take(first, "withdraw")
        self.assertEqual(second.hold_id.line_ids.item_id, first.item_ids | other)
        self._take(second, "withdraw", procedure="summons")
        self.assertFalse(case.hold_ids.filtered(lambda hold: hold.state == "open"))

    def test_what_a_handover_held_stays_held_by_the_court(self):
        handover = self._approve(self._request())
        item = handover.item_ids
        proceeding = self.root["collection.proceeding"]._open(
            item.case_id, item, self._procedure("summons")
        )
        proceeding.without_handover_reason = "Taken over"
        proceeding = proceeding.with_user(self.accountant)
        self._take(proceeding, "serve", procedure="summons")
        self.assertFalse(proceeding.hold_id)
        handover._end("recall", "Taken over by the other one")
        self.assertEqual(handover.hold_id.state, "released")
        self.assertEqual((proceeding.hold_id.state, item.verdict), ("open", "handed_over"))
        self.assertEqual(item.case_id.stage_kind, "litigation")

    # === CONTACTS === #

    def test_a_handover_withdraws_what_was_planned(self):
        handover = self._request()
        planned = self._plan(handover.case_id, handover.sudo().item_ids)
        activity = planned.activity_id
        self._approve(handover)
        self.assertEqual(planned.state, "cancelled")
        self.assertFalse(activity.exists().filtered("active"))

    def test_a_proceeding_withdraws_what_was_planned_of_it(self):
        proceeding = self._sue()
        case, item = proceeding.case_id, proceeding.item_ids
        other = self._overdue_item(700)
        planned, proposed = self._plan(case, item), self._plan(case, item, "proposed")
        kept, mixed = self._plan(case, other), self._plan(case, item | other)
        self._take(proceeding, "file")
        self.assertEqual((planned | proposed).mapped("state"), ["cancelled"] * 2)
        self.assertEqual((kept | mixed).mapped("state"), ["planned"] * 2)
        self.assertTrue(kept.activity_id)

    def test_what_names_no_invoice_is_withdrawn_with_the_last_of_them(self):
        proceeding = self._sue()
        case = proceeding.case_id
        other = self._overdue_item(700)
        general = self._plan(case, other[:0])
        self._take(proceeding, "file")
        self.assertEqual(general.state, "planned")
        second = self.root["collection.proceeding"]._open(
            case, other, self._procedure("order_commercial")
        )
        second.without_handover_reason = "Taken over"
        self._take(second.with_user(self.accountant), "file")
        self.assertEqual(general.state, "cancelled")

    def test_what_a_person_plans_later_stays(self):
        proceeding = self._sue()
        self._take(proceeding, "file", TODAY - timedelta(days=1))
        planned = self._plan(proceeding.case_id, proceeding.item_ids)
        self._take(proceeding, "grant")
        self.assertEqual(planned.state, "planned")

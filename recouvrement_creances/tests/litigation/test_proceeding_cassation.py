from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY
from .common import LitigationCommon

SUMMONS = {"procedure": "summons"}
INTEREST = {"grants_legal_interest": True}


@tagged("post_install", "-at_install")
class TestProceedingCassation(LitigationCommon):
    """What was quashed is no title: the first judgement lives again (CPC 625)."""

    def _go(self, *keys, **values):
        proceeding = self._sue(procedure="summons")
        self._walk(proceeding, "serve", "file", *keys, **values)
        return proceeding

    def _walk(self, proceeding, *keys, **values):
        for key in keys:
            self._take(proceeding, key, **SUMMONS, **values)

    def _undo_last(self, proceeding):
        last = proceeding._get_effective_events().sorted("id")[-1:]
        proceeding.with_user(self.manager)._undo_step(last, "Another case")

    def _read(self, proceeding):
        return (
            proceeding.state,
            proceeding.title_date,
            proceeding.amount_granted,
            proceeding.judgement_id.filtered(lambda one: one.state == "standing").enforceable_on,
        )

    def _titled_on_appeal(self, then=()):
        proceeding = self._go("reject", "appeal")
        self._take(proceeding, "appeal_judge", **SUMMONS, amount_granted=5000, **INTEREST)
        self._walk(proceeding, "entitle", *then)
        return proceeding

    def test_what_was_granted_on_appeal_alone_is_no_title_any_more(self):
        for then, state in (((), "enforceable"), (("enforce",), "enforcement")):
            with self.subTest(state):
                proceeding = self._titled_on_appeal(then)
                before = (state, TODAY, 5000, TODAY)
                self.assertEqual(self._read(proceeding), before)
                self._walk(proceeding, "refer")
                self.assertEqual(self._read(proceeding), ("appealed", False, 0, False))
                self.assertEqual(self._states(proceeding), {"dropped"})
                with self.assertRaisesRegex(UserError, "does not follow"), self.cr.savepoint():
                    self._walk(proceeding, "entitle")
                self._undo_last(proceeding)
                self.assertEqual(self._read(proceeding), before)
                self.assertIn("open", self._states(proceeding))

    def _states(self, proceeding):
        titles = proceeding.deadline_ids.filtered(lambda one: one.rule_code == "title.execution")
        return set(titles.mapped("state"))

    def test_what_is_decided_anew_grants_interest_and_a_title_again(self):
        proceeding = self._titled_on_appeal()
        self._walk(proceeding, "refer")
        form = self._open_form(proceeding, "appeal_judge")
        self.assertTrue(form.asks_interest)
        self._take(proceeding, "appeal_judge", **SUMMONS, amount_granted=4000, **INTEREST)
        self._walk(proceeding, "entitle")
        self.assertEqual(self._read(proceeding), ("enforceable", TODAY, 4000, TODAY))

    def _open_form(self, proceeding, key):
        return self.env["collection.proceeding.step"].new(
            {"proceeding_id": proceeding.id, "step_id": self._step(key, "summons").id}
        )

    def test_a_first_judgement_that_was_overturned_lives_again(self):
        proceeding = self._go("judge", "notify", amount_granted=4000, costs_granted=90, **INTEREST)
        self._walk(proceeding, "entitle", "appeal", "appeal_overturn")
        self.assertEqual(self._read(proceeding), ("rejected", False, 0, False))
        self._walk(proceeding, "refer")
        self.assertEqual(self._read(proceeding), ("appealed", False, 4000, False))
        self.assertEqual(proceeding.costs_granted, 90)
        self.assertEqual(proceeding.judgement_id.state, "standing")
        self.assertFalse(proceeding._is_dismissed())
        self._walk(proceeding, "entitle")
        self.assertEqual(self._read(proceeding), ("enforceable", TODAY, 4000, TODAY))
        for _turn in range(2):
            self._undo_last(proceeding)
        self.assertEqual(self._read(proceeding), ("rejected", False, 0, False))

    def test_a_first_judgement_keeps_its_title_and_what_it_had_granted(self):
        proceeding = self._go("judge", amount_granted=4000)
        self._walk(proceeding, "entitle", "appeal")
        self._take(proceeding, "appeal_judge", **SUMMONS, amount_granted=5000, **INTEREST)
        self._walk(proceeding, "refer")
        self.assertEqual(self._read(proceeding), ("enforceable", TODAY, 4000, False))
        self.assertEqual(self._states(proceeding), {"open"})
        self.assertEqual(proceeding.judgement_id.state, "cancelled")

    def test_interest_that_came_with_the_title_of_what_was_quashed_ends(self):
        proceeding = self._go("judge", "appeal", amount_granted=4000)
        self._take(proceeding, "appeal_judge", **SUMMONS, amount_granted=5000)
        self._walk(proceeding, "entitle", **INTEREST)
        self.assertEqual(proceeding.judgement_id.state, "standing")
        self._walk(proceeding, "refer")
        self.assertEqual(self._read(proceeding), ("enforceable", TODAY, 4000, False))
        self._undo_last(proceeding)
        self.assertEqual(self._read(proceeding), ("enforceable", TODAY, 5000, TODAY))

    def test_what_was_quashed_twice_leaves_the_first_judgement_its_interest(self):
        proceeding = self._go("judge", amount_granted=4000, **INTEREST)
        self._walk(proceeding, "appeal", "appeal_overturn", "refer", "entitle")
        again = proceeding.judgement_id
        self._take(proceeding, "appeal_judge", **SUMMONS, amount_granted=5000)
        self._walk(proceeding, "refer")
        self.assertEqual(proceeding.judgement_id, again)
        self.assertEqual(self._read(proceeding), ("enforceable", TODAY, 4000, TODAY))

    def test_limitation_that_a_dismissal_on_appeal_had_voided_is_interrupted_again(self):
        proceeding = self._go("judge", "appeal", "appeal_overturn", amount_granted=4000)
        claims = proceeding.event_ids.limitation_event_id
        self.assertEqual(claims.mapped("state"), ["void"])
        self._walk(proceeding, "refer")
        claims = proceeding.event_ids.limitation_event_id
        self.assertIn(claims.state, ("noted", "confirmed"))
        self._undo_last(proceeding)
        self.assertEqual(proceeding.event_ids.limitation_event_id.mapped("state"), ["void"])

    # === AN APPEAL THAT ENDS WITHOUT A DECISION === #

    def test_an_appeal_that_is_withdrawn_leaves_the_judgement(self):
        proceeding = self._go("judge", "appeal", "appeal_end", amount_granted=4000)
        self.assertEqual(self._read(proceeding), ("judged", False, 4000, False))
        self.assertNotIn(self._step("appeal_judge", "summons"), proceeding._get_offered_steps())
        self._walk(proceeding, "entitle")
        self.assertEqual(proceeding.state, "enforceable")
        titled = self._go("judge", "entitle", "appeal", "appeal_end", amount_granted=4000)
        self.assertEqual(self._read(titled), ("enforceable", TODAY, 4000, False))
        self._undo_last(titled)
        self.assertIn(self._step("appeal_end", "summons"), titled._get_offered_steps())

    def test_an_appeal_that_is_withdrawn_leaves_the_dismissal_for_good(self):
        proceeding = self._go("reject", "appeal")
        withdraw = self._step("withdraw", "summons")
        self.assertNotIn(withdraw, proceeding._get_offered_steps())
        with self.assertRaisesRegex(UserError, "does not follow"), self.cr.savepoint():
            self._walk(proceeding, "withdraw")
        self.assertTrue(proceeding._is_followed())
        self._walk(proceeding, "appeal_end")
        self.assertEqual((proceeding.state, proceeding.hold_id.state), ("rejected", "open"))
        self.assertEqual(proceeding.item_ids.verdict, "handed_over")
        self.assertIn("the dismissal stands", str(proceeding.activity_ids.mapped("summary")))
        self.assertEqual(proceeding.event_ids.limitation_event_id.mapped("state"), ["void"])
        # Nothing is left that counsel has to do.
        self.assertFalse(proceeding._is_followed())
        self._undo_last(proceeding)
        self.assertEqual(proceeding.state, "appealed")
        self.assertNotIn("void", proceeding.event_ids.limitation_event_id.mapped("state"))
        self.assertFalse(proceeding.activity_ids)

    def test_what_was_sent_back_and_not_taken_up_leaves_the_first_judgement(self):
        proceeding = self._go("judge", "appeal", "appeal_overturn", amount_granted=4000)
        self._walk(proceeding, "refer", "appeal_end")
        self.assertEqual(self._read(proceeding), ("judged", False, 4000, False))

    def test_an_interim_order_that_was_refused_lets_its_items_go_again(self):
        proceeding = self._sue(procedure="interim")
        for key in ("serve", "file", "reject", "appeal"):
            self._take(proceeding, key, procedure="interim")
        self.assertEqual(proceeding.hold_id.state, "open")
        self._take(proceeding, "appeal_end", procedure="interim")
        self.assertEqual((proceeding.state, proceeding.hold_id.state), ("rejected", "released"))

    def test_nobody_has_to_choose_once_it_was_sent_back(self):
        proceeding = self._go("judge", "appeal", "appeal_overturn", amount_granted=4000)
        task = self.env.ref("mail.mail_activity_data_todo")
        self.assertIn(task, proceeding.activity_ids.activity_type_id)
        self._walk(proceeding, "refer")
        self.assertNotIn(task, proceeding.activity_ids.activity_type_id)
        self._undo_last(proceeding)
        self.assertIn(task, proceeding.activity_ids.activity_type_id)
        self.assertEqual(proceeding.hold_id.state, "open")

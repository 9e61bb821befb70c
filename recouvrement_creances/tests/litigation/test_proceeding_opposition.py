from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY
from .common import LitigationCommon

# Later on the day on which tests run: what is decided on that day is decided after it.
HEARING = datetime(2026, 3, 16, 15, 0)
SUMMONS = {"procedure": "summons"}
INTEREST = {"grants_legal_interest": True}
AGAIN = {"hear", "judge", "default", "default_last", "reject", "oppose_end"}


@tagged("post_install", "-at_install")
class TestProceedingOpposition(LitigationCommon):
    """A judgement by default is opposed, and stands until its judge gives another (CPC 572)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The company of the tests has its seat abroad, where deadlines are longer.
        cls.company.partner_id.sudo().write(
            {"country_id": cls.root.ref("base.fr").id, "zip": "75001"}
        )

    def _default(self, *keys, judgement="default_last", **values):
        """Return a summons that was judged by default for 4,000 with legal interest."""
        proceeding = self._sue(procedure="summons")
        self._walk(proceeding, "serve", "file")
        granted = {"amount_granted": 4000, "costs_granted": 90, **INTEREST, **values}
        self._take(proceeding, judgement, **SUMMONS, **granted)
        self._walk(proceeding, *keys)
        return proceeding

    def _walk(self, proceeding, *keys):
        for key in keys:
            self._take(proceeding, key, **SUMMONS, hearing=HEARING)

    def _offer(self, proceeding):
        names = proceeding._get_offered_steps().get_external_id().values()
        return {name.partition("step_summons_")[2] for name in names}

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

    def _states(self, proceeding, code):
        found = proceeding.deadline_ids.filtered(lambda one: one.rule_code == code)
        return found.sorted("id").mapped("state")

    def assertRefused(self, proceeding, *keys):
        self.assertFalse(set(keys) & self._offer(proceeding))
        for key in keys:
            with (
                self.subTest(key),
                self.assertRaisesRegex(UserError, "does not follow"),
                self.cr.savepoint(),
            ):
                self._walk(proceeding, key)

    # === THE DEBTOR'S TIME === #

    def test_the_debtor_s_time_runs_from_the_notification(self):
        proceeding = self._default()
        self.assertFalse(self._states(proceeding, "judgement.opposition"))
        self._walk(proceeding, "notify")
        opposition = self._deadline(proceeding, "judgement.opposition")
        self.assertEqual(
            (opposition.state, opposition.purpose, opposition.party, opposition.legal_date),
            ("open", "watch", "debtor", date(2026, 4, 16)),
        )
        self.assertEqual(self._states(proceeding, "judgement.default"), ["done"])
        # Nobody appeals against what was judged in last resort.
        self.assertFalse(self._states(proceeding, "judgement.appeal"))
        self.assertFalse(self._states(proceeding, "judgement.own_appeal"))
        self.assertRefused(proceeding, "appeal")
        with self.on(40) as day:
            self.root["collection.deadline"]._warn(self.company, day)
            self.assertEqual(opposition.state, "elapsed")

    def test_other_judgements_are_appealed_against_and_not_opposed(self):
        for key in ("judge", "default"):
            with self.subTest(key):
                proceeding = self._default("notify", judgement=key)
                self.assertFalse(self._states(proceeding, "judgement.opposition"))
                self.assertEqual(self._states(proceeding, "judgement.appeal"), ["open"])
                self.assertIn("appeal", self._offer(proceeding))
                self.assertRefused(proceeding, "oppose", "oppose_end")

    def test_an_opposition_ends_that_time_and_comes_back_with_it(self):
        proceeding = self._default("notify", "oppose")
        self.assertEqual(proceeding.state, "opposed")
        self.assertEqual(self._states(proceeding, "judgement.opposition"), ["dropped"])
        self.assertEqual(proceeding.hold_id.state, "open")
        self._undo_last(proceeding)
        self.assertEqual(proceeding.state, "judged")
        self.assertEqual(self._states(proceeding, "judgement.opposition"), ["dropped", "open"])
        self.assertIn("oppose", self._offer(proceeding))

    def test_who_opposes_before_the_notification_leaves_it_to_be_made(self):
        proceeding = self._default("oppose")
        self.assertEqual(self._states(proceeding, "judgement.default"), ["open"])
        self._walk(proceeding, "notify")
        # His time does not begin once he has opposed.
        self.assertFalse(self._states(proceeding, "judgement.opposition"))
        unnotified = self._default("oppose", "judge")
        self.assertEqual(self._states(unnotified, "judgement.default"), ["dropped"])

    # === BEFORE THE SAME JUDGE === #

    def test_it_is_heard_and_judged_again(self):
        proceeding = self._default("notify", "oppose")
        self.assertLessEqual(AGAIN | {"withdraw", "settle", "entitle"}, self._offer(proceeding))
        self.assertRefused(proceeding, "oppose", "appeal", "enforce")
        former = proceeding.judgement_id
        self._walk(proceeding, "hear")
        self.assertEqual((proceeding.state, proceeding.next_hearing), ("hearing", HEARING))
        self.assertEqual((proceeding.amount_granted, former.state), (4000, "standing"))
        form = self.env["collection.proceeding.step"].new(
            {"proceeding_id": proceeding.id, "step_id": self._step("judge", "summons").id}
        )
        self.assertTrue(form.asks_interest)
        self._take(proceeding, "judge", **SUMMONS, amount_granted=3000, **INTEREST)
        self.assertEqual(self._read(proceeding), ("judged", False, 3000, False))
        self.assertEqual((proceeding.costs_granted, proceeding.next_hearing), (0, False))
        self.assertEqual((former.state, proceeding.judgement_id.state), ("cancelled", "standing"))
        self.assertNotEqual(proceeding.judgement_id, former)
        self.assertIn("appeal", self._offer(proceeding))
        self._undo_last(proceeding)
        self.assertEqual(self._read(proceeding), ("hearing", False, 4000, False))
        self.assertEqual(proceeding.judgement_id.state, "standing")

    def test_an_opposition_to_an_opposition_is_nothing(self):
        proceeding = self._default("notify", "oppose")
        self._take(proceeding, "default_last", **SUMMONS, amount_granted=4000)
        self.assertRefused(proceeding, "oppose", "appeal")
        with self.on(1) as day:
            self._take(proceeding, "notify", day, **SUMMONS)
        self.assertEqual(self._states(proceeding, "judgement.opposition"), ["dropped"])
        self.assertFalse(self._states(proceeding, "judgement.appeal"))

    def test_what_is_withdrawn_meanwhile_is_amicable_again(self):
        proceeding = self._default("oppose", "withdraw")
        self.assertEqual((proceeding.state, proceeding.hold_id.state), ("withdrawn", "released"))
        self.assertFalse(set(proceeding.deadline_ids.mapped("state")) & {"open", "missed"})

    def test_an_opposition_runs_through_a_settlement(self):
        proceeding = self._default("oppose", "settle", "resume")
        self.assertEqual(proceeding.state, "opposed")
        self.assertLessEqual(AGAIN, self._offer(proceeding))

    def test_nobody_is_heard_again_without_an_opposition(self):
        proceeding = self._default("notify", "entitle")
        self.assertRefused(proceeding, *AGAIN)
        self._walk(proceeding, "enforce")
        self.assertRefused(proceeding, *AGAIN)

    def test_no_title_is_made_while_a_first_judge_hears_of_it(self):
        proceeding = self._sue(procedure="summons")
        self._walk(proceeding, "serve", "file", "hear")
        self.assertRefused(proceeding, "entitle", "oppose_end")

    def test_a_judgement_that_was_noted_anew_goes_with_its_step_too(self):
        proceeding = self._default("oppose", "judge")
        for _turn in range(3):
            self._undo_last(proceeding)
        self.assertEqual(proceeding.state, "filed")
        self.assertFalse(proceeding.judgement_id)
        judgements = proceeding.case_id.judgement_ids
        self.assertEqual(set(judgements.mapped("state")), {"cancelled"})

    # === THE TITLE === #

    def _titled(self, *keys):
        return self._default("notify", "entitle", *keys)

    def test_a_title_stays_until_another_judgement(self):
        for enforced, state in (((), "enforceable"), (("enforce",), "enforcement")):
            with self.subTest(state):
                proceeding = self._titled(*enforced)
                former = proceeding.judgement_id
                before = (state, TODAY, 4000, TODAY)
                self._walk(proceeding, "oppose", "hear")
                self.assertEqual(self._read(proceeding), before)
                self.assertEqual(proceeding.next_hearing, HEARING)
                self.assertEqual(self._states(proceeding, "title.execution"), ["open"])
                self._take(proceeding, "judge", **SUMMONS, amount_granted=3000)
                self.assertEqual(self._read(proceeding), ("judged", False, 3000, False))
                self.assertEqual(self._states(proceeding, "title.execution"), ["dropped"])
                self.assertEqual(former.state, "cancelled")
                self.assertRefused(proceeding, "enforce")
                self._undo_last(proceeding)
                self.assertEqual(self._read(proceeding), before)
                self.assertEqual(self._states(proceeding, "title.execution"), ["dropped", "open"])
                self._take(proceeding, "judge", **SUMMONS, amount_granted=3000, **INTEREST)
                self._walk(proceeding, "entitle")
                self.assertEqual(self._read(proceeding), ("enforceable", TODAY, 3000, TODAY))

    def test_a_dismissal_takes_title_interest_and_grants_away(self):
        proceeding = self._titled("oppose")
        claim = proceeding.event_ids.limitation_event_id
        former = proceeding.judgement_id
        self._walk(proceeding, "reject")
        self.assertEqual(self._read(proceeding), ("rejected", False, 0, False))
        self.assertEqual((proceeding.costs_granted, former.state), (0, "cancelled"))
        self.assertEqual(self._states(proceeding, "title.execution"), ["dropped"])
        self.assertEqual(proceeding.item_ids.verdict, "handed_over")
        self.assertTrue(claim.is_doubtful)
        task = self.env.ref("mail.mail_activity_data_todo")
        self.assertIn(task, proceeding.activity_ids.activity_type_id)
        self._undo_last(proceeding)
        self.assertEqual(self._read(proceeding), ("enforceable", TODAY, 4000, TODAY))
        self.assertEqual(proceeding.costs_granted, 90)
        self.assertNotIn(task, proceeding.activity_ids.activity_type_id)
        self.assertLessEqual(AGAIN, self._offer(proceeding))

    def test_a_dismissal_without_a_title_takes_interest_away_too(self):
        proceeding = self._default("oppose", "reject")
        self.assertEqual(self._read(proceeding), ("rejected", False, 0, False))
        self.assertEqual(proceeding.judgement_id.state, "cancelled")

    def test_what_may_be_enforced_provisionally_becomes_a_title_meanwhile(self):
        proceeding = self._default("oppose", "hear", "entitle")
        self.assertEqual(self._read(proceeding), ("enforceable", TODAY, 4000, TODAY))
        self.assertLessEqual(AGAIN, self._offer(proceeding))

    def test_an_opposition_that_is_refused_leaves_the_judgement(self):
        proceeding = self._default("notify", "oppose", "hear", "oppose_end")
        self.assertEqual(self._read(proceeding), ("judged", False, 4000, False))
        self.assertFalse(proceeding.next_hearing)
        self.assertRefused(proceeding, "oppose", "hear", "judge", "appeal")
        self._walk(proceeding, "entitle")
        self._undo_last(proceeding)
        self._undo_last(proceeding)
        self.assertEqual((proceeding.state, proceeding.next_hearing), ("hearing", HEARING))
        for enforced, state in (((), "enforceable"), (("enforce",), "enforcement")):
            with self.subTest(state):
                titled = self._titled(*enforced, "oppose", "oppose_end")
                self.assertEqual(self._read(titled), (state, TODAY, 4000, TODAY))
                self.assertEqual(self._states(titled, "title.execution"), ["open"])

    # === INTERIM ORDERS === #

    def _interim(self, *keys, order="default_last"):
        """Return an interim payment that was ordered by default for 4,000."""
        interim = {"procedure": "interim", "hearing": HEARING, "amount_granted": 4000}
        proceeding = self._sue(procedure="interim")
        for key in ("serve", "file", order, *keys):
            self._take(proceeding, key, **interim)
        return proceeding

    def test_an_interim_order_by_default_is_opposed_within_fifteen_days(self):
        proceeding = self._interim("notify")
        opposition = self._deadline(proceeding, "interim.opposition")
        self.assertEqual(
            (opposition.state, opposition.party, opposition.legal_date, opposition.article),
            ("open", "debtor", date(2026, 3, 31), "CPC 490, 643"),
        )
        # Nobody appeals against what was ordered in last resort.
        for code in ("interim.appeal", "interim.own_appeal"):
            self.assertFalse(self._states(proceeding, code))
        with self.assertRaisesRegex(UserError, "does not follow"), self.cr.savepoint():
            self._take(proceeding, "appeal", procedure="interim")
        with self.on(16) as day:
            with self.assertRaisesRegex(UserError, "His time ended"), self.cr.savepoint():
                self._take(proceeding, "oppose", day, procedure="interim")
            self._take(proceeding, "oppose", day, procedure="interim", reason="Relief")
        self.assertEqual((proceeding.state, opposition.state), ("opposed", "elapsed"))

    def test_other_interim_orders_are_appealed_against(self):
        proceeding = self._interim("notify", order="judge")
        self.assertEqual(self._states(proceeding, "interim.appeal"), ["open"])
        with self.assertRaisesRegex(UserError, "does not follow"), self.cr.savepoint():
            self._take(proceeding, "oppose", procedure="interim")

    def test_an_interim_order_stands_until_another_one(self):
        proceeding = self._interim("notify", "entitle", "oppose", "hear")
        self.assertEqual(self._read(proceeding)[:3], ("enforceable", TODAY, 4000))
        self._take(proceeding, "judge", procedure="interim", amount_granted=3000)
        self.assertEqual(self._read(proceeding)[:3], ("judged", False, 3000))
        self._undo_last(proceeding)
        self._take(proceeding, "oppose_end", procedure="interim")
        self.assertEqual(self._read(proceeding)[:3], ("enforceable", TODAY, 4000))
        dismissed = self._interim("oppose", "reject")
        # An interim judge says nothing of the debt itself.
        self.assertEqual((dismissed.state, dismissed.hold_id.state), ("rejected", "released"))

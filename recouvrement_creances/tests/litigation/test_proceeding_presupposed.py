from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import TODAY
from .common import LitigationCommon

# Later on the day on which tests run: what is decided on that day is decided after it.
HEARING = datetime(2026, 3, 16, 15, 0)
ORDERED = ("file", "grant", "serve")
OPPOSED = (*ORDERED, "oppose", "hear")


@tagged("post_install", "-at_install")
class TestProceedingPresupposed(LitigationCommon):
    """A step is offered and accepted once what it presupposes took place, and not after."""

    def _go(self, *keys, procedure="order_commercial"):
        proceeding = self._sue(procedure=procedure)
        self._walk(proceeding, *keys, procedure=procedure)
        return proceeding

    def _walk(self, proceeding, *keys, procedure="order_commercial"):
        for key in keys:
            self._take(proceeding, key, procedure=procedure, hearing=HEARING)

    def _offer(self, proceeding, procedure="order_commercial"):
        names = proceeding._get_offered_steps().get_external_id().values()
        return {name.partition(f"step_{procedure}_")[2] for name in names}

    def assertRefused(self, proceeding, *keys, procedure="order_commercial"):
        self.assertFalse(set(keys) & self._offer(proceeding, procedure))
        for key in keys:
            with (
                self.subTest(key),
                self.assertRaisesRegex(UserError, "does not follow"),
                self.cr.savepoint(),
            ):
                self._walk(proceeding, key, procedure=procedure)

    # === ORDERS === #

    def test_an_order_that_nobody_opposed_is_neither_judged_nor_appealed(self):
        proceeding = self._go(*ORDERED)
        tried = ("clerk", "hear", "judge", "dismiss", "notify", "appeal", "appeal_judge")
        self.assertRefused(proceeding, *tried, "appeal_overturn", "appeal_hear")
        with self.on(40) as day:
            self._take(proceeding, "entitle", day)
            self.assertEqual(self._offer(proceeding), {"fees", "enforce", "settle", "close"})
            self.assertRefused(proceeding, *tried, "appeal_overturn", "appeal_hear")
            self._take(proceeding, "enforce", day)
            self.assertRefused(proceeding, *tried, "appeal_overturn", "appeal_hear")

    def test_an_order_that_was_opposed_is_no_order_any_more(self):
        proceeding = self._go(*ORDERED, "oppose")
        self.assertIn("clerk", self._offer(proceeding))
        self._walk(proceeding, "hear")
        self.assertRefused(proceeding, "grant", "reject", "entitle")
        self._walk(proceeding, "judge", "notify")
        self.assertRefused(proceeding, "clerk", "hear")
        self.assertNotIn("notify", self._offer(proceeding))
        with self.on(40) as day:
            self._take(proceeding, "entitle", day)
        self.assertRefused(proceeding, "clerk", "hear", "appeal_judge", "appeal_overturn")
        self.assertIn("appeal", self._offer(proceeding))

    def test_nothing_is_enforced_without_a_title(self):
        for keys in ((), ("file",), ("file", "grant"), ("file", "grant", "serve")):
            with self.subTest(keys):
                proceeding = self._go(*keys)
                self.assertNotIn("enforce", self._offer(proceeding))
                self.assertRefused(proceeding, "enforce")
        interim = self._go("serve", "file", "hear", "judge", procedure="interim")
        self.assertRefused(interim, "enforce", procedure="interim")

    def test_a_lawyer_is_needed_once_the_debtor_has_opposed(self):
        proceeding = self._go("file", "grant", "serve", procedure="order_civil")
        self.assertNotIn("lawyer_asked", self._offer(proceeding, "order_civil"))
        self._walk(proceeding, "oppose", procedure="order_civil")
        self.assertIn("lawyer_asked", self._offer(proceeding, "order_civil"))

    def test_an_order_is_served_once_it_was_made(self):
        proceeding = self._sue()
        self.assertRefused(proceeding, "serve")

    def test_a_claim_that_is_dismissed_after_an_opposition_is_no_refused_request(self):
        for procedure in ("order_commercial", "order_civil", "european_order"):
            with self.subTest(procedure):
                proceeding = self._go(*OPPOSED, procedure=procedure)
                dismiss, reject = (self._step(key, procedure) for key in ("dismiss", "reject"))
                self.assertEqual(dismiss.name, "Claim dismissed")
                self.assertIn(dismiss, proceeding._get_offered_steps())
                self.assertNotIn(reject, proceeding._get_offered_steps())
                step = self._take(proceeding, "dismiss", procedure=procedure)
                self.assertEqual((proceeding.state, step._is_dismissal()), ("rejected", True))
                self.assertEqual(self._deadline(proceeding, "judgement.own_appeal").state, "open")

    def test_a_request_that_is_refused_knows_no_appeal(self):
        proceeding = self._go("file", "reject")
        self.assertEqual(self._offer(proceeding), {"fees", "close"} & self._offer(proceeding))
        self.assertRefused(proceeding, "appeal", "appeal_hear", "appeal_judge")

    # === APPEALS === #

    def test_an_appeal_needs_no_hearing_and_is_decided_on(self):
        proceeding = self._go("serve", "file", "reject", procedure="summons")
        self.assertRefused(proceeding, "appeal_judge", "appeal_overturn", procedure="summons")
        task = self.env.ref("mail.mail_activity_data_todo")
        self.assertIn(task, proceeding.activity_ids.activity_type_id)
        appeal = self._take(proceeding, "appeal", procedure="summons")
        self.assertEqual((proceeding.state, proceeding.hearing_ids.ids), ("appealed", []))
        self.assertNotIn(task, proceeding.activity_ids.activity_type_id)
        offer = self._offer(proceeding, "summons")
        self.assertLessEqual({"appeal_hear", "appeal_judge", "appeal_overturn"}, offer)
        self.assertFalse({"hear", "appeal", "entitle", "grant"} & offer)
        self.assertRefused(proceeding, "hear", "appeal", "entitle", procedure="summons")
        self._walk(proceeding, "appeal_hear", procedure="summons")
        self.assertEqual((proceeding.state, len(proceeding.hearing_ids)), ("appealed", 1))
        self._take(proceeding, "appeal_judge", procedure="summons", amount_granted=4000)
        self.assertEqual(proceeding.state, "judged")
        self.assertRefused(proceeding, "appeal", "appeal_judge", procedure="summons")
        self._undo_all_after(proceeding, appeal)

    def _undo_all_after(self, proceeding, appeal):
        proceeding = proceeding.with_user(self.manager)
        task = self.env.ref("mail.mail_activity_data_todo")
        for expected in ("appealed", "appealed", "rejected"):
            last = proceeding._get_effective_events().sorted("id")[-1:]
            proceeding._undo_step(last, "Another case")
            self.assertEqual(proceeding.state, expected)
        self.assertTrue(appeal.is_undone)
        self.assertIn(task, proceeding.activity_ids.activity_type_id)

    def test_the_debtor_s_appeal_puts_it_on_appeal_too(self):
        proceeding = self._go("serve", "file", "judge", "appeal", procedure="summons")
        self.assertEqual(proceeding.state, "appealed")
        # What was judged may be enforced meanwhile.
        self._walk(proceeding, "entitle", procedure="summons")
        self.assertEqual(proceeding.state, "enforceable")
        self.assertIn("appeal_judge", self._offer(proceeding, "summons"))
        self._take(proceeding, "appeal_overturn", procedure="summons")
        self.assertEqual(proceeding.state, "rejected")
        self.assertRefused(proceeding, "appeal", "appeal_judge", procedure="summons")
        # A cassation brings it back before a court of appeal.
        self.assertRefused(proceeding, "appeal_hear", procedure="summons")
        self._walk(proceeding, "refer", procedure="summons")
        self.assertEqual(proceeding.state, "appealed")
        self._walk(proceeding, "appeal_hear", "appeal_judge", procedure="summons")
        self.assertEqual(proceeding.state, "judged")
        self.assertRefused(proceeding, "appeal_hear", procedure="summons")

    def test_an_appeal_runs_through_a_settlement(self):
        proceeding = self._go("serve", "file", "judge", "appeal", "settle", procedure="summons")
        self._walk(proceeding, "resume", procedure="summons")
        self.assertEqual(proceeding.state, "appealed")
        self.assertIn("appeal_judge", self._offer(proceeding, "summons"))

    def test_a_european_judgement_is_served_and_appealed(self):
        way = (*OPPOSED, "judge", "notify", "appeal", "appeal_hear", "appeal_judge")
        proceeding = self._go(*way, procedure="european_order")
        self.assertEqual(proceeding.state, "judged")

    def test_a_title_needs_a_decision(self):
        proceeding = self._go("serve", "file", procedure="summons")
        self.assertRefused(proceeding, "entitle", procedure="summons")

    # === HEARINGS === #

    def test_the_same_hearing_stands_in_the_calendar_once(self):
        proceeding = self._go("serve", "file", "hear", "hear", procedure="summons")
        self.assertEqual(len(proceeding.hearing_ids), 1)

    def test_what_has_ended_is_heard_no_more_until_that_is_taken_back(self):
        for key in ("reject", "withdraw", "close"):
            with self.subTest(key):
                proceeding = self._sue(procedure="summons")
                past = datetime.combine(TODAY, datetime.min.time()) - timedelta(days=3)
                for each in ("serve", "file"):
                    self._take(proceeding, each, past.date(), procedure="summons")
                for start in (past, HEARING):
                    self._take(proceeding, "hear", past.date(), procedure="summons", hearing=start)
                held, coming = proceeding.hearing_ids.sorted("start")
                end = self._take(proceeding, key, procedure="summons", reason="Over")
                self.assertEqual(proceeding.hearing_ids, held)
                self.assertFalse(proceeding.next_hearing)
                self.assertFalse(coming.active)
                self.assertNotIn(coming, proceeding.activity_ids.calendar_event_id)
                proceeding.with_user(self.manager)._undo_step(end, "Another case")
                self.assertEqual(proceeding.hearing_ids, held | coming)
                self.assertEqual(proceeding.next_hearing, HEARING)
                self.assertIn(coming, proceeding.activity_ids.calendar_event_id)

    def test_a_hearing_that_is_put_off_stands_on_its_new_day_alone(self):
        proceeding = self._go("serve", "file", "hear", procedure="summons")
        former = proceeding.hearing_ids
        later = HEARING + timedelta(days=30)
        step = self._take(proceeding, "hear", procedure="summons", hearing=later)
        self.assertEqual((len(proceeding.hearing_ids), proceeding.next_hearing), (1, later))
        self.assertFalse(former.active)
        self.assertNotIn(former, proceeding.activity_ids.calendar_event_id)
        proceeding.with_user(self.manager)._undo_step(step, "Another case")
        self.assertEqual((proceeding.hearing_ids, proceeding.next_hearing), (former, HEARING))
        self.assertIn(former, proceeding.activity_ids.calendar_event_id)

    def test_a_hearing_that_has_passed_meanwhile_is_no_task_again(self):
        proceeding = self._sue(procedure="summons")
        self._take(proceeding, "serve", procedure="summons")
        soon = datetime.combine(TODAY, datetime.min.time()) + timedelta(days=5)
        self._take(proceeding, "hear", procedure="summons", hearing=soon)
        held = proceeding.hearing_ids
        end = self._take(proceeding, "withdraw", procedure="summons")
        with self.on(10):
            proceeding.with_user(self.manager)._undo_step(end, "Another case")
            self.assertEqual(proceeding.hearing_ids, held)
            self.assertNotIn(held, proceeding.activity_ids.calendar_event_id)

    def test_a_hearing_that_was_held_and_decided_on_is_no_task_any_more(self):
        proceeding = self._sue(procedure="summons")
        self._take(proceeding, "serve", procedure="summons")
        self._take(proceeding, "file", procedure="summons")
        soon = datetime.combine(TODAY, datetime.min.time()) + timedelta(days=5)
        self._take(proceeding, "hear", procedure="summons", hearing=soon)
        held = proceeding.hearing_ids
        self.assertIn(held, proceeding.activity_ids.calendar_event_id)
        with self.on(10) as day:
            self._take(proceeding, "judge", day, procedure="summons", amount_granted=5000)
            self.assertTrue(held.active)
            self.assertNotIn(held, proceeding.activity_ids.calendar_event_id)

    def test_the_first_court_does_not_hear_an_appeal(self):
        proceeding = self._go("serve", "file", "hear", procedure="summons")
        proceeding.court_id = self.root["collection.court"].search([], limit=1)
        self._take(proceeding, "judge", procedure="summons", amount_granted=5000)
        self._take(proceeding, "appeal", procedure="summons")
        later = HEARING + timedelta(days=30)
        self._take(proceeding, "appeal_hear", procedure="summons", hearing=later)
        hearing = proceeding.hearing_ids.filtered(lambda one: one.start == later)
        self.assertFalse(hearing.location)

    def test_an_order_that_grants_nothing_is_a_refusal(self):
        proceeding = self._sue()
        self._take(proceeding, "file")
        with self.assertRaisesRegex(UserError, "grants nothing"):
            self._take(proceeding, "grant", amount_granted=0)

    def test_a_settlement_keeps_the_hearing(self):
        proceeding = self._go("serve", "hear", "settle", procedure="summons")
        self.assertEqual(proceeding.next_hearing, HEARING)

    def test_what_is_dismissed_was_decided_on_that_day(self):
        proceeding = self._sue()
        self._take(proceeding, "file", TODAY - timedelta(days=5))
        self._take(proceeding, "grant", TODAY - timedelta(days=5), amount_granted=5000)
        self._walk(proceeding, "serve", "oppose", "dismiss")
        self.assertEqual((proceeding.decided_on, proceeding.amount_granted), (TODAY, 0))

    # === AMOUNTS === #

    def test_a_court_grants_no_more_than_was_asked(self):
        proceeding = self._go("serve", "file", procedure="summons")
        with self.assertRaisesRegex(UserError, "CPC 5, 464"), self.cr.savepoint():
            self._take(proceeding, "judge", procedure="summons", amount_granted=50000)
        self._take(proceeding, "judge", procedure="summons", amount_granted=5000)
        self._take(proceeding, "appeal", procedure="summons")
        with self.assertRaisesRegex(UserError, "CPC 5, 464"), self.cr.savepoint():
            self._take(proceeding, "appeal_judge", procedure="summons", amount_granted=50000)

    def test_what_the_file_does_not_know_of_is_granted_with_a_reason(self):
        proceeding = self._go("serve", "file", procedure="summons")
        judge, why = self._step("judge", "summons"), "Penalty clause of 15 %, art. 9 of the terms"
        form = Form(
            self.env["collection.proceeding.step"]
            .with_user(self.accountant)
            .with_context(default_proceeding_id=proceeding.id)
        )
        form.step_id = judge
        self.assertFalse(form.obstacles)
        form.amount_granted = 5750
        self.assertIn("C. civ. 1231-5", form.obstacles)
        self.assertTrue(form.may_explain)
        form.reason = why
        form.attachment_ids.add(self._paper())
        form.save().action_apply()
        self.assertEqual((proceeding.state, proceeding.amount_granted), ("judged", 5750))
        self.assertIn(why, proceeding.event_ids[0].note)
        self.assertIn(why, str(proceeding.message_ids.mapped("body")))

    def test_interest_until_the_day_and_costs_are_above_the_claim(self):
        # Interest and indemnity run beside what was claimed; costs are apart.
        proceeding = self._go("serve", "file", procedure="summons")
        self._take(
            proceeding,
            "judge",
            procedure="summons",
            amount_granted=5040,
            costs_granted=300,
            irrecoverable_granted=1500,
        )
        self.assertEqual(proceeding.amount_granted, 5040)

from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY
from .common import LitigationCommon


@tagged("post_install", "-at_install")
class TestProceedingTitle(LitigationCommon):
    """The title: since when, with which interest, for how long, and its enforcement."""

    def _judge(self, **values):
        """Return a summons that was judged today."""
        proceeding = self._sue(procedure="summons")
        for key in ("serve", "file"):
            self._take(proceeding, key, procedure="summons")
        self._take(proceeding, "judge", procedure="summons", **values)
        return proceeding

    def test_a_judgement_at_the_legal_rate_takes_the_place_of_penalties(self):
        proceeding = self._judge(
            amount_granted=5000,
            costs_granted=120,
            irrecoverable_granted=800,
            grants_legal_interest=True,
            interest_from=date(2026, 2, 1),
        )
        judgement = proceeding.judgement_id
        self.assertRecordValues(
            judgement,
            [{"date": TODAY, "runs_from": date(2026, 2, 1), "enforceable_on": False}],
        )
        self.assertEqual(judgement.item_ids, proceeding.item_ids)
        self.assertEqual(judgement.attachment_ids.mapped("name"), ["judge.pdf"])
        self.assertEqual(proceeding.irrecoverable_granted, 800)
        with self.on(10) as day:
            self._take(proceeding, "entitle", day, "summons")
            self.assertEqual(judgement.enforceable_on, day)

    def test_a_judgement_that_grants_the_agreed_rate_changes_no_interest(self):
        proceeding = self._judge(amount_granted=5000)
        self.assertFalse(proceeding.judgement_id)
        self.assertFalse(proceeding.case_id.judgement_ids)

    def test_a_court_grants_nothing_below_zero(self):
        proceeding = self._sue()
        self._take(proceeding, "file")
        with self.assertRaisesRegex(UserError, "below zero"):
            self._take(proceeding, "grant", amount_granted=100, costs_granted=-5)

    def test_nothing_takes_place_before_there_was_a_debt(self):
        proceeding = self._sue()
        with self.assertRaisesRegex(UserError, "before the first invoice"):
            self._take(proceeding, "file", date(1950, 1, 1))

    def test_interest_does_not_run_before_there_was_a_debt(self):
        given = {"amount_granted": 5000, "grants_legal_interest": True}
        with self.assertRaisesRegex(UserError, "before the first invoice"):
            self._judge(interest_from=date(1990, 1, 1), **given)

    def _entitle(self):
        """Return a summons with a title that grants interest at the legal rate."""
        proceeding = self._judge(amount_granted=5000, grants_legal_interest=True)
        self._take(proceeding, "notify", procedure="summons")
        self._take(proceeding, "entitle", procedure="summons")
        return proceeding

    def test_an_appeal_leaves_the_title_what_it_is(self):
        proceeding = self._entitle()
        hearing = datetime(2026, 3, 16, 15, 0)
        self._take(proceeding, "appeal", procedure="summons")
        self._take(proceeding, "appeal_hear", procedure="summons", hearing=hearing)
        self.assertEqual((proceeding.state, proceeding.next_hearing), ("enforceable", hearing))
        self._take(proceeding, "appeal_judge", procedure="summons", amount_granted=4500)
        self.assertEqual((proceeding.state, proceeding.amount_granted), ("enforceable", 4500))
        self.assertEqual(proceeding.judgement_id.state, "standing")
        self.assertEqual(self._deadline(proceeding, "title.execution").state, "open")

    def test_what_is_dismissed_on_appeal_loses_title_and_interest(self):
        proceeding = self._entitle()
        judgement, claim = proceeding.judgement_id, proceeding.event_ids.limitation_event_id
        self._take(proceeding, "appeal", procedure="summons")
        self._take(proceeding, "appeal_overturn", procedure="summons")
        self.assertEqual((proceeding.state, proceeding.title_date), ("rejected", False))
        self.assertEqual((judgement.state, claim.state), ("cancelled", "void"))
        self.assertEqual(proceeding.amount_granted, 0)
        self.assertEqual(self._deadline(proceeding, "title.execution").state, "dropped")
        # Until a person has decided what is left of the claim.
        self.assertEqual(proceeding.hold_id.state, "open")

    def test_a_dismissal_taken_back_gives_title_and_interest_back(self):
        proceeding = self._entitle()
        judgement = proceeding.judgement_id
        self._take(proceeding, "appeal", procedure="summons")
        event = self._take(proceeding, "appeal_overturn", procedure="summons")
        event = event.with_user(self.manager)
        task = self.env.ref("mail.mail_activity_data_todo")
        self.assertIn(task, proceeding.activity_ids.activity_type_id)
        event.proceeding_id._undo_step(event, "Of another debtor")
        self.assertNotIn(task, proceeding.activity_ids.activity_type_id)
        self.assertEqual((proceeding.state, proceeding.title_date), ("enforceable", TODAY))
        again = proceeding.judgement_id
        self.assertNotEqual(again, judgement)
        self.assertRecordValues(
            again,
            [{"state": "standing", "date": judgement.date, "enforceable_on": TODAY}],
        )
        self.assertEqual(again.item_ids, judgement.item_ids)
        self.assertEqual(proceeding.hold_id.state, "open")

    def test_an_order_with_legal_interest_is_noted_with_its_own_day(self):
        proceeding = self._sue()
        self._take(proceeding, "file")
        self._take(proceeding, "grant")
        self._take(proceeding, "serve")
        with self.on(60) as day:
            # Its two times have passed meanwhile: they are closed by the title all the same.
            self.root["collection.deadline"]._warn(self.company, day)
            enforcement = self._deadline(proceeding, "order.enforcement")
            self.assertEqual(enforcement.state, "elapsed")
            self._take(proceeding, "entitle", day, grants_legal_interest=True)
        self.assertEqual(enforcement.state, "done")
        self.assertEqual(proceeding.judgement_id.date, TODAY)
        self.assertEqual(proceeding.judgement_id.enforceable_on, day)

    def test_an_order_is_no_title_before_its_time(self):
        proceeding = self._sue()
        for key in ("file", "grant", "serve"):
            self._take(proceeding, key)
        with self.on(20) as day, self.assertRaisesRegex(UserError, "04/17/2026.*1422"):
            self._take(proceeding, "entitle", day)

    def test_a_title_lasts_ten_years_whatever_becomes_of_the_proceeding(self):
        proceeding = self._judge()
        self._take(proceeding, "entitle", procedure="summons")
        self.assertEqual((proceeding.state, proceeding.title_date), ("enforceable", TODAY))
        title = self._deadline(proceeding, "title.execution")
        # Sunday 16 March 2036: limitation is not extended.
        self.assertEqual(title.legal_date, date(2036, 3, 16))
        self.assertEqual(title.alarm_date, date(2036, 3, 14))
        self._take(proceeding, "close", procedure="summons", reason="Nothing to seize")
        self.assertEqual(title.state, "open")

    def test_a_title_of_what_was_paid_binds_nobody_any_more(self):
        proceeding = self._judge(amount_granted=5000)
        self._take(proceeding, "entitle", procedure="summons")
        for invoice in proceeding.sudo().item_ids.move_id:
            self._pay(invoice)
        self._take(proceeding, "close", procedure="summons")
        self.assertEqual(self._deadline(proceeding, "title.execution").state, "dropped")

    def test_enforcement_interrupts_and_tells_the_debtor_in_time(self):
        proceeding = self._sue(procedure="enforcement")
        self._take(proceeding, "enforce", procedure="enforcement")
        self.assertEqual(proceeding.state, "enforcement")
        self.assertEqual(proceeding.event_ids.limitation_event_id.kind, "enforcement")
        self.assertEqual(self._deadline(proceeding, "seizure.notice").legal_date, date(2026, 3, 24))
        self._take(proceeding, "notify", procedure="enforcement")
        contest = self._deadline(proceeding, "seizure.contest")
        self.assertEqual((contest.purpose, contest.legal_date), ("watch", date(2026, 4, 16)))

    def test_a_default_judgement_lapses_unless_it_is_notified(self):
        proceeding = self._sue(procedure="summons")
        for key in ("serve", "file"):
            self._take(proceeding, key, procedure="summons")
        self._take(proceeding, "default", procedure="summons")
        default = self._deadline(proceeding, "judgement.default")
        self.assertEqual(default.legal_date, date(2026, 9, 16))
        self._take(proceeding, "notify", procedure="summons")
        self.assertEqual(default.state, "done")
        self.assertEqual(self._deadline(proceeding, "judgement.appeal").state, "open")

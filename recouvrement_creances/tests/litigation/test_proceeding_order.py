from datetime import date, datetime, time, timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import TODAY
from .common import LitigationCommon

SUMMONS = {"procedure": "summons"}
# What each shipped procedure may begin with; nothing else is recorded before it.
FIRST = {
    "attachment": {"file", "enforce", "close"},
    "cheque": {"file", "close"},
    "enforcement": {"enforce", "other", "close"},
    "european_order": {"file", "close"},
    "interim": {"serve", "close"},
    "order_civil": {"file", "close"},
    "order_commercial": {"file", "close"},
    "small_claims": {"file", "close"},
    "summons": {"date", "serve", "close"},
    "traders": {"serve", "close"},
}


def at_nine(day):
    """Return nine o'clock of a day."""
    return datetime.combine(day, time(9))


@tagged("post_install", "-at_install")
class TestProceedingOrder(LitigationCommon):
    """What comes first is recorded first, and on a day that fits."""

    def _walk(self, proceeding, *keys, procedure="summons"):
        for key in keys:
            self._take(proceeding, key, procedure=procedure)
        return proceeding

    def assertRefused(self, proceeding, words, key, day=None, procedure="summons", **values):
        """Check that a step is neither offered, where it comes too early, nor recorded."""
        with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
            self._take(proceeding, key, day, procedure=procedure, **values)

    # === WHAT COMES FIRST === #

    def test_each_procedure_begins_with_its_own_steps(self):
        shipped = self.procedures.search([]).get_external_id().values()
        keys = {name.partition("collection_procedure_")[2] for name in shipped if name}
        self.assertEqual(keys, set(FIRST))
        for key, first in FIRST.items():
            proceeding = self._sue(procedure=key)
            for step in proceeding.procedure_id.step_ids:
                name = step.get_external_id()[step.id].partition(f"_step_{key}_")[2]
                offered = step in proceeding._get_offered_steps()
                with self.subTest(procedure=key, step=name):
                    self.assertEqual(offered, name in first)
                    if not offered:
                        self.assertRefused(
                            proceeding,
                            "does not follow|goes on before the judge",
                            name,
                            procedure=key,
                            hearing=at_nine(TODAY),
                        )

    def test_a_summons_is_served_then_filed_then_judged(self):
        for procedure in ("summons", "interim"):
            with self.subTest(procedure):
                proceeding = self._sue(procedure=procedure)
                named = "“Summons served” first, with its own day"
                self.assertRefused(proceeding, named, "file", procedure=procedure)
                self._walk(proceeding, "serve", procedure=procedure)
                named = "“Filed with the court” first"
                for key in ("judge", "reject"):
                    self.assertRefused(proceeding, named, key, procedure=procedure)
                self._walk(proceeding, "file", procedure=procedure)
                # The court is given it once.
                self.assertRefused(proceeding, "does not follow", "file", procedure=procedure)
                self._walk(proceeding, "judge", procedure=procedure)
                self.assertEqual(proceeding.state, "judged")

    def test_a_hearing_may_be_known_before_the_court_has_the_summons(self):
        proceeding = self._sue(**SUMMONS)
        served, filed = TODAY - timedelta(days=9), TODAY - timedelta(days=5)
        self._take(proceeding, "serve", served, **SUMMONS)
        hearing = at_nine(TODAY + timedelta(days=30))
        self._take(proceeding, "hear", **SUMMONS, hearing=hearing)
        self.assertRefused(proceeding, "“Filed with the court” first", "judge")
        self.assertIn(self._step("file", "summons"), proceeding._get_offered_steps())
        # It is recorded with its own day, which is not of before the service.
        early = served - timedelta(days=1)
        self.assertRefused(proceeding, "the last one is of 03/07/2026", "file", early)
        self._take(proceeding, "file", filed, **SUMMONS)
        self.assertEqual((proceeding.state, proceeding.next_hearing), ("hearing", hearing))

    def test_a_cheque_needs_its_certificate_and_its_service(self):
        cheque = {"procedure": "cheque"}
        proceeding = self._sue(**cheque)
        self._take(proceeding, "file", TODAY - timedelta(days=60), **cheque)
        self.assertRefused(proceeding, "“Certificate of non-payment received”", "serve", **cheque)
        self._take(proceeding, "certificate", TODAY - timedelta(days=25), **cheque)
        self.assertRefused(proceeding, "“Certificate served” first", "entitle", **cheque)
        self._take(proceeding, "serve", TODAY - timedelta(days=20), **cheque)
        self._take(proceeding, "entitle", **cheque)
        self.assertEqual(proceeding.state, "enforceable")

    def test_the_order_between_traders_needs_its_record(self):
        traders = {"procedure": "traders"}
        proceeding, contested = self._sue(**traders), self._sue(**traders)
        for one in (proceeding, contested):
            self._take(one, "serve", TODAY - timedelta(days=60), **traders, reason="Both")
        self._take(contested, "oppose", TODAY - timedelta(days=50), **traders)
        self.assertRefused(contested, "does not follow", "month", **traders)
        self.assertRefused(proceeding, "“Debtor's month over”, “Record", "entitle", **traders)
        self.assertRefused(proceeding, "“Debtor's month over” first", "record", **traders)
        month = TODAY - timedelta(days=25)
        self._take(proceeding, "month", month, **traders)
        self.assertRefused(proceeding, "“Record of non-contestation", "entitle", **traders)
        self._walk(proceeding, "record", "entitle", procedure="traders")
        self.assertEqual(proceeding.state, "enforceable")

    # === DAYS === #

    def test_a_note_is_not_of_before_what_it_follows_on(self):
        early = TODAY - timedelta(days=5)
        proceeding = self._walk(self._sue(**SUMMONS), "serve", "file", "judge")
        self.assertRefused(proceeding, "follows on “Judgement given”", "notify", early)
        order = self._sue()
        self._take(order, "file")
        self.assertRefused(
            order, "follows on “Request filed”", "fees", early, procedure="order_commercial"
        )

    def test_a_note_that_became_known_late_is_recorded_with_its_own_day(self):
        order = self._sue()
        self._take(order, "file", TODAY - timedelta(days=10))
        self._take(order, "grant")
        self._take(order, "fees", TODAY - timedelta(days=8))
        self.assertEqual(self._deadline(order, "order.fees").state, "done")

    def test_nothing_is_decided_before_its_hearing(self):
        proceeding = self._walk(self._sue(**SUMMONS), "serve", "file")
        later = TODAY + timedelta(days=10)
        self._take(proceeding, "hear", **SUMMONS, hearing=at_nine(later))
        for key in ("judge", "reject"):
            self.assertRefused(proceeding, "The hearing is on 03/26/2026", key)
        with self.on(10) as day:
            self._take(proceeding, "judge", day, **SUMMONS)
        self.assertEqual(proceeding.state, "judged")

    def test_nothing_is_decided_on_appeal_before_its_own_hearing(self):
        proceeding = self._walk(self._sue(**SUMMONS), "serve", "file", "judge", "appeal")
        later = at_nine(TODAY + timedelta(days=10))
        self._take(proceeding, "appeal_hear", **SUMMONS, hearing=later)
        for key in ("appeal_judge", "appeal_overturn"):
            self.assertRefused(proceeding, "The hearing is on", key)
        self._take(proceeding, "appeal_judge", **SUMMONS, reason="Without a hearing")
        self.assertEqual(proceeding.state, "judged")

    def test_a_hearing_that_is_brought_forward_is_the_one_that_counts(self):
        proceeding = self._walk(self._sue(**SUMMONS), "serve", "file")
        for days in (90, 0):
            hearing = datetime.combine(TODAY + timedelta(days=days), time(15))
            self._take(proceeding, "hear", **SUMMONS, hearing=hearing)
        self._walk(proceeding, "judge")
        self.assertEqual(proceeding.state, "judged")

    def test_the_dialog_says_so_and_wants_a_reason(self):
        proceeding = self._walk(self._sue(**SUMMONS), "serve", "file")
        self._take(proceeding, "hear", **SUMMONS, hearing=at_nine(TODAY + timedelta(days=10)))
        form = Form(
            self.env["collection.proceeding.step"]
            .with_user(self.accountant)
            .with_context(default_proceeding_id=proceeding.id)
        )
        form.step_id = self._step("judge", "summons")
        self.assertIn("The hearing is on", form.obstacles)
        form.attachment_ids.add(self._paper())
        with self.assertRaisesRegex(AssertionError, "reason"):
            form.save()
        form.reason = "Judged without a hearing"
        form.save().action_apply()
        self.assertIn("without a hearing", proceeding.event_ids[0].note)

    def test_no_hearing_is_of_before_the_summons(self):
        proceeding = self._walk(self._sue(**SUMMONS), "serve")
        early = TODAY - timedelta(days=20)
        held = at_nine(TODAY - timedelta(days=2))
        self.assertRefused(proceeding, "No hearing is held before", "date", early, hearing=held)

    # === THE DATE OF A SUMMONS === #

    def _obtain(self, days, day=None, **vals):
        """Return a summons whose hearing is some days from now."""
        proceeding = self._sue(**SUMMONS)
        hearing = at_nine(TODAY + timedelta(days=days))
        self._take(proceeding, "date", day, **SUMMONS, hearing=hearing)
        return proceeding

    def test_a_summons_that_is_filed_too_late_lapses(self):
        # (kind of debtor, days before the hearing, article)
        cases = (("professional", 8, "CPC 857"), ("consumer", 15, "CPC 754"))
        for kind, days, article in cases:
            self.debtor.collection_debtor_kind = kind
            proceeding = self._walk(self._obtain(40), "serve")
            filing = proceeding.deadline_ids.filtered(lambda one: "filing" in one.rule_code)
            with self.subTest(kind), self.on(40 - days + 1) as day:
                self.assertRefused(proceeding, f"{article}.: what is done after it is void", "file")
                late = {"reason": "The president has shortened the time"}
                step = self._take(proceeding, "file", day, **SUMMONS, **late)
                self.assertEqual((proceeding.state, filing.state), ("filed", "open"))
                self.assertIn("shortened", step.note)
            in_time = self._walk(self._obtain(40), "serve")
            with self.on(40 - days) as day:
                self._take(in_time, "file", day, **SUMMONS)
            filed = in_time.deadline_ids.filtered(lambda one: "filing" in one.rule_code)
            self.assertEqual(filed.state, "done")

    def test_a_summons_that_is_served_too_late_holds_for_another_hearing(self):
        proceeding = self._obtain(10)
        self.assertRefused(proceeding, "served by 03/11/2026 for the hearing of 03/26", "serve")
        self._take(proceeding, "date", **SUMMONS, hearing=at_nine(TODAY + timedelta(days=60)))
        for code in ("summons.service", "summons.filing"):
            deadlines = proceeding.deadline_ids.filtered(
                lambda one, code=code: one.rule_code == code
            )
            self.assertEqual(sorted(deadlines.mapped("state")), ["dropped", "open"])
        self._walk(proceeding, "serve", "file")
        self.assertEqual(proceeding.state, "filed")

    def test_a_date_that_passed_is_not_held_against_another_one(self):
        proceeding = self._obtain(16)
        with self.on(30) as day:
            self.root["collection.deadline"]._warn(self.company, day)
            hearing = at_nine(day + timedelta(days=60))
            self._take(proceeding, "date", day, **SUMMONS, hearing=hearing)
            self._take(proceeding, "serve", day, **SUMMONS)
        self.assertEqual(proceeding.state, "served")

    def test_a_civil_date_that_is_told_late_binds_nobody(self):
        self.debtor.collection_debtor_kind = "consumer"
        self.assertFalse(self._obtain(15).deadline_ids)
        self.assertEqual(len(self._obtain(16).deadline_ids), 2)

    def test_what_was_judged_needs_no_date_any_more(self):
        proceeding = self._walk(self._obtain(40), "serve", "file")
        with self.on(41) as day:
            self._take(proceeding, "judge", day, **SUMMONS)
            self.assertRefused(
                proceeding, "does not follow", "date", day, hearing=at_nine(date(2027, 3, 15))
            )

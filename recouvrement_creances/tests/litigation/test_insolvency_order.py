from datetime import date, timedelta
from importlib.util import module_from_spec, spec_from_file_location

from odoo.exceptions import UserError
from odoo.modules.module import get_module_path
from odoo.tests import Form, tagged

from ..common import TODAY
from .insolvency_common import OPENED, InsolvencyCommon

CLOSING = "collection.insolvency.closing"
CONTEST = "insolvency.contest"
CLAIM = "overindebtedness.claim"


@tagged("post_install", "-at_install")
class TestInsolvencyOrder(InsolvencyCommon):
    """What follows on what: plans and what ends them, closings, letters, what is taken back."""

    def _ago(self, days):
        return TODAY - timedelta(days=days)

    # === A PLAN THAT ENDED === #

    def test_after_a_conversion_payments_are_forbidden_again(self):
        for record, planned, ended in (
            (self._record_owing(), "plan", "conversion"),
            (self._consumer(), "measures", "recovery"),
        ):
            with self.subTest(kind=record.kind):
                invoice = record.case_id.item_ids.move_id
                self._step_of(record, planned, self._ago(6))
                self._step_of(record, ended, self._ago(3))
                self.assertFalse(record.plan_date)
                self._pay(invoice, 300)
                self.assertEqual(len(record.activity_ids), 1)
                self.assertIn("300", record.activity_ids.note)

    def test_what_was_paid_while_the_plan_ran_stays_allowed(self):
        record = self._record_owing()
        invoice = record.case_id.item_ids.move_id
        self._step_of(record, "plan", self._ago(6))
        self._step_of(record, "conversion", self._ago(3))
        with self.on(-5):
            self._pay(invoice, 300)
        self.assertFalse(record.activity_ids)

    def test_a_conversion_that_is_taken_back_lets_the_plan_run(self):
        record = self._record_owing()
        self._step_of(record, "plan", self._ago(6))
        event = self._step_of(record, "conversion", self._ago(3))
        record.with_user(self.manager)._undo_step(event, "A mistake")
        self.assertEqual((record.state, record.plan_date), ("plan", self._ago(6)))

    def _record_owing(self):
        self._owe()
        return self._record()

    # === CLOSING === #

    def test_nothing_is_closed_before_its_last_step(self):
        record = self._record_owing()
        managed = record.with_user(self.manager)
        self._declare(record, self._ago(4))
        with self.assertRaisesRegex(UserError, "before what took place"):
            managed._close("paid", self._ago(5), reason="Paid")
        self._step_of(record, "conversion", self._ago(2))
        with self.assertRaisesRegex(UserError, "before what took place"):
            managed._close("insufficient", self._ago(3), reason="Judgement")
        managed._close("insufficient", self._ago(2), reason="Judgement")
        self.assertEqual(record.state, "closed")

    def test_nothing_is_reopened_before_it_was_closed(self):
        record = self._record_owing()
        record.with_user(self.manager)._close("paid", self._ago(2), reason="Paid")
        with self.assertRaisesRegex(UserError, "closed on"):
            self._step_of(record, "reopening", self._ago(3))

    def test_nothing_is_wiped_out_without_a_recovery(self):
        record = self._consumer()
        with self.assertRaisesRegex(UserError, "does not end proceedings of this kind"):
            record.with_user(self.manager)._close("wiped_out", TODAY, reason="Said so")
        dialog = self.env[CLOSING].with_user(self.manager)
        form = Form(dialog.with_context(default_insolvency_id=record.id))
        self.assertNotIn("wiped_out", form.possible_grounds)
        self._step_of(record, "recovery")
        form = Form(dialog.with_context(default_insolvency_id=record.id))
        self.assertIn("wiped_out", form.possible_grounds)

    def test_a_consumers_closing_is_undone_by_a_reopening(self):
        record = self._consumer()
        invoice = record.case_id.item_ids.move_id
        self._step_of(record, "recovery", self._ago(3))
        managed = record.with_user(self.manager)
        managed._close("wiped_out", self._ago(2), reason="Decision")
        hold = record.hold_ids
        self.assertEqual(hold.arose_before, self._ago(3))
        reopened = self._step_of(record, "reopening")
        self.assertEqual((record.state, record.closing_ground), ("open", False))
        self.assertEqual((hold.state, hold.arose_before), ("open", OPENED))
        self.assertFalse(record.wiped_out_before)
        self.assertVerdict(invoice, "insolvency")
        managed._undo_step(reopened, "Of another household")
        self.assertEqual((record.state, record.closing_ground), ("closed", "wiped_out"))
        self.assertEqual(record.wiped_out_before, self._ago(3))
        self.assertEqual((hold.state, hold.arose_before), ("open", self._ago(3)))

    def test_a_consumer_who_was_freed_is_held_again(self):
        record = self._consumer()
        record.with_user(self.manager)._close("overturned", TODAY, reason="Judge")
        self._step_of(record, "reopening")
        self.assertEqual(record.state, "open")
        self.assertEqual(
            record.hold_ids.filtered(lambda one: one.state == "open").kind, "insolvency"
        )

    # === THE ORDER OF A CONSUMER'S STEPS === #

    def test_a_consumers_steps_follow_on_the_admission(self):
        record = self._consumer()
        for code in ("claim_letter", "admission_letter", "measures", "recovery"):
            with self.subTest(step=code), self.assertRaisesRegex(UserError, "before the admission"):
                self._step_of(record, code, OPENED - timedelta(days=1))
        self._step_of(record, "claim_letter", OPENED)

    def test_a_consumers_steps_follow_on_each_other(self):
        record = self._consumer()
        self._step_of(record, "claim_letter", self._ago(5))
        # Two letters cross in the post.
        self._step_of(record, "admission_letter", self._ago(7))
        with self.assertRaisesRegex(UserError, "check the day"):
            self._step_of(record, "claim_given", self._ago(6))
        with self.assertRaisesRegex(UserError, "check the day"):
            self._step_of(record, "measures", self._ago(6))
        measures = self._step_of(record, "measures", self._ago(3))
        for code in ("plan_failed", "recovery", "claim_letter"):
            with self.subTest(step=code), self.assertRaisesRegex(UserError, "check the day"):
                self._step_of(record, code, self._ago(4))
        # What was taken back binds nobody.
        record.with_user(self.manager)._undo_step(measures, "Another household")
        self._step_of(record, "measures", self._ago(4))

    # === TAKEN BACK === #

    def test_deadlines_of_steps_that_were_taken_back_are_dropped(self):
        record = self._record_owing()
        letter = self._step_of(record, "contest", OPENED)
        answer = self._step_of(record, "answer")
        managed = record.with_user(self.manager)
        managed._undo_step(answer, "Of another debtor")
        self.assertEqual(sorted(self._state(record, CONTEST)), ["dropped", "open"])
        managed._undo_step(letter, "Of another debtor")
        self.assertEqual(set(self._state(record, CONTEST)), {"dropped"})

    def test_what_a_person_closed_is_dropped_with_its_step(self):
        record = self._record_owing()
        letter = self._step_of(record, "contest", OPENED)
        deadline = record.deadline_ids.filtered(lambda one: one.rule_code == CONTEST)
        deadline._close(TODAY, self._paper())
        record.with_user(self.manager)._undo_step(letter, "Of another debtor")
        self.assertEqual(deadline.state, "dropped")

    def test_a_claim_in_time_is_not_late_by_a_letter_that_was_taken_back(self):
        record = self._consumer(judgement_date=date(2026, 1, 5))
        wrong = self._step_of(record, "claim_letter", date(2026, 1, 10))
        given = self._step_of(record, "claim_given", date(2026, 3, 10))
        deadline = record.deadline_ids.filtered(lambda one: one.rule_code == CLAIM)
        self.assertTrue(deadline.is_late)
        managed = record.with_user(self.manager)
        managed._undo_step(given, "Of another household")
        self.assertFalse(deadline.is_late)
        managed._undo_step(wrong, "Of another household")
        self._step_of(record, "claim_letter", date(2026, 3, 1))
        self.assertFalse(self._declare(record).is_late)
        self.assertEqual(sorted(self._state(record, CLAIM)), ["done", "dropped", "dropped"])

    # === EXISTING DATABASES === #

    def test_an_update_ends_plans_and_deadlines_that_are_over(self):
        record = self._record_owing()
        letter = self._step_of(record, "contest", OPENED)
        answer = self._step_of(record, "answer")
        self._step_of(record, "plan", self._ago(6))
        self._step_of(record, "conversion", self._ago(3))
        done = record.deadline_ids.filtered(lambda one: one.state == "done")
        self.assertEqual(done.rule_code, CONTEST)
        # As it was kept before.
        letter.sudo().create(
            {
                "insolvency_id": record.id,
                "code": "answer",
                "undoes_id": answer.id,
                "date": TODAY,
                "note": "Of another debtor",
            }
        )
        record.sudo()._with_door().write({"plan_date": self._ago(6)})
        self.env.flush_all()
        path = f"{get_module_path('recouvrement_creances')}/migrations/19.0.1.1.0/"
        spec = spec_from_file_location("post_insolvency", f"{path}post-insolvency.py")
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertFalse(record.plan_date)
        self.assertEqual((done.state, done.closing_reason), ("dropped", "Of another debtor"))

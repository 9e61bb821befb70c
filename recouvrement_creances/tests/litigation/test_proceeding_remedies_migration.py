from datetime import datetime
from importlib.util import module_from_spec, spec_from_file_location

from odoo.modules.module import get_module_path
from odoo.tests import tagged

from .common import LitigationCommon

HEARING = datetime(2027, 3, 15, 9, 0)
SUMMONS = {"procedure": "summons", "hearing": HEARING}


@tagged("post_install", "-at_install")
class TestProceedingRemediesMigration(LitigationCommon):
    """Appeals and dismissals of 19.0.1.0.0 are read as today's steps; once."""

    def _migrate(self):
        path = f"{get_module_path('recouvrement_creances')}/migrations/19.0.1.1.0/"
        spec = spec_from_file_location("post_remedies", f"{path}post-remedies.py")
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        for _turn in range(2):
            self.env.flush_all()
            script.migrate(self.env.cr, "19.0.1.0.0")
            self.env.invalidate_all()

    def _forget(self, *proceedings):
        """Let the shipped steps, and what proceedings are called, be as before."""
        self._step("appeal", "summons").write({"event": "note", "has_hearing": True})
        self._step("reject", "summons").event = "reject"
        for proceeding, state, former in proceedings:
            proceeding.sudo()._with_door().state = state
            proceeding._get_effective_events().sorted("id")[-1:].sudo().former_state = former

    def test_an_appeal_that_runs_is_one(self):
        proceeding = self._sue(procedure="summons")
        for key in ("serve", "file", "reject", "appeal", "appeal_hear"):
            self._take(proceeding, key, **SUMMONS)
        # Its hearing had led before the judge.
        self._forget((proceeding, "hearing", "rejected"))
        self._migrate()
        appeal = self._step("appeal", "summons")
        self.assertEqual((appeal.event, appeal.has_hearing), ("appeal", False))
        self.assertEqual(self._step("reject", "summons").event, "dismiss")
        self.assertEqual(proceeding.state, "appealed")
        self._undo_last(proceeding)
        self.assertEqual(proceeding.state, "appealed")
        self._undo_last(proceeding)
        self.assertEqual(proceeding.state, "rejected")
        self._take(proceeding, "appeal", procedure="summons")
        self._take(proceeding, "appeal_judge", procedure="summons", amount_granted=4000)
        self.assertEqual(proceeding.state, "judged")

    def _undo_last(self, proceeding):
        last = proceeding._get_effective_events().sorted("id")[-1:]
        proceeding.with_user(self.manager)._undo_step(last, "Another case")

    def test_what_was_heard_again_after_a_cassation_is_on_appeal(self):
        proceeding = self._sue(procedure="summons")
        for key in ("serve", "file", "hear", "reject", "appeal", "appeal_overturn", "refer"):
            self._take(proceeding, key, **SUMMONS)
        last = proceeding._get_effective_events().sorted("id")[-1:]
        self._forget((proceeding, "hearing", "rejected"))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE collection_proceeding_event SET step_id = %s WHERE id = %s",
            [self._step("hear", "summons").id, last.id],
        )
        self.env.invalidate_all()
        self._migrate()
        self.assertEqual(proceeding.state, "appealed")
        self._take(proceeding, "appeal_judge", procedure="summons", amount_granted=5000)
        self.assertEqual(proceeding.state, "judged")

    def test_one_that_was_settled_meanwhile_goes_on_with_it(self):
        proceeding = self._sue(procedure="summons")
        for key in ("serve", "file", "judge", "appeal", "settle"):
            self._take(proceeding, key, **SUMMONS)
        self._forget((proceeding, "settled", "judged"))
        proceeding.sudo().settled_state = "judged"
        self._migrate()
        self.assertEqual((proceeding.state, proceeding.settled_state), ("settled", "appealed"))

    def test_a_title_stays_one_and_a_decided_appeal_is_over(self):
        titled, decided = (self._sue(procedure="summons") for _number in range(2))
        for key in ("serve", "file", "judge", "entitle", "appeal"):
            self._take(titled, key, **SUMMONS)
        for key in ("serve", "file", "judge", "appeal", "appeal_judge"):
            self._take(decided, key, **SUMMONS, amount_granted=5000)
        self._forget()
        self._migrate()
        self.assertEqual((titled.state, decided.state), ("enforceable", "judged"))
        self.assertIn(self._step("appeal_judge", "summons"), titled._get_offered_steps())

    def test_a_claim_that_was_refused_after_a_hearing_was_dismissed(self):
        heard, refused = self._sue(), self._sue()
        for key in ("file", "grant", "serve", "oppose", "hear", "dismiss"):
            self._take(heard, key, hearing=HEARING)
        for key in ("file", "reject"):
            self._take(refused, key)
        last = heard._get_effective_events().sorted("id")[-1:]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE collection_proceeding_event SET step_id = %s WHERE id = %s",
            [self._step("reject").id, last.id],
        )
        self.env.invalidate_all()
        self._migrate()
        self.assertEqual(last.step_id, self._step("dismiss"))
        self.assertTrue(heard._is_dismissed())
        last = refused._get_effective_events().sorted("id")[-1:]
        self.assertEqual(last.step_id, self._step("reject"))

    def test_procedures_that_an_office_copied_have_the_new_steps(self):
        copied = [self._procedure(key).copy() for key in ("order_civil", "summons")]
        for procedure in copied:
            steps = procedure.step_ids
            steps.filtered(lambda step: step.event in ("hear_appeal", "refer", "dismiss")).unlink()
            steps.exists().filtered(lambda step: step.event == "appeal").event = "note"
        self._migrate()
        for procedure, expected in zip(copied, (1, 0), strict=True):
            events = procedure.step_ids.mapped("event")
            for event in ("appeal", "hear_appeal", "refer"):
                self.assertEqual(events.count(event), 1)
            self.assertEqual(events.count("dismiss"), expected)

    def test_what_has_ended_is_heard_no_more(self):
        proceeding = self._sue(procedure="summons")
        for key in ("serve", "hear"):
            self._take(proceeding, key, **SUMMONS)
        hearing = proceeding.hearing_ids
        end = self._take(proceeding, "withdraw", procedure="summons")
        hearing.active = True
        end.sudo().dropped_hearings = False
        proceeding.invalidate_recordset()
        self._migrate()
        self.assertFalse(proceeding.next_hearing)
        proceeding.with_user(self.manager)._undo_step(end, "Another case")
        self.assertEqual(proceeding.next_hearing, HEARING)

from datetime import datetime
from importlib.util import module_from_spec, spec_from_file_location

from odoo.modules.module import get_module_path
from odoo.tests import tagged

from .common import LitigationCommon

# Later on the day on which tests run: what is decided on that day is decided after it.
HEARING = datetime(2026, 3, 16, 15, 0)
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
        # As 19.0.1.0.0 shipped it.
        self._step("appeal", "summons").write({"event": "hear", "has_hearing": True})
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
        self.assertEqual((proceeding.state, last.step_id.event), ("appealed", "refer"))
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

    def test_what_was_judged_may_be_appealed_against(self):
        proceeding = self._sue(procedure="summons")
        for key in ("serve", "file"):
            self._take(proceeding, key, **SUMMONS)
        self._forget()
        self.assertIn(self._step("appeal", "summons"), proceeding._get_offered_steps())
        self._migrate()
        self.assertNotIn(self._step("appeal", "summons"), proceeding._get_offered_steps())
        self._take(proceeding, "judge", procedure="summons", amount_granted=5000)
        self._take(proceeding, "appeal", procedure="summons")
        self.assertEqual(proceeding.state, "appealed")

    def test_what_was_decided_while_an_appeal_ran_was_decided_on_it(self):
        cases = (("judge", "rejudge", "judged"), ("reject", "overturn", "rejected"))
        for key, event, state in cases:
            with self.subTest(key):
                proceeding = self._sue(procedure="summons")
                for each in ("serve", "file", "judge", "appeal"):
                    self._take(proceeding, each, **SUMMONS, amount_granted=5000)
                appeal = proceeding._get_effective_events().sorted("id")[-1:]
                self._forget((proceeding, "hearing", "judged"))
                # Today's states know no refusal of a summons.
                self._step("reject", "summons").event = "dismiss"
                last = self._take(proceeding, key, **SUMMONS, amount_granted=5000)
                self._step("reject", "summons").event = "reject"
                self.assertEqual(last.former_state, "hearing")
                self._migrate()
                self.assertEqual((last.step_id.event, proceeding.state), (event, state))
                self.assertEqual((appeal.former_state, last.former_state), ("judged", "appealed"))
                self.assertNotIn(self._step("appeal", "summons"), proceeding._get_offered_steps())
                self._undo_last(proceeding)
                self.assertEqual(proceeding.state, "appealed")

    def test_who_enforces_is_heard_by_another_judge(self):
        proceeding = self._sue(procedure="summons")
        for key in ("serve", "file", "judge", "appeal", "appeal_judge", "entitle", "enforce"):
            self._take(proceeding, key, **SUMMONS, amount_granted=5000)
        self._take(proceeding, "enforce", procedure="summons")
        last = proceeding._get_effective_events().sorted("id")[-1:]
        self._rewrite(last, self._step("hear", "summons"))
        self._forget((proceeding, "hearing", "enforcement"))
        self._migrate()
        self.assertEqual(proceeding.state, "hearing")

    def test_a_hearing_before_a_decision_on_appeal_is_no_cassation(self):
        proceeding = self._sue(procedure="summons")
        for key in ("serve", "file", "judge", "appeal", "appeal_hear"):
            self._take(proceeding, key, **SUMMONS, amount_granted=5000)
        first = self._sue(procedure="summons")
        for key in ("serve", "file", "judge"):
            self._take(first, key, **SUMMONS, amount_granted=5000)
        last = first._get_effective_events().sorted("id")[-1:]
        self._forget((proceeding, "hearing", "hearing"), (first, "hearing", "served"))
        self._rewrite(last, self._step("hear", "summons"))
        self._migrate()
        self.assertEqual((proceeding.state, first.state), ("appealed", "hearing"))

    def _rewrite(self, event, step):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE collection_proceeding_event SET step_id = %s WHERE id = %s",
            [step.id, event.id],
        )
        self.env.invalidate_all()

    def _copy_as_released(self, key):
        """Return a copy of a procedure as one of 19.0.1.0.0 was: without what came since."""
        procedure = self._procedure(key).copy()
        since = ("hear_appeal", "rejudge", "overturn", "refer", "end_appeal", "dismiss")
        since += ("oppose_judgement", "end_opposition")
        refused = procedure.step_ids.filtered(lambda step: step.event == "dismiss")
        if key in ("summons", "interim"):
            refused.event = "reject"
        procedure.step_ids.filtered(
            lambda step: step.event in since or step._get_codes("opens_notified")
        ).unlink()
        own = ("judgement.own_appeal", "interim.own_appeal")
        procedure.step_ids.deadline_ids.filtered(lambda line: line.rule_code in own).unlink()
        appeal = procedure.step_ids.filtered(lambda step: step.event == "appeal")
        if key == "summons":
            appeal.write({"event": "hear", "has_hearing": True})
        else:
            appeal.unlink()
        if key == "european_order":
            procedure.step_ids.filtered(lambda step: step.name == "Judgement served").unlink()
        return procedure

    def test_procedures_that_an_office_copied_have_the_new_steps(self):
        keys = ("order_civil", "order_commercial", "european_order", "summons", "interim")
        copied = {key: self._copy_as_released(key) for key in keys}
        self._migrate()
        for key, procedure in copied.items():
            shipped = self._procedure(key)
            with self.subTest(key):
                self.assertEqual(*(self._describe(one) for one in (procedure, shipped)))

    def test_new_steps_of_a_copy_are_in_the_office_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        procedure = self._copy_as_released("summons")
        # During an update the terms are read after the scripts.
        self.env.flush_all()
        self.env.cr.execute("UPDATE collection_procedure_step SET name = name - 'fr_FR'")
        self.env.invalidate_all()
        self._migrate()
        step = procedure.step_ids.filtered(lambda step: step.event == "oppose_judgement")
        self.assertEqual(step.with_context(lang="fr_FR").name, "Opposition du débiteur au jugement")

    def _describe(self, procedure):
        return [
            (step.event, step.has_hearing, sorted(self._name_lines(step)))
            for step in procedure.step_ids.sorted(lambda step: (step.sequence, step.id))
            if step.event not in ("dismiss", "note") or self._name_lines(step)
        ]

    def _name_lines(self, step):
        return step.deadline_ids.mapped(lambda line: f"{line.effect} {line.rule_code}")

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

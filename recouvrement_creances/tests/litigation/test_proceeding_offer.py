from dataclasses import replace
from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...rules.procedure_standing import NOTE, Standing
from ...rules.procedure_steps import may_follow
from ...rules.transitions import PROCEEDING, next_state
from ..common import TODAY
from .common import LitigationCommon

HEARING = datetime(2027, 3, 15, 9, 0)


@tagged("post_install", "-at_install")
class TestProceedingOffer(LitigationCommon):
    """The dialog offers the steps that make sense by now; none is lost on the way."""

    def _offer(self, proceeding):
        """Return the keys of the steps that are offered."""
        steps = proceeding._get_offered_steps()
        names = steps.get_external_id().values()
        return {name.partition("step_order_commercial_")[2] for name in names}

    def test_nothing_is_served_or_appealed_before_it_was_decided(self):
        proceeding = self._sue()
        self.assertEqual(self._offer(proceeding), {"file", "close"})
        self._take(proceeding, "file")
        self.assertIn("fees", self._offer(proceeding))
        self.assertFalse({"serve", "appeal", "file"} & self._offer(proceeding))
        self._take(proceeding, "fees")
        self.assertNotIn("fees", self._offer(proceeding))
        self._take(proceeding, "grant")
        self.assertIn("serve", self._offer(proceeding))

    def test_nothing_of_an_order_takes_place_before_it_is_made(self):
        proceeding = self._sue()
        self._take(proceeding, "file")
        self.assertEqual(
            self._offer(proceeding), {"fees", "grant", "reject", "settle", "withdraw", "close"}
        )
        for key in ("judge", "entitle", "enforce", "serve", "hear", "clerk"):
            with self.subTest(key), self.assertRaisesRegex(UserError, "does not follow"):
                self._take(proceeding, key, hearing=HEARING)

    def test_a_summons_is_heard_and_judged_once_it_is_filed(self):
        proceeding = self._sue(procedure="summons")
        for key in ("serve", "file"):
            self._take(proceeding, key, procedure="summons")
        steps = {self._step(key, "summons") for key in ("hear", "judge", "reject")}
        self.assertLessEqual(steps, set(proceeding._get_offered_steps()))

    def test_after_an_agreement_it_goes_on_where_it_stood(self):
        proceeding = self._sue()
        self._take(proceeding, "file")
        self._take(proceeding, "settle")
        self.assertIn("resume", self._offer(proceeding))
        self.assertNotIn("resume_title", self._offer(proceeding))
        with self.assertRaisesRegex(UserError, "does not follow"):
            self._take(proceeding, "resume_title")

    def test_the_appeal_of_a_debtor_who_lost_is_recorded(self):
        proceeding = self._sue(procedure="summons")
        for key in ("serve", "file"):
            self._take(proceeding, key, procedure="summons")
        self._take(proceeding, "judge", procedure="summons", amount_granted=5000)
        appeal = self._step("appeal", "summons")
        self.assertIn(appeal, proceeding._get_offered_steps())

    def test_a_dialog_offers_the_same(self):
        proceeding = self._sue()
        dialog = self.env["collection.proceeding.step"].with_user(self.accountant)
        dialog = dialog.new({"proceeding_id": proceeding.id, "date": TODAY})
        self.assertEqual(dialog.possible_step_ids._origin, proceeding._get_offered_steps())
        self.assertEqual(dialog.step_id._origin, self._step("file"))

    def test_every_shipped_step_is_offered_on_some_way(self):
        for procedure in self.procedures.search([]):
            steps = list(procedure.step_ids)
            facts = [step._get_facts(position) for position, step in enumerate(steps)]
            found = self._walk(facts)
            lost = [step.name for step, fact in zip(steps, facts, strict=True) if fact not in found]
            self.assertFalse(lost, procedure.name)

    def _walk(self, facts):
        """Return the steps that are offered on any way from the draft on."""
        found, seen, waiting = set(), set(), [Standing("draft")]
        while waiting and len(found) < len(facts):
            standing = waiting.pop(0)
            events = frozenset(one.event for one in standing.taken)
            point = (standing.state, standing.running, standing.decided, events)
            if point in seen or not PROCEEDING[standing.state]:
                continue
            seen.add(point)
            for fact in facts:
                after = self._find_state(fact, standing.state)
                known = (standing, replace(standing, has_title=True))
                if after and any(may_follow(fact, facts, one) for one in known):
                    found.add(fact)
                    running = standing.running - fact.closes | fact.opens
                    waiting.append(Standing(after, (*standing.taken, fact), running))
        return found

    def _find_state(self, fact, state):
        return state if fact.event == NOTE else next_state(PROCEEDING, state, fact.event)

from odoo.tests import BaseCase, tagged

from ...rules.transitions import (
    ACTION,
    HOLD,
    MACHINES,
    POLICY,
    RUN,
    next_state,
)

# Which events a person's contact may go through, state by state: written out a second time, so
# that a change of the table is a decision and not a slip.
ACTION_EVENTS = {
    "proposed": {"confirm", "cancel", "withdraw"},
    "confirmed": {"claim", "plan", "defer", "fail", "cancel", "withdraw"},
    "sending": {"deliver", "fail", "lose", "release", "withdraw"},
    "planned": {"deliver", "complete", "fail", "cancel", "withdraw"},
    "ambiguous": {"deliver", "fail", "cancel"},
    "failed": {"retry", "cancel", "withdraw", "arrive"},
    "sent": {"fail"},
    "done": set(),
    "cancelled": set(),
}


@tagged("post_install", "-at_install")
class TestRulesTransitions(BaseCase):
    """The life cycles: what is allowed, what is refused, and that no state is a trap."""

    def test_every_pair_of_state_and_event_is_allowed_or_refused(self):
        events = {event for row in ACTION.values() for event in row}
        for state, allowed in ACTION_EVENTS.items():
            for event in events:
                with self.subTest(state=state, event=event):
                    self.assertEqual(next_state(ACTION, state, event) is not None, event in allowed)

    def test_every_target_is_a_state_of_its_own_table(self):
        for name, machine in MACHINES.items():
            with self.subTest(machine=name):
                targets = {target for row in machine.values() for target in row.values()}
                self.assertLessEqual(targets, machine.keys())

    def test_every_state_can_be_reached_from_the_first_one(self):
        for name, machine in MACHINES.items():
            with self.subTest(machine=name):
                reached, waiting = set(), [next(iter(machine))]
                while waiting:
                    state = waiting.pop()
                    reached.add(state)
                    waiting += set(machine[state].values()) - reached
                self.assertEqual(reached, machine.keys())

    def test_an_unknown_state_or_event_is_refused(self):
        self.assertIsNone(next_state(ACTION, "no such state", "confirm"))
        self.assertIsNone(next_state(ACTION, "proposed", "no such event"))

    def test_what_left_is_never_taken_back_to_be_sent_again(self):
        for state in ("sent", "done", "ambiguous"):
            for event in ("confirm", "claim", "plan", "retry", "release", "defer"):
                self.assertIsNone(next_state(ACTION, state, event), f"{state} {event}")

    def test_a_message_leaves_only_after_it_was_claimed(self):
        for state in ("proposed", "confirmed", "failed", "cancelled"):
            self.assertIsNone(next_state(ACTION, state, "deliver"), state)

    def test_every_state_that_waits_can_be_given_up(self):
        for state in ("proposed", "confirmed", "planned", "ambiguous", "failed"):
            self.assertEqual(next_state(ACTION, state, "cancel"), "cancelled", state)

    def test_a_run_starts_from_its_proposal_only(self):
        starting = {state for state in RUN if next_state(RUN, state, "start")}
        self.assertEqual(starting, {"proposed", "stopped"})
        self.assertEqual(next_state(RUN, "failed", "propose"), "proposed")
        self.assertFalse(RUN["done"])
        self.assertFalse(RUN["cancelled"])

    def test_a_released_hold_stays_released(self):
        self.assertFalse(HOLD["released"])
        self.assertEqual(next_state(HOLD, "open", "expire"), "expired")

    def test_a_policy_goes_back_and_forth(self):
        self.assertEqual(next_state(POLICY, "draft", "confirm"), "confirmed")
        self.assertEqual(next_state(POLICY, "confirmed", "revise"), "draft")
        self.assertIsNone(next_state(POLICY, "draft", "revise"))

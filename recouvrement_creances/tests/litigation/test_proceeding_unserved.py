from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY
from .common import LitigationCommon

SERVED, FILED, SET = (TODAY - timedelta(days=days) for days in (40, 30, 20))
SUMMONSES = ("summons", "interim")


@tagged("post_install", "-at_install")
class TestProceedingUnserved(LitigationCommon):
    """Summonses that an earlier version took as filed, or heard, without their service."""

    def _take_over(self, procedure, state, *steps):
        """Return a proceeding whose steps 19.0.1.0.0 recorded: (key, day)."""
        proceeding = self._sue(procedure=procedure)
        self.root["collection.proceeding.event"].create(
            [
                {
                    "proceeding_id": proceeding.id,
                    "step_id": self._step(key, procedure).id,
                    "date": day,
                    "former_state": "draft",
                }
                for key, day in steps
            ]
        )
        proceeding.sudo()._with_door().state = state
        proceeding.invalidate_recordset()
        return proceeding

    def _list_ways(self):
        """Yield (procedure, a proceeding that is filed, or before the judge)."""
        for procedure in SUMMONSES:
            yield procedure, self._take_over(procedure, "filed", ("file", FILED))
            yield (
                procedure,
                self._take_over(procedure, "hearing", ("file", FILED), ("hear", SET)),
            )

    def test_its_service_is_recorded_late_with_its_own_day_then_it_is_decided(self):
        for decision, decided in (("judge", "judged"), ("reject", "rejected")):
            for procedure, proceeding in self._list_ways():
                state = proceeding.state
                with self.subTest(decision=decision, procedure=procedure, state=state):
                    with self.assertRaisesRegex(UserError, "“Summons served” first"):
                        self._take(proceeding, decision, procedure=procedure)
                    serve = self._step("serve", procedure)
                    self.assertIn(serve, proceeding._get_offered_steps())
                    event = self._take(proceeding, "serve", SERVED, procedure=procedure)
                    self.assertEqual((event.date, proceeding.state), (SERVED, state))
                    self._take(proceeding, decision, procedure=procedure)
                    self.assertEqual(proceeding.state, decided)

    def test_it_is_recorded_through_a_settlement_too(self):
        for procedure, proceeding in self._list_ways():
            state = proceeding.state
            with self.subTest(procedure=procedure, state=state):
                self._take(proceeding, "settle", procedure=procedure)
                self._take(proceeding, "serve", SERVED, procedure=procedure)
                self.assertEqual((proceeding.state, proceeding.settled_state), ("settled", state))
                self._take(proceeding, "resume", procedure=procedure)
                self.assertEqual(proceeding.state, state)

    def test_it_is_taken_back_and_recorded_anew(self):
        for procedure, proceeding in self._list_ways():
            state = proceeding.state
            with self.subTest(procedure=procedure, state=state):
                event = self._take(proceeding, "serve", FILED, procedure=procedure)
                proceeding.with_user(self.manager)._undo_step(event, "Another day")
                self.assertEqual(proceeding.state, state)
                self._take(proceeding, "serve", SERVED, procedure=procedure)
                self.assertEqual(proceeding.state, state)

    def test_before_the_judge_nothing_is_served_twice(self):
        for procedure, proceeding in self._list_ways():
            if proceeding.state != "hearing":
                continue
            self._take(proceeding, "serve", SERVED, procedure=procedure)
            self.assertNotIn(self._step("serve", procedure), proceeding._get_offered_steps())
            with self.assertRaisesRegex(UserError, "does not follow"):
                self._take(proceeding, "serve", procedure=procedure)

    def test_before_the_judge_no_order_is_served(self):
        order = self._take_over(
            "order_commercial",
            "hearing",
            *((key, FILED) for key in ("file", "grant", "oppose", "hear")),
        )
        self.assertNotIn(self._step("serve"), order._get_offered_steps())
        with self.assertRaisesRegex(UserError, "does not follow"):
            self._take(order, "serve")

    def test_a_service_after_the_filing_of_a_request_is_in_the_order_of_days(self):
        order = self._take_over("order_commercial", "granted", ("file", FILED), ("grant", SET))
        with self.assertRaisesRegex(UserError, "Steps are recorded in their order"):
            self._take(order, "serve", FILED)
        self._take(order, "serve", SET)
        self.assertEqual(order.state, "served")

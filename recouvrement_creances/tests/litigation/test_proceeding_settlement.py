from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY
from .handover_common import HandoverCommon


@tagged("post_install", "-at_install")
class TestProceedingSettlement(HandoverCommon):
    """A settlement leaves a proceeding where it stood: time runs on, and it goes on from there."""

    def _granted(self, day):
        proceeding = self._sue()
        self._take(proceeding, "file", day)
        self._take(proceeding, "grant", day, amount_granted=5000)
        return proceeding

    def test_an_order_is_still_to_be_served_while_it_is_settled(self):
        with self.on((date(2026, 10, 15) - TODAY).days) as day:
            proceeding = self._granted(day)
        with self.on((date(2026, 11, 10) - TODAY).days) as day:
            self._take(proceeding, "settle", day)
            self.assertEqual(proceeding.settled_state, "granted")
            service = self._deadline(proceeding, "order.service")
            self.assertEqual((service.state, service.legal_date), ("open", date(2027, 1, 15)))
        with self.on((date(2026, 12, 1) - TODAY).days) as day:
            self._take(proceeding, "resume", day)
            self.assertEqual((proceeding.state, proceeding.settled_state), ("granted", False))
            self._take(proceeding, "serve", day)
        self.assertEqual((proceeding.state, service.state), ("served", "done"))

    def test_what_keeps_the_order_alive_is_recorded_during_the_settlement(self):
        proceeding = self._granted(TODAY)
        self._take(proceeding, "settle")
        self._take(proceeding, "serve")
        self.assertEqual((proceeding.state, proceeding.settled_state), ("settled", "served"))
        self.assertEqual(self._deadline(proceeding, "order.service").state, "done")
        self.assertEqual(proceeding.hold_id.state, "released")
        self.assertNotIn("oppose", proceeding._get_next_steps().mapped("event"))
        served = proceeding._get_effective_events().filtered(
            lambda event: event.step_id.event == "serve"
        )
        proceeding.with_user(self.manager)._undo_step(served, "Another order")
        self.assertEqual((proceeding.state, proceeding.settled_state), ("settled", "granted"))

    def test_an_order_that_nobody_made_is_neither_served_nor_a_title(self):
        proceeding = self._sue()
        self._take(proceeding, "file")
        self._take(proceeding, "settle")
        for key in ("serve", "entitle"):
            with self.subTest(key), self.assertRaisesRegex(UserError, "does not follow"):
                self._take(proceeding, key)
        offered = proceeding._get_offered_steps().mapped("event")
        self.assertFalse({"serve", "entitle"} & {*offered})
        self.assertIn("resume", offered)
        self._take(proceeding, "resume")
        self.assertEqual(proceeding.state, "filed")

    def test_an_order_nobody_opposed_becomes_a_title_after_a_settlement(self):
        proceeding = self._granted(TODAY)
        self._take(proceeding, "serve")
        self._take(proceeding, "settle")
        with self.on(90) as day:
            self.root["collection.deadline"]._warn(self.company, day)
            with self.assertRaisesRegex(UserError, "does not follow"):
                self._take(proceeding, "resume_title", day)
            self._take(proceeding, "resume", day)
            self.assertEqual(proceeding.state, "served")
            self._take(proceeding, "entitle", day, grants_legal_interest=True)
        self.assertEqual((proceeding.state, proceeding.title_date), ("enforceable", day))
        self.assertEqual(proceeding.judgement_id.enforceable_on, day)
        self.assertEqual(self._deadline(proceeding, "title.execution").state, "open")
        self._settle_title(proceeding, day)

    def _settle_title(self, proceeding, day):
        with self.on(91):
            self._take(proceeding, "settle")
            with self.assertRaisesRegex(UserError, "does not follow"):
                self._take(proceeding, "resume")
            self._take(proceeding, "resume_title")
        self.assertEqual((proceeding.state, proceeding.title_date), ("enforceable", day))

    def test_counsel_has_the_handover_again_when_it_goes_on(self):
        handover = self._transmit()
        handover.action_start_proceeding()
        proceeding = handover.proceeding_ids.with_user(self.accountant)
        self._take(proceeding, "file")
        self._take(proceeding, "settle")
        self.assertEqual(handover.state, "closed")
        self._take(proceeding, "resume")
        self.assertEqual((proceeding.state, handover.state), ("filed", "transmitted"))
        self.assertEqual(proceeding.item_ids.verdict, "handed_over")
        last = proceeding._get_effective_events().sorted("id")[-1]
        proceeding.with_user(self.manager)._undo_step(last, "The agreement is kept to")
        self.assertEqual((proceeding.state, handover.state), ("settled", "closed"))
        self.assertNotEqual(proceeding.item_ids.verdict, "handed_over")

    def test_what_an_earlier_version_dropped_runs_again(self):
        proceeding = self._granted(TODAY)
        service = self._deadline(proceeding, "order.service")
        event = self._take(proceeding, "settle")
        service.sudo()._drop("Settled by agreement")
        event.sudo().write({"ended_deadlines": service.ids})
        # As before the state was kept.
        proceeding.sudo().settled_state = False
        self._take(proceeding, "resume")
        self.assertEqual(proceeding.state, "hearing")
        states = proceeding.deadline_ids.filtered(lambda one: one.rule_code == "order.service")
        self.assertEqual(sorted(states.mapped("state")), ["dropped", "open"])

    def test_what_is_enforced_goes_on_after_a_settlement(self):
        for procedure in ("enforcement", "attachment"):
            with self.subTest(procedure=procedure):
                invoice = self._overdue_invoice(90, 700, partner=self.partner_b)
                proceeding = self._sue(invoice, procedure=procedure)
                self._take(proceeding, "enforce", procedure=procedure)
                self._take(proceeding, "settle", procedure=procedure)
                self.assertEqual(proceeding.settled_state, "enforcement")
                offered = proceeding._get_offered_steps().filtered(
                    lambda step: step.event in ("resume", "resume_title")
                )
                self.assertEqual(offered.mapped("event"), ["resume"])
                proceeding._record_step(offered, TODAY, self._paper())
                self.assertEqual(proceeding.state, "enforcement")

from datetime import date

from odoo.tests import freeze_time, tagged

from ..ledger.common import NOW
from ..negotiation.schedule_common import ScheduleCommon
from .common import CollectionTourCommon


class ScheduleTourCommon(ScheduleCommon, CollectionTourCommon):
    """Browser and server on the day of the examples."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        running = freeze_time(NOW.isoformat() + " 09:00:00", tick=True)
        running.start()
        cls.addClassCleanup(running.stop)


@tagged("post_install", "-at_install")
class TestTourSchedule(ScheduleTourCommon):
    """A collector plans a schedule above the limits, and takes in a paper that was signed."""

    def _plan_in_browser(self, language):
        self._tour("collector", language, "schedule_collector")
        schedule = self.root["collection.schedule"].search([("case_id", "=", self.case.id)])
        self.assertEqual((schedule.state, len(schedule.instalment_ids)), ("to_approve", 15))
        self.assertNotIn(8, [line.due_date.month for line in schedule.instalment_ids])
        self.assertTrue(schedule.activity_ids)

    def test_collector_plans_a_schedule(self):
        self._plan_in_browser("en_US")

    def test_collector_plans_a_schedule_in_french(self):
        self._plan_in_browser("fr_FR")

    def _sign_in_browser(self, language):
        schedule = self._proposed()
        self._tour("collector", language, "schedule_paper")
        self.assertRecordValues(
            schedule,
            [{"state": "running", "signature_kind": "paper", "signer_name": "Jeanne Payeur"}],
        )
        self.assertEqual(schedule.signed_agreement_id.raw, b"%PDF-1.4 a signed paper")
        self.assertEqual(schedule.hold_id.state, "open")

    def test_collector_takes_in_a_signed_paper(self):
        self._sign_in_browser("en_US")

    def test_collector_takes_in_a_signed_paper_in_french(self):
        self._sign_in_browser("fr_FR")


@tagged("post_install", "-at_install")
class TestTourScheduleDecision(ScheduleTourCommon):
    """A manager decides from his activities on the schedules that a collector asks for."""

    def _decide_in_browser(self, language):
        agreed = self._draft(count=13)
        other = self._debtor("Hasty Payer")
        self._invoice(900, date(2026, 10, 31), partner=other)
        case = self._case(other)
        refused = self._draft(count=14, case=case, items=case.open_item_ids)
        for schedule in (agreed, refused):
            schedule.action_submit()
            self.assertEqual(schedule.state, "to_approve")
        self._tour("manager", language, "schedule_decide")
        manager = self.personas["manager"]
        self.assertRecordValues(
            agreed | refused,
            [
                {
                    "state": "proposed",
                    "decided_by_id": manager.id,
                    "decision_note": "Agreed with the sales manager",
                },
                {
                    "state": "draft",
                    "decided_by_id": manager.id,
                    "decision_note": "Ask for a down payment first",
                },
            ],
        )
        self.assertTrue(agreed.agreement_id.raw.startswith(b"%PDF"))
        self.assertEqual((agreed | refused).activity_ids.user_id, self.collector)

    def test_manager_decides_on_schedules(self):
        self._decide_in_browser("en_US")

    def test_manager_decides_on_schedules_in_french(self):
        self._decide_in_browser("fr_FR")


@tagged("post_install", "-at_install")
class TestTourSchedulePayment(ScheduleTourCommon):
    """An accountant registers a payment, and cancels it: the instalment follows by itself."""

    def _pay_and_cancel(self, language):
        schedule = self._signed()
        self._tour("accountant", language, "schedule_payment")
        self.assertEqual(self._instalment_states(schedule), ["kept", "pending", "pending"])
        payment = self.root["account.payment"].search([("partner_id", "=", self.debtor.id)])
        self.assertRecordValues(payment, [{"amount": 300, "create_uid": self.accountant.id}])
        self.start_tour(
            f"/odoo/account.payment/{payment.id}",
            "collection_tour_schedule_payment_cancelled",
            login=self.accountant.login,
            timeout=120,
        )
        self.env.invalidate_all()
        self.assertEqual(payment.state, "canceled")
        self.assertEqual(self._instalment_states(schedule), ["pending"] * 3)
        self.assertEqual(schedule.hold_id.state, "open")

    def test_payment_pays_an_instalment_and_its_cancellation_turns_it_back(self):
        self._pay_and_cancel("en_US")

    def test_payment_pays_an_instalment_and_its_cancellation_turns_it_back_in_french(self):
        self._pay_and_cancel("fr_FR")

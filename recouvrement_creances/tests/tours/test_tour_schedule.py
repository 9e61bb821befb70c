from datetime import date

from odoo.tests import freeze_time, tagged

from ..ledger.common import NOW
from ..negotiation.schedule_common import ScheduleCommon
from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourSchedule(ScheduleCommon, CollectionTourCommon):
    """A schedule from its plan to its first instalment, by those whose work it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        running = freeze_time(NOW.isoformat() + " 09:00:00", tick=True)
        running.start()
        cls.addClassCleanup(running.stop)

    def _tour(self, name, persona, language):
        user = self.personas[persona]
        user.lang = language
        self.start_tour("/odoo", f"collection_tour_schedule_{name}", login=user.login, timeout=120)
        self.env.invalidate_all()

    def _go_through(self, language):
        self._tour("collector", "collector", language)
        schedule = self.root["collection.schedule"].search([("case_id", "=", self.case.id)])
        self.assertEqual((schedule.state, len(schedule.instalment_ids)), ("to_approve", 15))
        self.assertNotIn(8, [line.due_date.month for line in schedule.instalment_ids])
        self._tour("manager", "manager", language)
        self.assertEqual(schedule.decided_by_id, self.personas["manager"])
        self._tour("signature", "collector", language)
        self.assertEqual((schedule.state, schedule.date_start), ("running", NOW))
        self._tour("accountant", "accountant", language)
        self.assertEqual(schedule._get_lines().mapped("state"), ["kept", *["pending"] * 14])
        payment = self.old.matched_payment_ids or self.root["account.payment"].search(
            [("memo", "=", schedule.name)]
        )
        self._cancel_payment(payment, date(2026, 12, 2))
        self.assertEqual(schedule._get_lines().mapped("state"), ["pending"] * 15)
        self._tour("cancel", "collector", language)
        self.assertEqual(schedule.hold_id.state, "released")

    def test_schedule_from_plan_to_payment(self):
        self._go_through("en_US")

    def test_schedule_from_plan_to_payment_in_french(self):
        self._go_through("fr_FR")

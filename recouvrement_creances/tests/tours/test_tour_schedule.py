from odoo.tests import freeze_time, tagged

from ..ledger.common import NOW
from ..negotiation.schedule_common import ScheduleCommon
from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourSchedule(ScheduleCommon, CollectionTourCommon):
    """A collector plans a schedule above the policy's limits and asks for its approval."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        running = freeze_time(NOW.isoformat() + " 09:00:00", tick=True)
        running.start()
        cls.addClassCleanup(running.stop)

    def _plan_in_browser(self, language):
        self.collector.lang = language
        self.start_tour(
            "/odoo",
            "collection_tour_schedule_collector",
            login=self.collector.login,
            timeout=120,
        )
        self.env.invalidate_all()
        schedule = self.root["collection.schedule"].search([("case_id", "=", self.case.id)])
        self.assertEqual((schedule.state, len(schedule.instalment_ids)), ("to_approve", 15))
        self.assertNotIn(8, [line.due_date.month for line in schedule.instalment_ids])
        self.assertTrue(schedule.activity_ids)

    def test_collector_plans_a_schedule(self):
        self._plan_in_browser("en_US")

    def test_collector_plans_a_schedule_in_french(self):
        self._plan_in_browser("fr_FR")

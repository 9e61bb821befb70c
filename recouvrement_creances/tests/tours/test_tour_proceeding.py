from datetime import date

from odoo.tests import tagged

from ..litigation.handover_common import HandoverCommon
from .common import CollectionTourCommon

NAMES = {
    "file": "Tour filed",
    "grant": "Tour order",
    "serve": "Tour served",
    "entitle": "Tour title",
}


@tagged("post_install", "-at_install")
class TestTourProceeding(HandoverCommon, CollectionTourCommon):
    """From a handover to the title and what is received by it; a manager takes a step back."""

    def setUp(self):
        super().setUp()
        self.debtor.name = "Silent Debtor"
        self.handover = self._approve(self._request(route_code="payment_order"))
        # Approved of today; what is recorded of the winter before is as if it had been then.
        proceedings = type(self.env["collection.proceeding"])
        self.patch(proceedings, "_find_before_approval", lambda *arguments: "")
        for key, name in NAMES.items():
            step = self._step(key)
            for language in ("en_US", "fr_FR"):
                # The same in each language: the tour chooses steps by what they are called.
                step.with_context(lang=language).name = name

    def _walk(self, language):
        self._tour("collector", language, "proceeding")
        proceeding = self.handover.proceeding_ids
        self.assertEqual(proceeding.state, "enforceable")
        self.assertEqual(proceeding.title_date, date(2026, 3, 16))
        self.assertEqual(proceeding.order_date, date(2026, 2, 2))
        self.assertEqual(proceeding.court_id.city, "Paris")
        self._check_deadlines(proceeding)
        self.assertEqual((proceeding.amount_received, proceeding.fees_kept), (1000, 100))
        self.assertEqual(proceeding.event_ids.limitation_event_id.kind, "order_served")
        self._tour("manager", language, "proceeding_correct")
        self.assertEqual((proceeding.state, proceeding.title_date), ("served", False))
        self.assertEqual(len(proceeding.event_ids), 5)

    def _check_deadlines(self, proceeding):
        """What was done is closed with its document; the title lasts ten years."""
        found = {one.rule_code: one for one in proceeding.deadline_ids}
        self.assertEqual(
            {code: one.state for code, one in found.items()},
            {
                "order.fees": "done",
                "order.service": "done",
                "order.opposition": "done",
                "order.enforcement": "done",
                "title.execution": "open",
            },
        )
        self.assertEqual(found["order.fees"].attachment_ids.mapped("name"), ["fees.txt"])
        self.assertEqual(found["order.service"].legal_date, date(2026, 8, 3))
        self.assertEqual(found["order.service"].attachment_ids.mapped("name"), ["Tour served.txt"])
        self.assertEqual(found["title.execution"].legal_date, date(2036, 3, 16))

    def test_from_a_handover_to_a_title(self):
        self._walk("en_US")

    def test_from_a_handover_to_a_title_in_french(self):
        self._walk("fr_FR")

    def test_alarms_stand_on_the_right_days(self):
        """The order of Friday 13 March 2026 is served by 14 September: told of four times."""
        self.handover.action_start_proceeding()
        proceeding = self.handover.proceeding_ids.with_user(self.accountant)
        for key in ("file", "grant"):
            self._take(proceeding, key, date(2026, 3, 13))
        deadline = self._deadline(proceeding, "order.service")
        told = {}
        for days in range(140, 190):
            with self.on(days) as today:
                before = deadline.activity_ids
                self.root["collection.deadline"]._warn(self.company, today)
                new = deadline.activity_ids - before
                if new:
                    told[today] = len(new)
        self.assertEqual(
            list(told),
            [
                date(2026, 8, 12),
                date(2026, 8, 27),
                date(2026, 9, 4),
                date(2026, 9, 10),
                date(2026, 9, 15),
            ],
        )
        # The manager is told with the last ones.
        self.assertEqual(next(iter(told.values())), 1)
        self.assertEqual(list(told.values())[-1], 2)
        self.assertEqual(deadline.state, "missed")

from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from ...rules.limitation import alarm_dates, last_day
from ..common import TODAY
from .common import LimitationCommon


@tagged("post_install", "-at_install")
class TestLimitationAlarm(LimitationCommon):
    """Alarms come in time, once, grouped by case."""

    def _watch(self, day=TODAY):
        activities = self.root["collection.limitation"]._watch(self.company, day)
        return activities.sorted("id")

    def test_thresholds_of_a_long_and_of_a_short_period(self):
        for partner, nature, due in (
            (self.business, "professional", date(2024, 3, 31)),
            (self.consumer, "consumer", date(2026, 1, 31)),
        ):
            item = self._claim(due, partner)
            legal = last_day(nature, due)
            for months, day in alarm_dates(nature, legal):
                with self.subTest(nature=nature, months=months), freeze_time(day.isoformat()):
                    self.assertFalse(self._watch(day - timedelta(days=1)))
                    activities = self._watch(day)
                    self.assertIn(f"{months} month", activities[0].summary)
                    self.assertEqual(activities[0].res_id, item.case_id.id)
                    self.assertEqual(activities[0].user_id, self.collector)
                    managers = self.collector | self.manager if months == 1 else self.collector
                    self.assertEqual(activities.user_id, managers)
                    self.assertFalse(self._watch(day))

    def test_items_of_a_case_share_one_activity(self):
        for days in range(5):
            self._claim(date(2024, 6, 1) + timedelta(days=days), self.consumer)
        activities = self._watch()
        self.assertEqual(len(activities), 1)
        self.assertIn("5 item(s), the first on 06/01/2026", activities.summary)
        self.assertEqual(str(activities.note).count("<li>"), 5)
        self.assertIn("20-23.204", activities.note)

    def test_a_missed_threshold_is_caught_up_and_only_the_last_one_told(self):
        self._claim(TODAY - timedelta(days=720), self.consumer)
        activities = self._watch()
        self.assertEqual(activities.user_id, self.collector | self.manager)
        self.assertEqual(len(activities), 2)
        self.assertIn("1 month", activities[0].summary)

    def test_who_has_left_is_passed_over(self):
        other = self.personas["other_collector"]
        self._claim(date(2024, 6, 1), self.consumer)
        self.collector.sudo().active = False
        self.company.sudo().collection_user_id = other
        self.assertEqual(self._watch().user_id, other)
        self._claim(date(2024, 6, 2), self.consumer)
        other.sudo().active = False
        self.assertEqual(self._watch().user_id, self.manager)

    def test_an_alarm_that_would_reach_nobody_waits(self):
        item = self._claim(date(2024, 6, 1), self.consumer)
        self.collector.sudo().active = False
        alarms = self.root["collection.limitation.alarm"]
        users = type(self.root["res.users"])
        with (
            patch.object(users, "_find_collection_manager", lambda model, *args: model.browse()),
            self.assertLogs("odoo.addons.recouvrement_creances", "ERROR") as logs,
        ):
            self.assertFalse(self._watch())
        self.assertIn("reach nobody", "".join(logs.output))
        self.assertFalse(alarms.search([("item_id", "=", item.id)]))
        self.assertEqual(self._watch().user_id, self.manager)
        self.assertTrue(alarms.search([("item_id", "=", item.id)]))

    def test_what_expired_was_paid_or_is_excluded_gives_no_alarm(self):
        self._claim(date(2024, 3, 1), self.consumer)
        paid = self._claim(date(2024, 4, 1), self.consumer)
        self._pay(paid.move_id)
        excluded = self._claim(date(2024, 4, 2), self.consumer)
        excluded.move_id.no_followup = True
        self._decide()
        self.assertFalse(self._watch())

    def test_a_confirmed_date_has_alarms_of_its_own(self):
        item = self._claim(date(2024, 3, 10), self.consumer)
        self._note(item, day=date(2025, 6, 10)).action_confirm()
        self.assertFalse(self._watch())
        with freeze_time("2026-12-10"):
            activities = self._watch(date(2026, 12, 10))
        self.assertIn("06/10/2027", activities.summary)

    def test_another_nature_gives_new_alarms(self):
        item = self._claim(date(2024, 6, 1), self.consumer)
        self.assertTrue(self._watch())
        item.move_id.collection_claim_nature = "transport"
        self.assertFalse(self._watch())
        item.move_id.collection_claim_nature = "insurance_premium"
        item.move_id.collection_claim_start = date(2024, 7, 1)
        self.assertTrue(self._watch())

    def test_the_scheduled_action_serves_every_company(self):
        self._claim(date(2024, 6, 1), self.consumer)
        with self.enter_registry_test_mode():
            self.root.ref("recouvrement_creances.ir_cron_watch_limitation").method_direct_trigger()
        case = self._case(self.consumer)
        kind = self.root.ref("recouvrement_creances.mail_activity_type_limitation")
        self.assertEqual(case.activity_ids.activity_type_id, kind)

    def test_finding_alarms_costs_the_same_for_many_items(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.root["collection.limitation.alarm"]._note_due(self.company, TODAY)
            return self.env.cr.sql_log_count - before

        self._claim(date(2024, 6, 1), self.consumer)
        few = count()
        for index in range(15):
            self._overdue_invoice(705 + index, partner=self._debtor(f"C {index}", is_company=False))
        self._decide()
        self.assertLessEqual(count(), few)
        # All are within the last month: three thresholds each, and two of the first item.
        alarms = self.root["collection.limitation.alarm"].search_count(
            [("item_id.company_id", "=", self.company.id)]
        )
        self.assertEqual(alarms, 2 + 15 * 3)

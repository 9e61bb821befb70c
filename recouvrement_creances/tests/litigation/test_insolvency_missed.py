from datetime import date

from odoo.tests import tagged

from ..common import TODAY
from .insolvency_common import InsolvencyCommon

DUE = date(2026, 6, 30)


@tagged("post_install", "-at_install")
class TestInsolvencyMissed(InsolvencyCommon):
    """A dividend that does not come is told of once, until it comes."""

    def setUp(self):
        super().setUp()
        self.invoice = self._owe()
        self.record = self._record()
        self._step_of(self.record, "plan")
        self.dividend = self.record.dividend_ids.create(
            {"insolvency_id": self.record.id, "due_date": DUE, "amount": 400}
        )

    def _tasks(self):
        return self.record.activity_ids.filtered(lambda one: "ividend" in (one.summary or ""))

    def _watch(self, day):
        with self.on((day - TODAY).days):
            self.dividend.invalidate_recordset()
            self.root["collection.deadline"]._warn_of_dividends(self.company, day)
            self.env.flush_all()
            self.record.invalidate_recordset(["activity_ids"])
            return self._tasks()

    def test_one_task_for_a_missed_dividend_until_it_is_paid(self):
        self.assertFalse(self._watch(DUE))
        task = self._watch(date(2026, 7, 2))
        self.assertEqual(len(task), 1)
        self.assertEqual(task.user_id, self.record._get_deadline_user())
        self.assertIn("400", task.summary)
        self.assertEqual(self._watch(date(2026, 7, 3)), task)
        with self.on((date(2026, 7, 4) - TODAY).days):
            self._pay(self.invoice, 400)
        self.assertFalse(self._watch(date(2026, 7, 5)))

    def test_who_has_dealt_with_it_is_not_told_again(self):
        task = self._watch(date(2026, 7, 2))
        task.action_feedback(feedback="The office holder was asked")
        self.assertFalse(self._watch(date(2026, 7, 3)))

    def test_a_plan_that_ended_owes_no_dividend(self):
        self.assertTrue(self._watch(date(2026, 7, 2)))
        with self.on((date(2026, 7, 3) - TODAY).days):
            self._step_of(self.record, "conversion")
        self.assertFalse(self._watch(date(2026, 7, 4)))
        self.assertFalse(self.dividend.is_late)

    def test_the_daily_watch_looks_at_them(self):
        with self.on((date(2026, 7, 2) - TODAY).days), self.enter_registry_test_mode():
            self.root.ref("recouvrement_creances.ir_cron_warn_deadlines").method_direct_trigger()
            self.record.invalidate_recordset(["activity_ids"])
            self.assertEqual(len(self._tasks()), 1)

    def test_proceedings_whose_dividends_are_late_are_found(self):
        view = self.root["collection.insolvency"].get_view(view_type="search")["arch"]
        self.assertIn("late_dividends", view)
        domain = [("state", "=", "plan"), ("dividend_ids", "any", [("told_on", "!=", False)])]
        found = self.root["collection.insolvency"]
        self.assertNotIn(self.record, found.search(domain))
        self._watch(date(2026, 7, 2))
        self.assertIn(self.record, found.search(domain))

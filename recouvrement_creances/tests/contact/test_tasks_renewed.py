from datetime import timedelta

from odoo.tests import tagged

from ..common import TODAY, CollectionCommon

FEW, MANY = 2, 12


@tagged("post_install", "-at_install")
class TestTasksRenewed(CollectionCommon):
    """What waits follows whoever follows its case; a task that Odoo deleted is given anew."""

    def setUp(self):
        super().setUp()
        self.company.sudo().collection_policy_id = self._make_policy([(5, "call")])
        self.successor = self.personas["other_collector"]
        self.invoice = self._overdue_invoice(6)

    def _plan(self):
        """Return the call that today's run plans, with its task."""
        self._run()
        call = self._case().action_ids
        self.assertEqual((call.state, call.activity_id.user_id), ("planned", self.collector))
        return call

    def _leave(self):
        """Let the collector leave the company."""
        self.company.sudo().collection_user_id = self.successor
        self.collector.with_env(self.root).action_archive()

    def _run_later(self, days=1):
        with self.on(days):
            self._run()

    def _give_case(self, case=None):
        (case or self._case()).with_user(self.personas["manager"]).user_id = self.successor

    # === A COLLECTOR LEAVES === #

    def test_calls_of_who_left_are_given_to_who_follows(self):
        call = self._plan()
        self._leave()
        self.assertFalse(call.activity_id)
        self._run_later()
        self.assertEqual((call.state, call.user_id), ("planned", self.successor))
        self.assertRecordValues(
            call.activity_id,
            [{"user_id": self.successor.id, "date_deadline": TODAY + timedelta(days=1)}],
        )
        self._run_later(2)
        self.assertEqual(self._case().activity_ids, call.activity_id)

    def test_day_that_was_agreed_on_stays(self):
        call = self._plan()
        call.date_planned = TODAY + timedelta(days=9)
        self._leave()
        self._run_later()
        self.assertEqual(call.activity_id.date_deadline, TODAY + timedelta(days=9))

    def test_call_that_is_overtaken_gets_no_task(self):
        call = self._plan()
        self._leave()
        self._pay(self.invoice)
        self._run_later()
        self.assertEqual(call.state, "cancelled")
        self.assertFalse(self._case().activity_ids)

    def test_many_calls_cost_what_few_do(self):
        counts = []
        channel = self.root["collection.channel.human"]
        for name, number in (("Few", FEW), ("Many", MANY)):
            for index in range(number):
                self._overdue_invoice(6, partner=self._debtor(f"{name} {index}"))
            self._run()
            calls = self.root["collection.action"].search([("state", "=", "planned")])
            calls.activity_id.unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            channel._follow_collectors(self.company, TODAY)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(all(call.activity_id for call in calls))
        self.assertLessEqual(counts[1], counts[0])

    # === A CASE IS GIVEN TO SOMEBODY ELSE === #

    def test_task_goes_with_its_case(self):
        call = self._plan()
        task = call.activity_id
        self._give_case()
        self._run_later()
        self.assertEqual(call.activity_id, task)
        self.assertEqual((task.user_id, call.user_id), (self.successor, self.successor))

    def test_task_that_somebody_else_was_given_stays_his(self):
        call = self._plan()
        colleague = self.personas["manager"]
        call.activity_id.with_env(self.root).user_id = colleague
        self._give_case()
        self._run_later()
        self.assertEqual((call.activity_id.user_id, call.user_id), (colleague, self.successor))

    def test_task_about_a_vulnerable_person_stays_with_who_looks_after_him(self):
        senior = self.personas["manager"]
        self.company.sudo().collection_senior_user_id = senior
        self.partner_a.with_env(self.root).collection_is_vulnerable = True
        self._run()
        call = self._case().action_ids
        self.assertEqual(call.activity_id.user_id, senior)
        self._give_case()
        self._run_later()
        self.assertEqual(call.activity_id.user_id, senior)
        call.activity_id.unlink()
        self._run_later(2)
        self.assertEqual(call.activity_id.user_id, senior)

    def test_proposal_goes_with_its_case(self):
        ladder = self._make_policy([(5, "email", {"mode": "confirm"})])
        self.partner_b.with_company(self.company).sudo().collection_policy_id = ladder
        self._overdue_invoice(6, partner=self.partner_b)
        self._run()
        case = self._case(self.partner_b)
        self.assertEqual(case.action_ids.state, "proposed")
        self._give_case(case)
        self._run_later()
        self.assertEqual(case.action_ids.user_id, self.successor)

    # === LETTERS TO FOLLOW === #

    def test_letter_is_asked_for_anew_when_its_task_is_lost(self):
        self._decide()
        letter = (
            self.root["collection.action"]
            ._with_door()
            .create(
                {
                    "company_id": self.company.id,
                    "case_id": self._case().id,
                    "channel": "registered_letter",
                    "state": "sent",
                    "is_notice": True,
                    "contact_date": TODAY - timedelta(days=40),
                }
            )
        )
        ask = self.root["collection.channel.registered_letter"]._ask_for_presentation
        self.assertEqual(ask(self.company, TODAY), letter)
        self.assertFalse(ask(self.company, TODAY + timedelta(days=1)))
        self._leave()
        self._decide()
        self.assertEqual(ask(self.company, TODAY + timedelta(days=2)), letter)
        task = self._case().activity_ids
        self.assertEqual(task.user_id, self.successor)
        self.assertFalse(ask(self.company, TODAY + timedelta(days=3)))
        # Who has done the task is not given it again.
        task.with_user(self.successor).action_feedback()
        self.assertFalse(ask(self.company, TODAY + timedelta(days=4)))

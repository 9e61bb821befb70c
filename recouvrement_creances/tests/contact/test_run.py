from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestRun(CollectionCommon):
    """The daily run sends what is due once, and says why it leaves the rest."""

    def test_daily_run_sends_one_message_per_debtor(self):
        first = self._overdue_invoice(6)
        second = self._overdue_invoice(8)
        self._overdue_invoice(7, partner=self.partner_b)
        with self._mail_server() as sink:
            run = self._run()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(sink.messages), 2)
        (message,) = sink.to("a@debtor.example")
        html = message.get_body(("html",)).get_content()
        self.assertIn(first.name, html)
        self.assertIn(second.name, html)
        self.assertEqual(self._item(first).level_id.number, 1)
        self.assertEqual(self._item(first).last_contact_date, TODAY)

    def test_second_run_of_the_day_sends_nothing(self):
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
            self._run()
        self.assertEqual(len(sink.messages), 1)

    def test_next_level_waits_from_the_real_sending(self):
        invoice = self._overdue_invoice(20)
        with self._mail_server() as sink:
            self._run()
            self.assertEqual(self._item(invoice).level_id.number, 1)
            with self.on(9):
                self._run()
                self.assertVerdict(invoice, "too_soon", next_date=TODAY + timedelta(days=10))
            with self.on(10):
                self._run()
                self.assertEqual(self._item(invoice).level_id.number, 2)
        self.assertEqual(len(sink.messages), 2)

    def test_missed_days_are_caught_up_one_level_at_a_time(self):
        invoice = self._overdue_invoice(200)
        with self._mail_server():
            self._run()
        self.assertEqual(self._item(invoice).level_id.number, 1)

    def test_message_is_at_the_highest_level_and_lists_the_others(self):
        old = self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
            with self.on(10):
                young = self._overdue_invoice(6)
                run = self._run()
        self.assertEqual(run.action_ids.level_id.number, 2)
        self.assertEqual(self._item(old).level_id.number, 2)
        self.assertEqual(self._item(young).level_id.number, 1)
        html = sink.messages[-1].get_body(("html",)).get_content()
        self.assertIn(old.name, html)
        self.assertIn(young.name, html)

    def test_reminder_never_claims_what_is_not_due(self):
        self.company.collection_policy_id = self._make_policy([(-7, "email"), (5, "email")])
        late = self._overdue_invoice(6)
        coming = self._overdue_invoice(-3)
        with self._mail_server() as sink:
            self._run()
        html = sink.messages[0].get_body(("html",)).get_content()
        self.assertIn(late.name, html)
        self.assertNotIn(coming.name, html)
        self.assertFalse(self._item(coming).level_id)

    def test_call_becomes_a_task_of_the_collector(self):
        self.company.collection_policy_id = self._make_policy([(5, "call")])
        self._overdue_invoice(6)
        run = self._run()
        action = run.action_ids
        self.assertEqual(action.state, "planned")
        self.assertEqual(action.activity_id.user_id, self.collector)
        self.assertEqual(action.activity_id.res_id, self._case().id)

    def test_ladder_done_waits_for_a_person(self):
        self.company.collection_policy_id = self._make_policy([(5, "email")])
        invoice = self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
            with self.on(60):
                self._run()
        self.assertVerdict(invoice, "ladder_done")
        self.assertEqual(len(sink.messages), 1)

    def test_paid_between_proposal_and_sending_is_not_contacted(self):
        invoice = self._overdue_invoice(6)
        run = self.root["collection.run"].create({"company_id": self.company.id})
        run.action_propose()
        self.assertEqual(run.action_ids.state, "proposed")
        self._pay(invoice)
        with self._mail_server() as sink:
            run.action_send()
        self.assertFalse(sink.messages)
        self.assertEqual(run.action_ids.state, "cancelled")

    def test_manual_run_sends_nothing_before_it_is_told_to(self):
        self._overdue_invoice(6)
        run = self.root["collection.run"].create({"company_id": self.company.id})
        with self._mail_server() as sink:
            run.action_propose()
            self.assertFalse(sink.messages)
            run.action_send()
            self.assertEqual(len(sink.messages), 1)
        self.assertEqual(run.state, "done")

    def test_left_out_debtor_is_held_with_a_reason(self):
        self._overdue_invoice(6)
        run = self.root["collection.run"].create({"company_id": self.company.id})
        run.action_propose()
        reason = self.root["collection.reason"].search([("usage", "=", "exclusion")], limit=1)
        run.action_ids._leave_out(reason, TODAY + timedelta(days=7))
        with self._mail_server() as sink:
            run.action_send()
            with self.on(7):
                self._run()
            self.assertFalse(sink.messages)
            with self.on(8):
                self._run()
            self.assertEqual(len(sink.messages), 1)

    def test_refused_recipient_is_a_failed_contact_that_can_be_retried(self):
        invoice = self._overdue_invoice(6)
        other = self._overdue_invoice(6, partner=self.partner_b)
        with self._mail_server() as sink, self.assertLogs("odoo.addons.mail", "ERROR"):
            sink.refused.add("a@debtor.example")
            self._run()
        action = self._case().action_ids
        self.assertEqual(action.state, "failed")
        self.assertIn("550", action.failure_reason)
        self.assertFalse(self._item(invoice).level_id)
        self.assertEqual(self._item(other).level_id.number, 1)
        with self._mail_server() as sink:
            with self.on(1):
                self._run()
                self.assertFalse(sink.messages)
                action.action_retry()
            self.assertEqual(len(sink.messages), 1)
        self.assertEqual(self._item(invoice).level_id.number, 1)

    def test_debtor_without_any_address_asks_to_be_found(self):
        self.partner_a.email = False
        invoice = self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
        self.assertFalse(sink.messages)
        self.assertEqual(self._case().action_ids.state, "failed")
        self.assertIn(
            self.root.ref("recouvrement_creances.mail_activity_type_find_debtor"),
            self._case().activity_ids.activity_type_id,
        )
        self.assertFalse(self._item(invoice).level_id)

    def test_malformed_email_does_not_stop_the_others(self):
        self.partner_a.email = "not an address"
        self._overdue_invoice(6)
        self._overdue_invoice(6, partner=self.partner_b)
        with self._mail_server() as sink:
            self._run()
        self.assertEqual(len(sink.messages), 1)
        self.assertIn("not an address", self._case().action_ids.failure_reason)

    def test_template_that_breaks_for_one_debtor_leaves_the_others(self):
        self.template.body_html = (
            "<p><t t-if=\"object.debtor_id.ref == 'broken'\" t-out='1 / 0'/>Please pay.</p>"
        )
        self.partner_a.ref = "broken"
        self._overdue_invoice(6)
        self._overdue_invoice(6, partner=self.partner_b)
        with self._mail_server() as sink:
            self._run()
        self.assertEqual(len(sink.messages), 1)
        self.assertEqual(self._case().action_ids.state, "failed")
        self.assertEqual(self._case(self.partner_b).action_ids.state, "sent")

    def test_collection_contact_comes_first(self):
        self.root["res.partner"].create(
            [
                {
                    "name": "Invoices",
                    "type": "invoice",
                    "parent_id": self.partner_a.id,
                    "email": "invoices@debtor.example",
                },
                {
                    "name": "Debts",
                    "type": "collection",
                    "parent_id": self.partner_a.id,
                    "email": "debts@debtor.example",
                },
            ]
        )
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
        self.assertEqual(len(sink.to("debts@debtor.example")), 1)

    def test_cap_per_week_is_kept(self):
        self.company.collection_policy_id = self._make_policy(
            [(5, "email"), (8, "email"), (10, "email")], minimum_days_between=1, weekly_cap=2
        )
        invoice = self._overdue_invoice(5)
        with self._mail_server() as sink:
            for day in range(7):
                with self.on(day):
                    self._run()
            self.assertEqual(len(sink.messages), 2)
            with self.on(7):
                self._run()
        self.assertEqual(len(sink.messages), 3)
        self.assertEqual(self._item(invoice).level_id.number, 3)

    def test_query_count_does_not_depend_on_the_number_of_items(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._decide()
            return self.env.cr.sql_log_count - before

        for index in range(3):
            self._overdue_invoice(6, partner=self._debtor(f"Few {index}"))
        self._decide()
        few = count()
        for index in range(30):
            self._overdue_invoice(6, partner=self._debtor(f"Many {index}"))
        self._decide()
        self.assertLessEqual(count(), few)
        self.assertLessEqual(few, 40)

    def test_run_without_proposal_cannot_be_sent(self):
        run = self.root["collection.run"].create({"company_id": self.company.id})
        with self.assertRaises(UserError):
            run.action_send()

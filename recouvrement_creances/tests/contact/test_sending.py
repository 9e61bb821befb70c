from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestSending(CollectionCommon):
    """Between the proposal and the sending anything may happen, a crash included."""

    def _propose(self, **values):
        run = self.root["collection.run"].create({"company_id": self.company.id, **values})
        run.action_propose()
        return run

    def _follow(self, levels, **values):
        """Let the company follow another policy."""
        self.company.sudo().collection_policy_id = self._make_policy(levels, **values)

    # === FROM PROPOSAL TO SENDING === #

    def test_proposal_that_is_sent_later_counts_from_the_day_it_left(self):
        invoice = self._overdue_invoice(6)
        run = self._propose()
        with self.on(3), self._mail_server() as sink:
            run.action_send()
        self.assertEqual(len(sink.messages), 1)
        self.assertEqual(run.action_ids.contact_date, TODAY + timedelta(days=3))
        self.assertEqual(self._item(invoice).last_contact_date, TODAY + timedelta(days=3))

    def test_debtor_who_was_called_in_between_is_not_written_to(self):
        self._overdue_invoice(6)
        run = self._propose()
        self.root["collection.contact.outcome"].with_user(self.collector).create(
            {"case_id": self._case().id, "channel": "call", "outcome": "refuses"}
        ).action_apply()
        with self._mail_server() as sink:
            run.action_send()
            self.assertFalse(sink.messages)
            action = run.action_ids.filtered(lambda action: action.channel == "email")
            with self.on(3):
                self._run()
        self.assertEqual(len(sink.messages), 1)
        self.assertEqual(self._case().action_ids.mapped("state").count("sent"), 1)
        self.assertEqual(action.state, "sent")

    def test_hold_in_between_stops_the_message(self):
        self._overdue_invoice(6)
        run = self._propose()
        self._hold(self._case())
        with self._mail_server() as sink:
            run.action_send()
        self.assertFalse(sink.messages)
        self.assertEqual(run.action_ids.state, "cancelled")

    def test_one_of_two_invoices_paid_in_between_is_not_claimed(self):
        first = self._overdue_invoice(6, amount=300)
        second = self._overdue_invoice(7, amount=50)
        run = self._propose()
        self._pay(first)
        with self._mail_server() as sink:
            run.action_send()
        html = sink.messages[0].get_body(("html",)).get_content()
        self.assertIn(second.name, html)
        self.assertNotIn(first.name, html)
        self.assertNotIn("350.00", html)

    def test_proposal_to_confirm_waits_for_a_person(self):
        self._follow([(5, "email", {"mode": "confirm"})])
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            first = self._run()
            self.assertEqual(first.action_ids.state, "proposed")
            with self.on(1):
                second = self._run()
                self.assertFalse(sink.messages)
                self.assertEqual(len(second.action_ids), 1)
                second.action_ids.with_user(self.collector).action_confirm()
            self.assertEqual(len(sink.messages), 1)
        self.assertEqual(self._case().action_ids.contact_date, TODAY + timedelta(days=1))

    def test_manual_step_is_left_out_of_a_group_sending(self):
        self._follow([(5, "email", {"mode": "manual"})])
        self._overdue_invoice(6)
        run = self._propose()
        with self._mail_server() as sink:
            run.action_send()
            self.assertFalse(sink.messages)
            run.action_ids.action_confirm()
        self.assertEqual(len(sink.messages), 1)

    def test_every_step_of_a_level_is_done_once(self):
        self._follow([(5, "email"), (15, "email")])
        self.company.collection_policy_id.level_ids[0].sudo().step_ids = [
            Command.create({"channel": "call", "mode": "automatic"})
        ]
        invoice = self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
            with self.on(1):
                self._run()
        self.assertEqual(len(sink.messages), 1)
        states = dict.fromkeys(("email", "call"))
        for action in self._case().action_ids:
            self.assertFalse(states[action.channel], "twice")
            states[action.channel] = action.state
        self.assertEqual(states, {"email": "sent", "call": "planned"})
        self.assertEqual(self._item(invoice).level_id.number, 1)

    def test_cancelled_run_is_proposed_anew(self):
        self._overdue_invoice(6)
        run = self._propose()
        run.action_cancel()
        self.assertEqual(run.action_ids.state, "cancelled")
        with self._mail_server() as sink:
            self._run()
        self.assertEqual(len(sink.messages), 1)

    def test_proposal_made_twice_is_one(self):
        self._overdue_invoice(6)
        first = self._propose()
        first.action_propose()
        second = self._propose()
        self.assertFalse(first.action_ids)
        self.assertEqual(len(second.action_ids), 1)

    def test_new_invoice_joins_the_standing_proposal(self):
        self._follow([(5, "email", {"mode": "confirm"})])
        self._overdue_invoice(6)
        self._run()
        later = self._overdue_invoice(8)
        with self.on(1):
            run = self._run()
        self.assertIn(self._item(later), run.action_ids.line_ids.item_id)

    def test_given_up_contact_lets_the_next_round_begin(self):
        self._follow([(5, "call")])
        self._overdue_invoice(6)
        self._run()
        self._case().action_ids.action_cancel()
        with self.on(1):
            run = self._run()
        self.assertEqual(run.action_ids.state, "planned")

    def test_policy_to_be_confirmed_is_shown_by_hand_and_not_sent_by_itself(self):
        self.policy.with_user(self.personas["manager"]).action_revise()
        self._overdue_invoice(6)
        run = self._propose()
        self.assertEqual(len(run.action_ids), 1)
        with self._mail_server() as sink, self.on(1):
            self._run()
        self.assertFalse(sink.messages)

    # === CRASHES === #

    def _interrupt(self):
        """Propose and claim two messages of one run, as a process that dies before sending."""
        self._overdue_invoice(6)
        self._overdue_invoice(6, partner=self.partner_b)
        run = self.root["collection.run"].create({"company_id": self.company.id, "origin": "daily"})
        run._propose()
        run._apply_event("start")
        executor = self.root["collection.executor"]
        for channel, actions in executor._resolve_recipients(run.action_ids).items():
            self.root[f"collection.channel.{channel}"]._prepare(actions, TODAY)
        self.assertEqual(set(run.action_ids.mapped("state")), {"sending"})
        return run

    def test_message_of_a_dead_process_is_never_resent_blindly(self):
        run = self._interrupt()
        self._leave_claimed(run.action_ids)
        with self._mail_server() as sink, self.on(1):
            self.root["collection.executor"]._cron_send()
        states = sorted(run.action_ids.mapped("state"))
        self.assertEqual(states, ["ambiguous", "sent"])
        self.assertEqual(len(sink.messages), 1)
        self.assertEqual(run.state, "done")

    def test_message_that_had_left_before_the_crash_counts_as_sent(self):
        run = self._interrupt()
        self._leave_claimed(run.action_ids)
        run.action_ids.mail_id.write({"state": "sent"})
        with self._mail_server() as sink, self.on(1):
            self.root["collection.executor"]._cron_send()
        self.assertFalse(sink.messages)
        self.assertEqual(set(run.action_ids.mapped("state")), {"sent"})

    def test_claim_of_a_living_process_is_left_alone(self):
        run = self._interrupt()
        with self._mail_server() as sink:
            self.root["collection.executor"]._cron_send()
        self.assertFalse(sink.messages)
        self.assertEqual(set(run.action_ids.mapped("state")), {"sending"})

    def test_claim_that_a_backup_brought_back_is_doubtful_as_a_whole(self):
        """Nothing tells what the original sent after the backup was made."""
        run = self._interrupt()
        self._leave_claimed(run.action_ids)
        run.action_ids[0].claim_key = "another database/1"
        run.action_ids[1].claim_key = "another database/1"
        with self._mail_server() as sink, self.on(1):
            self.root["collection.executor"]._cron_send()
        self.assertFalse(sink.messages)
        self.assertEqual(set(run.action_ids.mapped("state")), {"ambiguous"})

    def test_two_processes_that_die_at_once_are_told_apart(self):
        run = self._interrupt()
        self._leave_claimed(run.action_ids)
        first, second = run.action_ids
        first.claim_key = second.claim_key + "other"
        with self._mail_server() as sink, self.on(1):
            self.root["collection.executor"]._cron_send()
        self.assertFalse(sink.messages)
        self.assertEqual(set(run.action_ids.mapped("state")), {"ambiguous"})

    def test_debtor_who_pays_before_the_message_leaves_does_not_get_it(self):
        invoice = self._overdue_invoice(6)
        other = self._overdue_invoice(6, partner=self.partner_b)
        run = self.root["collection.run"].create({"company_id": self.company.id, "origin": "daily"})
        run._propose()
        executor = self.root["collection.executor"]
        email = self.root["collection.channel.email"]
        (actions,) = executor._resolve_recipients(run.action_ids).values()
        email._prepare(actions, TODAY)
        self._pay(invoice, 400)
        self._hold(self._case(self.partner_b))
        self.env.cr.execute("UPDATE collection_hold SET create_date = create_date + interval '1 s'")
        with self._mail_server() as sink:
            email._hand_over(actions, TODAY)
            self.assertFalse(sink.messages)
            self.assertEqual(set(actions.mapped("state")), {"confirmed"})
            executor._execute_actions(actions, TODAY, fields.Datetime.now())
        (message,) = sink.messages
        self.assertIn("600.00", message.get_body(("html",)).get_content())
        self.assertNotIn(other.name, message.as_string())

    def test_dispute_of_an_item_stops_its_message_at_the_last_moment(self):
        invoice = self._overdue_invoice(6)
        run = self.root["collection.run"].create({"company_id": self.company.id, "origin": "daily"})
        run._propose()
        (actions,) = self.root["collection.executor"]._resolve_recipients(run.action_ids).values()
        email = self.root["collection.channel.email"]
        email._prepare(actions, TODAY)
        lines = [(0, 0, {"item_id": self._item(invoice).id})]
        self._hold(self._case(), "dispute", review_date=TODAY, line_ids=lines)
        messages = actions.case_id.message_ids
        with self._mail_server() as sink:
            email._hand_over(actions, TODAY)
        self.assertFalse(sink.messages)
        self.assertEqual(actions.state, "confirmed")
        # Nothing was said, so nothing stands in the timeline.
        self.assertFalse((actions.case_id.message_ids - messages).filtered("email_from"))
        self.assertNotIn("email_outgoing", actions.case_id.message_ids.mapped("message_type"))

    def test_between_two_messages_the_next_one_is_looked_at(self):
        debtors = self.partner_a | self.partner_b | self._debtor("Third")
        due = {debtor: self._overdue_invoice(6, partner=debtor) for debtor in debtors}
        disputed = {debtor: self._overdue_invoice(6, partner=debtor) for debtor in debtors}
        self._decide()
        for debtor, invoice in disputed.items():
            lines = [(0, 0, {"item_id": self._item(invoice).id})]
            self._hold(self._case(debtor), "dispute", review_date=TODAY, line_ids=lines)
        # The guard knew of these disputes: what is left is claimed.
        self.env.cr.execute("UPDATE collection_hold SET write_date = write_date - interval '1 min'")
        run = self.root["collection.run"].create({"company_id": self.company.id, "origin": "daily"})
        run._propose()
        (actions,) = self.root["collection.executor"]._resolve_recipients(run.action_ids).values()
        email = self.root["collection.channel.email"]
        email._prepare(actions, TODAY)
        first, second, third = actions.sorted(lambda action: action.mail_id.id)
        self._pay(due[first.debtor_id], 400)
        email._look_again(actions.mail_id.sorted("id"), TODAY, float("inf"))
        self.assertEqual(first.mail_id.state, "cancel")
        self.assertEqual(second.mail_id.state, "outgoing")
        second.mail_id.state = "sent"
        self._pay(due[third.debtor_id], 400)
        email._look_again(third.mail_id, TODAY, float("inf"))
        self.assertEqual(second.mail_id.state, "sent")
        self.assertEqual(third.mail_id.state, "cancel")

    def test_messages_that_would_take_too_long_wait(self):
        self._overdue_invoice(6)
        self._overdue_invoice(6, partner=self.partner_b)
        run = self.root["collection.run"].create({"company_id": self.company.id, "origin": "daily"})
        run._propose()
        (actions,) = self.root["collection.executor"]._resolve_recipients(run.action_ids).values()
        email = self.root["collection.channel.email"]
        email._prepare(actions, TODAY)
        actions.mail_id.sorted("id")[0].state = "sent"
        email._look_again(actions.mail_id, TODAY, 0)
        self.assertEqual(actions.mail_id.sorted("id").mapped("state"), ["sent", "cancel"])

    def test_what_another_process_took_meanwhile_is_left_to_it(self):
        self._overdue_invoice(6)
        run = self.root["collection.run"].create({"company_id": self.company.id, "origin": "daily"})
        run._propose()
        action = run.action_ids
        action._apply_event("claim", {"claimed_at": self.env.cr.now()})
        with self._mail_server() as sink:
            self.root["collection.executor"]._execute_chunk(action, self.company)
        self.assertFalse(sink.messages)
        self.assertEqual(action.state, "sending")

    def test_odoos_own_queue_does_not_send_what_was_claimed(self):
        self._interrupt()
        with self._mail_server() as sink:
            self.root["mail.mail"].process_email_queue()
        self.assertFalse(sink.messages)

    def test_unknown_result_is_settled_by_a_person(self):
        run = self._interrupt()
        self._leave_claimed(run.action_ids)
        with self._mail_server(), self.on(1):
            self.root["collection.executor"]._cron_send()
        doubtful = run.action_ids.filtered(lambda action: action.state == "ambiguous")
        self.assertIn("check whether it arrived", doubtful.case_id.next_step)
        with self._mail_server() as sink, self.on(2):
            self._run()
            self.assertFalse(sink.messages)
            doubtful.with_user(self.collector).action_confirm_sent()
        self.assertEqual(doubtful.state, "sent")
        self.assertEqual(doubtful.evidence_ids.sorted("position")[-1].kind, "sent")
        self.assertEqual(doubtful.line_ids.item_id.level_id.number, 1)

    def test_only_an_unknown_result_is_declared_sent_by_a_person(self):
        self._follow([(5, "call")])
        self._overdue_invoice(6)
        self._run()
        with self.assertRaises(UserError):
            self._case().action_ids.with_user(self.collector).action_confirm_sent()

    def test_mail_server_that_is_down_fails_each_message_once(self):
        self._overdue_invoice(6)
        self._overdue_invoice(6, partner=self.partner_b)
        with self._mail_server() as sink, mute_logger("odoo.addons.mail.models.mail_mail"):
            sink.stop()
            sink.stop = lambda: None
            run = self._run()
        self.assertEqual(set(run.action_ids.mapped("state")), {"failed"})
        with self._mail_server() as sink:
            self.root["mail.mail"].process_email_queue()
            with self.on(2):
                self._run()
            self.assertFalse(sink.messages)
            run.action_ids.action_retry()
        self.assertEqual(len(sink.messages), 2)

    def test_nothing_chosen_sends_nothing(self):
        none = self.root["collection.action"]
        self.assertIsNone(none.action_retry())
        self.assertIsNone(none.action_confirm())

    def test_run_that_breaks_leaves_a_trace_and_is_taken_up_again(self):
        self._overdue_invoice(6)
        decision = type(self.root["collection.decision"])
        genuine = decision._decide

        def broken(*_arguments, **_options):
            raise ValueError("no decision today")

        self.patch(decision, "_decide", broken)
        with mute_logger("odoo.addons.recouvrement_creances.models.contact.collection_run"):
            self.root["collection.run"]._cron_run_daily()
        runs = self.root["collection.run"].search([("company_id", "=", self.company.id)])
        self.assertIn("no decision today", " ".join(run.error or "" for run in runs))
        self.patch(decision, "_decide", genuine)
        with self._mail_server() as sink:
            self.root["collection.run"]._cron_run_daily()
        self.assertEqual(len(sink.messages), 1)

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..common import TODAY, CollectionCommon


class GuardWaysCommon(CollectionCommon):
    """Debtors, clocks and dialogs of the tests of the contact rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.personas["manager"]
        cls.partner_a = cls.partner_a.with_env(cls.root)
        (cls.partner_a | cls.partner_b).collection_debtor_kind = "professional"
        cls.reason = cls.root.ref("recouvrement_creances.collection_reason_override_requested")
        cls.find_debtor = cls.root.ref("recouvrement_creances.mail_activity_type_find_debtor")

    def _follow(self, *levels):
        self.company.sudo().collection_policy_id = self._make_policy(list(levels))

    def _at(self, hour, minute=0, days=0):
        """Set the clock (UTC; Paris is an hour ahead)."""
        moment = datetime.combine(TODAY, datetime.min.time())
        return freeze_time(moment + timedelta(days=days, hours=hour, minutes=minute))

    def _leave(self):
        """Do what the background sender does."""
        self.root["collection.executor"]._cron_send()

    def _override(self, action, user=None):
        dialogs = self.root["collection.contact.override"].with_user(user or self.manager)
        dialog = dialogs.create(
            {"action_ids": [Command.set(action.ids)], "reason_id": self.reason.id}
        )
        return dialog.action_apply()

    def _pieces(self, action, kind):
        return action.evidence_ids.filtered(lambda evidence: evidence.kind == kind)


@tagged("post_install", "-at_install")
class TestGuardWays(GuardWaysCommon):
    """The rules are those of the channel that a contact really takes."""

    # === THE STEP'S OTHER CHANNEL === #

    def _run_call_without_phone(self, hour, days=0):
        """Run a step "call, otherwise e-mail" for a debtor without phone; return its action."""
        self._follow((5, "call", {"fallback_channel": "email"}))
        self.partner_a.phone = False
        with self._at(hour, days=days):
            self._overdue_invoice(6)
            self._run()
        return self._case().action_ids

    def test_email_instead_of_a_call_waits_for_its_hour(self):
        with self._mail_server() as sink:
            action = self._run_call_without_phone(22)
            self.assertFalse(sink.messages)
            self.assertEqual(action.state, "confirmed")
            self.assertEqual(action.not_before, datetime(2026, 3, 17, 7))
            with self._at(7, days=1):
                self._leave()
            self.assertEqual(len(sink.messages), 1)
        self.assertEqual((action.channel, action.state), ("email", "sent"))

    def test_email_instead_of_a_call_waits_for_monday(self):
        with self._mail_server() as sink:
            action = self._run_call_without_phone(10, days=6)
            self.assertFalse(sink.messages)
        self.assertEqual(action.not_before, datetime(2026, 3, 23, 7))

    def test_email_instead_of_a_call_does_not_reach_a_vulnerable_person(self):
        self.company.sudo().collection_senior_user_id = self.manager
        self.partner_a.collection_is_vulnerable = True
        with self._mail_server() as sink:
            action = self._run_call_without_phone(10)
            self.assertFalse(sink.messages)
        self.assertEqual((action.channel, action.state), ("task", "planned"))

    def test_debtor_who_gets_a_phone_while_the_email_waits_is_called(self):
        action = self._run_call_without_phone(22)
        self.partner_a.phone = "+33 4 00 00 00 09"
        with self._at(7, days=1):
            self._leave()
        self.assertEqual((action.channel, action.state), ("call", "planned"))
        self.assertEqual(action.recipient, "+33 4 00 00 00 09")

    def test_email_instead_of_a_letter_does_not_leave_at_night(self):
        self._follow((5, "letter", {"fallback_channel": "email"}))
        self.partner_a.street = False
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            with self._at(22):
                self._run()
            self.assertFalse(sink.messages)
        self.assertEqual(self._case().action_ids.not_before, datetime(2026, 3, 17, 7))

    def test_letter_instead_of_a_refused_email_does_not_wait_for_the_hours_of_emails(self):
        self._follow((5, "email", {"fallback_channel": "letter"}))
        self.partner_a.write(
            {
                "street": "1 rue Haute",
                "city": "Lyon",
                "collection_no_email": True,
                "collection_no_contact_reason": "Asked for letters",
            }
        )
        self._overdue_invoice(6)
        with self._at(22):
            self._run()
        action = self._case().action_ids
        self.assertEqual((action.channel, action.state), ("letter", "planned"))

    # === WISHES === #

    def test_call_that_the_debtor_refuses_is_nobodys_task(self):
        self._follow((5, "call"))
        self.partner_a.write(
            {"collection_no_contact": True, "collection_no_contact_reason": "Lawyer's letter"}
        )
        self._overdue_invoice(6)
        self._run()
        action = self._case().action_ids
        self.assertEqual(action.state, "proposed")
        self.assertIn("Lawyer's letter", action.failure_reason)
        self.assertFalse(self._case().activity_ids)

    def test_manager_overrides_a_wish_and_the_message_leaves(self):
        self.partner_a.write(
            {"collection_no_email": True, "collection_no_contact_reason": "Told the manager"}
        )
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
            action = self._case().action_ids
            self.assertEqual(action.state, "proposed")
            self._override(action)
            self.assertEqual(len(sink.messages), 1)
        self.assertEqual(action.state, "sent")
        self.assertIn("Told the manager", self._pieces(action, "override").payload)
        self.assertNotIn(self.find_debtor, self._case().activity_ids.activity_type_id)

    def test_overriding_another_rule_leaves_the_wish_alone(self):
        """The step's other channel is free: the refused one is not used, override or not."""
        text = self.root.ref("recouvrement_creances.sms_template_reminder")
        self._follow((5, "sms", {"sms_template_id": text.id, "fallback_channel": "email"}))
        self.partner_a.write(
            {"collection_no_sms": True, "collection_no_contact_reason": "Asked for e-mails"}
        )
        self._overdue_invoice(6)
        with self._mail_server() as sink, self._at(22):
            self._run()
            action = self._case().action_ids
            self._override(action)
            self.assertEqual(len(sink.messages), 1)
        self.assertEqual((action.channel, action.state), ("email", "sent"))

    # === TRYING AGAIN === #

    def test_override_ends_with_the_sending_it_was_given_for(self):
        self._overdue_invoice(6)
        with self._mail_server() as sink, self._at(22):
            self._run()
            action = self._case().action_ids
            self.partner_a.email = False
            self._override(action)
            self.assertEqual(action.state, "failed")
            self.partner_a.email = "again@debtor.example"
            action.with_user(self.collector).action_retry()
            self.assertFalse(sink.messages)
        self.assertEqual(action.state, "confirmed")
        self.assertEqual(action.not_before, datetime(2026, 3, 17, 7))
        self.assertFalse(action.override_reason_id or action.override_note)
        self.assertEqual(len(self._pieces(action, "override")), 1)

    def test_retry_reaches_who_stands_for_the_debtor_now(self):
        contact = self._debtor("Office", parent_id=self.partner_a.id, type="invoice")
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
            action = self._case().action_ids
            self.assertEqual(action.partner_id, contact)
            action._with_door()._fail("Refused")
            contact.active = False
            action.with_user(self.collector).action_retry()
            self.assertIn("a@debtor.example", sink.messages[-1]["To"])
        self.assertEqual((action.state, action.partner_id), ("sent", self.partner_a))

    # === THE BACKGROUND SENDER === #

    def _count_triggers(self):
        sender = self.root.ref("recouvrement_creances.ir_cron_send_collection")
        return self.root["ir.cron.trigger"].search_count([("cron_id", "=", sender.id)])

    def _wait_for_three(self):
        """Let the messages of three debtors wait for the morning."""
        for partner in (self.partner_a, self.partner_b, self._debtor("Third")):
            self._overdue_invoice(6, partner=partner)
        with self._at(22):
            self._run()

    def test_sender_goes_on_at_once_when_its_time_was_too_short(self):
        self._wait_for_three()
        executor = "odoo.addons.recouvrement_creances.models.contact.collection_executor"
        with self._mail_server() as sink, self._at(7, days=1):
            before = self._count_triggers()
            with patch(f"{executor}_queue.CHUNK", 1), patch(f"{executor}.SECONDS_FOR_A_PERSON", -1):
                self._leave()
                self.assertEqual(len(sink.messages), 1)
                self.assertEqual(self._count_triggers(), before + 1)
                self._leave()
                self._leave()
            self.assertEqual(len(sink.messages), 3)
            # Nothing is left: nobody is woken for it.
            after = self._count_triggers()
            self._leave()
            self.assertEqual(self._count_triggers(), after)

    def test_sender_that_gets_nothing_done_does_not_go_round(self):
        self._wait_for_three()
        executor = self.registry["collection.executor"]
        with self._at(7, days=1):
            before = self._count_triggers()
            with patch.object(executor, "_execute_actions", lambda *args: None):
                self._leave()
            self.assertEqual(self._count_triggers(), before)

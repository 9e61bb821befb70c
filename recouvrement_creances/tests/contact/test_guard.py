from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestGuard(CollectionCommon):
    """Contacts wait for their hour, go to whom they may, and leave against a rule by name only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.personas["manager"]
        cls.partner_a = cls.partner_a.with_env(cls.root)
        (cls.partner_a | cls.partner_b).collection_debtor_kind = "professional"
        cls.reason = cls.root.ref("recouvrement_creances.collection_reason_override_requested")

    # === HELPERS === #

    def _at(self, hour, minute=0, days=0):
        """Set the clock (UTC; Paris is an hour ahead)."""
        moment = datetime.combine(TODAY, datetime.min.time())
        return freeze_time(moment + timedelta(days=days, hours=hour, minutes=minute))

    def _leave(self):
        """Do what the background sender does."""
        self.root["collection.executor"]._cron_send()

    def _override(self, user, action):
        dialogs = self.root["collection.contact.override"].with_user(user)
        return dialogs.create(
            {"action_ids": [Command.set(action.ids)], "reason_id": self.reason.id}
        )

    # === TIMES === #

    def test_message_at_night_leaves_by_itself_in_the_morning(self):
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            with self._at(22):
                run = self._run()
                action = self._case().action_ids
                self.assertEqual((action.state, run.state), ("confirmed", "done"))
                self.assertEqual(action.not_before, datetime(2026, 3, 17, 7))
                self.assertIn("222-33-2-2", action.wait_reason)
                self.assertIn("08:00-20:00", action.wait_description)
                self.assertNotIn(":00:00", action.wait_description, "seconds tell nobody anything")
                self.assertIn("08:00-20:00", self._case().next_step)
                self._leave()
            with self._at(6, 59, days=1):
                self._leave()
            self.assertFalse(sink.messages)
            with self._at(7, days=1):
                self._leave()
            self.assertEqual(len(sink.messages), 1)
        self.assertEqual((action.state, action.not_before), ("sent", False))
        self.assertFalse(action.wait_reason)

    def test_sender_is_woken_when_the_hour_has_come(self):
        self._overdue_invoice(6)
        with self._at(22):
            self._run()
        triggers = self.root["ir.cron.trigger"].search(
            [("cron_id", "=", self.root.ref("recouvrement_creances.ir_cron_send_collection").id)]
        )
        self.assertIn(datetime(2026, 3, 17, 7), triggers.mapped("call_at"))

    def test_what_is_paid_while_it_waits_does_not_leave(self):
        invoice = self._overdue_invoice(6)
        with self._mail_server() as sink:
            with self._at(22):
                self._run()
            action = self._case().action_ids
            with self._at(8, days=1):
                self._pay(invoice)
                self._leave()
            self.assertFalse(sink.messages)
        self.assertEqual(action.state, "cancelled")

    def test_tomorrows_run_and_what_waits_send_once(self):
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            with self._at(22):
                self._run()
            with self._at(9, days=1):
                self._run()
                self._leave()
            self.assertEqual(len(sink.messages), 1)
        self.assertEqual(self._case().action_ids.mapped("state"), ["sent"])

    def test_decision_and_guard_never_starve_a_case(self):
        """Whatever the hour of the daily run, each level is reached, and once."""
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            for day in range(45):
                with self._at(4, days=day):
                    self._run()
                with self._at(12, days=day):
                    self._leave()
        # Two e-mails; the ladder waits at its call, which is a person's.
        self.assertEqual(len(sink.messages), 2)
        self.assertEqual(
            self._case().action_ids.filtered(lambda a: a.state == "planned").channel, "call"
        )

    def test_letter_is_made_at_any_hour(self):
        self.company.sudo().collection_policy_id = self._make_policy([(5, "letter")])
        self._overdue_invoice(
            6, partner=self._debtor("Read", street="1 rue Haute", city="Lyon", zip="69001")
        )
        with self._at(22):
            run = self._run()
        self.assertEqual(run.action_ids.state, "planned")

    def test_debtor_in_reunion_is_reached_on_his_own_clock(self):
        partner = self._debtor("Sud", zip="97400", tz="Europe/Paris")
        self._overdue_invoice(6, partner=partner)
        with self._at(16, 30):
            # 17:30 in Paris, 20:30 on the island.
            self._run()
        self.assertEqual(self._case(partner).action_ids.not_before, datetime(2026, 3, 17, 4))

    # === TO WHOM === #

    def test_guardian_is_contacted_and_nobody_else(self):
        guardian = self._debtor("Guardian", email="guardian@example.com")
        self.partner_a.write(
            {"collection_representative_id": guardian, "collection_representative_kind": "guardian"}
        )
        self._debtor("Office", parent_id=self.partner_a.id, type="collection")
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
            (message,) = sink.messages
        self.assertIn("guardian@example.com", message["To"])
        self.assertEqual(self._case().action_ids.partner_id, guardian)

    def test_third_party_is_refused_even_to_a_manager(self):
        stranger = self._debtor("Neighbour", phone="+33 4 00 00 00 09")
        self._overdue_invoice(31)
        self.company.sudo().collection_policy_id = self._make_policy([(5, "call")])
        self._run()
        action = self._case().action_ids
        action._with_door().partner_id = stranger
        dialog = (
            self.root["collection.contact.outcome"]
            .with_user(self.manager)
            .create({"action_id": action.id, "override_reason_id": self.reason.id})
        )
        self.assertIn("third party", dialog.block)
        self.assertNotIn("Neighbour", dialog.reachable)
        with self.assertRaisesRegex(UserError, "third party"):
            dialog.action_apply()

    def test_refused_channel_gives_way_to_the_other_one(self):
        self.company.sudo().collection_policy_id = self._make_policy(
            [(5, "email", {"fallback_channel": "letter"})]
        )
        self.partner_a.write(
            {
                "street": "1 rue Haute",
                "city": "Lyon",
                "collection_no_email": True,
                "collection_no_contact_reason": "Asked for letters",
            }
        )
        self._overdue_invoice(6)
        self._run()
        self.assertEqual(self._case().action_ids.mapped("channel"), ["letter"])

    def test_debtor_who_wants_no_contact_gets_none(self):
        self.partner_a.write(
            {"collection_no_contact": True, "collection_no_contact_reason": "Lawyer's letter"}
        )
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
            self.assertFalse(sink.messages)
        action = self._case().action_ids
        self.assertEqual((action.state, action.not_before), ("proposed", False))
        self.assertIn("Lawyer's letter", action.failure_reason)
        self.assertEqual(self.partner_a.collection_no_contact_date, TODAY)

    def test_wish_wants_its_reason(self):
        with self.assertRaisesRegex(ValidationError, "Say why"):
            self.partner_a.collection_no_call = True

    def test_wishes_are_not_for_others_to_set(self):
        with self.assertRaises(AccessError):
            self.partner_a.with_user(self.personas["reader"]).write({"collection_no_call": True})

    # === VULNERABLE PERSONS === #

    def test_message_to_a_vulnerable_person_becomes_a_seniors_task(self):
        self.company.sudo().collection_senior_user_id = self.manager
        self.partner_a.collection_is_vulnerable = True
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
            self.assertFalse(sink.messages)
        action = self._case().action_ids
        self.assertEqual((action.channel, action.state), ("task", "planned"))
        self.assertEqual(action.activity_id.user_id, self.manager)
        self.assertNotIn("ulnerable", action.activity_id.summary)

    def _propose_notice_to_a_vulnerable_person(self):
        self.company.sudo().collection_senior_user_id = self.manager
        self.partner_a.write(
            {
                "collection_is_vulnerable": True,
                "street": "1 rue Haute",
                "city": "Lyon",
                "collection_debtor_kind": "consumer",
            }
        )
        policy = self._make_policy([(5, "registered_letter", {"mode": "confirm"}), (9, "email")])
        policy.level_ids[0].is_formal_notice = True
        self.company.sudo().collection_policy_id = policy
        self._overdue_invoice(6)
        self._run()
        return self._case().action_ids

    def test_notice_to_a_vulnerable_person_waits_for_the_senior(self):
        notice = self._propose_notice_to_a_vulnerable_person()
        for _time in range(2):
            notice.with_user(self.collector).action_confirm()
            self.assertEqual((notice.channel, notice.state), ("registered_letter", "proposed"))
            self.assertIn(self.manager.name, notice.failure_reason)
        asked = self._case().activity_ids.filtered(lambda task: task.user_id == self.manager)
        self.assertEqual(len(asked), 1)
        self.assertNotIn("ulnerable", asked.summary + notice.failure_reason)
        item = self._case().item_ids
        self.assertFalse(item.level_id)
        notice.with_user(self.manager).action_confirm()
        self.assertEqual((notice.channel, notice.state), ("registered_letter", "planned"))
        self.assertEqual(notice.confirmed_by_id, self.manager)
        self.assertFalse(asked.exists())
        self.assertFalse(item.level_id, "only what is posted is a notice")

    def test_notice_that_the_senior_confirmed_leaves_in_the_background_too(self):
        notice = self._propose_notice_to_a_vulnerable_person()
        notice.with_user(self.manager)._apply_event("confirm", {"confirmed_by_id": self.manager.id})
        self.root["collection.executor"]._execute_by_hand(notice)
        self.assertEqual(notice.state, "planned")

    def _log_contact(self, user, channel="call", action=None, **values):
        """Log that the debtor was reached."""
        self.root["collection.contact.outcome"].with_user(user).create(
            {
                "case_id": self._case().id,
                "channel": channel,
                **({"action_id": action.id} if action else {}),
                **values,
            }
        ).action_apply()

    def test_nobody_but_the_senior_logs_a_conversation_with_a_vulnerable_person(self):
        self.company.sudo().collection_senior_user_id = self.manager
        self.partner_a.collection_is_vulnerable = True
        self._overdue_invoice(6)
        with self._mail_server():
            self._run()
        task = self._case().action_ids
        for channel, action in (("call", None), ("visit", None), ("task", task)):
            with (
                self.subTest(channel=channel),
                self.assertRaisesRegex(UserError, "made by .*\n.*Only a collection manager"),
            ):
                self._log_contact(self.collector, channel, action)
        with self.assertRaisesRegex(UserError, "made by"):
            task.activity_id.with_user(self.collector).action_feedback("I called")
        self.assertEqual(task.state, "planned")
        self._log_contact(self.manager, "task", task)
        self.assertEqual(task.state, "done")
        # What the senior did in place of a message is a contact: the next one is for another day.
        with self._at(10, days=3):
            self._log_contact(self.manager)
        self.assertEqual(len(self._case().action_ids), 2)

    def test_another_manager_logs_it_with_a_reason_only(self):
        other = self.personas["finance_director"]
        other.sudo().group_ids += self.root.ref("recouvrement_creances.group_manager")
        self.company.sudo().collection_senior_user_id = self.manager
        self.partner_a.collection_is_vulnerable = True
        self._overdue_invoice(6)
        self._decide()
        with self.assertRaisesRegex(UserError, "choose a reason"):
            self._log_contact(other)
        self._log_contact(other, override_reason_id=self.reason.id)
        action = self._case().action_ids
        self.assertEqual(action.override_reason_id, self.reason)
        self.assertNotIn("ulnerable", action.override_note)

    def test_vulnerable_person_without_a_senior_gets_nothing_by_itself(self):
        self.partner_a.collection_is_vulnerable = True
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
            self.assertFalse(sink.messages)
        self.assertIn("settings", self._case().action_ids.failure_reason)

    def test_vulnerability_is_seen_by_few(self):
        self.partner_a.collection_is_vulnerable = True
        self.assertTrue(self.partner_a.with_user(self.manager).collection_is_vulnerable)
        for name in ("collector", "accountant", "reader", "finance_director", "invoicing"):
            with self.subTest(persona=name), self.assertRaises(AccessError):
                self.partner_a.with_user(self.personas[name]).read(["collection_is_vulnerable"])

    def test_senior_works_on_every_case_and_may_know_why(self):
        with self.assertRaisesRegex(ValidationError, "Sensitive situations"):
            self.company.sudo().collection_senior_user_id = self.personas["accountant"]

    # === NEUTRAL WORDS === #

    def test_subject_that_tells_of_a_debt_does_not_reach_a_consumer(self):
        # Who saves it is not told: whether consumers get it depends on the debtor.
        self.template.subject = "{{ object.debtor_id.ref }} of {{ object.company_id.name }}"
        self.partner_a.ref = "Unpaid invoice"
        self.partner_a.collection_debtor_kind = "consumer"
        self._overdue_invoice(6)
        self._overdue_invoice(6, partner=self.partner_b)
        with self._mail_server() as sink:
            self._run()
            (message,) = sink.messages
        self.assertIn("b@debtor.example", message["To"])
        action = self._case().action_ids
        self.assertEqual(action.state, "failed")
        self.assertIn("Unpaid, invoice", action.failure_reason)

    def test_shipped_texts_for_consumers_are_neutral_in_both_languages(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self.root["ir.module.module"].search(
            [("name", "=", "recouvrement_creances")]
        )._update_translations(["fr_FR"])
        self.partner_a.collection_debtor_kind = "consumer"
        self._overdue_invoice(6)
        self.root["collection.run"].create({"company_id": self.company.id}).action_propose()
        action, guard = self._case().action_ids, self.root["collection.guard"]
        names = [f"mail_template_consumer_{name}" for name in ("courteous", "firm", "last")]
        for lang in ("en_US", "fr_FR"):
            for name in names:
                template = self.root.ref(f"recouvrement_creances.{name}").with_context(lang=lang)
                subject = template._render_template(
                    template.subject, "collection.action", action.ids
                )[action.id]
                guard._check_neutral(action, subject)
            sms = self.root.ref("recouvrement_creances.sms_template_reminder")
            body = sms.with_context(lang=lang).body
            guard._check_neutral(
                action, sms._render_template(body, "collection.action", action.ids)[action.id]
            )

    # === OVERRIDING === #

    def test_manager_lets_a_waiting_message_leave_and_it_is_logged(self):
        self._overdue_invoice(6)
        with self._mail_server() as sink, self._at(22):
            self._run()
            action = self._case().action_ids
            dialog = self._override(self.manager, action)
            self.assertIn("08:00-20:00", dialog.block)
            dialog.action_apply()
            self.assertEqual(len(sink.messages), 1)
        self.assertEqual((action.state, action.override_reason_id), ("sent", self.reason))
        piece = action.evidence_ids.filtered(lambda evidence: evidence.kind == "override")
        self.assertEqual(piece.author, self.manager.name)
        self.assertIn("08:00-20:00", piece.payload)
        self.assertIn(self.reason.name, str(self._case().message_ids.mapped("body")))

    def test_nobody_but_a_manager_overrides(self):
        self._overdue_invoice(6)
        with self._at(22):
            self._run()
            action = self._case().action_ids
            for name in ("collector", "accountant"):
                with self.subTest(persona=name), self.assertRaises(AccessError):
                    self._override(self.personas[name], action)
                with self.assertRaisesRegex(UserError, "Only a collection manager"):
                    action.with_user(self.personas["accountant"])._override(
                        self.reason, "", datetime(2026, 3, 16, 22)
                    )
        self.assertEqual(action.state, "confirmed")

    def test_call_at_night_is_refused_with_its_rule(self):
        self._overdue_invoice(6)
        self.company.sudo().collection_policy_id = self._make_policy([(5, "call")])
        self._run()
        with self._at(21):
            dialog = (
                self.root["collection.contact.outcome"]
                .with_user(self.collector)
                .create({"action_id": self._case().action_ids.id})
            )
            with self.assertRaisesRegex(UserError, "08:00-20:00.*222-33-2-2"):
                dialog.action_apply()

import json
from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import TODAY
from .test_guard_ways import GuardWaysCommon


@tagged("post_install", "-at_install")
class TestGuardMoments(GuardWaysCommon):
    """A conversation is judged by the hour at which it took place."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sudo().collection_policy_id = cls._make_policy([(5, "call")])
        cls._overdue_invoice(6)

    def setUp(self):
        super().setUp()
        self._run()
        self.action = self._case().action_ids
        self.dialogs = self.root["collection.contact.outcome"].with_user(self.collector)

    def _facts(self):
        piece = self._pieces(self.action, "outcome").sorted("position")[-1]
        return json.loads(piece.payload)["facts"]

    def test_call_before_eight_in_the_evening_is_logged_after_it(self):
        with self._at(18, 50):
            dialog = self.dialogs.create({"action_id": self.action.id})
        with self._at(19, 2):
            self.assertFalse(dialog.block)
            dialog.action_apply()
        self.assertEqual(self.action.state, "done")
        self.assertFalse(self.action.override_note)
        piece = self._pieces(self.action, "outcome")
        self.assertEqual(piece.occurred_at, datetime(2026, 3, 16, 18, 50))
        self.assertEqual(self._facts()["noted_at"], "2026-03-16 19:02:00")

    def test_what_took_place_against_a_rule_is_kept_with_the_rule(self):
        with self._at(9, days=1):
            form = Form(self.dialogs.with_context(default_action_id=self.action.id))
            self.assertFalse(form.block)
            form.contacted_at = datetime(2026, 3, 16, 21)
            self.assertIn("20:00", form.block)
            self.assertTrue(form.is_past)
            form.save().action_apply()
        self.assertEqual(self.action.state, "done")
        self.assertEqual(str(self.action.contact_date), "2026-03-16")
        self.assertIn("20:00", self.action.override_note)
        self.assertIn("20:00", self._facts()["overridden"])
        self.assertFalse(self.action.override_reason_id)

    def test_conversation_that_is_still_to_come_is_not_logged(self):
        dialog = self.dialogs.create(
            {"action_id": self.action.id, "contacted_at": datetime(2026, 3, 16, 15)}
        )
        with self.assertRaisesRegex(UserError, "still to come"):
            dialog.action_apply()

    def test_call_of_the_debtor_counts_at_no_hour_and_for_no_cap(self):
        with self._at(22):
            self.dialogs.create({"action_id": self.action.id, "is_incoming": True}).action_apply()
            self.assertEqual(self.action.state, "done")
            self.assertEqual(self._facts()["from"], "debtor")
            # He calls again, and a second time.
            for _time in range(2):
                self.dialogs.create(
                    {"case_id": self._case().id, "is_incoming": True}
                ).action_apply()
        with self._at(9, days=1):
            self.assertFalse(self.dialogs.create({"case_id": self._case().id}).block)

    def test_debtor_who_called_was_reached(self):
        dialog = self.dialogs.create(
            {"action_id": self.action.id, "is_incoming": True, "outcome": "no_answer"}
        )
        with self.assertRaisesRegex(UserError, "debtor called"):
            dialog.action_apply()

    # === THE TICK === #

    def test_tick_asks_the_guard(self):
        with self._at(21), self.assertRaises(UserError) as refusal:
            self.action.activity_id.with_user(self.collector).action_feedback(feedback="Said yes")
        self.assertIn("Log outcome", str(refusal.exception))
        self.assertEqual(self.action.state, "planned")
        self.action.activity_id.with_user(self.collector).action_feedback(feedback="Said yes")
        self.assertEqual(self.action.state, "done")

    def test_tick_of_a_call_that_the_debtor_does_not_want_any_more_is_refused(self):
        self.partner_a.write({"collection_no_call": True, "collection_no_contact_reason": "Wrote"})
        with self.assertRaisesRegex(UserError, "Wrote"):
            self.action.activity_id.with_user(self.collector).action_feedback(feedback="")


@tagged("post_install", "-at_install")
class TestGuardWaiting(GuardWaysCommon):
    """What waits is judged anew, seen as a whole and stopped."""

    def _wait(self):
        self._overdue_invoice(6)
        with self._at(22):
            run = self._run()
        return run.action_ids

    def test_held_case_is_not_overridden(self):
        action = self._wait()
        self._hold(self._case())
        with self._at(22), self.assertRaisesRegex(UserError, "Contacts are held"):
            self._override(action)
        self.assertEqual(action.state, "confirmed")

    def test_what_is_paid_stops_waiting_with_the_next_run(self):
        invoice = self._overdue_invoice(6)
        with self._at(19, 30):
            self._run()
            action = self._case().action_ids
            self.assertEqual(action.state, "confirmed")
            self._pay(invoice)
            self._run()
        self.assertEqual(action.state, "cancelled")

    def test_corrected_clock_counts_with_the_next_run(self):
        """Half past five in Paris is half past eight in the evening on Réunion."""
        self.partner_a.zip = "97400"
        self._overdue_invoice(6)
        with self._mail_server() as sink, self._at(16, 30):
            self._run()
            action = self._case().action_ids
            self.assertEqual(action.state, "confirmed")
            self.partner_a.zip = "75011"
            self._run()
            self.assertEqual(len(sink.messages), 1)
        self.assertEqual(action.state, "sent")

    def test_corrected_clock_counts_at_once_when_a_collector_tries(self):
        self.partner_a.zip = "97400"
        self._overdue_invoice(6)
        with self._mail_server() as sink, self._at(16, 30):
            self._run()
            action = self._case().action_ids
            action.with_user(self.collector).action_try_now()
            self.assertFalse(sink.messages)
            self.assertTrue(action.not_before)
            self.partner_a.zip = "75011"
            action.with_user(self.collector).action_try_now()
        self.assertEqual(action.state, "sent")

    def test_override_without_a_rule_leaves_without_one(self):
        action = self._wait()
        with self._mail_server() as sink, self._at(9, days=1):
            self._override(action)
            self.assertEqual(len(sink.messages), 1)
        self.assertFalse(action.override_reason_id or self._pieces(action, "override"))

    def test_what_waits_is_counted_and_stopped_as_a_whole(self):
        self._overdue_invoice(6, partner=self.partner_b)
        actions = self._wait()
        with self._at(22):
            run = actions.run_id
            self.assertEqual((run.waiting_count, run._get_summary()["waiting"]), (2, 2))
            queue = self.root["collection.health"]._get_health(self.company)["queue"]
            self.assertEqual((queue["waiting"], queue["waiting_for_hour"]), (0, 2))
            actions.with_user(self.collector).action_cancel()
        with self._mail_server() as sink, self._at(8, days=1):
            self._leave()
            self.assertFalse(sink.messages)

    def test_hour_that_has_just_come_is_no_stuck_queue(self):
        action = self._wait()
        self.env.flush_all()
        # The clock of the database is not the test's.
        self.env.cr.execute(
            "UPDATE collection_action SET write_date = '2026-03-16 22:00' WHERE id = %s",
            [action.id],
        )
        with self._at(7, 1, days=1):
            queue = self.root["collection.health"]._get_health(self.company)["queue"]
        self.assertEqual((queue["waiting"], queue["oldest_minutes"]), (1, 1))

    # === VULNERABLE PERSONS === #

    def test_tick_of_the_seniors_task_does_not_say_that_the_debtor_was_reached(self):
        self.company.sudo().collection_senior_user_id = self.manager
        self.partner_a.collection_is_vulnerable = True
        invoice = self._overdue_invoice(6)
        self._run()
        action = self._case().action_ids
        with self.assertRaisesRegex(UserError, "whether he was reached"):
            action.activity_id.with_user(self.manager).action_feedback(feedback="Looked at it")
        self.assertEqual(action.state, "planned")
        self.assertFalse(self._item(invoice).level_id)
        dialogs = self.root["collection.contact.outcome"].with_user(self.manager)
        dialogs.create({"action_id": action.id, "outcome": "no_answer"}).action_apply()
        self.assertFalse(self._item(invoice).level_id, "nobody answered")
        dialogs.create({"action_id": action.id, "outcome": "reached"}).action_apply()
        self.assertEqual((action.state, self._item(invoice).level_id.number), ("done", 1))

    def test_task_inside_the_company_is_done_when_it_is_ticked(self):
        self._follow((5, "task"))
        invoice = self._overdue_invoice(6)
        self._run()
        action = self._case().action_ids
        action.activity_id.with_user(self.collector).action_feedback(feedback="Papers checked")
        self.assertEqual((action.state, self._item(invoice).level_id.number), ("done", 1))

    def test_task_of_the_senior_says_what_was_due_and_to_whom(self):
        guardian = self._debtor("Guardian", email="guardian@example.com")
        self.company.sudo().collection_senior_user_id = self.manager
        self.partner_a.write(
            {"collection_is_vulnerable": True, "collection_representative_id": guardian.id}
        )
        self._overdue_invoice(6)
        self._run()
        action = self._case().action_ids
        self.assertEqual((action.partner_id, action.channel), (guardian, "task"))
        self.assertIn("guardian@example.com", action.activity_id.note)
        self.assertIn(self.template.name, action.activity_id.note)

    def test_contact_of_the_senior_counts(self):
        self.company.sudo().collection_senior_user_id = self.manager
        self.partner_a.collection_is_vulnerable = True
        self._overdue_invoice(6)
        self._run()
        dialogs = self.root["collection.contact.outcome"].with_user(self.manager)
        dialogs.create({"action_id": self._case().action_ids.id}).action_apply()
        with self._at(10):
            self.assertIn("1", dialogs.create({"case_id": self._case().id}).block)
        other = self._overdue_invoice(6)
        self._decide()
        self.assertVerdict(other, "too_soon", next_date=TODAY + timedelta(days=3))

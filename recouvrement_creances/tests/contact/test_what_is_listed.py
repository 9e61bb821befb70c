from datetime import timedelta

from odoo.tests import tagged

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestWhatIsListed(CollectionCommon):
    """Which documents a message speaks of beside those that it is sent for."""

    def _listed(self):
        """Return the invoices on the latest action of the debtor."""
        action = self._case().action_ids.sorted("id")[-1]
        return action.line_ids.item_id.move_id

    def test_reminder_leaves_out_what_is_in_a_higher_level(self):
        """A courteous word on a debt in formal notice would take the notice back."""
        old = self._overdue_invoice(60)
        self._decide()
        self._item(old).sudo().write(
            {"level_id": self.policy.level_ids[-1].id, "last_contact_date": TODAY}
        )
        with self.on(5):
            fresh = self._overdue_invoice(6)
            self._run()
        self.assertVerdict(old, "ladder_done")
        self.assertEqual(self._listed(), fresh)

    def test_reminder_lists_what_is_late_below_its_level(self):
        late, later = self._overdue_invoice(6), self._overdue_invoice(2)
        self._run()
        self.assertEqual(self._listed(), late | later)

    def test_preventive_message_lists_what_falls_due_and_nothing_else(self):
        self.company.collection_policy_id = self._make_policy([(-7, "email"), (30, "email")])
        soon = self._overdue_invoice(-5, invoice_date=TODAY - timedelta(days=25))
        self._overdue_invoice(-20, invoice_date=TODAY - timedelta(days=10))
        self._overdue_invoice(10)
        with self._mail_server() as sink:
            self._run()
        self.assertEqual(self._listed(), soon)
        (message,) = sink.messages
        text = message.get_body(("html",)).get_content()
        self.assertIn(soon.name, text)
        self.assertNotIn("Level", text)

    def _prevent_on_saturday(self, days_before):
        """Return what is written before a due date, on a Saturday, and waits for Monday."""
        self.company.collection_policy_id = self._make_policy([(-7, "email"), (30, "email")])
        self._overdue_invoice(-days_before, invoice_date=TODAY - timedelta(days=20))
        with self.on(5):
            self._run()
        action = self._case().action_ids
        self.assertEqual(action.state, "confirmed")
        return action

    def test_preventive_message_that_waited_past_the_day_does_not_leave(self):
        action = self._prevent_on_saturday(6)
        with self.on(7), self._mail_server() as sink:
            self.root["collection.executor"]._cron_send()
        self.assertFalse(sink.messages)
        self.assertEqual(action.state, "cancelled")
        self.assertIn("due by now", action.failure_reason)
        # The debt goes on by the ladder.
        with self.on(37), self._mail_server() as sink:
            self._run()
        self.assertEqual(len(sink.messages), 1)

    def test_preventive_message_leaves_on_the_day_itself(self):
        action = self._prevent_on_saturday(7)
        with self.on(7), self._mail_server() as sink:
            self._run()
        self.assertEqual(len(sink.messages), 1)
        self.assertEqual(action.state, "sent")

    def test_call_that_the_debtor_asked_for_needs_no_excuse(self):
        self.company.collection_policy_id = self._make_policy([(5, "call")])
        self._overdue_invoice(6)
        self._run()
        dialogs = self.root["collection.contact.outcome"].with_user(self.collector)
        first = self._case().action_ids
        tomorrow = TODAY + timedelta(days=1)
        dialogs.create(
            {"action_id": first.id, "outcome": "call_back", "next_date": tomorrow}
        ).action_apply()
        again = self._case().action_ids - first
        with self.on(1):
            dialog = dialogs.create({"action_id": again.id, "outcome": "reached"})
            self.assertFalse(dialog.block)
            dialog.action_apply()
        self.assertEqual(again.state, "done")
        self.assertFalse(again.override_note)

    def test_other_call_soon_after_is_blocked(self):
        self.company.collection_policy_id = self._make_policy([(5, "call")])
        self._overdue_invoice(6)
        self._run()
        dialogs = self.root["collection.contact.outcome"].with_user(self.collector)
        dialogs.create(
            {"action_id": self._case().action_ids.id, "outcome": "reached"}
        ).action_apply()
        with self.on(1):
            self.assertIn(
                "days between two contacts: 3",
                dialogs.create({"case_id": self._case().id, "outcome": "reached"}).block,
            )

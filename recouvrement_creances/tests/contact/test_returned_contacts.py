from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.contact import collection_executor, collection_executor_queue
from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestReturnedContacts(CollectionCommon):
    """A contact that came back has reminded nobody."""

    def _remind(self, days=0):
        """Do the day's work; return the action that left."""
        with self.on(days), self._mail_server():
            self._run()
        return self.root["collection.action"].search([("state", "=", "sent")], limit=1)

    def _bounce(self, action, days=1):
        with self.on(days):
            self.root["collection.action"]._note_bounce(action.case_id, action.recipient.upper())

    def test_item_falls_back_to_the_level_it_had(self):
        invoice = self._overdue_invoice(6)
        self._remind()
        first = self._item(invoice).level_id
        second_reminder = self._remind(days=10)
        self.assertEqual(self._item(invoice).level_id.delay_days, 15)
        self._bounce(second_reminder, days=11)
        item = self._item(invoice)
        self.assertEqual((item.level_id, item.last_contact_date), (first, TODAY))
        self.assertEqual(second_reminder.state, "failed")

    def test_item_without_a_level_before_has_none_again(self):
        invoice = self._overdue_invoice(6)
        self._bounce(self._remind())
        item = self._item(invoice)
        self.assertEqual((item.level_id.id, item.last_contact_date), (False, False))

    def test_level_that_another_contact_reached_too_stays(self):
        invoice = self._overdue_invoice(6)
        reminder = self._remind()
        level = self._item(invoice).level_id
        other = reminder.sudo()._with_door().copy({"cycle": 99})
        other._with_door().write({"state": "done", "contact_date": TODAY})
        reminder.line_ids.copy({"action_id": other.id})
        self._bounce(reminder)
        self.assertEqual(self._item(invoice).level_id, level)

    def test_address_with_a_joker_in_it_bounces_alone(self):
        partner = self._debtor("Joker", email="a_b@debtor.example")
        self._overdue_invoice(6, partner=partner)
        reminder = self._remind()
        self.root["collection.action"]._note_bounce(reminder.case_id, "axb@debtor.example")
        self.assertEqual(reminder.state, "sent")
        self.root["collection.action"]._note_bounce(reminder.case_id, "A_B@debtor.example")
        self.assertEqual(reminder.state, "failed")

    def test_debtor_is_looked_for_once_a_case(self):
        self._overdue_invoice(6)
        reminder = self._remind()
        self._bounce(reminder)
        with self.on(10):
            self._run()
        task = self.root.ref("recouvrement_creances.mail_activity_type_find_debtor")
        activities = reminder.case_id.activity_ids
        self.assertEqual(len(activities.filtered(lambda each: each.activity_type_id == task)), 1)

    def test_returned_contact_is_not_repeated_before_somebody_deals_with_it(self):
        invoice = self._overdue_invoice(6)
        reminder = self._remind()
        self._bounce(reminder)
        self._remind(days=10)
        self.assertEqual(reminder.case_id.action_ids, reminder)
        with self.on(10):
            reminder.with_user(self.collector).action_cancel()
        self.partner_a.sudo().collection_bounced_email = False
        again = self._remind(days=11)
        self.assertNotEqual(again, reminder)
        self.assertEqual(again.line_ids.item_id, self._item(invoice))

    # === BY HAND === #

    def test_run_is_always_of_today(self):
        """A verdict of another day would stand on everybody's worklist."""
        late, not_yet = self._overdue_invoice(6), self._overdue_invoice(2, partner=self.partner_b)
        run = self.root["collection.run"].create(
            {"company_id": self.company.id, "date": TODAY + timedelta(days=5)}
        )
        run.action_propose()
        self.assertEqual(run.date, TODAY)
        self.assertEqual(run.action_ids.case_id.partner_id, self.partner_a)
        self.assertVerdict(late, "remind")
        self.assertVerdict(not_yet, "too_soon")

    def test_daily_run_of_the_past_is_not_proposed_again(self):
        runs = self.root["collection.run"]
        run = runs.create({"company_id": self.company.id, "origin": "daily"})
        with self.on(1), self.assertRaisesRegex(UserError, "make a new one for today"):
            run.action_propose()

    def test_confirmed_in_the_list_leaves_in_chunks_and_the_rest_in_the_background(self):
        for number in range(3):
            self._overdue_invoice(6, partner=self._debtor(f"Late {number}"))
        run = self.root["collection.run"].create({"company_id": self.company.id})
        run.action_propose()
        with (
            self._mail_server() as sink,
            patch.object(collection_executor_queue, "CHUNK", 1),
            patch.object(collection_executor, "SECONDS_FOR_A_PERSON", -1),
        ):
            notice = run.action_ids.action_confirm()
            self.assertEqual(len(sink.messages), 1)
            self.assertEqual(notice["tag"], "display_notification")
            self.assertIn("2", notice["params"]["message"])
        with self._mail_server() as sink:
            self.root["collection.executor"]._cron_send()
            self.assertEqual(len(sink.messages), 2)
        self.assertEqual(set(run.action_ids.mapped("state")), {"sent"})

    def test_promise_names_the_overdue_amount_until_it_is_changed(self):
        self._overdue_invoice(6, amount=250)
        self._decide()
        outcome = self.root["collection.contact.outcome"].with_user(self.collector)
        dialog = outcome.create({"case_id": self._case().id, "outcome": "promised"})
        self.assertEqual(dialog.amount, 250)
        dialog.amount = 0
        with self.assertRaisesRegex(UserError, "amount"):
            dialog.action_apply()

    def test_reader_does_not_choose_who_collects_a_debtor(self):
        reader = self.personas["reader"]
        reader.sudo().group_ids += self.root.ref("base.group_partner_manager")
        partner = self.partner_a.with_user(reader)
        for values in ({"collection_policy_id": self.policy.id}, {"collection_user_id": reader.id}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                partner.write(values)
            with self.subTest(create=values), self.assertRaises(AccessError):
                partner.create({"name": "New", **values})
        self.collector.sudo().group_ids += self.root.ref("base.group_partner_manager")
        partner.with_user(self.collector).collection_user_id = self.collector

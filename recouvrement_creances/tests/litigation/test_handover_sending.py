from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import TODAY
from .handover_common import HandoverCommon

MAIL_LOG = "odoo.addons.mail.models.mail_mail"


@tagged("post_install", "-at_install")
class TestHandoverSending(HandoverCommon):
    """A partner has the file once its message has left; what could not leave is seen."""

    def _order_sending(self):
        """Return a handover whose message waits in the queue."""
        handover = self._approve(self._request())
        handover.write({"agent_id": self.lawyer.id, "agent_kind": "lawyer"})
        handover.action_transmit()
        return handover

    def _fail(self):
        """Let the queue send while the lawyer's mailbox refuses everything."""
        with self._mail_server() as sink, mute_logger(MAIL_LOG):
            sink.refused.add(self.lawyer.email)
            self.root["mail.mail"].search([("state", "=", "outgoing")]).send()
        self.root["collection.handover"]._settle_sendings()

    def _tasks(self, handover):
        task = self.env.ref("mail.mail_activity_data_warning")
        return handover.activity_ids.filtered(lambda one: one.activity_type_id == task)

    def test_it_is_handed_over_once_its_message_has_left(self):
        handover = self._order_sending()
        self.assertEqual((handover.state, handover.transmitted_on), ("sending", False))
        self.root["collection.handover"]._settle_sendings()
        self.assertEqual(handover.state, "sending")
        with self.assertRaisesRegex(UserError, "not possible any more"):
            handover.sudo()._answer("accept", "On Monday")
        self.assertNotIn("Handed to Maître", " ".join(handover.case_id.message_ids.mapped("body")))
        with self.on(1) as day:
            self._let_messages_leave()
        self.assertEqual((handover.state, handover.transmitted_on), ("transmitted", day))
        self.assertIn("Handed to Maître", " ".join(handover.case_id.message_ids.mapped("body")))
        self.assertEqual(handover.link_ids.mail_state, "sent")

    def test_the_queue_is_woken_and_wakes_who_settles(self):
        triggers = self.root["ir.cron.trigger"]

        def woken(name):
            return triggers.search_count([("cron_id", "=", self.root.ref(name).id)])

        queue, tells = (
            "mail.ir_cron_mail_scheduler_action",
            ("recouvrement_creances.ir_cron_tell_handover_payments"),
        )
        before = woken(queue)
        self._order_sending()
        self.assertGreater(woken(queue), before)
        before = woken(tells)
        with self._mail_server():
            self.root["mail.mail"].search([("state", "=", "outgoing")]).send()
        self.assertGreater(woken(tells), before)

    def test_what_could_not_leave_is_named_and_handed_over_again(self):
        handover = self._order_sending()
        self._fail()
        self.assertEqual((handover.state, handover.transmitted_on), ("approved", False))
        self.assertIn("no such mailbox", handover.sending_problem)
        self.assertEqual(handover.link_ids.state, "revoked")
        task = self._tasks(handover)
        self.assertEqual(task.user_id, self.collector)
        self.assertIn("could not be sent to Maître Avocat", task.summary)
        # Said once.
        self.root["collection.handover"]._settle_sendings()
        self.assertEqual(self._tasks(handover), task)
        other = self.lawyer.copy({"name": "Other", "email": "other@barreau.example"})
        handover.agent_id = other
        handover.action_transmit()
        self.assertEqual((handover.sending_problem, self._tasks(handover).ids), (False, []))
        self._let_messages_leave()
        self.assertEqual((handover.state, handover.transmitted_on), ("transmitted", TODAY))

    def test_a_new_link_that_could_not_leave_is_named_too(self):
        handover = self._transmit()
        handover.action_send_link()
        self._fail()
        self.assertEqual((handover.state, handover.transmitted_on), ("transmitted", TODAY))
        self.assertTrue(handover.sending_problem)
        self.assertEqual(len(self._tasks(handover)), 1)
        handover.action_send_link()
        self._let_messages_leave()
        self.assertEqual((handover.sending_problem, self._tasks(handover).ids), (False, []))

    def test_what_is_taken_back_before_it_left_reaches_nobody(self):
        handover = self._order_sending()
        handover._end("recall", "Paid by cheque")
        with self._mail_server() as sink:
            self.root["mail.mail"].search([("state", "=", "outgoing")]).send()
        self.assertFalse(sink.to(self.lawyer.email))
        self.assertEqual((handover.state, handover.link_ids.mail_state), ("recalled", "cancel"))

    def test_what_has_left_meanwhile_is_taken_back_from_the_partner(self):
        handover = self._order_sending()
        with self._mail_server() as sink:
            self.root["mail.mail"].search([("state", "=", "outgoing")]).send()
            # Nobody has settled it yet.
            self.assertEqual(handover.state, "sending")
            handover._end("recall", "Paid by cheque")
            self.root["mail.mail"].search([("state", "=", "outgoing")]).send()
        subjects = " ".join(mail["Subject"] for mail in sink.to(self.lawyer.email))
        self.assertIn("taken back", subjects)
        self.assertEqual(handover.transmitted_on, TODAY)

    def test_who_opens_the_link_has_it(self):
        handover = self._order_sending()
        handover.link_ids.sudo()._note_use("opened_at")
        self.assertEqual((handover.state, handover.transmitted_on), ("transmitted", TODAY))

    def _check_cancelled(self, handover):
        self.root["collection.handover"]._settle_sendings()
        self.assertEqual(handover.state, "approved")
        self.assertIn("cancelled", handover.sending_problem)

    def test_a_message_that_was_cancelled_hands_nothing_over(self):
        handover = self._order_sending()
        handover.link_ids.sudo().mail_id.cancel()
        self._check_cancelled(handover)

    def test_a_link_that_was_revoked_before_its_message_left_hands_nothing_over(self):
        handover = self._order_sending()
        handover.link_ids.action_revoke()
        self._check_cancelled(handover)

    # === A MESSAGE THAT IS GONE === #

    def test_a_template_that_deletes_what_was_sent_hands_over_all_the_same(self):
        self.root.ref("recouvrement_creances.mail_template_handover_file").auto_delete = True
        handover = self._transmit()
        self.assertEqual((handover.state, handover.transmitted_on), ("transmitted", TODAY))
        self.assertEqual((handover.link_ids.state, handover.link_ids.mail_state), ("valid", "sent"))

    def _lose_message(self):
        handover = self._order_sending()
        handover.link_ids.sudo().mail_id.unlink()
        for _turn in range(2):
            self.root["collection.handover"]._settle_sendings()
        return handover

    def test_of_a_message_that_was_deleted_a_person_finds_out(self):
        handover = self._lose_message()
        self.assertEqual((handover.state, handover.link_ids.state), ("sending", "valid"))
        self.assertIn("is not known. Ask Maître Avocat", handover.sending_problem)
        self.assertEqual(self._tasks(handover).user_id, self.collector)
        self.assertEqual(len(self._tasks(handover)), 1)
        handover.link_ids.sudo()._note_use("opened_at")
        self.assertEqual((handover.state, handover.sending_problem), ("transmitted", False))
        self.assertFalse(self._tasks(handover))

    def test_a_new_link_takes_the_place_of_a_message_that_was_deleted(self):
        handover = self._lose_message()
        handover.action_send_link()
        self.assertFalse(handover.sending_problem or self._tasks(handover))
        self._let_messages_leave()
        self.assertEqual(handover.state, "transmitted")

    def test_who_may_have_it_hears_that_it_is_taken_back(self):
        handover = self._lose_message()
        handover._end("recall", "Paid by cheque")
        with self._mail_server() as sink:
            self.root["mail.mail"].search([("state", "=", "outgoing")]).send()
        subjects = " ".join(mail["Subject"] for mail in sink.to(self.lawyer.email))
        self.assertIn("taken back", subjects)

    def test_no_new_link_is_made_for_who_has_no_address_any_more(self):
        handover = self._transmit()
        self.lawyer.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            handover.action_send_link()
        self.assertEqual(handover.link_ids.state, "valid")

    # === WHILE IT WAITS === #

    def test_a_payment_while_it_waits_is_told_to_colleagues_alone(self):
        handover = self._order_sending()
        self._pay(handover.item_ids.move_id, 100)
        before = self.root["mail.mail"].search([])
        self.root["collection.handover"]._cron_tell_payments()
        told = self.root["mail.mail"].search([]) - before
        self.assertFalse(told.filtered(lambda mail: self.lawyer in mail.recipient_ids))
        handover.invalidate_recordset()
        self.assertEqual((handover.state, handover.amount_told), ("sending", 4900))

    def test_the_next_message_goes_to_who_it_is_for(self):
        handover = self._order_sending()
        handover.action_send_link()
        with self._mail_server() as sink:
            self.root["mail.mail"].search([("state", "=", "outgoing")]).send()
        # The first one waited still, and its link opened nothing any more.
        self.assertEqual(len(sink.to(self.lawyer.email)), 1)

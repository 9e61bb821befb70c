from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .handover_common import HandoverCommon
from .insolvency_common import OPENED, InsolvencyCommon


@tagged("post_install", "-at_install")
class TestHandoverInsolvency(InsolvencyCommon, HandoverCommon):
    """Insolvency that is recorded while a handover runs: who has it hears of it, and stops."""

    def _mails(self):
        return self.root["mail.mail"].search([])

    def test_who_has_it_is_told_once_and_its_link_opens_nothing(self):
        handover = self._transmit()
        before = self._mails()
        record = self._record()
        told = self._mails() - before
        partner = told.filtered(lambda mail: self.lawyer in mail.recipient_ids)
        self.assertEqual(len(partner), 1)
        self.assertIn("insolvency proceedings", partner.subject)
        self.assertNotIn(self.debtor.name, partner.subject)
        people = told.recipient_ids | told.mail_message_id.notified_partner_ids
        self.assertLessEqual(self.collector.partner_id | self.director.partner_id, people)
        self.assertEqual(handover.link_ids.state, "revoked")
        with self.assertRaisesRegex(UserError, "insolvent"):
            handover.action_send_link()
        record.judgement_date = OPENED - timedelta(days=1)
        self.assertEqual(self._mails() - before, told)

    def test_who_was_not_handed_it_yet_is_told_nothing(self):
        handover = self._approve(self._request())
        handover.write({"agent_id": self.lawyer.id, "agent_kind": "lawyer"})
        before = self._mails()
        self._record()
        told = self._mails() - before
        self.assertFalse(told.filtered(lambda mail: self.lawyer in mail.recipient_ids))
        self.assertIn("not pursued", " ".join(handover.message_ids.mapped("body")))

    def test_it_is_recorded_beside_a_draft_whose_invoice_was_deleted(self):
        handover = self._prepare()
        other = self._owe()
        invoice = handover.item_ids.move_id.with_env(self.env)
        invoice.button_draft()
        invoice.with_context(force_delete=True).unlink()
        handover.invalidate_recordset()
        self.assertFalse(handover.item_ids)
        handover.action_work_out()
        self._record()
        self._decide()
        self.assertVerdict(other, "insolvency")
        self.assertEqual(self._results(handover)["insolvency"], "missing")

    # === WHAT DEMANDS NOTHING === #

    def test_a_write_off_goes_on_and_its_booking_is_not_asked_for_again(self):
        handover = self._prepare()
        self._record()
        self._request(handover, route_code="write_off")
        self.assertEqual(self._results(handover)["insolvency"], "stated")
        self._approve(handover)
        self.assertEqual(handover.state, "approved")
        self._pay(handover.item_ids.move_id)
        with self.enter_registry_test_mode():
            self.root.ref(
                "recouvrement_creances.ir_cron_tell_handover_payments"
            ).method_direct_trigger()
        handover.invalidate_recordset()
        self.assertEqual((handover.state, handover.round), ("approved", 1))

    def test_another_route_shows_what_it_wants_at_once(self):
        handover = self._complete(self._prepare())
        self._record()
        handover.route_code = "write_off"
        self.assertEqual(self._results(handover)["insolvency"], "stated")
        handover.route_code = "summons"
        self.assertEqual(self._results(handover)["insolvency"], "missing")

    def test_the_insurer_gets_the_file_of_an_insolvent_debtor(self):
        self.debtor.collection_insured_amount = 5000
        handover = self._prepare()
        self._record()
        self._approve(self._request(handover, route_code="insurer"))
        handover.write({"agent_id": self.lawyer.id, "agent_kind": "insurer"})
        handover.action_transmit()
        self.assertEqual(handover.state, "sending")
        handover.action_send_link()
        self.assertEqual(set(handover.link_ids.mapped("state")), {"valid", "revoked"})

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY
from .handover_common import HandoverCommon


@tagged("post_install", "-at_install")
class TestProceedingNews(HandoverCommon):
    """Our counsel hears of payments, by whichever way the proceeding was opened."""

    def _told(self):
        """Return the subjects of what the lawyer was sent by one turn of the scheduled action."""
        before = self.root["mail.mail"].search([])
        self.root["collection.handover"]._cron_tell_payments()
        mails = self.root["mail.mail"].search([]) - before
        return mails.filtered(lambda mail: self.lawyer in mail.recipient_ids)

    def test_counsel_of_a_proceeding_without_handover_is_told_once(self):
        invoice = self._overdue_invoice(90, 5000, partner=self.debtor)
        proceeding = self._sue(invoice, counsel_id=self.lawyer.id)
        self._pay(invoice, 500)
        self.assertFalse(self._told(), "nothing was filed")
        self._take(proceeding, "file")
        self.assertFalse(self._told(), "what was paid before is in what is filed")
        self._pay(invoice, 1000)
        mail = self._told()
        self.assertIn("payment received", mail.subject)
        self.assertNotIn(self.debtor.name, mail.subject)
        self.assertIn("3,500", mail.body_html)
        self.assertFalse(self._told())

    def test_during_a_settlement_and_after_it_counsel_is_told(self):
        invoice = self._overdue_invoice(90, 5000, partner=self.debtor)
        proceeding = self._sue(invoice, counsel_id=self.lawyer.id)
        self._take(proceeding, "file")
        self._take(proceeding, "settle")
        self._pay(invoice, 1000)
        self.assertEqual(len(self._told()), 1)
        self._take(proceeding, "resume")
        self._pay(invoice, 1000)
        self.assertEqual(len(self._told()), 1)

    def test_after_a_dismissal_counsel_is_told_while_an_appeal_is_possible_or_runs(self):
        invoice = self._overdue_invoice(90, 5000, partner=self.debtor)
        proceeding = self._sue(invoice, procedure="summons", counsel_id=self.lawyer.id)
        for key in ("serve", "file", "reject"):
            self._take(proceeding, key, procedure="summons")
        self._pay(invoice, 100)
        self.assertEqual(len(self._told()), 1, "it may be appealed against")
        self._take(proceeding, "appeal", procedure="summons")
        self._pay(invoice, 100)
        self.assertEqual(len(self._told()), 1, "the appeal runs")
        self._take(
            proceeding.with_user(self.manager),
            "close",
            procedure="summons",
            reason="The credit note follows",
        )
        self._pay(invoice, 100)
        self.assertFalse(self._told())

    def test_once_nobody_can_appeal_any_more_counsel_is_left_alone(self):
        invoice = self._overdue_invoice(90, 5000, partner=self.debtor)
        proceeding = self._sue(invoice, procedure="summons", counsel_id=self.lawyer.id)
        for key in ("serve", "file", "reject"):
            self._take(proceeding, key, procedure="summons")
        with self.on(150) as day:
            self.root["collection.deadline"]._warn(self.company, day)
            self._pay(invoice, 100)
            self.assertFalse(self._told())

    def test_a_request_without_appeal_that_is_refused_tells_nobody(self):
        invoice = self._overdue_invoice(90, 5000, partner=self.debtor)
        proceeding = self._sue(invoice, counsel_id=self.lawyer.id)
        self._take(proceeding, "file")
        self._take(proceeding, "reject")
        self._pay(invoice, 100)
        self.assertFalse(self._told())

    def test_who_has_the_file_is_told_by_the_handover_alone(self):
        handover = self._transmit()
        handover.action_start_proceeding()
        self._take(handover.proceeding_ids.with_user(self.accountant), "file")
        self._pay(handover.item_ids.move_id, 1000)
        self.assertEqual(len(self._told()), 1)

    def test_counsel_of_a_file_kept_in_house_is_told(self):
        handover = self._approve(self._request())
        handover.write({"agent_id": self.lawyer.id, "agent_kind": "lawyer"})
        handover.action_start_proceeding()
        proceeding = handover.proceeding_ids.with_user(self.accountant)
        self._take(proceeding, "file", TODAY)
        with self.on(1):
            self._pay(handover.item_ids.move_id, 1000)
        self.assertEqual(len(self._told()), 1)

    def test_only_a_handover_that_there_is_tells_somebody(self):
        """A proceeding without one would be told by whatever the state of none is said to be."""
        invoice = self._overdue_invoice(90, 5000, partner=self.debtor)
        proceeding = self._sue(invoice, counsel_id=self.lawyer.id)
        self.assertIs(proceeding._is_told_by_handover(), False)
        with self.assertRaisesRegex(ValueError, "Expected singleton"):
            proceeding.handover_id._is_with_partner()

    def test_what_is_settled_is_not_decided_on_again(self):
        handover = self._approve(self._request())
        handover.write({"agent_id": self.lawyer.id, "agent_kind": "lawyer"})
        rounds = handover.round
        self._pay(handover.item_ids.move_id, handover.amount)
        self.root["collection.handover"]._cron_tell_payments()
        self.assertEqual((handover.state, handover.round), ("approved", rounds))
        with self.assertRaisesRegex(UserError, "close the handover"):
            handover.action_transmit()
        # A cheque that comes back brings back what was decided.
        handover.sudo().item_ids.move_line_id.remove_move_reconcile()
        handover.invalidate_recordset()
        self.root["collection.handover"]._cron_tell_payments()
        handover.action_transmit()
        self.assertEqual((handover.state, handover.round), ("sending", rounds))

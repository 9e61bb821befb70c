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

from odoo.tests import tagged

from .handover_common import HandoverCommon
from .insolvency_common import InsolvencyCommon


@tagged("post_install", "-at_install")
class TestAgentLanguage(InsolvencyCommon, HandoverCommon):
    """A lawyer whose language was deactivated once he was archived is told all the same."""

    def _archive(self):
        """Archive the lawyer, and then his language, which nobody else has."""
        spanish = self.root["res.lang"]._activate_lang("es_ES")
        self.lawyer.write({"lang": "es_ES", "active": False})
        spanish.active = False
        self.env.invalidate_all()

    def _tell(self, act):
        """Return the only message that the lawyer gets of something."""
        before = self.root["mail.mail"].search([])
        act()
        told = self.root["mail.mail"].search([]) - before
        mail = told.filtered(lambda one: self.lawyer in one.recipient_ids)
        self.assertEqual(len(mail), 1)
        return mail

    def test_an_insolvency_is_recorded(self):
        self._transmit()
        self._archive()
        self.assertIn("insolvency proceedings", self._tell(self._record).subject)

    def test_a_handover_is_taken_back(self):
        handover = self._transmit()
        self._archive()
        mail = self._tell(lambda: handover._end("recall", "Paid by cheque"))
        self.assertIn("taken back", mail.subject)
        self.assertEqual(handover.state, "recalled")

    def test_a_payment_is_told_of(self):
        handover = self._transmit()
        self._archive()
        self._pay(handover.item_ids.move_id, 1000)
        mail = self._tell(self.root["collection.handover"]._cron_tell_payments)
        self.assertIn("4,000", mail.body_html)

    def test_counsel_in_court_is_told(self):
        invoice = self._overdue_invoice(90, 5000, partner=self.debtor)
        self._take(self._sue(invoice, counsel_id=self.lawyer.id), "file")
        self._archive()
        self._pay(invoice, 1000)
        mail = self._tell(self.root["collection.handover"]._cron_tell_payments)
        self.assertIn("4,000", mail.body_html)
        self._tell(self._record)

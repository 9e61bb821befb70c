from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY
from .common import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputePeople(DisputeCommon):
    """Who has left, or works elsewhere, keeps no dispute from being opened and decided."""

    def _say_paid(self):
        """Note with its proof that the debtor says it has paid; return the dispute."""
        proof = self.root["ir.attachment"].create({"name": "transfer.pdf", "raw": b"%PDF-1.4"})
        return self.case.with_user(self.collector)._note_already_paid(
            self._item(self.invoice), proof
        )

    def test_payment_is_looked_for_by_the_accountant(self):
        self.assertEqual(self._say_paid().owner_id, self.accountant)

    def test_payment_is_looked_for_by_the_collector_once_the_accountant_has_left(self):
        self.accountant.active = False
        self.assertEqual(self._say_paid().owner_id, self.collector)

    def test_payment_is_looked_for_by_nobody_when_all_have_left(self):
        (self.accountant | self.collector).active = False
        dispute = self.case._note_already_paid(
            self._item(self.invoice),
            self.root["ir.attachment"].create({"name": "transfer.pdf", "raw": b"%PDF-1.4"}),
        )
        self.assertFalse(dispute.owner_id)
        self.assertEqual(dispute.activity_ids.user_id, self.manager)

    def test_dispute_is_founded_once_the_accountant_has_left(self):
        dispute = self._open()
        self.accountant.active = False
        self._decided(dispute, "founded")
        self.assertFalse(dispute.credit_user_id)
        self.assertEqual(dispute.sudo().activity_ids.user_id, self.collector)

    def test_dispute_is_founded_once_who_looked_into_it_has_left(self):
        dispute = self._open()
        self.sales.active = False
        self._decided(dispute, "founded")
        self.assertEqual(dispute.credit_user_id, self.accountant)

    def test_credit_note_is_a_managers_when_all_have_left(self):
        dispute = self._open()
        (self.accountant | self.collector).active = False
        dispute.with_user(self.manager)._decide("founded", "As the salesperson says")
        self.assertEqual(dispute.sudo().activity_ids.user_id, self.manager)

    def test_dispute_of_a_branch_is_not_the_collectors_of_its_company(self):
        self.category.with_company(self.company).owner_id = False
        self.company.sudo().write({"child_ids": [Command.create({"name": "Branch"})]})
        branch = self.company.child_ids[-1]
        self.cr.precommit.run()  # account gives the branch its parent's ledger then
        invoice = self._overdue_invoice(20, company_id=branch.id)
        self.root["collection.refresh"]._refresh(branch, TODAY)
        item = self._item(invoice)
        item.case_id.user_id = self.collector
        dispute = item.case_id.env["collection.dispute"]._open(
            item.case_id, [(item, 100)], self.category
        )
        self.assertEqual((dispute.company_id, dispute.owner_id.id), (branch, False))

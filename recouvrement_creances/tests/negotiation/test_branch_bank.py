from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from ..ledger.common import NOW
from .schedule_common import ScheduleCommon, make_schedule_records


@tagged("post_install", "-at_install")
class TestBranchBank(ScheduleCommon):
    """An agreement of a branch names the account that its debtors pay to: its company's."""

    def test_agreement_of_a_branch_names_the_account_of_its_company(self):
        self.company.sudo().child_ids = [Command.create({"name": "Branch"})]
        branch = self.company.child_ids
        self.cr.precommit.run()  # account gives the branch its parent's ledger then
        companies = [self.company.id, branch.id]
        self.root = self.root(context={"allowed_company_ids": companies})
        invoice = self._create_invoice_one_line(
            price_unit=900,
            tax_ids=[],
            partner_id=self.debtor,
            invoice_date=date(2026, 9, 30),
            invoice_date_due=date(2026, 9, 30),
            invoice_payment_term_id=False,
            company_id=branch.id,
            post=True,
        )
        self.root["collection.refresh"]._refresh(branch, NOW)
        item = self._item(invoice)
        schedule = make_schedule_records(item.case_id, item, NOW)["collection.schedule"]
        self.assertEqual(schedule.company_id, branch)
        paper = self.root["report.recouvrement_creances.schedule"]._prepare_agreement(schedule)
        self.assertEqual(paper["bank"], self.company.partner_id.bank_ids)

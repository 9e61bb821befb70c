from odoo.fields import Command
from odoo.tests import tagged

from ..common import CollectionCommon


@tagged("post_install", "-at_install")
class TestScopeOfLedger(CollectionCommon):
    """Which journal items are followed, and by whose policy."""

    def test_account_that_holds_no_customers_any_more_is_not_claimed(self):
        invoice = self._overdue_invoice(6)
        self._decide()
        self.assertVerdict(invoice, "remind")
        account = self._item(invoice).move_line_id.account_id
        account.non_trade = True
        self._decide()
        self.assertFalse(self._item(invoice).is_open)
        account.non_trade = False
        self._decide()
        self.assertVerdict(invoice, "remind")

    def _branch(self, **vals):
        """Return a branch of the company, with the ledger of its parent."""
        self.company.sudo().write({"child_ids": [Command.create({"name": "Branch", **vals})]})
        branch = self.company.child_ids[-1]
        self.cr.precommit.run()  # account gives the branch its parent's ledger then
        return branch

    def _invoice_of(self, company):
        return self._overdue_invoice(6, company_id=company.id)

    def test_branch_follows_the_settings_of_its_parent(self):
        branch = self._branch()
        invoice = self._invoice_of(branch)
        self._run(branch)
        case = self._item(invoice).case_id
        self.assertEqual(case.company_id, branch)
        self.assertEqual((case.policy_id, case.user_id), (self.policy, self.collector))

    def test_branch_with_settings_of_its_own_follows_those(self):
        own = self._make_policy([(3, "call")])
        branch = self._branch(collection_policy_id=own.id)
        invoice = self._invoice_of(branch)
        self._run(branch)
        self.assertEqual(self._item(invoice).case_id.policy_id, own)

    def test_daily_run_works_for_branches_of_companies_with_policies(self):
        branch = self._branch()
        self._invoice_of(branch)
        companies = self.root["res.company"].search([])
        (companies - self.company).collection_policy_id = False
        self.root["collection.policy"].search([("company_id", "=", False)]).active = False
        self.root["collection.run"]._cron_run_daily()
        runs = self.root["collection.run"].search([("origin", "=", "daily")])
        self.assertIn(branch, runs.company_id)

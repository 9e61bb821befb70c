from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestLetterCredit(CollectionCommon):
    """A letter takes off what its own debtor has paid its own company, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.setup_other_company(name="Sister company")["company"]
        cls.affiliate = cls.root["res.partner"].create(
            {"name": "Affiliate", "is_company": True, "parent_id": cls.partner_a.id}
        )
        cls.contact = cls.root["res.partner"].create(
            {"name": "Accounts", "parent_id": cls.partner_a.id}
        )

    def setUp(self):
        super().setUp()
        self._overdue_invoice(6, amount=1000)

    def _credit(self, partner, amount, company=None, currency=None):
        """Post a credit note that nobody has matched with an invoice."""
        company = company or self.company
        refund = (
            self.root["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_refund",
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "currency_id": (currency or company.currency_id).id,
                    "invoice_date": TODAY,
                    "invoice_line_ids": [
                        Command.create({"name": "Goods", "price_unit": amount, "tax_ids": False})
                    ],
                }
            )
        )
        refund.action_post()
        return refund

    def _block(self):
        """Return what a letter to partner_a says of the sum to pay."""
        self._decide()
        run = self.root["collection.run"]._propose_for(self._case())
        (block,) = self.root["collection.correspondence"]._get_frame(run.action_ids)["blocks"]
        return block["due"], block["credit"], block["net"]

    def test_credit_of_the_debtor_is_taken_off(self):
        self._credit(self.partner_a, 100)
        self._credit(self.contact, 50)
        self.assertEqual(self._block(), (1000, 150, 850))

    def test_credit_of_an_affiliate_is_not(self):
        self.assertEqual(self.affiliate.commercial_partner_id, self.affiliate)
        self._credit(self.affiliate, 300)
        self.assertEqual(self._block(), (1000, 0, 1000))

    def test_credit_of_a_group_that_owns_the_debtor_is_not(self):
        self.partner_a.write({"parent_id": self.partner_b.id, "is_company": True})
        self._credit(self.partner_b, 300)
        self.assertEqual(self._block(), (1000, 0, 1000))

    def test_credit_in_another_company_is_not(self):
        self._credit(self.partner_a, 300, company=self.other_company)
        self.assertEqual(self._block(), (1000, 0, 1000))

    def test_credit_in_another_currency_is_not(self):
        self._credit(self.partner_a, 300, currency=self.other_currency)
        self.assertEqual(self._block(), (1000, 0, 1000))

    def test_credit_that_was_matched_counts_once(self):
        other = self._overdue_invoice(9, amount=400)
        refund = self._credit(self.partner_a, 400)
        lines = (other | refund).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.assertEqual(self._block(), (1000, 0, 1000))

    def test_credit_never_asks_for_less_than_nothing(self):
        self._overdue_invoice(8, amount=10)
        self._credit(self.affiliate, 5000)
        with self._mail_server() as sink, self.on(1):
            self._run()
        html = sink.messages[0].get_body(("html",)).get_content()
        self.assertIn("1,010.00", html)
        self.assertEqual(self._case().action_ids.contact_date, TODAY + timedelta(days=1))

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import TODAY, CollectionCommon


def day(number):
    """Return the day so many days after TODAY."""
    return TODAY + timedelta(days=number)


class DisputeCommon(CollectionCommon):
    """A late debtor with two invoices, a salesperson without any role in collection."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant, cls.manager = cls.personas["accountant"], cls.personas["manager"]
        cls.sales = new_test_user(
            cls.root,
            context={"no_reset_password": True},
            login="collection_sales",
            groups="base.group_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            email="sales@company.example",
            tz="UTC",
        )
        cls.company.sudo().collection_accountant_id = cls.accountant
        cls.category = cls._get_category("quality")
        cls.category.with_company(cls.company).owner_id = cls.sales
        cls.invoice = cls._overdue_invoice(20)
        cls.other = cls._overdue_invoice(18, 500)
        today = fields.Date.today()
        cls.root["collection.refresh"]._refresh(cls.company, today)
        cls.root["collection.decision"]._decide(cls.company, today)
        cls.case = cls.root["collection.case"].search([("partner_id", "=", cls.partner_a.id)])

    @classmethod
    def _get_category(cls, kind):
        return cls.root.ref(f"recouvrement_creances.collection_dispute_category_{kind}")

    def _open(self, amount=None, invoice=None, user=None, **values):
        """Return a dispute of an invoice, as its collector opens it."""
        case = self.case.with_user(user or self.collector)
        item = self._item(invoice or self.invoice).with_env(case.env)
        return case.env["collection.dispute"]._open(
            case,
            [(item, amount)],
            values.pop("category", self.category).with_env(case.env),
            values.pop("description", "Two doors are scratched"),
            **values,
        )

    def _credit(self, invoice, amount):
        """Make a credit note of an amount, post it and reconcile it with the invoice."""
        note = self._create_invoice_one_line(
            move_type="out_refund",
            price_unit=amount,
            tax_ids=[],
            partner_id=invoice.partner_id,
            invoice_date=fields.Date.today(),
            invoice_payment_term_id=False,
            post=True,
        )
        lines = (invoice | note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()
        return note

    def _decided(self, dispute, decision, accepted=None, note="As the salesperson says"):
        """Decide a dispute as the collector of the case."""
        dispute.with_user(self.collector)._decide(decision, note, accepted)

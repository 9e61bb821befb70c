from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time

from ..common import CollectionCommon

# Late enough for the examples of the second half of 2026.
NOW = date(2026, 12, 1)


class ChargeCommon(CollectionCommon):
    """A company that keeps its books in euros, on 1 December 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time(NOW.isoformat() + " 09:00:00")
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        euro = cls.root.ref("base.EUR")
        euro.active = True
        cls.company.sudo().currency_id = euro
        cls.euro = euro
        cls.other_currency.write({"rate_ids": [Command.clear()]})
        cls.root["res.currency.rate"].create(
            {
                "currency_id": cls.other_currency.id,
                "company_id": cls.company.id,
                "name": "2020-01-01",
                "rate": 0.8,
            }
        )
        accounts = {
            name: cls.root["account.account"].create(
                {
                    "name": name,
                    "code": code,
                    "account_type": "income_other",
                    "company_ids": [Command.link(cls.company.id)],
                }
            )
            for name, code in (("interest", "763100"), ("indemnity", "758100"))
        }
        cls.interest_account = accounts["interest"]
        cls.indemnity_account = accounts["indemnity"]
        cls.debtor = cls._debtor("Late Payer")
        cls.accountant = cls.personas["accountant"]

    @classmethod
    def _invoice(cls, amount, due, partner=None, issued=None, **vals):
        """Return a posted invoice without taxes, due on a day, and followed."""
        invoice = cls._create_invoice_one_line(
            price_unit=amount,
            tax_ids=[],
            partner_id=partner or cls.debtor,
            invoice_date=issued or due,
            invoice_date_due=due,
            invoice_payment_term_id=False,
            post=True,
            **vals,
        )
        cls.root["collection.refresh"]._refresh(cls.company, NOW)
        return invoice

    def _pay_on(self, invoice, day, amount=None):
        return self._register_payment(
            invoice, payment_date=day, **({"amount": amount} if amount else {})
        )

    def _charged(self, invoice, as_of=NOW):
        """Return what late payment of an invoice with one due date costs."""
        item = self._item(invoice)
        return self.root["collection.interest"]._compute_items(item, as_of)[item.id]

    def _segments(self, invoice, as_of=NOW):
        """Return [(days, base, rate, amount)] as texts."""
        return [
            (segment.days, str(segment.base), str(segment.rate), str(segment.amount))
            for segment in self._charged(invoice, as_of).charges.interest.segments
        ]

    def _claim(self, partner=None, as_of=NOW, persona="accountant"):
        """Claim everything that a debtor owes for late payment."""
        case = self._case(partner or self.debtor).with_user(self.personas[persona])
        items = case._get_charged_items()
        return (
            self.env["collection.charge"]
            .with_user(self.personas[persona])
            ._claim(case, items, as_of, NOW)
        )

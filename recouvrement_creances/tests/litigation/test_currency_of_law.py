from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY
from .handover_common import HandoverCommon

# What a euro is in the company's currency here.
UNITS = 100


@tagged("post_install", "-at_install")
class TestCurrencyOfLaw(HandoverCommon):
    """The law counts in euros: it is compared, added and shown in the currency of the claim."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        euro = cls.root.ref("base.EUR")
        euro.write({"active": True, "rate_ids": [Command.clear()]})
        cls.root["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "company_id": cls.company.id,
                "name": "2020-01-01",
                "rate": 1 / UNITS,
            }
        )
        cls.own = cls.company.currency_id

    # === CHARGES === #

    def test_indemnity_is_added_to_charges_in_their_currency(self):
        for currency in (self.own, self.other_currency):
            with self.subTest(currency=currency.name):
                debtor = self._debtor(f"Debtor in {currency.name}")
                invoice = self._overdue_invoice(120, 5000, partner=debtor, currency_id=currency.id)
                self._decide()
                item = self._item(invoice)
                handover = self._prepare(item)
                charged = self.root["collection.interest"]._compute_items(item, TODAY)[item.id]
                indemnity = self.own._convert(40 * UNITS, currency, self.company, TODAY)
                self.assertEqual(handover.currency_id, currency)
                self.assertAlmostEqual(
                    handover.amount_charges,
                    float(charged.charges.interest.total) + indemnity,
                    delta=0.01,
                )

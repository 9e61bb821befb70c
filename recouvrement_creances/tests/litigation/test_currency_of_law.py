from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY
from .handover_common import HandoverCommon

# What a euro is in the company's currency here.
UNITS = 100
ABOVE = "above 10,000"


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

    def _sue_for(self, amount):
        return self._sue(
            self._overdue_invoice(90, amount, partner=self.debtor), procedure="summons"
        )

    # === THRESHOLDS === #

    def test_claim_is_compared_with_the_limits_of_the_law_in_euros(self):
        self.assertNotIn(ABOVE, self._sue_for(11_933).competence_note)
        self.assertIn(ABOVE, self._sue_for(10_001 * UNITS).competence_note)

    def test_routes_are_open_by_the_claim_in_euros(self):
        small = self._prepare(self._overdue_item(11_933))
        large = self._prepare(self._overdue_item(5_001 * UNITS, partner=self._debtor("Large")))
        found = [
            "above_ceiling" in self._get_route(one, "small_claims").reason_codes
            for one in (small, large)
        ]
        self.assertEqual(found, [False, True])

    # === COSTS === #

    def _get_route(self, handover, code):
        return handover.route_ids.filtered(lambda route: route.code == code)

    def test_costs_of_a_route_are_shown_in_the_currency_of_the_company(self):
        item = self._overdue_item(3_000 * UNITS)
        handover = self._prepare(item)
        terms = self.root["collection.route.parameter"]._get_terms(TODAY)["payment_order"]
        route = self._get_route(handover, "payment_order")
        self.assertEqual(route.cost, float(terms.cost) * UNITS)
        asked = handover.amount + handover.amount_charges
        self.assertAlmostEqual(route.value, asked * route.chance / 100, delta=UNITS)
        self.assertAlmostEqual(route.net, route.value - route.cost, delta=0.01)
        pounds = self._sue(
            self._overdue_invoice(90, 500, partner=self.debtor, currency_id=self.other_currency.id)
        )
        pounds.sudo().handover_id = handover
        handover.sudo().route_code = "payment_order"
        self.assertEqual(
            pounds.cost_foreseen,
            self.own._convert(route.cost, self.other_currency, self.company, TODAY),
        )

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

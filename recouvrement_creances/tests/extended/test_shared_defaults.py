from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from ..ledger.common import NOW, ChargeCommon


@tagged("post_install", "-at_install")
class TestSharedDefaults(ChargeCommon):
    """What Odoo gives a debtor by default, for all users, counts wherever the debtor is read."""

    def _default(self, name, value, company=None):
        """Set what all users get of a field that each company has of its own."""
        self.root["ir.default"].set(
            "res.partner", name, value, company_id=(company or self.company).id
        )
        self.env.invalidate_all()

    def _decided_case(self):
        self._invoice(1000, date(2026, 9, 30))
        self._decide()
        return self._case(self.debtor)

    def test_policy(self):
        own = self._make_policy([(3, "call")])
        self._default("collection_policy_id", own.id)
        self.assertEqual(self.debtor.collection_policy_id, own)
        self.assertEqual(self._decided_case().policy_id, own)

    def test_collector(self):
        self._default("collection_user_id", self.personas["other_collector"].id)
        self.assertEqual(self._decided_case().user_id, self.personas["other_collector"])

    def test_what_a_debtor_has_of_its_own_comes_first(self):
        self._default("collection_user_id", self.personas["other_collector"].id)
        self.debtor.collection_user_id = self.personas["manager"]
        self.assertEqual(self._decided_case().user_id, self.personas["manager"])

    def test_rate_of_late_payment(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        self._default("collection_late_rate", 15.0)
        rates = {segment.rate for segment in self._charged(invoice).charges.interest.segments}
        self.assertEqual(rates, {Decimal("15")})

    def test_default_of_another_company_counts_there_only(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        expected = self._segments(invoice)
        stranger = self.root["res.company"].create({"name": "Stranger"})
        self._default("collection_late_rate", 15.0, stranger)
        self._default("collection_claim_nature", "transport", stranger)
        self.assertEqual(self._segments(invoice), expected)
        self.assertEqual(self._item(invoice).limitation_nature, "professional")

    def test_nature_of_claims(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        item = self._item(invoice)
        self.assertEqual(item.limitation_nature, "professional")
        self._default("collection_claim_nature", "transport")
        self.assertEqual(item.limitation_nature, "transport")

    def test_nature_that_is_shorter_than_usual_bars_consumers(self):
        self.debtor.collection_debtor_kind = "consumer"
        invoice = self._invoice(1000, date(2025, 9, 30))
        self._decide()
        self.assertNotEqual(self._item(invoice).verdict, "time_barred")
        self._default("collection_claim_nature", "transport")
        self._decide()
        self.assertVerdict(invoice, "time_barred")

    def test_cover_of_the_insurer(self):
        self.company.sudo().collection_insurer_days = 60
        self._default("collection_insured_amount", 5000.0)
        self._invoice(1000, date(2026, 11, 1))
        self._decide()
        self.root["collection.deadline"]._warn_of_insurance(self.company, NOW)
        told = self.root["collection.deadline"].search(
            [("rule_code", "=", "insurance.declaration"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual((told.state, told.event_date), ("open", date(2026, 11, 1)))

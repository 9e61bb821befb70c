from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ...rules.competence import (
    COURTS,
    LIMITS,
    PROCEDURES,
    Claim,
    find_competence,
)
from ...rules.parameters import CERTAINTIES

DAY = date(2026, 11, 29)


@tagged("post_install", "-at_install")
class TestRulesCompetence(BaseCase):
    """Which court, and which ways to it are closed, by debtor, amount and place."""

    def _find(self, procedure, amount, kind="professional", **vals):
        vals.setdefault("department", "69")
        return find_competence(procedure, Claim(Decimal(amount), kind, **vals), DAY)

    def test_the_court_by_debtor_and_place(self):
        expected = {
            ("professional", "", "69"): "commercial",
            ("professional", "", "67"): "chamber",
            ("professional", "", "57"): "chamber",
            ("consumer", "consumer", "69"): "judicial",
            ("consumer", "residential_rent", "69"): "protection",
            ("consumer", "consumer_credit", "67"): "protection",
            ("public", "public", "69"): "administrative",
        }
        for (kind, nature, department), court in expected.items():
            with self.subTest(kind=kind, nature=nature, department=department):
                found = self._find("summons", 3000, kind, nature=nature, department=department)
                self.assertEqual(found.court, court)
                self.assertTrue(found.article)

    def test_no_judge_decides_of_enforcement(self):
        for procedure in ("small_claims", "cheque", "enforcement"):
            self.assertIsNone(self._find(procedure, 100, "consumer").court)

    def test_small_claims_end_at_five_thousand_and_are_not_for_traders(self):
        self.assertEqual(self._find("small_claims", 5000, "consumer").refusals, ())
        self.assertEqual(
            self._find("small_claims", "5000.01", "consumer").refusals, ("above_ceiling",)
        )
        self.assertEqual(
            self._find("small_claims", 9000).refusals, ("above_ceiling", "between_traders")
        )

    def test_the_order_between_traders_waits_for_its_decree(self):
        found = self._find("traders", 100000)
        self.assertEqual(
            (found.refusals, found.warnings), ((), ("decree_missing", "trader_unknown"))
        )
        self.assertEqual(self._find("traders", 100, "consumer").refusals, ("not_traders",))

    def test_who_is_no_trader_is_sued_before_the_judicial_court(self):
        found = self._find("payment_order", 3000, is_trader=False, department="67")
        self.assertEqual((found.court, found.warnings), ("judicial", ()))
        self.assertEqual(self._find("traders", 100, is_trader=False).refusals, ("not_traders",))
        self.assertEqual(self._find("small_claims", 100, is_trader=False).refusals, ())
        self.assertEqual(self._find("summons", 100, is_trader=False).warnings, ("amicable_first",))

    def test_who_may_be_a_trader_is_taken_for_one_with_a_warning(self):
        found = self._find("payment_order", 3000)
        self.assertEqual((found.court, found.warnings), ("commercial", ("trader_unknown",)))
        self.assertEqual(self._find("payment_order", 3000, is_trader=True).warnings, ())
        self.assertIn("trader_unknown", self._find("small_claims", 100).warnings)

    def test_a_public_body_is_not_ordered_to_pay_nor_seized(self):
        for procedure in ("payment_order", "attachment", "enforcement"):
            self.assertIn("public_debtor", self._find(procedure, 100, "public").refusals)
        self.assertEqual(self._find("summons", 100, "public").refusals, ())

    def test_a_summons_may_need_a_lawyer_or_an_attempt_first(self):
        self.assertEqual(self._find("summons", 5000, "consumer").warnings, ("amicable_first",))
        self.assertEqual(self._find("summons", 10000, "consumer").warnings, ())
        self.assertEqual(self._find("summons", 10001, "consumer").warnings, ("lawyer",))
        self.assertEqual(self._find("summons", 5000, is_trader=True).warnings, ())

    def test_the_european_order_is_for_debtors_abroad(self):
        self.assertEqual(self._find("european_order", 100).refusals, ("not_abroad",))
        self.assertEqual(self._find("european_order", 100, department="").refusals, ())

    def test_every_procedure_is_answered(self):
        for procedure in PROCEDURES:
            for kind in ("professional", "consumer", "public"):
                found = self._find(procedure, 100, kind)
                self.assertIn(found.court, (*COURTS, None))

    def test_every_limit_says_where_it_comes_from(self):
        for name, parameters in LIMITS.items():
            for parameter in parameters:
                with self.subTest(name=name):
                    self.assertTrue(parameter.article and parameter.source and parameter.unit)
                    self.assertIn(parameter.certainty, CERTAINTIES)

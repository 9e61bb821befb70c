from dataclasses import replace
from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ...rules.competence import PROCEDURES, Claim
from ...rules.routes import BY_PROCEDURE, ROUTES, RouteFacts, RouteTerms, weigh_routes

DAY = date(2026, 11, 29)
TERMS = {
    "payment_order": RouteTerms(Decimal("100"), Decimal("0"), 120, Decimal("65")),
    "traders": RouteTerms(Decimal("90"), Decimal("0"), 75, Decimal("70")),
    "small_claims": RouteTerms(Decimal("60"), Decimal("0"), 45, Decimal("30")),
    "interim": RouteTerms(Decimal("900"), Decimal("0"), 120, Decimal("65")),
    "summons": RouteTerms(Decimal("2500"), Decimal("0"), 365, Decimal("70")),
    "european_order": RouteTerms(Decimal("150"), Decimal("0"), 180, Decimal("50")),
    "insurer": RouteTerms(Decimal("0"), Decimal("0"), 150, Decimal("90")),
    "agency": RouteTerms(Decimal("0"), Decimal("20"), 120, Decimal("45")),
    "write_off": RouteTerms(Decimal("0"), Decimal("0"), 0, Decimal("0")),
}
TRADER = RouteFacts(
    Claim(Decimal("8000"), "professional", department="69"), is_proven=True, solvency="good"
)


@tagged("post_install", "-at_install")
class TestRulesRoutes(BaseCase):
    """Which way is proposed, why, and what it is worth beside what it costs."""

    def _weigh(self, **changes):
        routes = weigh_routes(replace(TRADER, **changes), TERMS, DAY)
        self.assertEqual({route.code for route in routes}, set(ROUTES))
        return routes, {route.code: route for route in routes}

    def _claim(self, amount="8000", kind="professional", **vals):
        return Claim(Decimal(amount), kind, **{"department": "69", **vals})

    def test_an_undisputed_invoice_between_traders_goes_to_an_order(self):
        routes, found = self._weigh()
        self.assertEqual([route.code for route in routes if route.is_recommended], [routes[0].code])
        self.assertEqual(routes[0].code, "payment_order")
        order = found["payment_order"]
        self.assertEqual(
            (order.cost, order.days, order.chance, order.value, order.net),
            (Decimal("100"), 120, Decimal("65"), Decimal("5200.00"), Decimal("5100.00")),
        )
        self.assertEqual(order.reasons, ("undisputed", "proven"))

    def test_the_order_between_traders_is_warned_and_never_proposed(self):
        routes, found = self._weigh()
        self.assertTrue(found["traders"].is_open)
        self.assertIn("decree_missing", found["traders"].warnings)
        # It would be worth more: yet nobody can carry it out.
        self.assertGreater(found["traders"].net, found["payment_order"].net)
        self.assertNotEqual(routes[0].code, "traders")

    def test_what_closes_a_route(self):
        consumer = self._claim("4000", "consumer")
        foreigner = self._claim(department="")
        expected = [
            ({}, "small_claims", "between_traders"),
            ({}, "european_order", "not_abroad"),
            ({}, "insurer", "not_insured"),
            ({"claim": self._claim("6000", "consumer")}, "small_claims", "above_ceiling"),
            ({"claim": consumer}, "traders", "not_traders"),
            ({"claim": self._claim(kind="public")}, "payment_order", "public_debtor"),
            ({"claim": foreigner}, "payment_order", "abroad"),
            ({"claim": foreigner}, "european_order", "not_european"),
            ({"is_disputed": True}, "payment_order", "disputed"),
            ({"is_disputed": True}, "interim", "disputed"),
            ({"is_insolvent": True}, "summons", "insolvent"),
            ({"is_insolvent": True}, "agency", "insolvent"),
        ]
        for changes, code, reason in expected:
            _routes, found = self._weigh(**changes)
            with self.subTest(code=code, reason=reason):
                self.assertFalse(found[code].is_open)
                self.assertIn(reason, found[code].reasons)

    def test_what_is_open_to_whom(self):
        cases = [
            (self._claim("4000", "consumer"), {}, "small_claims"),
            (self._claim(department=""), {"is_european": True}, "european_order"),
            (self._claim(), {"is_disputed": True}, "summons"),
            (self._claim(), {"is_insured": True, "is_insolvent": True}, "insurer"),
            (self._claim(), {"is_insolvent": True}, "write_off"),
        ]
        for claim, changes, code in cases:
            _routes, found = self._weigh(claim=claim, **changes)
            with self.subTest(code=code, claim=claim):
                self.assertTrue(found[code].is_open, found[code].reasons)

    def test_only_the_insurer_and_the_write_off_are_left_of_an_insolvent_debtor(self):
        _routes, found = self._weigh(is_insolvent=True, is_insured=True)
        self.assertEqual(
            {code for code, route in found.items() if route.is_open}, {"insurer", "write_off"}
        )

    def test_chances_fall_and_rise_with_the_facts(self):
        def chance(code="payment_order", **changes):
            return self._weigh(**changes)[1][code].chance

        self.assertEqual(chance(), 65)
        self.assertEqual(chance(is_acknowledged=True), 75)
        self.assertEqual(chance(is_proven=False), 45)
        self.assertEqual(chance(solvency="doubtful"), 39)
        self.assertEqual(chance(solvency="poor"), 16)
        self.assertEqual(chance("summons", is_disputed=True), 50)
        self.assertEqual(chance("insurer", is_insured=True, solvency="poor"), 90)

    def test_a_small_claim_on_who_cannot_pay_is_written_off(self):
        routes, found = self._weigh(claim=self._claim("300"), solvency="poor", is_proven=False)
        self.assertEqual(routes[0].code, "agency")
        dear = {
            **TERMS,
            "agency": RouteTerms(Decimal("80"), Decimal("20"), 120, Decimal("45")),
        }
        poor = replace(TRADER, claim=self._claim("300"), solvency="poor", is_proven=False)
        self.assertEqual(weigh_routes(poor, dear, DAY)[0].code, "write_off")
        self.assertIn("costs_more", found["summons"].reasons)

    def test_the_share_of_an_agency_is_taken_of_what_comes_in(self):
        _routes, found = self._weigh()
        agency = found["agency"]
        self.assertEqual(
            (agency.value, agency.cost, agency.net),
            (Decimal("3600.00"), Decimal("720.00"), Decimal("2880.00")),
        )

    def test_without_terms_nothing_is_estimated(self):
        terms = {code: TERMS[code] for code in TERMS if code != "payment_order"}
        found = {route.code: route for route in weigh_routes(TRADER, terms, DAY)}
        self.assertFalse(found["payment_order"].is_open)
        self.assertIn("no_terms", found["payment_order"].reasons)

    def test_every_procedure_of_a_route_is_one_of_the_courts(self):
        self.assertLessEqual(set(BY_PROCEDURE), set(PROCEDURES))

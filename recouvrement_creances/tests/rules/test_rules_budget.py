from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from odoo.tests import BaseCase, tagged

from ...rules.budget import MONTHS, SECTIONS, Line, compute_budget, per_month, propose_schedule
from .common import TRIED

DAY = date(2026, 11, 28)
AMOUNTS = some.decimals(min_value=0, max_value=100000, places=2)
LINES = some.lists(
    some.builds(Line, some.sampled_from(SECTIONS), AMOUNTS, some.sampled_from(sorted(MONTHS)))
)


@tagged("post_install", "-at_install")
class TestRulesBudget(BaseCase):
    """What a household can pay each month, from what it declared."""

    def test_each_line_is_brought_to_months_and_rounded_half_up(self):
        for amount, period, expected in (
            ("100.00", "month", "100.00"),
            ("100.00", "quarter", "33.33"),
            ("0.03", "quarter", "0.01"),
            ("100.02", "year", "8.34"),
        ):
            with self.subTest(amount=amount, period=period):
                self.assertEqual(per_month(Decimal(amount), period), Decimal(expected))

    def test_ability_is_resources_less_charges_less_other_instalments(self):
        month = compute_budget(
            [
                Line("resource", Decimal("1480.00")),
                Line("resource", Decimal("640.50"), "quarter"),
                Line("charge", Decimal("720.00")),
                Line("charge", Decimal("1150.00"), "year"),
                Line("debt", Decimal("180.00")),
            ]
        )
        self.assertEqual(month.resources, Decimal("1693.50"))
        self.assertEqual(month.charges, Decimal("815.83"))
        self.assertEqual(month.debts, Decimal("180.00"))
        self.assertEqual((month.balance, month.ability), (Decimal("697.67"),) * 2)

    def test_nothing_left_is_shown_as_such_and_nothing_can_be_paid(self):
        month = compute_budget([Line("resource", Decimal(500)), Line("charge", Decimal(800))])
        self.assertEqual((month.balance, month.ability), (Decimal("-300.00"), Decimal("0.00")))
        self.assertEqual(propose_schedule(Decimal(100), month.ability, DAY).count, 0)

    def test_unknown_periods_sections_and_negative_amounts_are_refused(self):
        with self.assertRaisesRegex(ValueError, "fortnight"):
            per_month(Decimal(1), "fortnight")
        for line in (Line("gift", Decimal(1)), Line("charge", Decimal(-1))):
            with self.subTest(line=line), self.assertRaises(ValueError):
                compute_budget([line])

    def test_proposal_keeps_to_the_longest_period_in_use(self):
        exact = propose_schedule(Decimal("2400"), Decimal("100"), DAY)
        self.assertEqual((exact.count, exact.last, exact.uncovered), (24, 100, 0))
        longer = propose_schedule(Decimal("2400.01"), Decimal("100"), DAY)
        self.assertEqual((longer.count, longer.uncovered), (24, Decimal("0.01")))

    @TRIED
    @given(LINES)
    def test_steps_add_up_for_any_household(self, lines):
        month = compute_budget(lines)
        self.assertEqual(month.balance, month.resources - month.charges - month.debts)
        self.assertEqual(month.ability, max(month.balance, 0))
        self.assertEqual(compute_budget(lines[::-1]), month)

    @TRIED
    @given(AMOUNTS, AMOUNTS)
    def test_proposals_add_up_to_the_cent(self, debt, ability):
        proposal = propose_schedule(debt, ability, DAY)
        paid = proposal.amount * max(proposal.count - 1, 0) + proposal.last
        self.assertEqual(paid + proposal.uncovered, debt)
        self.assertLessEqual(proposal.amount, max(ability, 0))
        self.assertGreaterEqual(proposal.last, 0)

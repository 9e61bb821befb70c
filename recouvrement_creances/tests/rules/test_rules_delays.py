from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...rules.delays import add_months, is_working_day, next_working_day
from ...rules.money import round_half_up, split_exactly, to_decimal
from .common import TRIED, D

days = st.dates(date(2000, 1, 1), date(2050, 12, 31))


@tagged("post_install", "-at_install")
class TestRulesDelays(BaseCase):
    """Months and working days as the code of civil procedure counts them; amounts to the cent."""

    def test_the_order_of_30_november(self):
        # Research note: an order of 30/11/2026 has to be served by 28/02/2027, a Sunday: the
        # extended day is Monday 01/03/2027.
        end = add_months(date(2026, 11, 30), 3)
        self.assertEqual(end, date(2027, 2, 28))
        self.assertEqual(next_working_day(end), date(2027, 3, 1))

    def test_months_end_on_the_last_day_that_exists(self):
        self.assertEqual(add_months(date(2024, 1, 31), 1), date(2024, 2, 29))
        self.assertEqual(add_months(date(2026, 12, 31), 2), date(2027, 2, 28))
        self.assertEqual(add_months(date(2026, 1, 15), -1), date(2025, 12, 15))

    def test_a_run_of_holidays_is_jumped(self):
        # Friday 25 December 2026, the week-end; in Alsace-Moselle Saturday 26 is one as well.
        christmas = {date(2026, 12, 25), date(2026, 12, 26)}
        self.assertEqual(next_working_day(date(2026, 12, 25), christmas), date(2026, 12, 28))
        self.assertFalse(is_working_day(date(2026, 12, 25), christmas.__contains__))

    def test_a_calendar_without_working_days_is_refused(self):
        with self.assertRaisesRegex(ValueError, "2026-12-25"):
            next_working_day(date(2026, 12, 25), lambda day: True)

    @TRIED
    @given(days, st.integers(-300, 300))
    def test_months_go_back_and_forth_within_a_month_end(self, day, months):
        moved = add_months(day, months)
        self.assertEqual((moved.year - day.year) * 12 + moved.month - day.month, months)
        self.assertLessEqual(moved.day, day.day)

    @TRIED
    @given(days, days, st.integers(0, 300))
    def test_adding_months_keeps_the_order_of_days(self, one, other, months):
        early, late = sorted((one, other))
        self.assertLessEqual(add_months(early, months), add_months(late, months))

    @TRIED
    @given(st.integers(0, 10**9), st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
    def test_parts_add_up_to_the_cent(self, cents, weights):
        amount = D(cents) / 100
        parts = split_exactly(amount, [D(weight) for weight in weights])
        self.assertEqual(sum(parts), amount)
        total = sum(weights)
        for part, weight in zip(parts, weights, strict=True):
            self.assertLess(abs(part - amount * weight / total), D("0.01"))

    def test_a_half_goes_away_from_zero(self):
        self.assertEqual(round_half_up(D("0.125")), D("0.13"))
        self.assertEqual(round_half_up(D("-0.125")), D("-0.13"))

    def test_what_is_no_exact_number_is_refused(self):
        for value in (1.5, True, None):
            with self.subTest(value=value), self.assertRaises(TypeError):
                to_decimal(value)
        self.assertEqual(to_decimal(3), Decimal(3))

from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ...rules.parameters import value_on
from ...rules.retention import Periods, expiry, is_expired

PERIODS = Periods(60, 120, 120)
CLOSED = date(2020, 2, 29)


@tagged("post_install", "-at_install")
class TestRulesRetention(BaseCase):
    """How long a closed case stays, by what it holds and what became of it."""

    def test_five_years_from_the_closing(self):
        last = date(2025, 2, 28)  # 29 February has no anniversary in 2025
        self.assertEqual(expiry(CLOSED, CLOSED, False, False, PERIODS), last)
        self.assertFalse(is_expired(last, CLOSED, CLOSED, False, False, PERIODS))
        self.assertTrue(is_expired(last + timedelta(1), CLOSED, CLOSED, False, False, PERIODS))

    def test_record_younger_than_the_closing_counts_from_its_own_day(self):
        self.assertEqual(expiry(CLOSED, date(2021, 5, 3), False, False, PERIODS), date(2026, 5, 3))

    def test_documents_ten_years_from_the_end_of_the_year(self):
        self.assertEqual(expiry(CLOSED, CLOSED, True, False, PERIODS), date(2030, 12, 31))

    def test_court_ten_years_from_the_closing(self):
        self.assertEqual(expiry(CLOSED, CLOSED, False, True, PERIODS), date(2030, 2, 28))

    def test_longest_of_the_periods_counts(self):
        longer = Periods(180, 24, 24)
        self.assertEqual(expiry(CLOSED, CLOSED, False, True, longer), date(2035, 2, 28))

    def test_never_below_two_years(self):
        self.assertEqual(expiry(CLOSED, CLOSED, False, False, Periods(0, 0, 0)), date(2022, 2, 28))

    def test_open_case_never_expires(self):
        self.assertFalse(is_expired(date(2999, 1, 1), None, CLOSED, False, False, PERIODS))

    def test_defaults_are_those_of_the_law(self):
        day = date(2026, 11, 21)
        self.assertEqual(
            [value_on(f"retention.{name}", day) for name in ("case", "title", "piece")],
            [60, 120, 120],
        )

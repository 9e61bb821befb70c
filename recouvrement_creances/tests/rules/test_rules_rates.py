from collections import Counter
from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ...rules.parameters import MissingLegalValue
from ...rules.rates import ECB, KINDS, LEGAL_INDIVIDUAL, LEGAL_OTHER_CASES, MissingRate, RateTable
from .common import RATES, published_series, read_rate_rows

# Days from which the ECB's main refinancing rate applied: an account of the same facts that is
# independent of the table of half-years.
ECB_CHANGES = """
13/05/2009 1.00; 13/04/2011 1.25; 13/07/2011 1.50; 09/11/2011 1.25; 14/12/2011 1.00;
11/07/2012 0.75; 08/05/2013 0.50; 13/11/2013 0.25; 11/06/2014 0.15; 10/09/2014 0.05;
16/03/2016 0.00; 27/07/2022 0.50; 14/09/2022 1.25; 02/11/2022 2.00; 21/12/2022 2.50;
08/02/2023 3.00; 22/03/2023 3.50; 10/05/2023 3.75; 21/06/2023 4.00; 02/08/2023 4.25;
20/09/2023 4.50; 12/06/2024 4.25; 18/09/2024 3.65; 23/10/2024 3.40; 18/12/2024 3.15;
05/02/2025 2.90; 12/03/2025 2.65; 23/04/2025 2.40; 11/06/2025 2.15; 17/06/2026 2.40;
16/09/2026 2.65
"""
# Three times the legal rate, as published for each half-year.
FLOORS = {
    2015: ("2.79", "2.97"),
    2016: ("3.03", "2.79"),
    2017: ("2.70", "2.70"),
    2018: ("2.67", "2.64"),
    2019: ("2.58", "2.61"),
    2020: ("2.61", "2.52"),
    2021: ("2.37", "2.28"),
    2022: ("2.28", "2.31"),
    2023: ("6.18", "12.66"),
    2024: ("15.21", "14.76"),
    2025: ("11.13", "8.28"),
    2026: ("7.86", "8.25"),
}
# The single rate of each year before there were two columns.
SINGLE_RATES = {2010: "0.65", 2011: "0.38", 2012: "0.71", 2013: "0.04", 2014: "0.04"}
# The rate of creditors who are natural persons without a business, by half-year.
INDIVIDUAL_RATES = {
    2015: ("4.06", "4.29"),
    2016: ("4.54", "4.35"),
    2017: ("4.16", "3.94"),
    2018: ("3.73", "3.60"),
    2019: ("3.40", "3.26"),
    2020: ("3.15", "3.11"),
    2021: ("3.14", "3.12"),
    2022: ("3.13", "3.15"),
    2023: ("4.47", "6.82"),
    2024: ("8.01", "8.16"),
    2025: ("7.21", "6.65"),
    2026: ("6.67", "6.84"),
}


def ecb_rate_in_force(day):
    rate = None
    for change in ECB_CHANGES.replace("\n", " ").split(";"):
        written, value = change.split()
        number, month, year = map(int, written.split("/"))
        if date(year, month, number) <= day:
            rate = Decimal(value)
    return rate


@tagged("post_install", "-at_install")
class TestRulesRates(BaseCase):
    """Rates of half-years: published values are right, missing ones stop the computation."""

    def test_every_half_year_from_2010_to_2026_stands_once(self):
        found = Counter((row["kind"], row["date_start"]) for row in read_rate_rows())
        expected = {
            (kind, f"{year}-{month}-01")
            for kind in KINDS
            for year in range(2010, 2027)
            for month in ("01", "07")
        }
        self.assertEqual(found.keys(), expected)
        self.assertEqual(set(found.values()), {1})

    def test_every_row_has_its_own_name_and_a_source(self):
        rows = read_rate_rows()
        self.assertEqual(len({row["id"] for row in rows}), len(rows))
        self.assertTrue(all(row["source"] for row in rows))

    def test_ecb_rates_agree_with_the_days_of_their_changes(self):
        for start, rate in published_series()[ECB]:
            with self.subTest(start=start):
                self.assertEqual(rate, ecb_rate_in_force(start))

    def test_three_times_the_legal_rate_is_the_published_floor(self):
        for year, floors in FLOORS.items():
            for month, floor in zip((1, 7), floors, strict=True):
                with self.subTest(year=year, month=month):
                    self.assertEqual(RATES.floor_on(date(year, month, 1)), Decimal(floor))

    def test_individual_creditors_have_their_own_rate_since_2015(self):
        for start, rate in published_series()[LEGAL_INDIVIDUAL]:
            other = RATES.rate_on(LEGAL_OTHER_CASES, start)
            with self.subTest(start=start):
                self.assertGreater(rate, other) if start.year > 2014 else self.assertEqual(
                    rate, other
                )

    def test_there_was_one_legal_rate_a_year_until_2014(self):
        for year, rate in SINGLE_RATES.items():
            for kind in (LEGAL_OTHER_CASES, LEGAL_INDIVIDUAL):
                for month in (1, 7):
                    with self.subTest(year=year, month=month, kind=kind):
                        self.assertEqual(RATES.rate_on(kind, date(year, month, 1)), Decimal(rate))

    def test_rate_of_natural_persons_is_the_published_one(self):
        for year, rates in INDIVIDUAL_RATES.items():
            for month, rate in zip((1, 7), rates, strict=True):
                with self.subTest(year=year, month=month):
                    found = RATES.rate_on(LEGAL_INDIVIDUAL, date(year, month, 1))
                    self.assertEqual(found, Decimal(rate))

    def test_what_was_read_on_an_official_page_says_when(self):
        """The ECB's rates up to 10/2024 were; the later ones and the legal rates were not."""
        checked = {
            (row["kind"], row["date_start"]) for row in read_rate_rows() if row.get("checked_on")
        }
        expected = {
            (ECB, f"{year}-{month}-01") for year in range(2010, 2025) for month in ("01", "07")
        }
        self.assertEqual(checked, expected)

    def test_a_half_year_has_one_rate_from_its_first_to_its_last_day(self):
        # H1 2026 2.15, H2 2026 2.40, although the ECB moved on 17/06 and 16/09/2026.
        for day, rate in (
            (date(2026, 1, 1), "2.15"),
            (date(2026, 6, 30), "2.15"),
            (date(2026, 7, 1), "2.40"),
            (date(2026, 12, 31), "2.40"),
        ):
            with self.subTest(day=day):
                self.assertEqual(RATES.rate_on(ECB, day), Decimal(rate))

    def test_a_missing_half_year_is_named_and_the_last_rate_is_not_reused(self):
        with self.assertRaises(MissingRate) as caught:
            RATES.rate_on(ECB, date(2027, 1, 1))
        self.assertEqual(caught.exception.kind, "ecb")
        self.assertEqual(caught.exception.half_year, date(2027, 1, 1))
        self.assertIn("'ecb' of 2027 H1", str(caught.exception))

    def test_a_missing_rate_is_a_missing_legal_value(self):
        self.assertTrue(issubclass(MissingRate, MissingLegalValue))
        self.assertTrue(issubclass(MissingRate, ValueError))

    def test_what_has_to_be_entered_is_listed(self):
        self.assertEqual(RATES.missing_on(date(2026, 12, 31)), ())
        self.assertEqual(RATES.missing_on(date(2027, 1, 1)), (ECB, LEGAL_OTHER_CASES))

    def test_a_rate_from_the_middle_of_a_half_year_is_refused(self):
        with self.assertRaisesRegex(ValueError, "2026-06-17"):
            RateTable({ECB: [(date(2026, 6, 17), "2.40")]})

    def test_two_rates_of_one_half_year_are_refused(self):
        with self.assertRaisesRegex(ValueError, "2026 H2"):
            RateTable({ECB: [(date(2026, 7, 1), "2.40"), (date(2026, 7, 1), "2.65")]})

    def test_a_binary_float_is_refused(self):
        with self.assertRaises(TypeError):
            RateTable({ECB: [(date(2026, 7, 1), 2.4)]})

from datetime import date

from odoo.tests import BaseCase, tagged

from ...rules.interest import late_interest
from ...rules.interest_terms import (
    ACT_ACT,
    CONTRACT,
    CREDIT_NOTE,
    PUBLIC,
    LateClaim,
    Movement,
)
from ...rules.rates import MissingRate
from .common import RATES, D, InterestAssertions


@tagged("post_install", "-at_install")
class TestRulesInterest(InterestAssertions, BaseCase):
    """Late-payment interest, worked by hand: amount = base x rate x days / 365, half-up."""

    # === VECTORS OF THE RESEARCH NOTE === #

    def test_four_half_years_until_payment(self):
        # 150 + 184 + 181 + 46 days = 561 = 31/01/2025 to 15/08/2026; the claim is asked long after
        # the payment: interest stays due.
        paid = (Movement(date(2026, 8, 15), D("12000")),)
        claim = LateClaim(D("12000"), date(2025, 1, 31), movements=paid)
        interest = self.assert_segments(
            claim,
            date(2026, 11, 21),
            [
                (150, "12000", "13.15", "648.49"),
                (184, "12000", "12.15", "734.99"),
                (181, "12000", "12.15", "723.01"),
                (46, "12000", "12.40", "187.53"),
            ],
        )
        self.assertEqual(interest.total, D("2294.02"))

    def test_fifty_two_days_of_autumn(self):
        claim = LateClaim(D("1000"), date(2026, 9, 30))
        self.assert_segments(claim, date(2026, 11, 21), [(52, "1000", "12.40", "17.67")])

    def test_both_ends_of_the_convention(self):
        # Due 1 May: 2 May is the first day, 1 September the last one.
        claim = LateClaim(D("10000"), date(2026, 5, 1))
        expected = [(60, "10000", "12.15", "199.73"), (63, "10000", "12.40", "214.03")]
        interest = self.assert_segments(claim, date(2026, 9, 1), expected)
        self.assertEqual(interest.segments[0].start, date(2026, 5, 2))
        self.assertEqual(interest.segments[-1].end, date(2026, 9, 1))

    # === PROFESSIONALS === #

    def test_nothing_on_the_due_date_one_day_the_day_after(self):
        claim = LateClaim(D("36500"), date(2026, 7, 14))
        self.assert_segments(claim, date(2026, 7, 14), [])
        # 36500 x 12.40 % / 365 = 12.40
        self.assert_segments(claim, date(2026, 7, 15), [(1, "36500", "12.40", "12.40")])

    def test_due_on_the_last_day_of_a_half_year_starts_in_the_next_one(self):
        # 31/12/2025: the first day is 1 January 2026, at 12.15; 31 days x 1000 = 10.32 (10.3191).
        claim = LateClaim(D("1000"), date(2025, 12, 31))
        self.assert_segments(claim, date(2026, 1, 31), [(31, "1000", "12.15", "10.32")])

    def test_the_day_of_a_payment_is_the_last_on_the_old_base(self):
        # 30 days on 10000 = 99.863; 31 days on 6000 = 61.915.
        part = (Movement(date(2026, 4, 30), D("4000")),)
        claim = LateClaim(D("10000"), date(2026, 3, 31), movements=part)
        self.assert_segments(
            claim,
            date(2026, 5, 31),
            [(30, "10000", "12.15", "99.86"), (31, "6000", "12.15", "61.92")],
        )

    def test_paid_one_day_late_costs_one_day(self):
        # 36500 x 12.40 % / 365 = 12.40.
        paid = (Movement(date(2026, 7, 15), D("36500")),)
        claim = LateClaim(D("36500"), date(2026, 7, 14), movements=paid)
        self.assert_segments(claim, date(2026, 12, 31), [(1, "36500", "12.40", "12.40")])

    def test_a_payment_on_the_first_day_of_a_half_year(self):
        # 1 July is the last day on 36500, and the first one at 12.40.
        part = (Movement(date(2026, 7, 1), D("18250")),)
        claim = LateClaim(D("36500"), date(2026, 6, 20), movements=part)
        self.assert_segments(
            claim,
            date(2026, 7, 11),
            [
                (10, "36500", "12.15", "121.50"),
                (1, "36500", "12.40", "12.40"),
                (10, "18250", "12.40", "62.00"),
            ],
        )

    def test_a_credit_note_lowers_the_base_from_its_date(self):
        part = (Movement(date(2026, 4, 30), D("4000"), CREDIT_NOTE),)
        claim = LateClaim(D("10000"), date(2026, 3, 31), movements=part)
        total = late_interest(claim, date(2026, 5, 31), RATES).total
        self.assertEqual(total, D("161.78"))

    def test_a_credit_note_given_with_the_due_date_bears_no_interest(self):
        # Only 6000 were ever due: 61 days x 6000 x 12.15 % = 121.83 (121.8329).
        part = (Movement(date(2026, 3, 31), D("4000"), CREDIT_NOTE),)
        claim = LateClaim(D("10000"), date(2026, 3, 31), movements=part)
        self.assert_segments(claim, date(2026, 5, 31), [(61, "6000", "12.15", "121.83")])

    def test_paid_before_the_due_date_nothing_is_late(self):
        paid = (Movement(date(2026, 6, 1), D("1000")),)
        claim = LateClaim(D("1000"), date(2026, 6, 30), movements=paid)
        self.assert_segments(claim, date(2026, 12, 31), [])

    def test_paying_too_much_earns_nothing(self):
        paid = (Movement(date(2026, 7, 10), D("1500")),)
        claim = LateClaim(D("1000"), date(2026, 6, 30), movements=paid)
        # 10 days x 1000 x 12.40 % = 3.40 (3.3973).
        self.assert_segments(claim, date(2026, 12, 31), [(10, "1000", "12.40", "3.40")])

    def test_a_returned_direct_debit_counts_again_from_the_day_after(self):
        # Paid on the 10th, taken back on the 14th: 4 days (11 to 14) without a base.
        moves = (Movement(date(2026, 7, 10), D("1000")), Movement(date(2026, 7, 14), D("-1000")))
        claim = LateClaim(D("1000"), date(2026, 6, 30), movements=moves)
        # 17 days = 5.7753.
        self.assert_segments(
            claim,
            date(2026, 7, 31),
            [(10, "1000", "12.40", "3.40"), (17, "1000", "12.40", "5.78")],
        )

    def test_what_cancels_out_on_one_day_cuts_nothing(self):
        moves = (Movement(date(2026, 7, 10), D("300")), Movement(date(2026, 7, 10), D("-300")))
        claim = LateClaim(D("1000"), date(2026, 6, 30), movements=moves)
        # 31 days = 10.5315.
        self.assert_segments(claim, date(2026, 7, 31), [(31, "1000", "12.40", "10.53")])

    def test_a_suspension_takes_its_first_and_last_day_away(self):
        # 10 to 20 July are 11 days: 9 before (3.0575), 11 after (3.7370).
        claim = LateClaim(
            D("1000"), date(2026, 6, 30), suspensions=((date(2026, 7, 10), date(2026, 7, 20)),)
        )
        self.assert_segments(
            claim,
            date(2026, 7, 31),
            [(9, "1000", "12.40", "3.06"), (11, "1000", "12.40", "3.74")],
        )

    def test_an_open_suspension_lasts(self):
        claim = LateClaim(D("1000"), date(2026, 6, 30), suspensions=((date(2026, 7, 10), None),))
        self.assert_segments(claim, date(2026, 12, 31), [(9, "1000", "12.40", "3.06")])

    def test_a_half_goes_up(self):
        # 18.25 x 10 % / 365 = 0.005 exactly.
        claim = LateClaim(D("18.25"), date(2026, 6, 30), CONTRACT, D("10"))
        self.assert_segments(claim, date(2026, 7, 1), [(1, "18.25", "10", "0.01")])

    def test_a_currency_without_cents_is_rounded_to_the_unit(self):
        # 100000 x 12.40 % x 52 / 365 = 1766.575.
        claim = LateClaim(D("100000"), date(2026, 9, 30))
        self.assert_segments(claim, date(2026, 11, 21), [(52, "100000", "12.40", "1767")], digits=0)

    # === MISSING RATES === #

    def test_a_missing_half_year_stops_and_is_named(self):
        claim = LateClaim(D("1000"), date(2026, 11, 30))
        with self.assertRaisesRegex(MissingRate, "'ecb' of 2027 H1"):
            late_interest(claim, date(2027, 1, 1), RATES)

    def test_a_half_year_that_bears_nothing_is_not_missed(self):
        paid = (Movement(date(2026, 12, 31), D("1000")),)
        claim = LateClaim(D("1000"), date(2026, 11, 30), movements=paid)
        # 31 days = 10.5315.
        self.assert_segments(claim, date(2027, 3, 1), [(31, "1000", "12.40", "10.53")])

    # === CONTRACT AND FLOOR === #

    def test_a_contract_rate_under_the_floor_warns_and_is_not_corrected(self):
        # 8 % is above the floor of H1 2026 (7.86) and under that of H2 (8.25).
        claim = LateClaim(D("1000"), date(2026, 5, 31), CONTRACT, D("8"))
        # 30 + 184 days in one segment: the rate does not change. 1000 x 8 % x 214 / 365 = 46.9041.
        interest = self.assert_segments(claim, date(2026, 12, 31), [(214, "1000", "8", "46.90")])
        (warning,) = interest.warnings
        self.assertEqual((warning.code, warning.half_year), ("below_floor", "2026 H2"))
        self.assertEqual(warning.floor, D("8.25"))

    def test_a_contract_rate_at_the_floor_does_not_warn(self):
        claim = LateClaim(D("1000"), date(2026, 6, 30), CONTRACT, D("8.25"))
        self.assertFalse(late_interest(claim, date(2026, 12, 31), RATES).warnings)

    def test_the_default_rate_is_not_raised_to_the_floor(self):
        # H1 2024: the floor was 15.21, ECB + 10 was 14.50, which applies. 182 days = 72.3014.
        claim = LateClaim(D("1000"), date(2023, 12, 31))
        interest = self.assert_segments(claim, date(2024, 6, 30), [(182, "1000", "14.50", "72.30")])
        self.assertFalse(interest.warnings)

    def test_a_leap_year_divides_by_366_on_request(self):
        # 31 days of December 2023 by 365, 31 of January 2024 by 366: 310.00 and 309.1530.
        claim = LateClaim(D("36500"), date(2023, 11, 30), CONTRACT, D("10"))
        self.assert_segments(
            claim,
            date(2024, 1, 31),
            [(31, "36500", "10", "310.00"), (31, "36500", "10", "309.15")],
            day_count=ACT_ACT,
        )
        self.assert_segments(claim, date(2024, 1, 31), [(62, "36500", "10", "620.00")])

    # === PUBLIC BODIES === #

    def test_a_public_body_keeps_the_rate_of_the_first_half_year(self):
        # First day 16/06/2026: 2.15 + 8, also in July and after a payment, when others pay 12.40.
        # 15 + 10 days on 5000 = 34.7603; 10 days on 3000 = 8.3425.
        part = (Movement(date(2026, 7, 10), D("2000")),)
        claim = LateClaim(D("5000"), date(2026, 6, 15), PUBLIC, movements=part)
        self.assert_segments(
            claim,
            date(2026, 7, 20),
            [(25, "5000", "10.15", "34.76"), (10, "3000", "10.15", "8.34")],
        )

    def test_the_first_day_of_interest_decides_the_half_year_of_a_public_body(self):
        # Due 29 June: first day 30 June, H1 (10.15). Due 30 June: first day 1 July, H2 (10.40).
        day = date(2026, 7, 10)
        self.assert_segments(
            LateClaim(D("36500"), date(2026, 6, 29), PUBLIC),
            day,
            [(11, "36500", "10.15", "111.65")],
        )
        self.assert_segments(
            LateClaim(D("36500"), date(2026, 6, 30), PUBLIC),
            day,
            [(10, "36500", "10.40", "104.00")],
        )

    def test_a_public_body_needs_no_rate_of_later_half_years(self):
        claim = LateClaim(D("36500"), date(2026, 12, 30), PUBLIC)
        self.assert_segments(claim, date(2027, 1, 9), [(10, "36500", "10.40", "104.00")])

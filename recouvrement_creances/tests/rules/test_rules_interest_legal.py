from datetime import date

from odoo.tests import BaseCase, tagged

from ...rules.interest import Segment, find_double_interest, late_interest
from ...rules.interest_terms import (
    CONSUMER,
    CONTRACT,
    CREDIT_NOTE,
    JUDGEMENT,
    PROFESSIONAL,
    LateClaim,
    Movement,
)
from .common import RATES, D, InterestAssertions


@tagged("post_install", "-at_install")
class TestRulesInterestLegal(InterestAssertions, BaseCase):
    """Interest at the legal rate, the end at insolvency, and claims that contradict themselves."""

    # === CONSUMERS === #

    def test_a_consumer_owes_nothing_before_formal_notice(self):
        claim = LateClaim(D("800"), date(2026, 6, 30), CONSUMER)
        interest = self.assert_segments(claim, date(2026, 12, 31), [])
        self.assertEqual([warning.code for warning in interest.warnings], ["no_formal_notice"])

    def test_a_consumer_owes_the_rate_of_other_cases_from_the_day_after_the_notice(self):
        # 11 July to 8 September: 21 + 31 + 8 = 60 days at 2.75, never 6.84. 3.6164.
        claim = LateClaim(D("800"), date(2026, 6, 30), CONSUMER, runs_from=date(2026, 7, 10))
        self.assert_segments(claim, date(2026, 9, 8), [(60, "800", "2.75", "3.62")])

    def test_a_notice_before_the_due_date_waits_for_it(self):
        # 1 to 20 July: 20 days. 36500 x 2.75 % x 20 / 365 = 55.
        claim = LateClaim(D("36500"), date(2026, 6, 30), CONSUMER, runs_from=date(2026, 6, 1))
        self.assert_segments(claim, date(2026, 7, 20), [(20, "36500", "2.75", "55.00")])

    def test_the_legal_rate_follows_the_half_years(self):
        # 21 to 30 June at 2.62 (10 days: 26.20), 1 to 10 July at 2.75 (27.50).
        claim = LateClaim(D("36500"), date(2026, 5, 31), CONSUMER, runs_from=date(2026, 6, 20))
        self.assert_segments(
            claim,
            date(2026, 7, 10),
            [(10, "36500", "2.62", "26.20"), (10, "36500", "2.75", "27.50")],
        )

    # === JUDGEMENTS === #

    def test_five_points_more_when_two_months_are_over(self):
        # Enforceable on 15 January: the two months end with 15 March. 31 + 28 + 15 = 74 days at
        # 2.62 (53.1178), then 16 + 30 = 46 at 7.62 (96.0329).
        claim = LateClaim(
            D("10000"),
            date(2025, 10, 31),
            JUDGEMENT,
            runs_from=date(2025, 12, 31),
            enforceable_on=date(2026, 1, 15),
        )
        self.assert_segments(
            claim,
            date(2026, 4, 30),
            [(74, "10000", "2.62", "53.12"), (46, "10000", "7.62", "96.03")],
        )

    def test_two_months_from_the_end_of_december_end_with_february(self):
        # 31/12/2025 + 2 months = 28/02/2026: 1 March is the first day at 7.62.
        claim = LateClaim(
            D("36500"),
            date(2025, 10, 31),
            JUDGEMENT,
            runs_from=date(2026, 2, 18),
            enforceable_on=date(2025, 12, 31),
        )
        self.assert_segments(
            claim,
            date(2026, 3, 10),
            [(10, "36500", "2.62", "26.20"), (10, "36500", "7.62", "76.20")],
        )

    def test_a_consumer_who_was_sentenced_owes_the_five_points_too(self):
        claim = LateClaim(
            D("36500"),
            date(2026, 1, 31),
            CONSUMER,
            runs_from=date(2026, 2, 28),
            enforceable_on=date(2026, 4, 30),
        )
        # Two months after 30 April is 30 June; 1 July is also the first day of H2: 2.75 + 5.
        last = late_interest(claim, date(2026, 7, 1), RATES).segments[-1]
        self.assertEqual((last.start, last.rate), (date(2026, 7, 1), D("7.75")))

    # === INSOLVENCY === #

    def test_the_day_of_the_opening_judgement_bears_nothing(self):
        # 1 July to 9 August: 40 days. 13.5890.
        claim = LateClaim(D("1000"), date(2026, 6, 30), insolvency_date=date(2026, 8, 10))
        self.assert_segments(claim, date(2026, 12, 31), [(40, "1000", "12.40", "13.59")])

    def test_a_debt_due_after_the_opening_bears_nothing(self):
        claim = LateClaim(D("1000"), date(2026, 8, 31), insolvency_date=date(2026, 8, 10))
        self.assert_segments(claim, date(2026, 12, 31), [])

    def test_a_loan_of_a_year_or_more_goes_on(self):
        claim = LateClaim(
            D("36500"),
            date(2026, 8, 9),
            CONTRACT,
            D("10"),
            insolvency_date=date(2026, 8, 10),
            survives_insolvency=True,
        )
        self.assert_segments(claim, date(2026, 8, 19), [(10, "36500", "10", "100.00")])

    # === NOT BOTH === #

    def test_penalties_and_legal_interest_on_one_period_are_found(self):
        def segment(start, end):
            return Segment(start, end, (end - start).days + 1, D("1"), D("1"), 365, D("0"))

        penalties = [segment(date(2026, 1, 1), date(2026, 3, 31))]
        legal = [
            segment(date(2026, 3, 31), date(2026, 4, 30)),
            segment(date(2026, 5, 1), date(2026, 5, 31)),
        ]
        self.assertEqual(
            find_double_interest(penalties, legal), [(date(2026, 3, 31), date(2026, 3, 31))]
        )
        self.assertEqual(find_double_interest(penalties, legal[1:]), [])

    # === CONTRADICTIONS === #

    def test_a_claim_that_contradicts_itself_is_refused(self):
        due = date(2026, 6, 30)
        backwards = ((date(2026, 8, 2), date(2026, 8, 1)),)
        odd = (Movement(due, D("1"), "gift"),)
        for claim in (
            LateClaim(D("-1"), due),
            LateClaim(D("1"), due, "unheard of"),
            LateClaim(D("1"), due, CONTRACT),
            LateClaim(D("1"), due, CONTRACT, D("-1")),
            LateClaim(D("1"), due, PROFESSIONAL, D("10")),
            LateClaim(D("1"), due, enforceable_on=due),
            LateClaim(D("1"), due, runs_from=due),
            LateClaim(D("1"), due, JUDGEMENT),
            LateClaim(D("1"), due, suspensions=backwards),
            LateClaim(D("1"), due, movements=odd),
        ):
            with self.subTest(claim=claim), self.assertRaises(ValueError):
                late_interest(claim, date(2026, 12, 31), RATES)

    def test_an_unknown_day_count_is_refused(self):
        with self.assertRaises(ValueError):
            late_interest(LateClaim(D("1"), date(2026, 6, 30)), date(2026, 7, 1), RATES, "30/360")

    def test_a_float_is_refused(self):
        with self.assertRaises(TypeError):
            late_interest(LateClaim(1000.0, date(2026, 6, 30)), date(2026, 7, 1), RATES)

    def test_the_kind_of_movement_is_for_the_statement_only(self):
        moves = [Movement(date(2026, 7, 10), D("100"), kind) for kind in ("payment", CREDIT_NOTE)]
        totals = {
            late_interest(
                LateClaim(D("1000"), date(2026, 6, 30), movements=(move,)), date(2026, 8, 1), RATES
            ).total
            for move in moves
        }
        self.assertEqual(len(totals), 1)

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...rules.interest import late_interest
from ...rules.interest_terms import (
    CONSUMER,
    CONTRACT,
    JUDGEMENT,
    PROFESSIONAL,
    PUBLIC,
    LateClaim,
    Movement,
)
from .common import RATES, TRIED, published_series

DAY = timedelta(days=1)
FIRST, LAST = date(2023, 1, 1), date(2026, 12, 31)
SERIES = {kind: dict(rates) for kind, rates in published_series().items()}

# Half of them close together and around a change of rates, where events meet.
days = st.dates(FIRST, LAST) | st.dates(date(2026, 6, 26), date(2026, 7, 5))
amounts = st.decimals(0, 50_000, places=2)
movements = st.lists(st.builds(Movement, days, st.decimals(-500, 20_000, places=2)), max_size=5)
periods = st.lists(st.tuples(days, days).map(lambda pair: tuple(sorted(pair))), max_size=2)


@st.composite
def claims(draw):
    regime = draw(st.sampled_from([PROFESSIONAL, CONTRACT, PUBLIC, CONSUMER, JUDGEMENT]))
    legal = regime in (CONSUMER, JUDGEMENT)
    return LateClaim(
        principal=draw(amounts),
        due_date=draw(days),
        regime=regime,
        contract_rate=draw(st.decimals(0, 20, places=2)) if regime == CONTRACT else None,
        runs_from=draw(days) if legal else None,
        enforceable_on=draw(st.none() | days) if legal else None,
        movements=tuple(draw(movements)),
        suspensions=tuple(draw(periods)),
        insolvency_date=draw(st.none() | days),
        survives_insolvency=draw(st.booleans()),
    )


def two_months_later(day):
    month = day.month + 2
    year, month = (day.year + 1, month - 12) if month > 12 else (day.year, month)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError(day)


def rate_of_day(claim, day):
    """The law read a second time, one day at a time."""

    def published(kind, when):
        return SERIES[kind][date(when.year, 1 if when.month < 7 else 7, 1)]

    if claim.regime == CONTRACT:
        return claim.contract_rate
    if claim.regime == PROFESSIONAL:
        return published("ecb", day) + 10
    if claim.regime == PUBLIC:
        return published("ecb", claim.due_date + DAY) + 8
    rate = published("legal_other_cases", day)
    if claim.enforceable_on and day > two_months_later(claim.enforceable_on):
        rate += 5
    return rate


def exact_interest(claim, as_of):
    """Return (exact interest, days that bear some), day by day and without rounding."""
    total, count = Fraction(0), 0
    day = claim.due_date + DAY
    while day <= as_of:
        base = claim.principal - sum(move.amount for move in claim.movements if move.day < day)
        runs = claim.runs_from is None or day > claim.runs_from
        stopped = claim.insolvency_date and day >= claim.insolvency_date
        suspended = any(start <= day <= end for start, end in claim.suspensions)
        if base > 0 and runs and not suspended and (not stopped or claim.survives_insolvency):
            total += Fraction(base) * Fraction(rate_of_day(claim, day)) / 36500
            count += 1
        day += DAY
    return total, count


@tagged("post_install", "-at_install")
class TestRulesInterestProperties(BaseCase):
    """What holds for every claim, against a day-by-day reading that shares no code."""

    @TRIED
    @given(claims(), days)
    def test_the_segments_are_the_days_and_only_their_rounding_differs(self, claim, as_of):
        interest = late_interest(claim, as_of, RATES)
        exact, count = exact_interest(claim, as_of)
        self.assertEqual(sum(segment.days for segment in interest.segments), count)
        tolerance = Fraction(5, 1000) * len(interest.segments)
        self.assertLessEqual(abs(Fraction(interest.total) - exact), tolerance)

    @TRIED
    @given(claims(), days)
    def test_segments_follow_each_other_and_add_up(self, claim, as_of):
        interest = late_interest(claim, as_of, RATES)
        for before, after in zip(interest.segments, interest.segments[1:], strict=False):
            self.assertLess(before.end, after.start)
        for segment in interest.segments:
            self.assertEqual((segment.end - segment.start).days + 1, segment.days)
            self.assertGreater(segment.base, 0)
            self.assertLessEqual(segment.end, as_of)
            self.assertGreater(segment.start, claim.due_date)
        self.assertEqual(interest.total, sum(segment.amount for segment in interest.segments))

    @TRIED
    @given(claims(), days, st.randoms(use_true_random=False))
    def test_the_order_in_which_movements_are_given_changes_nothing(self, claim, as_of, random):
        shuffled = list(claim.movements)
        random.shuffle(shuffled)
        other = replace(claim, movements=tuple(shuffled))
        self.assertEqual(late_interest(claim, as_of, RATES), late_interest(other, as_of, RATES))

    @TRIED
    @given(claims(), days, days)
    def test_interest_never_shrinks_with_time(self, claim, one, other):
        early, late = sorted((one, other))
        before = late_interest(claim, early, RATES).total
        after = late_interest(claim, late, RATES).total
        self.assertLessEqual(before, after)

    @TRIED
    @given(claims(), days, amounts)
    def test_a_payment_never_makes_interest_grow(self, claim, as_of, amount):
        exact = exact_interest(claim, as_of)[0]
        paid = replace(claim, movements=(*claim.movements, Movement(claim.due_date, amount)))
        rounding = Decimal("0.005") * len(late_interest(paid, as_of, RATES).segments)
        self.assertLessEqual(
            Fraction(late_interest(paid, as_of, RATES).total), exact + Fraction(rounding)
        )

"""Late-payment interest, cut into segments in which nothing changes.

Days count from the day after the due date to the day of payment, both included: a payment lowers
the base from the day after it. Each segment is rounded once, half-up.
"""

from calendar import isleap
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .delays import add_months
from .interest_terms import (
    ACT_365,
    BELOW_FLOOR,
    CONSUMER,
    CONTRACT,
    JUDGEMENT,
    NO_FORMAL_NOTICE,
    PROFESSIONAL,
    PUBLIC,
    check_claim,
)
from .money import round_half_up, to_decimal
from .parameters import value_on
from .rates import ECB, LEGAL_OTHER_CASES, half_year_name, half_year_start, next_half_year

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Segment:
    """Days, both ends included, in which base, rate and divisor stay the same.

    :ivar base: principal still due, in the claim's currency
    :ivar rate: percent a year
    :ivar divisor: days of the year
    :ivar amount: base x rate x days / divisor, rounded
    """

    start: date
    end: date
    days: int
    base: Decimal
    rate: Decimal
    divisor: int
    amount: Decimal


@dataclass(frozen=True)
class InterestWarning:
    """Something a person should look at; nothing is corrected because of it.

    :ivar code: BELOW_FLOOR (the contract's rate is under the legal floor of a half-year) or
        NO_FORMAL_NOTICE (nothing is due before it)
    :ivar article: the text
    :ivar half_year: name of the half-year, for BELOW_FLOOR
    :ivar floor: percent a year, for BELOW_FLOOR
    """

    code: str
    article: str
    half_year: str = ""
    floor: Decimal | None = None


@dataclass(frozen=True)
class Interest:
    """What late payment cost up to a day."""

    segments: tuple[Segment, ...]
    warnings: tuple[InterestWarning, ...] = ()
    digits: int = 2

    @property
    def total(self):
        """The sum of the rounded segments: what is printed adds up."""
        zero = Decimal(0).scaleb(-self.digits)
        return sum((segment.amount for segment in self.segments), zero)


def late_interest(claim, as_of, rates, day_count=ACT_365, digits=2):
    """Return the interest of a claim up to and including a day (C. com. L441-10, CCP L2192-10).

    Interest stays due after the principal is paid: nothing takes the past segments away.

    :param LateClaim claim: principal, dates, regime and what happened since
    :param date as_of: last day that counts
    :param RateTable rates: the rates of every half-year that is crossed
    :param day_count: ACT_365, or ACT_ACT for 366 days in a leap year
    :param int digits: decimals of the claim's currency
    :return: Interest
    :raises MissingRate: a half-year that is needed is missing; nothing is computed without it
    :raises ValueError: the claim contradicts itself
    """
    check_claim(claim, day_count)
    first = first_day(claim)
    if first is None:
        return Interest((), (InterestWarning(NO_FORMAL_NOTICE, "C. civ. 1231-6, 1344-1"),), digits)
    last = _last_day(claim, as_of)
    segments = []
    for start, end in _periods(claim, first, last, day_count):
        base = open_principal(claim, start)
        if base and not _is_suspended(claim, start):
            rate = rate_on(claim, start, rates)
            divisor = 366 if day_count != ACT_365 and isleap(start.year) else 365
            days = (end - start).days + 1
            amount = round_half_up(base * rate * days / (divisor * 100), digits)
            segments.append(Segment(start, end, days, base, rate, divisor, amount))
    return Interest(tuple(segments), _floor_warnings(claim, segments, rates), digits)


def first_day(claim):
    """Return the first day of interest: after the due date, and after the formal notice if needed.

    None when nothing runs: a consumer who was not given formal notice (C. civ. 1231-6, 1344-1).
    The day of the notice itself does not count, the cautious reading.
    """
    if claim.regime not in (CONSUMER, JUDGEMENT):
        return claim.due_date + ONE_DAY
    if claim.runs_from is None:
        return None
    return max(claim.due_date, claim.runs_from) + ONE_DAY


def open_principal(claim, day):
    """Return the principal that bears interest on a day, never negative.

    A movement of that very day does not count yet: the day of payment is the last one on the
    old base.
    """
    moved = sum(to_decimal(move.amount) for move in claim.movements if move.day < day)
    return max(to_decimal(claim.principal) - moved, Decimal(0))


def rate_on(claim, day, rates):
    """Return the rate of a claim on a day, in percent a year.

    * contract: what was agreed, even under the floor;
    * professional: ECB of the day's half-year plus 10 points (never raised to the floor, which
      binds contracts only);
    * public: ECB of the half-year in which interest began plus 8 points;
    * consumer, judgement: legal rate of "other cases"; 5 points more from two months after the
      judgement became enforceable (CMF L313-3).

    :raises MissingLegalValue: names the rate or parameter and its half-year
    """
    if claim.regime == CONTRACT:
        return to_decimal(claim.contract_rate)
    if claim.regime == PROFESSIONAL:
        margin = value_on("late.professional.margin", half_year_start(day))
        return rates.rate_on(ECB, day) + margin
    if claim.regime == PUBLIC:
        anchor = claim.due_date + ONE_DAY
        return rates.rate_on(ECB, anchor) + value_on("late.public.margin", anchor)
    rate = rates.rate_on(LEGAL_OTHER_CASES, day)
    increased_from = _increase_day(claim)
    if increased_from and day >= increased_from:
        rate += value_on("judgement.increase", day)
    return rate


def find_double_interest(penalties, legal_interest):
    """Return the periods on which penalties and legal interest are both claimed.

    The two do not add up (Cass. com. 24/04/2024 n° 22-24.275): what comes back must be taken off
    one of them.

    :param penalties: segments of the L441-10 penalties
    :param legal_interest: segments at the legal rate, for the same debt
    :return: [(first day, last day)], both included
    """
    overlaps = []
    for penalty in penalties:
        for interest in legal_interest:
            start, end = max(penalty.start, interest.start), min(penalty.end, interest.end)
            if start <= end:
                overlaps.append((start, end))
    return sorted(overlaps)


def _increase_day(claim):
    """First day of the five points: the two months are over when the day itself begins."""
    if claim.enforceable_on is None:
        return None
    delay = value_on("judgement.increase.delay", claim.enforceable_on)
    return add_months(claim.enforceable_on, delay) + ONE_DAY


def _last_day(claim, as_of):
    """Insolvency works at 0 h of its day: that day bears nothing (R621-4, L622-28)."""
    if claim.insolvency_date is None or claim.survives_insolvency:
        return as_of
    return min(as_of, claim.insolvency_date - ONE_DAY)


def _periods(claim, first, last, day_count):
    """Return [(start, end)] between first and last, cut wherever something may change."""
    if first > last:
        return []
    cuts = {first}
    moves = defaultdict(Decimal)
    for move in claim.movements:
        moves[move.day] += to_decimal(move.amount)
    cuts.update(day + ONE_DAY for day, amount in moves.items() if amount)
    for start, end in claim.suspensions:
        cuts.add(start)
        cuts.update([end + ONE_DAY] if end else [])
    if claim.enforceable_on:
        cuts.add(_increase_day(claim))
    cuts.update(_calendar_cuts(claim, first, last, day_count))
    starts = sorted(cut for cut in cuts if first <= cut <= last)
    ends = [start - ONE_DAY for start in starts[1:]] + [last]
    return list(zip(starts, ends, strict=True))


def _calendar_cuts(claim, first, last, day_count):
    """Half-years where the rate follows them; new years where the divisor does."""
    every_half_year = claim.regime in (PROFESSIONAL, CONSUMER, JUDGEMENT)
    cut = next_half_year(first)
    while cut <= last:
        if every_half_year or (day_count != ACT_365 and cut.month == 1):
            yield cut
        cut = next_half_year(cut)


def _is_suspended(claim, day):
    return any(start <= day and (end is None or day <= end) for start, end in claim.suspensions)


def _floor_warnings(claim, segments, rates):
    """One warning for each half-year in which the contract's rate is under the floor."""
    if claim.regime != CONTRACT:
        return ()
    half_years = set()
    for segment in segments:
        half_year = half_year_start(segment.start)
        while half_year <= segment.end:
            half_years.add(half_year)
            half_year = next_half_year(half_year)
    rate = to_decimal(claim.contract_rate)
    return tuple(
        InterestWarning(BELOW_FLOOR, "C. com. L441-10 II", half_year_name(half_year), floor)
        for half_year in sorted(half_years)
        if rate < (floor := rates.floor_on(half_year))
    )

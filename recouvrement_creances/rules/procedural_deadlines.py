"""Deadlines of litigation: from an event and its date to the last day (CPC 640 to 644)."""

from dataclasses import dataclass
from datetime import date, timedelta

from .delays import add_months, add_working_days, next_working_day, previous_working_day
from .distances import ABROAD, NEAR, OVERSEAS

DAYS = "days"
WORKING_DAYS = "working_days"
MONTHS = "months"
YEARS = "years"
UNITS = (DAYS, WORKING_DAYS, MONTHS, YEARS)

# What the day means.
ACT = "act"  # the creditor has to act by then, or loses something
WATCH = "watch"  # somebody else may act until then: what follows depends on it
OPENING = "opening"  # nothing may be done before
PURPOSES = (ACT, WATCH, OPENING)


@dataclass(frozen=True)
class DeadlineRule:
    """How one deadline counts.

    :ivar str unit: one of UNITS; working days are neither Saturdays, Sundays nor holidays
    :ivar int count: how many units
    :ivar bool before: it counts back from the event (a hearing)
    :ivar bool extend: it moves to the next working day when it ends on a closed one (CPC 642);
        limitation does not (C. civ. 2229)
    :ivar str purpose: one of PURPOSES
    :ivar int months_overseas: how many months more somebody has who lives in France, and in another
        territory than the court's
    :ivar int months_abroad: the same for who lives abroad
    """

    unit: str
    count: int
    before: bool = False
    extend: bool = True
    purpose: str = ACT
    months_overseas: int = 0
    months_abroad: int = 0

    def __post_init__(self):
        if self.unit not in UNITS or self.purpose not in PURPOSES:
            raise ValueError(f"No deadline counts in {self.unit!r} for {self.purpose!r}.")
        if min(self.count, self.months_overseas, self.months_abroad) < 0:
            raise ValueError("A deadline counts forward; use 'before' to count back.")

    def months_more(self, distance):
        """Return the months that are added for a distance of ``rules.distances``."""
        return {OVERSEAS: self.months_overseas, ABROAD: self.months_abroad}.get(distance, 0)


@dataclass(frozen=True)
class Deadline:
    """The days of one deadline.

    :ivar date counted: the last day before any extension (CPC 641)
    :ivar date alarm: the last working day on or before ``counted``: whoever acts by then needs
        no extension
    :ivar date legal: the last day at whose end the right is lost (CPC 642); of an opening, the
        first day on which something may be done
    """

    counted: date
    alarm: date
    legal: date


def compute(rule, event_date, holidays=None, distance=NEAR):
    """Return the Deadline of a rule that starts, or ends, with an event.

    :param DeadlineRule rule: how it counts
    :param date event_date: its own day does not count (CPC 641)
    :param holidays: as for ``rules.delays.holiday_test``
    :param str distance: from the court, of whom the deadline binds (``rules.distances``)

    >>> compute(DeadlineRule(MONTHS, 3), date(2026, 11, 30))
    Deadline(counted=datetime.date(2027, 2, 28), alarm=datetime.date(2027, 2, 26), \
legal=datetime.date(2027, 3, 1))
    """
    counted = _count(rule, event_date, holidays, distance)
    if rule.before:
        # Who has to act some days before a hearing gains nothing from a closed day.
        return Deadline(counted, previous_working_day(counted, holidays), counted)
    legal = next_working_day(counted, holidays) if rule.extend else counted
    if rule.purpose == OPENING:
        # The other party's time ends at midnight of its last day.
        opening = legal + timedelta(days=1)
        return Deadline(counted, next_working_day(opening, holidays), opening)
    return Deadline(counted, previous_working_day(counted, holidays), legal)


def _count(rule, event_date, holidays, distance):
    sign = -1 if rule.before else 1
    months_more = rule.months_more(distance)
    if rule.unit == DAYS:
        # Of months and days, the months are counted first (CPC 641 al. 3).
        return add_months(event_date, months_more) + timedelta(days=sign * rule.count)
    if rule.unit == WORKING_DAYS:
        return add_working_days(add_months(event_date, months_more), sign * rule.count, holidays)
    months = rule.count * (12 if rule.unit == YEARS else 1)
    return add_months(event_date, sign * months + months_more)


# An alarm that follows so soon on another says nothing new.
_SOON_AFTER = timedelta(days=7)


def alarm_days(deadline, event_date, before=(), after=()):
    """Return the days on which a deadline is told of, in their order and within its time.

    :param before: days before ``deadline.alarm``; where there are days after the event too, only
        those that come more than a week after the last of these
    :param after: days after the event

    >>> found = compute(DeadlineRule(MONTHS, 1), date(2026, 3, 2))
    >>> alarm_days(found, date(2026, 3, 2), before=(15, 1))
    (datetime.date(2026, 3, 18), datetime.date(2026, 4, 1))
    """
    days = {event_date + timedelta(days=count) for count in after}
    quiet_until = max(days) + _SOON_AFTER if days else event_date
    near = {deadline.alarm - timedelta(days=count) for count in before}
    days |= {day for day in near if day >= event_date and not (after and day <= quiet_until)}
    return tuple(sorted(day for day in days if event_date <= day <= deadline.legal))

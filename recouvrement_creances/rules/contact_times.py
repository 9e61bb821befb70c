"""When a debtor may be contacted: hours, days, public holidays, how often.

No text sets hours for a creditor who collects for himself. The defaults are careful habits: those
of cold calls for consumers (C. conso D223-9), office hours for professionals and public bodies;
the caps keep clear of harassment (C. pén. 222-33-2-2, C. conso L121-6).
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo

from .delays import SATURDAY, holiday_test
from .parameters import parameter_on

DEBTOR_KINDS = ("professional", "consumer", "public")

# Heard or seen at once: hours and days count. An e-mail rings on a telephone too.
TIMED = ("call", "sms", "email", "visit", "meeting")
# Read when the debtor opens it: only how often counts.
UNTIMED = ("letter", "registered_letter", "electronic_letter")
# Reaches nobody: nothing counts.
SILENT = ("task",)

WEEKEND = "weekend"
PUBLIC_HOLIDAY = "public_holiday"
OUTSIDE_HOURS = "outside_hours"
SPACING = "spacing"
DAILY_CAP = "daily_cap"
WEEKLY_CAP = "weekly_cap"
MONTHLY_CAP = "monthly_cap"

WEEK = 7
MONTH = 30
# Where the search for a lawful moment gives up: nothing lawful in more than a year is a mistake.
HORIZON = 400


class NoLawfulMoment(ValueError):
    """The limits allow no contact at all within the search's horizon."""


@dataclass(frozen=True)
class Limits:
    """How often a debtor may be contacted; None is no limit.

    :ivar per_day: contacts on one day of the debtor's calendar
    :ivar per_week: contacts in 7 days, the present one included
    :ivar per_month: contacts in 30 days, the present one included
    :ivar days_between: days from one contact to the next
    """

    per_day: int | None = None
    per_week: int | None = None
    per_month: int | None = None
    days_between: int | None = None

    def stricter(self, other):
        """Return the limits that respect both.

        >>> Limits(per_day=1, days_between=3).stricter(Limits(per_day=2, per_week=1))
        Limits(per_day=1, per_week=1, per_month=None, days_between=3)
        """

        def both(choose, name):
            values = [getattr(self, name), getattr(other, name)]
            return choose((value for value in values if value is not None), default=None)

        return Limits(
            both(min, "per_day"),
            both(min, "per_week"),
            both(min, "per_month"),
            both(max, "days_between"),
        )


@dataclass(frozen=True)
class Contact:
    """A contact that somebody wants to make.

    :ivar debtor_kind: professional, consumer or public
    :ivar channel: how; one of TIMED, UNTIMED or SILENT
    :ivar zone: the debtor's time zone, of ``zoneinfo`` (one of ``pytz`` is refused: it gives wrong
        hours when a moment is built from it)
    :ivar history: aware datetimes of the contacts that count, in any order
    :ivar holidays: the public holidays of the debtor's place: dates, a calendar, or a function of
        a date
    :ivar limits: those of the policy, on top of the law's; None adds nothing
    :ivar other_zones: where else the debtor may be, as far as is known: its country has several
        clocks; the hour has to be right on each of them
    :ivar attempts: those of calls and visits that reached nobody: the caps of law and habit count
        them, the policy's own limits do not, as it plans them itself
    """

    debtor_kind: str
    channel: str
    zone: tzinfo
    history: tuple[datetime, ...] = ()
    holidays: Container[date] | Callable[[date], bool] | None = None
    limits: Limits | None = None
    attempts: tuple[datetime, ...] = ()
    other_zones: tuple[tzinfo, ...] = ()


@dataclass(frozen=True)
class Block:
    """The rule that a contact would break.

    :ivar rule: its name, one of this module's constants
    :ivar article: the text that the habit leans on; empty for the policy's own limits
    :ivar value: what it allows: hours [(from, to)], the holiday, the cap or the days between
    """

    rule: str
    article: str
    value: object = None


def find_block(moment, contact):
    """Return the first rule that a contact at a moment breaks, None when it is lawful.

    Letters may leave at any hour and day, but count as contacts. Hours are those of the debtor's
    clock, their end left out.

    :param datetime moment: aware, in any time zone
    :param Contact contact: who and how
    :return: Block or None
    :raises ValueError: moment without time zone, unknown kind of debtor or channel
    :raises MissingLegalValue: a rule has no value on that day
    """
    _check(moment, contact)
    if contact.channel in SILENT:
        return None
    for zone in (contact.zone, *contact.other_zones):
        local = moment.astimezone(zone)
        block = _find_day_block(local.date(), contact) or _find_hours_block(local, contact)
        if block:
            return block
    return _find_cap_block(moment.astimezone(contact.zone).date(), contact)


def next_lawful_moment(moment, contact):
    """Return the first lawful moment, the moment itself when it is lawful.

    :param datetime moment: aware, in any time zone
    :param Contact contact: who and how
    :return: aware datetime on the debtor's clock, never before ``moment``
    :raises NoLawfulMoment: nothing is lawful within 400 days
    :raises ValueError: as ``find_block``
    """
    if find_block(moment, contact) is None:
        return moment.astimezone(contact.zone)
    if contact.other_zones and contact.channel in TIMED:
        return _next_moment_everywhere(moment, contact)
    start = moment.astimezone(contact.zone).date()
    for offset in range(HORIZON):
        day = start + timedelta(days=offset)
        if _find_day_block(day, contact) or _find_cap_block(day, contact):
            continue
        for begin, end in _windows(day, contact):
            opening = max(_at(day, begin, contact.zone), moment.astimezone(timezone.utc))
            local = opening.astimezone(contact.zone)
            if (
                local.date() == day
                and begin <= local.time()
                and (end is None or local.time() < end)
            ):
                return local
    raise NoLawfulMoment(_describe_failure(contact, start))


def closing_moment(moment, contact):
    """Return when the hours close in which a contact lies; None when none do.

    :param datetime moment: aware
    :param Contact contact: who and how
    :return: aware datetime, the moment itself when they are closed
    """
    if contact.channel not in TIMED:
        return None
    closing = []
    for zone in (contact.zone, *contact.other_zones):
        local = moment.astimezone(zone)
        ends = [
            _at(local.date(), end, zone)
            for begin, end in _windows(local.date(), contact)
            if begin <= local.time() < end
        ]
        closing += ends or [moment]
    return min(closing)


def default_limits(debtor_kind, day):
    """Return the limits of law and habit for a kind of debtor.

    One contact a day, three in a week; four in 30 days for consumers, where the cold-call rule
    that inspires it belongs.

    >>> default_limits("consumer", date(2026, 11, 21))
    Limits(per_day=1, per_week=3, per_month=4, days_between=None)
    """
    monthly = None
    if debtor_kind == "consumer":
        monthly = parameter_on("contact.per_month.consumer", day).value
    return Limits(
        parameter_on("contact.per_day", day).value,
        parameter_on("contact.per_week", day).value,
        monthly,
    )


def _next_moment_everywhere(moment, contact):
    """Return the first moment that is lawful on each of the debtor's possible clocks.

    It is one at which some clock opens: before it, that clock was closed.
    """
    zones = _tell_apart((contact.zone, *contact.other_zones), moment)
    start = moment.astimezone(contact.zone).date()
    openings = set()
    for offset in range(-1, HORIZON):
        day = start + timedelta(days=offset)
        # The clocks of a country may be a day apart: what opens tomorrow somewhere may come first.
        for zone in zones:
            openings |= {_at(day, begin, zone) for begin, _end in _windows(day, contact)}
        past = {opening for opening in openings if opening.date() < day}
        for opening in sorted(past):
            if opening >= moment and find_block(opening, contact) is None:
                return opening.astimezone(contact.zone)
        openings -= past
    raise NoLawfulMoment(_describe_failure(contact, start))


def _tell_apart(zones, moment):
    """Return the zones whose clocks differ, in winter or in summer."""
    clocks = {}
    for zone in zones:
        offsets = [
            (moment + timedelta(days=days)).astimezone(zone).utcoffset() for days in (0, 91, 182)
        ]
        clocks.setdefault(tuple(offsets), zone)
    return tuple(clocks.values())


def _describe_failure(contact, start):
    return (
        f"No {contact.channel} to a {contact.debtor_kind} is lawful in the {HORIZON} days from "
        f"{start.isoformat()}."
    )


def _check(moment, contact):
    if moment.utcoffset() is None:
        raise ValueError("A moment without time zone says nothing about the debtor's clock.")
    if any(hasattr(zone, "localize") for zone in (contact.zone, *contact.other_zones)):
        raise ValueError("The time zone has to be one of zoneinfo, not of pytz.")
    if contact.debtor_kind not in DEBTOR_KINDS:
        raise ValueError(f"Unknown kind of debtor {contact.debtor_kind!r}.")
    if contact.channel not in TIMED + UNTIMED + SILENT:
        raise ValueError(f"Unknown channel {contact.channel!r}.")


def _at(day, clock, zone):
    """Return a time of a day, in UTC; one that summer time skips becomes the next that exists."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(timezone.utc)


def _windows(day, contact):
    """Return [(from, to)] of a day; to is None when the day has no end before midnight."""
    if contact.channel in UNTIMED:
        return [(datetime.min.time(), None)]
    return parameter_on(f"contact.hours.{contact.debtor_kind}", day).value


def _find_day_block(day, contact):
    if contact.channel not in TIMED:
        return None
    article = parameter_on(f"contact.hours.{contact.debtor_kind}", day).article
    if day.weekday() >= SATURDAY:
        return Block(WEEKEND, article, day)
    if holiday_test(contact.holidays)(day):
        return Block(PUBLIC_HOLIDAY, article, day)
    return None


def _find_hours_block(local, contact):
    if contact.channel not in TIMED:
        return None
    hours = parameter_on(f"contact.hours.{contact.debtor_kind}", local.date())
    clock = local.time()
    if any(begin <= clock < end for begin, end in hours.value):
        return None
    return Block(OUTSIDE_HOURS, hours.article, hours.value)


def _find_cap_block(day, contact):
    """Caps count the debtor's calendar days; later contacts of the same day count as well."""
    article = parameter_on("contact.per_day", day).article
    limits = default_limits(contact.debtor_kind, day)
    contacts = _ages(day, contact.history, contact.zone)
    attempts = _ages(day, contact.attempts, contact.zone)
    return _find_limit_block(contacts + attempts, limits, article) or (
        contact.limits and _find_limit_block(contacts, limits.stricter(contact.limits), "")
    )


def _ages(day, moments, zone):
    """Return how many days ago each contact took place; those of later days do not count."""
    ages = [(day - past.astimezone(zone).date()).days for past in moments]
    return [age for age in ages if age >= 0]


def _find_limit_block(ages, limits, article):
    for rule, cap, window in (
        (DAILY_CAP, limits.per_day, 1),
        (WEEKLY_CAP, limits.per_week, WEEK),
        (MONTHLY_CAP, limits.per_month, MONTH),
    ):
        if cap is not None and len([age for age in ages if age < window]) >= cap:
            return Block(rule, article, cap)
    if ages and limits.days_between is not None and min(ages) < limits.days_between:
        return Block(SPACING, article, limits.days_between)
    return None

"""Until when a claim can be brought to court, what may have moved that day, and what follows.

Two dates are kept apart: the legal date counts from the start and never moves by itself, alarms
are set on it; the possible date is what follows from interruptions and suspensions with evidence.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from .delays import add_months
from .limitation_events import Event, find_refusal
from .parameters import parameter_on, value_on

PROFESSIONAL = "professional"
CIVIL = "civil"
CONSUMER = "consumer"
TRANSPORT = "transport"
RESIDENTIAL_RENT = "residential_rent"
TELECOMMUNICATIONS = "telecommunications"
INSURANCE_PREMIUM = "insurance_premium"
CONSUMER_CREDIT = "consumer_credit"
PUBLIC = "public"
BILL_OF_EXCHANGE = "bill_of_exchange"
CHEQUE = "cheque"
TITLE = "title"
NATURES = (
    PROFESSIONAL,
    CIVIL,
    CONSUMER,
    TRANSPORT,
    RESIDENTIAL_RENT,
    TELECOMMUNICATIONS,
    INSURANCE_PREMIUM,
    CONSUMER_CREDIT,
    PUBLIC,
    BILL_OF_EXCHANGE,
    CHEQUE,
    TITLE,
)

# What a debtor of a kind owes for, unless somebody says more. Of an unknown one the shortest of
# the three is taken: an alarm too early does no harm.
NATURE_OF_DEBTOR = {"professional": PROFESSIONAL, "consumer": CONSUMER, "public": PUBLIC}
NATURE_OF_UNKNOWN = CONSUMER

# From which fact the period starts.
FROM_DUE_DATE = "due_date"
FROM_PERFORMANCE = "performance"
FROM_CHOICE = "chosen"
FROM_JUDGEMENT = "judgement"
HYPOTHESES = (FROM_DUE_DATE, FROM_PERFORMANCE, FROM_CHOICE, FROM_JUDGEMENT)

# Where a claim stands on a day.
RUNNING = "running"
NEAR = "near"
KEPT = "kept"
UNCERTAIN = "uncertain"
EXPIRED = "expired"
STANDINGS = (RUNNING, NEAR, KEPT, UNCERTAIN, EXPIRED)

ONE_DAY = timedelta(days=1)
LAST_MONTH = date.max.year * 12 + date.max.month


@dataclass(frozen=True)
class Step:
    """An event and what it did.

    :ivar event: the Event
    :ivar refusal: why it does not count; empty when it does
    :ivar article: the text that decides
    :ivar date: the possible date after it
    """

    event: Event
    refusal: str
    article: str
    date: date


@dataclass(frozen=True)
class Limitation:
    """The two dates of a claim, each the last day on which it can still be brought to court.

    :ivar start: the day that the period counts from
    :ivar hypothesis: one of HYPOTHESES, to be shown
    :ivar legal_date: as if nothing had ever interrupted it
    :ivar possible_date: after every event with evidence
    :ivar confirmed_date: after those that a person confirmed, and nobody doubts
    :ivar article: the text that sets the period
    :ivar steps: every event in the order of time, with what it did
    """

    nature: str
    start: date
    hypothesis: str
    legal_date: date
    possible_date: date
    confirmed_date: date
    article: str = ""
    steps: tuple[Step, ...] = ()


def limitation(nature, due_date, performed_on=None, events=(), chosen_start=None):
    """Return the limitation of a claim (C. civ. 2224 and following, and the special periods).

    The start is the earlier of due date and end of performance, the cautious reading (1re civ.
    19/05/2021, com. 26/02/2020). The last day is counted whole (C. civ. 2229) and is never put off
    to a working day: it is not shown that CPC 642 applies.

    :param nature: one of NATURES; for TITLE, ``due_date`` is the day of the title
    :param date due_date: payment date on the invoice
    :param performed_on: end of delivery or performance, when it is known
    :param events: Event, in any order
    :param chosen_start: the day that a person wants the period to count from, instead of both
    :return: Limitation
    :raises ValueError: unknown nature
    """
    if nature not in NATURES:
        raise ValueError(f"Unknown nature of claim {nature!r}.")
    start, hypothesis = find_start(due_date, performed_on, chosen_start)
    legal_date = last_day(nature, start)
    possible_date, steps = _walk(nature, start, legal_date, events)
    confirmed = [event for event in events if event.is_sure]
    confirmed_date, _steps = _walk(nature, start, legal_date, confirmed)
    return Limitation(
        nature=nature,
        start=start,
        hypothesis=hypothesis,
        legal_date=legal_date,
        possible_date=max(possible_date, confirmed_date),
        confirmed_date=confirmed_date,
        article=parameter_on(f"limitation.{nature}", start).article,
        steps=steps,
    )


def find_start(due_date, performed_on=None, chosen_start=None):
    """Return (the day that the period counts from, one of HYPOTHESES).

    >>> find_start(date(2024, 3, 31), date(2024, 2, 15))
    (datetime.date(2024, 2, 15), 'performance')
    """
    if chosen_start is not None:
        return chosen_start, FROM_CHOICE
    if performed_on is not None and performed_on < due_date:
        return performed_on, FROM_PERFORMANCE
    return due_date, FROM_DUE_DATE


def last_day(nature, start):
    """Return the last day of a period that counts from a day, itself not included.

    Claims on public bodies run whole years: from 1 January after the year of the start (loi
    68-1250 art. 1).

    >>> last_day(CONSUMER, date(2024, 2, 29))
    datetime.date(2026, 2, 28)
    >>> last_day(PUBLIC, date(2022, 3, 15))
    datetime.date(2026, 12, 31)
    """
    months = value_on(f"limitation.{nature}", start)
    if nature == PUBLIC:
        start = date(start.year, 12, 31)
    return _later(start, months)


def _later(day, months):
    # An imported due date may lead beyond the last day that Python knows.
    return date.max if day.year * 12 + day.month + months > LAST_MONTH else add_months(day, months)


def alarm_dates(nature, legal_date):
    """Return [(months before, day)], the earliest first: 12, 6, 3 and 1 months before the end.

    Periods of two years or less begin at 6 months.

    >>> alarm_dates(CONSUMER, date(2027, 8, 31))[0]
    (6, datetime.date(2027, 2, 28))
    """
    months = alarm_months(nature, legal_date)
    return [(number, add_months(legal_date, -number)) for number in months]


def alarm_months(nature, day):
    """Return how many months before the end alarms are given, the earliest first.

    >>> alarm_months(PROFESSIONAL, date(2026, 3, 16))
    (12, 6, 3, 1)
    """
    period = value_on(f"limitation.{nature}", day)
    short = period <= value_on("limitation.alarms.short.up_to", day)
    return value_on(f"limitation.alarms.{'short' if short else 'long'}", day)


def standing(claim, as_of):
    """Return where a claim stands on a day, one of STANDINGS.

    RUNNING; NEAR, from the first alarm on; and past the legal date KEPT by what somebody confirmed,
    UNCERTAIN while only unconfirmed events keep it, or EXPIRED.

    :param Limitation claim: what ``limitation`` returned
    """
    if as_of > claim.possible_date:
        return EXPIRED
    if as_of > claim.confirmed_date:
        return UNCERTAIN
    if as_of > claim.legal_date:
        return KEPT
    return NEAR if as_of >= alarm_dates(claim.nature, claim.legal_date)[0][1] else RUNNING


def _walk(nature, start, legal_date, events):
    """Follow the events in the order of time; return the last possible date and the steps."""
    ceiling = _ceiling(nature, start, legal_date)
    expiry, counted_until = legal_date, start
    steps = []
    for event in sorted(events, key=lambda event: (event.day, event.until or event.day)):
        refusal, article = find_refusal(event, start, expiry, nature == CONSUMER_CREDIT)
        if not refusal and event.interrupts:
            anchor = event.restart_day
            expiry = max(expiry, last_day(nature, anchor))
            counted_until = max(counted_until, anchor)
        elif not refusal:
            # Two suspensions at a time count once, and none while an interruption lasts.
            extra = (event.until - max(event.day - ONE_DAY, counted_until)).days
            expiry += timedelta(days=max(extra, 0))
            if event.keeps_six_months:
                least = value_on("limitation.suspension.minimum", event.day)
                expiry = max(expiry, add_months(event.until, least))
            counted_until = max(counted_until, event.until)
        expiry = min(expiry, ceiling)
        steps.append(Step(event, refusal, article, expiry))
    return expiry, tuple(steps)


def _ceiling(nature, start, legal_date):
    """Twenty years from the start (2232); its exceptions are not used, but for titles (2244)."""
    if nature == TITLE:
        return date.max
    return max(legal_date, _later(start, value_on("limitation.ceiling", start)))

"""How a debtor pays, from facts, and what a credit manager may propose: never decided by itself."""

from dataclasses import dataclass
from decimal import Decimal

PUNCTUAL = "punctual"
SLOW = "slow"
LATE = "late"
RISKY = "risky"
UNKNOWN = "unknown"
PROFILES = (PUNCTUAL, SLOW, LATE, RISKY, UNKNOWN)

KEEP = "keep"
SHORTEN = "shorten"
PREPAY = "prepay"
BLOCK = "block"
ADVICES = (KEEP, SHORTEN, PREPAY, BLOCK)

# Habits of the trade, not law.
SLOW_DAYS = 10
LATE_DAYS = 30
BROKEN_PROMISES = 2
INCIDENTS = 1


@dataclass(frozen=True)
class PayerFacts:
    """What a year says of a payer.

    :ivar days_late: of what was paid, weighted by amount; None when nothing was
    :ivar int promises_broken: not kept, or in part only
    :ivar int incidents: formal notices and court proceedings
    :ivar bool is_insolvent: proceedings run
    """

    days_late: Decimal | None
    promises_broken: int = 0
    incidents: int = 0
    is_insolvent: bool = False


def weighted_days(payments):
    """Return the days late of payments, weighted by amount; None without any.

    Paying early never makes up for paying late.

    :param payments: (days after the due date, amount)

    >>> weighted_days([(10, Decimal(100)), (40, Decimal(300)), (-5, Decimal(100))])
    Decimal('26')
    >>> weighted_days([]) is None
    True
    """
    payments = list(payments)
    total = sum((amount for _days, amount in payments), Decimal(0))
    if not total:
        return None
    late = sum((max(days, 0) * amount for days, amount in payments), Decimal(0))
    return (late / total).quantize(Decimal(1))


def profile_of(facts):
    """Return the profile that facts give.

    >>> profile_of(PayerFacts(Decimal(3))), profile_of(PayerFacts(None))
    ('punctual', 'unknown')
    >>> profile_of(PayerFacts(Decimal(3), promises_broken=2))
    'risky'
    """
    if facts.is_insolvent or facts.promises_broken >= BROKEN_PROMISES:
        return RISKY
    if facts.incidents >= INCIDENTS:
        return RISKY
    if facts.days_late is None:
        return UNKNOWN
    if facts.days_late <= SLOW_DAYS:
        return PUNCTUAL
    return SLOW if facts.days_late <= LATE_DAYS else LATE


@dataclass(frozen=True)
class Exposure:
    """What is at stake.

    :ivar Decimal due: open and to be invoiced, without what arose before an insolvency
    :ivar Decimal overdue: of which late
    :ivar limit: agreed on; None when there is none
    :ivar Decimal insured: covered by the insurer
    """

    due: Decimal
    overdue: Decimal = Decimal(0)
    limit: Decimal | None = None
    insured: Decimal = Decimal(0)

    @property
    def uncovered(self):
        """What nobody pays when the debtor does not."""
        return max(self.due - self.insured, Decimal(0))

    @property
    def is_over(self):
        """More is due than was agreed on."""
        return self.limit is not None and self.due > self.limit


def net_late(late, credits, due):
    """Return what is late of an exposure, on its own base: never more than it, never below zero.

    What the customer has in credit pays what is late first.

    :param Decimal late: invoices after their due date
    :param Decimal credits: what nobody has matched, not negative
    :param Decimal due: the exposure, credits taken off

    >>> net_late(Decimal(1000), Decimal(600), Decimal(900))
    Decimal('400')
    >>> net_late(Decimal(1000), Decimal(1300), Decimal(-300))
    Decimal('0')
    """
    return max(min(late - credits, due), Decimal(0))


def advise(profile, exposure):
    """Return what to propose for further deliveries: one of ADVICES.

    >>> advise(PUNCTUAL, Exposure(Decimal(100)))
    'keep'
    >>> advise(RISKY, Exposure(Decimal(100), overdue=Decimal(50)))
    'block'
    """
    if profile == RISKY:
        return BLOCK if exposure.overdue else PREPAY
    if exposure.is_over:
        return BLOCK if exposure.overdue else SHORTEN
    return SHORTEN if profile == LATE else KEEP


def is_to_do(advice, standing):
    """Tell whether a proposal is stricter than what a person has decided already.

    :param advice: one of ADVICES, as is ``standing``

    >>> is_to_do(PREPAY, SHORTEN), is_to_do(SHORTEN, SHORTEN), is_to_do(PREPAY, BLOCK)
    (True, False, False)
    """
    return ADVICES.index(advice) > ADVICES.index(standing)

"""Whether what was agreed was paid, and when: promises, instalments, conditions.

The only judge of every agreement with a debtor. It knows amounts and dates; where they come from
(the reconciliations of the ledger) is the caller's business.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .delays import is_working_day
from .money import to_decimal

# pending     : its last day has not passed, and it is not paid in full
# kept        : paid in full by its last day
# late        : paid in full, after its last day
# partly_kept : its last day has passed, a part is paid
# broken      : its last day has passed, nothing is paid
PENDING = "pending"
KEPT = "kept"
LATE = "late"
PARTLY_KEPT = "partly_kept"
BROKEN = "broken"
STATES = (PENDING, KEPT, PARTLY_KEPT, LATE, BROKEN)
# Not paid in full so far, and those whose day has passed: what rates are counted from.
UNKEPT = (BROKEN, PARTLY_KEPT)
JUDGED = (KEPT, LATE, *UNKEPT)

PAYMENT = "payment"
CREDIT_NOTE = "credit_note"
OTHER = "other"

LONGEST_BANK_DAYS = 366


@dataclass(frozen=True)
class Commitment:
    """What is to be paid by a day.

    :ivar date due: the day agreed on
    :ivar Decimal amount: not negative, in the currency of the credits
    """

    due: date
    amount: Decimal


@dataclass(frozen=True)
class Credit:
    """What came in, as the ledger says now; a cancelled payment is no credit any more.

    :ivar date day: the value date
    :ivar Decimal amount: not negative
    :ivar kind: PAYMENT (what was set off is one), CREDIT_NOTE (what was given up is one) or OTHER
        (transfer to another account or debtor); told for the caller, who chooses what counts: the
        judge counts whatever it is given
    :ivar reference: the greater, the later it was matched; for the caller as well
    """

    day: date
    amount: Decimal
    kind: str = PAYMENT
    reference: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Received:
    """What came in since something was agreed on, by what it does to what is owed.

    :ivar tuple payments: Credit; what was paid
    :ivar tuple reduced: Credit; what was taken off otherwise after the last day: too late to make
        what was owed less
    """

    payments: tuple
    reduced: tuple

    def owed(self, residual):
        """Return what was owed on the last day.

        :param Decimal residual: what is still due now
        """
        return sum((one.amount for one in (*self.payments, *self.reduced)), residual)


@dataclass(frozen=True)
class Settled:
    """What became of a commitment.

    :ivar Decimal paid: what was paid of it
    :ivar settled_on: the day on which it was paid in full, within the tolerance; else None
    :ivar state: one of STATES
    """

    paid: Decimal
    settled_on: date | None
    state: str


def sort_credits(credits, last_date):
    """Return the Received of these credits.

    :param credits: Credit, since something was agreed on
    :param date last_date: the last day on which a payment of it is in time, or None

    >>> day = date(2026, 3, 16)
    >>> paid, given_up = Credit(day, Decimal(7)), Credit(day, Decimal(2), CREDIT_NOTE)
    >>> sort_credits([paid, given_up], day).owed(Decimal(1))
    Decimal('8')
    >>> sort_credits([paid, given_up], date(2026, 3, 15)).owed(Decimal(1))
    Decimal('10')
    """
    credits = list(credits)
    return Received(
        tuple(one for one in credits if one.kind == PAYMENT),
        tuple(one for one in credits if one.kind != PAYMENT and last_date and one.day > last_date),
    )


def last_day(due, bank_days=0, holidays=None):
    """Return the last day on which a payment still arrives in time.

    :param date due: the day agreed on
    :param int bank_days: working days that banks may take after it
    :param holidays: as for ``delays.holiday_test``
    :raises ValueError: bank_days negative, or more than a year

    >>> last_day(date(2026, 3, 13), 2)  # a Friday
    datetime.date(2026, 3, 17)
    >>> last_day(date(2026, 3, 14))
    datetime.date(2026, 3, 14)
    >>> last_day(date.max, 2)  # a mistyped day: no calendar goes on after it
    datetime.date(9999, 12, 31)
    """
    if not 0 <= bank_days <= LONGEST_BANK_DAYS:
        raise ValueError("The days that banks may take are between none and a year.")
    day = due
    while bank_days and day < date.max:
        day += timedelta(days=1)
        bank_days -= is_working_day(day, holidays)
    return day


def settle(commitments, credits, as_of, tolerance=Decimal(0), bank_days=0, holidays=None):
    """Say of each commitment what was paid of it, when, and what that makes of it.

    Credits pay the oldest commitment first, the first one given among those of the same day; what
    is left over pays the next, also before it is due. Credits of the same day count together, so
    their order never changes anything.

    :param list commitments: Commitment, in any order
    :param list credits: Credit, in any order; those after ``as_of`` do not count yet
    :param date as_of: the day that the answer is for
    :param Decimal tolerance: what may be missing of each commitment (bank charges, rounding); a
        commitment of which nothing is paid is never settled by it
    :param int bank_days: working days after the due date on which a payment is still in time
    :param holidays: as for ``delays.holiday_test``
    :return: [Settled], one per commitment in the order given; what they say was paid adds up to
        the credits, or to all commitments if the credits are more
    :raises ValueError: a negative amount, tolerance or number of days
    """
    tolerance = to_decimal(tolerance)
    amounts = [to_decimal(commitment.amount) for commitment in commitments]
    by_day = _add_by_day(credits, as_of)
    if tolerance < 0 or any(amount < 0 for amount in amounts):
        raise ValueError("Commitments and what may be missing of them are not negative.")
    paid, settled_on = _pour(by_day, [one.due for one in commitments], amounts, tolerance)
    return [
        Settled(
            paid[index],
            settled_on[index],
            _judge(
                amounts[index],
                paid[index],
                settled_on[index],
                last_day(commitment.due, bank_days, holidays),
                as_of,
            ),
        )
        for index, commitment in enumerate(commitments)
    ]


def _pour(by_day, due, amounts, tolerance):
    """Return (what was paid, when it was enough) of each commitment, the oldest served first."""
    order = sorted(range(len(amounts)), key=due.__getitem__)
    paid = [Decimal(0)] * len(amounts)
    settled_on = [None] * len(amounts)
    for day in sorted(by_day):
        rest = by_day[day]
        for index in order:
            part = min(rest, amounts[index] - paid[index])
            paid[index] += part
            rest -= part
            is_enough = paid[index] and paid[index] + tolerance >= amounts[index]
            if is_enough and settled_on[index] is None:
                settled_on[index] = day
    return paid, settled_on


def _add_by_day(credits, as_of):
    """Return {day: what came in}, without what comes after ``as_of``."""
    by_day = {}
    for credit in credits:
        amount = to_decimal(credit.amount)
        if amount < 0:
            raise ValueError("Credits are not negative.")
        if credit.day <= as_of:
            by_day[credit.day] = by_day.get(credit.day, Decimal(0)) + amount
    return by_day


def _judge(amount, paid, settled_on, limit, as_of):
    """Return the state of one commitment; nothing to pay is kept from the start."""
    if not amount:
        return KEPT
    if settled_on:
        return KEPT if settled_on <= limit else LATE
    if as_of <= limit:
        return PENDING
    return PARTLY_KEPT if paid else BROKEN

"""Instalment plans: dates and amounts that add up to the unit, what they are worth today."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from .delays import add_months
from .money import round_half_up, to_decimal
from .settlement import PAYMENT, UNKEPT, Commitment, settle

DAYS = {"week": 7, "two_weeks": 14}
MONTHS = {"month": 1, "quarter": 3}
FREQUENCIES = (*DAYS, *MONTHS)
LAST, FIRST = "last", "first"
DOWN_PAYMENT, INSTALMENT = "down_payment", "instalment"
# More than this is no plan but a mistype.
MOST_INSTALMENTS = 600

# Why there is no plan.
NOTHING_DUE = "nothing_due"
DOWN_PAYMENT_TOO_HIGH = "down_payment_too_high"
ONE_WAY = "one_way"
NO_INSTALMENT = "no_instalment"
TOO_MANY = "too_many"
TOO_SMALL = "too_small"
EVERY_MONTH_SKIPPED = "every_month_skipped"

# What is wrong with lines that were changed by hand.
WRONG_SUM = "wrong_sum"
NOT_POSITIVE = "not_positive"
NOT_IN_ORDER = "not_in_order"


class PlanError(ValueError):
    """There is no such plan; ``reason`` is one of the words above."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Terms:
    """What two parties agreed on; one of count, amount and end says how many instalments.

    :ivar total: what is paid in all, above zero
    :ivar first_date: due date of the first instalment after the down payment
    :ivar frequency: one of FREQUENCIES
    :ivar count: number of instalments, without the down payment
    :ivar amount: of each instalment; the rest makes the last or first one smaller
    :ivar end: last day on which an instalment may be due
    :ivar down_payment: paid before the instalments
    :ivar down_payment_date: its due date; None for the first date
    :ivar rest_on: LAST or FIRST: which instalment takes what does not divide
    :ivar skipped_months: numbers of months without an instalment (8: none in August)
    :ivar at_month_end: instalments are due on the last day of the month
    :ivar unit: the currency's rounding
    """

    total: Decimal
    first_date: date
    frequency: str = "month"
    count: int | None = None
    amount: Decimal | None = None
    end: date | None = None
    down_payment: Decimal = Decimal(0)
    down_payment_date: date | None = None
    rest_on: str = LAST
    skipped_months: frozenset = frozenset()
    at_month_end: bool = False
    unit: Decimal = Decimal("0.01")


@dataclass(frozen=True)
class PlanLine:
    """One payment that is agreed on."""

    due: date
    amount: Decimal
    kind: str = INSTALMENT


def make_plan(terms):
    """Return the PlanLines of some Terms, by due date; their amounts add up to the total.

    :raises PlanError: no such plan, with the reason

    >>> [str(line.amount) for line in make_plan(
    ...     Terms(Decimal("100.00"), date(2027, 1, 31), count=3))]
    ['33.33', '33.33', '33.34']
    """
    rest = _check_terms(terms)
    down = ()
    if terms.down_payment:
        day = terms.down_payment_date or terms.first_date
        down = (PlanLine(day, terms.down_payment, DOWN_PAYMENT),)
    if not rest:
        return down
    by_amount = terms.amount is not None
    amounts = _share_by_amount(terms, rest) if by_amount else _share_by_count(terms, rest)
    days = due_dates(terms)
    lines = tuple(PlanLine(next(days), amount) for amount in amounts)
    return tuple(sorted((*down, *lines), key=lambda line: (line.due, line.kind == INSTALMENT)))


def due_dates(terms):
    """Yield the due dates of instalments, without end, months that are skipped left out.

    Each is counted from the first one: 31 January, 28 February, 31 March.
    """
    if terms.skipped_months >= set(range(1, 13)):
        raise PlanError(EVERY_MONTH_SKIPPED)
    step = 0
    while True:
        day = _nth_date(terms, step)
        if day.month not in terms.skipped_months:
            yield day
        elif terms.frequency == "quarter" and step > 12:
            # Quarters meet four months only: all of them may be skipped.
            _check_reachable(terms)
        step += 1


def _nth_date(terms, step):
    if terms.frequency in DAYS:
        return terms.first_date + timedelta(days=DAYS[terms.frequency] * step)
    day = add_months(terms.first_date, MONTHS[terms.frequency] * step)
    return add_months(day.replace(day=1), 1) - timedelta(days=1) if terms.at_month_end else day


def _check_reachable(terms):
    months = {_nth_date(terms, step).month for step in range(4)}
    if months <= terms.skipped_months:
        raise PlanError(EVERY_MONTH_SKIPPED)


def _check_terms(terms):
    """Return what is left after the down payment."""
    total, down = to_decimal(terms.total), to_decimal(terms.down_payment)
    if total <= 0:
        raise PlanError(NOTHING_DUE)
    if down < 0 or down > total:
        raise PlanError(DOWN_PAYMENT_TOO_HIGH)
    if total == down:
        return Decimal(0)
    ways = [terms.count, terms.amount, terms.end]
    if sum(way is not None for way in ways) != 1:
        raise PlanError(ONE_WAY)
    return total - down


def _share_by_count(terms, rest):
    """Return equal amounts, rounded down to the unit; the rest goes to the last or first one."""
    count = terms.count if terms.count is not None else _count_until(terms)
    if count < 1:
        raise PlanError(NO_INSTALMENT)
    if count > MOST_INSTALMENTS:
        raise PlanError(TOO_MANY)
    each = rest / count // terms.unit * terms.unit
    if each <= 0:
        raise PlanError(TOO_SMALL)
    return _place([each] * (count - 1), rest - each * (count - 1), terms.rest_on)


def _share_by_amount(terms, rest):
    each = to_decimal(terms.amount)
    if each <= 0:
        raise PlanError(TOO_SMALL)
    whole, left_over = divmod(rest, each)
    if whole + 1 > MOST_INSTALMENTS:
        raise PlanError(TOO_MANY)
    if not left_over:
        return [each] * int(whole)
    return _place([each] * int(whole), left_over, terms.rest_on)


def _place(amounts, odd, rest_on):
    return [odd, *amounts] if rest_on == FIRST else [*amounts, odd]


def _count_until(terms):
    count = 0
    for day in due_dates(terms):
        if day > terms.end or count > MOST_INSTALMENTS:
            return count
        count += 1
    return count


def find_problems(lines, total):
    """Return what is wrong with lines changed by hand: a list of the words above.

    :param lines: PlanLines in the order in which they are shown

    >>> find_problems([PlanLine(date(2027, 1, 5), Decimal("10.00"))], Decimal("10.01"))
    ['wrong_sum']
    """
    problems = []
    if sum((line.amount for line in lines), Decimal(0)) != total:
        problems.append(WRONG_SUM)
    if any(line.amount <= 0 for line in lines):
        problems.append(NOT_POSITIVE)
    days = [line.due for line in lines]
    if days != sorted(days):
        problems.append(NOT_IN_ORDER)
    return problems


def discounted_value(lines, rate, as_of, digits=2):
    """Return what payments to come are worth on a day: amount / (1 + rate) ^ (days / 365).

    :param lines: PlanLines; what is due before the day is worth its amount
    :param Decimal rate: percent a year, above -100

    >>> discounted_value([PlanLine(date(2028, 1, 1), Decimal("105.00"))],
    ...                  Decimal("5"), date(2027, 1, 1))
    Decimal('100.00')
    """
    growth = 1 + to_decimal(rate) / 100
    value = Decimal(0)
    for line in lines:
        days = max((line.due - as_of).days, 0)
        value += line.amount / growth ** (Decimal(days) / 365)
    return round_half_up(value, digits)


def months_between(first, last):
    """Return how many months a plan lasts, begun months counted whole.

    >>> months_between(date(2027, 1, 31), date(2027, 2, 28)), months_between(
    ...     date(2027, 1, 15), date(2027, 3, 16))
    (1, 3)
    """
    months = 0
    while add_months(first, months) < last:
        months += 1
    return months


def longest_wait(first, days):
    """Return for how many months nothing is paid at most, begun months counted whole.

    :param date first: the day from which it is counted
    :param days: due dates, in any order

    >>> longest_wait(date(2027, 1, 5), [date(2027, 12, 5)])
    11
    >>> longest_wait(date(2027, 1, 5), [date(2027, 2, 5), date(2027, 5, 5)])
    3
    """
    longest, before = 0, first
    for day in sorted(days):
        longest = max(longest, months_between(before, day))
        before = max(before, day)
    return longest


# === WHAT THE LEDGER SAYS OF A PLAN === #


def credits_since(credits, baseline, start):
    """Return the credits of a debt that count for a plan: those beyond what was paid before.

    What a debt had received when the plan began is in its baseline. Whatever reduces the debt
    further counts, a payment dated earlier and matched later on the first day: so what the plan
    still asks for is what the ledger shows as open. When an earlier payment is taken back, the
    next credits fill the gap first.

    :param credits: objects with day, amount and kind, replaceable by dataclasses.replace
    :param Decimal baseline: received when the plan began
    :param date start: the plan's first day
    """
    counted = []
    left = baseline
    for credit in sorted(credits, key=lambda credit: (credit.day, credit.kind, credit.amount)):
        before = min(left, credit.amount)
        left -= before
        if credit.amount > before:
            counted.append(
                replace(credit, day=max(credit.day, start), amount=credit.amount - before)
            )
    return counted


def shorten(amounts, reduction):
    """Take a reduction of the debt off the last instalments; return the amounts that stay.

    A credit note is no payment, nor is a write-off: what is due next stays due, the plan ends
    sooner.

    >>> [str(amount) for amount in shorten([Decimal(100), Decimal(100)], Decimal(130))]
    ['70', '0']
    """
    kept = []
    for amount in reversed(amounts):
        taken = min(amount, reduction)
        reduction -= taken
        kept.append(amount - taken)
    return kept[::-1]


@dataclass(frozen=True)
class CoveredDebt:
    """A debt that a plan covers, as the ledger shows it now.

    :ivar amount: what was open of it when the plan began
    :ivar baseline: what it had received by then
    :ivar credits: Credits: everything that it has received up to now, earlier parts included
    :ivar is_gone: the debt itself is no more: its invoice was cancelled, its charge was waived
    """

    amount: Decimal
    baseline: Decimal = Decimal(0)
    credits: tuple = ()
    is_gone: bool = False


@dataclass(frozen=True)
class PlanState:
    """What the ledger makes of a plan.

    :ivar amounts: what is still agreed on of each line, after credit notes
    :ivar settled: of each line: paid, settled_on, state (``rules/settlement``)
    """

    amounts: tuple
    settled: tuple

    @property
    def paid(self):
        """What was paid of the plan."""
        return sum((line.paid for line in self.settled), Decimal(0))

    @property
    def left(self):
        """What is still to pay, due or not."""
        return sum(self.amounts, Decimal(0)) - self.paid

    @property
    def is_complete(self):
        """Every line is paid, within the tolerance, or was taken off by credit notes."""
        return all(
            line.settled_on or not amount
            for line, amount in zip(self.settled, self.amounts, strict=True)
        )

    @property
    def late(self):
        """The positions of the lines whose last day has passed and that are not paid in full."""
        return [index for index, line in enumerate(self.settled) if line.state in UNKEPT]


def judge_plan(lines, debts, start, as_of, tolerance=Decimal(0), bank_days=0, holidays=None):
    """Say what the ledger makes of a plan; the order in which things were booked never matters.

    Payments pay the oldest line first, also before it is due. Whatever else reduces the debts
    (credit notes, write-offs, debts that are no more) takes the last lines off: nobody paid it.

    :param lines: PlanLines
    :param debts: CoveredDebts
    :param date start: the plan's first day
    :param date as_of: the day that the answer is for
    :param tolerance, bank_days, holidays: as for ``settlement.settle``
    :return: PlanState, in the order of the lines
    """
    payments, reduction = [], Decimal(0)
    for debt in debts:
        if debt.is_gone:
            reduction += debt.amount
            continue
        for credit in credits_since(debt.credits, debt.baseline, start):
            if credit.kind == PAYMENT:
                payments.append(credit)
            elif credit.day <= as_of:
                reduction += credit.amount
    order = sorted(range(len(lines)), key=lambda index: lines[index].due)
    short = shorten([lines[index].amount for index in order], reduction)
    amounts = dict(zip(order, short, strict=True))
    amounts = [amounts[index] for index in range(len(lines))]
    settled = settle(
        [Commitment(line.due, amount) for line, amount in zip(lines, amounts, strict=True)],
        payments,
        as_of,
        tolerance,
        bank_days,
        holidays,
    )
    return PlanState(tuple(amounts), tuple(settled))

"""What a household can pay each month: what was declared, brought to months, step by step.

No article sets a share of income for an agreement out of court: nothing is deducted but what was
declared, and the result is a basis for talking, never a decision (GDPR art. 22).
"""

from dataclasses import dataclass
from decimal import Decimal

from .money import round_half_up
from .parameters import value_on

MONTHS = {"month": 1, "quarter": 3, "year": 12}
RESOURCE = "resource"
CHARGE = "charge"
DEBT = "debt"
SECTIONS = (RESOURCE, CHARGE, DEBT)


@dataclass(frozen=True)
class Line:
    """One thing that was declared.

    :ivar str section: one of SECTIONS
    :ivar Decimal amount: per ``period``, not negative
    :ivar str period: a key of MONTHS
    """

    section: str
    amount: Decimal
    period: str = "month"


@dataclass(frozen=True)
class Budget:
    """A month of the household, in the currency of its lines.

    :ivar Decimal resources: what comes in
    :ivar Decimal charges: what life costs
    :ivar Decimal debts: instalments to other creditors
    :ivar Decimal balance: resources minus charges minus debts; negative when nothing is left
    :ivar Decimal ability: what can be paid each month: the balance, at least zero
    """

    resources: Decimal
    charges: Decimal
    debts: Decimal
    balance: Decimal
    ability: Decimal


@dataclass(frozen=True)
class Proposal:
    """Equal monthly payments that the ability allows.

    :ivar int count: months, 0 when nothing can be paid
    :ivar Decimal amount: of each payment but the last, which is the rest
    :ivar Decimal last: the last payment
    :ivar Decimal uncovered: what would still be due after the longest period
    """

    count: int
    amount: Decimal
    last: Decimal
    uncovered: Decimal


def per_month(amount, period, digits=2):
    """Return an amount per month, rounded half up.

    :param Decimal amount: per period
    :param str period: a key of MONTHS
    :raises ValueError: unknown period

    >>> per_month(Decimal("1000"), "quarter")
    Decimal('333.33')
    >>> per_month(Decimal("900"), "year")
    Decimal('75.00')
    """
    if period not in MONTHS:
        raise ValueError(f"A budget counts by {', '.join(MONTHS)}, not by {period!r}.")
    return round_half_up(amount / MONTHS[period], digits)


def compute_budget(lines, digits=2):
    """Add up what was declared, each line brought to months first.

    >>> compute_budget([Line("resource", Decimal("1500")), Line("charge", Decimal("3600"), "year"),
    ...                 Line("debt", Decimal("250"))]).ability
    Decimal('950.00')
    """
    totals = {section: round_half_up(Decimal(0), digits) for section in SECTIONS}
    for line in lines:
        if line.section not in totals:
            raise ValueError(f"A budget has {', '.join(SECTIONS)}, not {line.section!r}.")
        if line.amount < 0:
            raise ValueError("What is declared is not negative: it has a section of its own.")
        totals[line.section] += per_month(line.amount, line.period, digits)
    balance = totals[RESOURCE] - totals[CHARGE] - totals[DEBT]
    return Budget(
        totals[RESOURCE],
        totals[CHARGE],
        totals[DEBT],
        balance,
        max(balance, round_half_up(Decimal(0), digits)),
    )


def propose_schedule(debt, ability, day, digits=2):
    """Spread a debt over the fewest months that the ability allows, no more than are usual.

    :param Decimal debt: what is due
    :param Decimal ability: what can be paid each month
    :param date day: the day of the proposal, for the longest period in use

    >>> from datetime import date
    >>> propose_schedule(Decimal("1000"), Decimal("300"), date(2026, 11, 28))
    Proposal(count=4, amount=Decimal('300.00'), last=Decimal('100.00'), uncovered=Decimal('0.00'))
    >>> propose_schedule(Decimal("9000"), Decimal("300"), date(2026, 11, 28)).uncovered
    Decimal('1800.00')
    """
    nothing = round_half_up(Decimal(0), digits)
    debt, amount = round_half_up(debt, digits), round_half_up(ability, digits)
    if amount <= 0 or debt <= 0:
        return Proposal(0, nothing, nothing, max(debt, nothing))
    longest = value_on("schedule.proposed.longest", day)
    whole, rest = divmod(debt, amount)
    needed = int(whole) + (1 if rest else 0)
    if needed > longest:
        return Proposal(longest, amount, amount, debt - amount * longest)
    return Proposal(needed, min(amount, debt), debt - amount * (needed - 1), nothing)

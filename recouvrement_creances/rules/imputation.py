"""Which debts a payment settles, and in which order (C. civ. 1342-10, 1343-1)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from .money import split_exactly, to_decimal

INTEREST = "interest"
PRINCIPAL = "principal"
INDEMNITY = "indemnity"
COMPONENTS = (INTEREST, PRINCIPAL, INDEMNITY)

# Inside a debt. Interest comes before principal by law, unless the contract says otherwise
# (1343-1); where the fixed indemnity stands is not settled, so it comes last.
LEGAL_ORDER = (INTEREST, PRINCIPAL, INDEMNITY)
# As schedules that are signed usually put it.
SCHEDULE_ORDER = (INTEREST, INDEMNITY, PRINCIPAL)

# Why a debt was served when it was.
DEBTOR_CHOICE = "debtor_choice"
LEGAL_RANK = "legal_rank"
PROPORTIONAL = "proportional"
NOT_DUE = "not_due"

ARTICLES = {
    DEBTOR_CHOICE: "C. civ. 1342-10 al. 1",
    LEGAL_RANK: "C. civ. 1342-10 al. 2",
    PROPORTIONAL: "C. civ. 1342-10 al. 2",
    NOT_DUE: "C. civ. 1342-10 al. 2",
}


@dataclass(frozen=True)
class Debt:
    """What is open on one debt, in one currency.

    :ivar reference: tells debts apart
    :ivar due_date: its due date; age is counted from it
    :ivar principal: open principal, including tax
    :ivar interest: open interest
    :ivar indemnity: open fixed indemnity
    :ivar burden: how much the debtor gains by paying it, the greater the more (its rate, a
        guarantee behind it); 0 for all leaves age to decide
    """

    reference: str
    due_date: date
    principal: Decimal
    interest: Decimal = Decimal("0.00")
    indemnity: Decimal = Decimal("0.00")
    burden: Decimal = Decimal(0)

    @property
    def total(self):
        """All that has to be paid to be free of the debt."""
        return self.principal + self.interest + self.indemnity


@dataclass(frozen=True)
class AllocationLine:
    """A part of a payment: what it settles, and why then."""

    reference: str
    component: str
    amount: Decimal
    basis: str


@dataclass(frozen=True)
class Allocation:
    """Where a payment went.

    :ivar lines: parts, in the order in which they were served
    :ivar debts: the debts as they are afterwards, in the order given
    :ivar unallocated: what is left when every debt is paid
    :ivar refused: references that the debtor chose but did not pay entirely, without the
        creditor's consent: the choice did not count
    """

    lines: tuple[AllocationLine, ...]
    debts: tuple[Debt, ...]
    unallocated: Decimal
    refused: tuple[str, ...] = ()


def allocate(payment, debts, as_of, chosen=(), creditor_agrees=False, order=LEGAL_ORDER, digits=2):
    """Share a payment among debts (C. civ. 1342-10, 1343-1).

    First what the debtor chose, as far as he pays the debt entirely or the creditor agrees to a
    part (1re civ. 27/11/2019). Then debts that are due before others; among them the most
    burdensome, then the oldest due date, then all equal ones in proportion to what is open.
    Inside a debt, ``order``. The creditor may refuse a partial payment (1342-4): that is decided
    before this is asked.

    :param Decimal payment: not negative, in the debts' currency
    :param list debts: Debt, references all different
    :param date as_of: value date; a debt due on this very day is due
    :param chosen: references in the debtor's order
    :param order: a permutation of COMPONENTS
    :param int digits: decimals of the currency
    :return: Allocation; the parts and what is left add up to the payment
    :raises ValueError: negative amounts, unknown or repeated references, order not a permutation
    """
    amount = to_decimal(payment)
    _check(amount, debts, chosen, order)
    state = {debt.reference: debt for debt in debts}
    groups, refused = _rank(amount, debts, as_of, chosen, creditor_agrees)
    lines = []
    for basis, group in groups:
        open_group = [state[debt.reference] for debt in group if state[debt.reference].total]
        for debt, part in _share(amount, open_group, digits):
            state[debt.reference], served = _settle(debt, part, order, basis)
            lines += served
            amount -= part
    after = tuple(state[debt.reference] for debt in debts)
    return Allocation(tuple(lines), after, amount, tuple(refused))


def _check(amount, debts, chosen, order):
    references = [debt.reference for debt in debts]
    if amount < 0 or any(
        part < 0 for debt in debts for part in (debt.principal, debt.interest, debt.indemnity)
    ):
        raise ValueError("Payments and debts are not negative.")
    if len(set(references)) != len(references) or len(set(chosen)) != len(chosen):
        raise ValueError("A debt is named twice.")
    if unknown := set(chosen) - set(references):
        raise ValueError(f"Unknown debts: {', '.join(sorted(unknown))}.")
    if sorted(order) != sorted(COMPONENTS):
        raise ValueError("The order names interest, principal and indemnity, each once.")


def _rank(amount, debts, as_of, chosen, creditor_agrees):
    """Return [(basis, debts served together)] and the choices that do not count."""
    by_reference = {debt.reference: debt for debt in debts}
    groups, refused = [], []
    for reference in chosen:
        debt = by_reference[reference]
        if debt.total <= amount or creditor_agrees:
            groups.append((DEBTOR_CHOICE, [debt]))
            amount -= min(debt.total, amount)
        else:
            refused.append(reference)
    taken = {debt.reference for _basis, group in groups for debt in group}

    def rank(debt):
        return (debt.due_date > as_of, -debt.burden, debt.due_date)

    equals = {}
    for debt in debts:
        if debt.reference not in taken:
            equals.setdefault(rank(debt), []).append(debt)
    for key in sorted(equals):
        group = equals[key]
        basis = PROPORTIONAL if len(group) > 1 else LEGAL_RANK
        groups.append((NOT_DUE if group[0].due_date > as_of else basis, group))
    return groups, refused


def _share(amount, debts, digits):
    """Return [(debt, part)]: in proportion to what is open, never more than it."""
    total = sum(debt.total for debt in debts)
    if not amount or not total:
        return []
    if amount >= total:
        return [(debt, debt.total) for debt in debts]
    return list(
        zip(debts, split_exactly(amount, [debt.total for debt in debts], digits), strict=True)
    )


def _settle(debt, part, order, basis):
    """Return the debt after a part of a payment, and the lines that show it."""
    lines = []
    for component in order:
        paid = min(part, getattr(debt, component))
        if paid:
            lines.append(AllocationLine(debt.reference, component, paid, basis))
            debt = replace(debt, **{component: getattr(debt, component) - paid})
            part -= paid
    return debt, lines

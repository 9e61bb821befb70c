"""What late payment of one item costs: interest by segment and the fixed indemnity."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from .delays import add_months
from .indemnity import ALREADY_CLAIMED, LateInvoice, fixed_indemnity
from .interest import Interest, late_interest
from .interest_terms import (
    CONSUMER,
    CONTRACT,
    CREDIT_NOTE,
    JUDGEMENT,
    NO_FORMAL_NOTICE,
    PAYMENT,
    PROFESSIONAL,
    PUBLIC,
    LateClaim,
    Movement,
)
from .parameters import value_on

# The debtor's terms leave the indemnity out.
NOT_AGREED = "not_agreed"
# Credit notes alone settled the item: it was invoiced by mistake and nothing was paid late.
CANCELLED = "cancelled"


@dataclass(frozen=True)
class Judgement:
    """What a judgement says of an item's interest at the legal rate.

    :ivar runs_from: the day that it sets; its interest counts from the day after
    :ivar enforceable_on: the day it became enforceable; None while it is not, or when the judge
        has lifted the five points (CMF L313-3)
    """

    runs_from: date
    enforceable_on: date | None = None


@dataclass(frozen=True)
class ItemFacts:
    """What the ledger and the case say of one item.

    :ivar principal: what was due, including tax, in the item's currency
    :ivar due_date: payment date on the invoice
    :ivar issued_on: date of the invoice
    :ivar debtor_kind: professional, public or consumer
    :ivar contract_rate: percent a year that was agreed, None when none was
    :ivar movements: payments and credit notes
    :ivar is_settled: nothing is open any more
    :ivar notice_date: day on which a formal notice took effect, if one did
    :ivar judgement: the standing judgement on the item, if any
    :ivar insolvency_date: day from which insolvency proceedings stop interest, if any
    :ivar ended_proceedings: (first day, last day) of insolvency proceedings that are over, both
        included
    :ivar suspensions: (first day, last day or None) without interest, both included
    :ivar claimed: (first day, last day) whose interest was claimed already, both included
    :ivar indemnity_claimed: the invoice's indemnity was claimed already
    :ivar is_insurance_indemnity: the invoice claims an insurance indemnity
    :ivar owes_indemnity: False when the debtor's terms leave it out
    :ivar digits: decimals of the currency
    :ivar arose_on: day of the delivery, by which a debt is earlier or later than an insolvency;
        that of the invoice when nothing else is known
    """

    principal: Decimal
    due_date: date
    issued_on: date
    debtor_kind: str
    contract_rate: Decimal | None = None
    movements: tuple[Movement, ...] = ()
    is_settled: bool = False
    notice_date: date | None = None
    judgement: Judgement | None = None
    insolvency_date: date | None = None
    ended_proceedings: tuple[tuple[date, date], ...] = ()
    suspensions: tuple[tuple[date, date | None], ...] = ()
    claimed: tuple[tuple[date, date], ...] = ()
    indemnity_claimed: bool = False
    is_insurance_indemnity: bool = False
    owes_indemnity: bool = True
    digits: int = 2
    arose_on: date | None = None


@dataclass(frozen=True)
class ItemCharges:
    """What is claimable of one item, and why not more.

    :ivar Interest interest: segments that were not claimed yet
    :ivar indemnity: in EUR
    :ivar indemnity_reason: why no indemnity is due; empty when one is
    """

    interest: Interest
    indemnity: Decimal
    indemnity_reason: str = ""

    @property
    def is_claimable(self):
        """Something can be claimed."""
        return bool(self.interest.total or self.indemnity)


def item_charges(facts, as_of, rates):
    """Return what late payment of an item costs up to and including a day, less what was claimed.

    What was claimed is cut out day by day: a period is never claimed twice, whatever the rates
    say of it since.

    :param ItemFacts facts: the item
    :param date as_of: last day that counts
    :param RateTable rates: the published rates
    :return: ItemCharges
    :raises MissingLegalValue: names the rate or parameter that is missing
    """
    if _was_cancelled(facts):
        nothing = late_interest(_to_claim(facts), facts.due_date, rates, digits=facts.digits)
        return ItemCharges(nothing, Decimal("0.00"), CANCELLED)
    interest = _interest(facts, as_of, rates)
    indemnity, reason = _indemnity(facts, as_of)
    return ItemCharges(interest, indemnity, reason)


def _interest(facts, as_of, rates):
    """Return the interest of an item; that of a judgement takes the place of the one before it.

    Penalties and legal interest do not add up (Cass. com. 24/04/2024 n° 22-24.275): one ends where
    the other begins, at the latest on the day before.
    """
    if facts.judgement is None:
        return late_interest(_to_claim(facts), as_of, rates, digits=facts.digits)
    before_until = min(as_of, facts.judgement.runs_from)
    before = late_interest(_to_claim(facts), before_until, rates, digits=facts.digits)
    after = late_interest(_to_judgement(facts), as_of, rates, digits=facts.digits)
    # Once a judgement grants interest, nobody waits for a formal notice any more.
    warnings = tuple(one for one in before.warnings if one.code != NO_FORMAL_NOTICE)
    return Interest((*before.segments, *after.segments), warnings, facts.digits)


def _was_cancelled(facts):
    """Tell whether credit notes alone settled an item: they reduce the claim, they pay nothing."""
    kinds = {move.kind for move in facts.movements}
    return facts.is_settled and kinds == {CREDIT_NOTE}


def regime_of(debtor_kind, contract_rate):
    """Return the regime of a debtor: the law of his kind, or what professionals agreed.

    >>> regime_of("professional", None)
    'professional'
    """
    if debtor_kind == CONSUMER:
        return CONSUMER
    if debtor_kind == PUBLIC:
        return PUBLIC
    return PROFESSIONAL if contract_rate is None else CONTRACT


def _to_claim(facts):
    regime = regime_of(facts.debtor_kind, facts.contract_rate)
    return LateClaim(
        principal=facts.principal,
        due_date=facts.due_date,
        regime=regime,
        contract_rate=facts.contract_rate if regime == CONTRACT else None,
        runs_from=facts.notice_date if regime == CONSUMER else None,
        movements=facts.movements,
        suspensions=(*facts.suspensions, *_stops_that_ended(facts), *facts.claimed),
        insolvency_date=_opening_that_counts(facts),
        survives_insolvency=_is_put_off(facts),
    )


def _to_judgement(facts):
    return replace(
        _to_claim(facts),
        regime=JUDGEMENT,
        contract_rate=None,
        runs_from=facts.judgement.runs_from,
        enforceable_on=facts.judgement.enforceable_on,
    )


def _opening_that_counts(facts):
    """The opening of proceedings stops older debts only (C. com. L622-17, L622-28)."""
    opening = facts.insolvency_date
    return opening if opening and _arose_on(facts) < opening else None


def _arose_on(facts):
    return facts.arose_on or facts.issued_on


def _proceedings_that_counted(facts):
    """Proceedings that are over stopped older debts only, like those that last."""
    return [period for period in facts.ended_proceedings if _arose_on(facts) < period[0]]


def _stops_that_ended(facts):
    return () if _is_put_off(facts) else tuple(_proceedings_that_counted(facts))


def _is_put_off(facts):
    """Payment was put off by a year or more: insolvency does not stop its interest (L622-28)."""
    months = value_on("insolvency.interest.deferral", facts.due_date)
    return facts.due_date >= add_months(facts.issued_on, months)


def _opening_that_forbade(facts):
    """Return the opening that forbade, or forbids, to pay an older debt when it fell due."""
    for start, end in _proceedings_that_counted(facts):
        if start <= facts.due_date <= end:
            return start
    return _opening_that_counts(facts)


def _indemnity(facts, as_of):
    if not facts.owes_indemnity and facts.debtor_kind != CONSUMER:
        return Decimal("0.00"), NOT_AGREED
    # A credit note is no payment: what it took back later was not paid late.
    paid = [move.day for move in facts.movements if move.kind == PAYMENT]
    last = max(paid, default=None)
    owed = fixed_indemnity(
        LateInvoice(
            debtor_kind=facts.debtor_kind,
            due_date=facts.due_date,
            settled_on=last if facts.is_settled else None,
            insolvency_date=_opening_that_forbade(facts),
            is_insurance_indemnity=facts.is_insurance_indemnity,
            already_claimed=facts.indemnity_claimed,
        ),
        as_of,
    )
    return owed.amount, owed.reason


def share_indemnity(charges):
    """Leave one indemnity per invoice, on the item that was late first.

    :param list charges: (invoice, due date, ItemCharges) of items
    :return: the ItemCharges in the same order
    """
    order = sorted(range(len(charges)), key=lambda index: charges[index][1])
    seen, shared = set(), [charge for _invoice, _due_date, charge in charges]
    for index in order:
        invoice, _due_date, charge = charges[index]
        if not charge.indemnity:
            continue
        if invoice in seen:
            shared[index] = ItemCharges(charge.interest, Decimal("0.00"), ALREADY_CLAIMED)
        seen.add(invoice)
    return shared

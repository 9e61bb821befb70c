"""Insolvency and over-indebtedness: what each procedure stops, and what follows from its steps."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .transitions import INSOLVENCY, next_state

COMPANY = "company"
CONSUMER = "consumer"

EARLIER = "earlier"
LATER = "later"
# States of proceedings that have not ended.
RUNNING = ("filed", "open", "plan")
# Proceedings as they are known today exist since then (loi 85-98; loi 89-1010 for consumers).
FIRST_DAY = date(1986, 1, 1)
# The gazette publishes within weeks of the judgement.
LONGEST_TO_PUBLISH = timedelta(days=366)


@dataclass(frozen=True)
class Procedure:
    """What one kind of procedure does to a creditor.

    :ivar str family: COMPANY (Book VI of the commercial code, sole traders included) or CONSUMER
        (Book VII of the consumer code)
    :ivar bool stays: demands, enforcement and interest of earlier debts stop from its day on
        (C. com. L622-7, L622-21, L622-28; C. conso L722-2, L722-5, L722-14)
    :ivar tuple publication: deadline rules that count from its publication
    :ivar tuple opening: deadline rules that count from the decision that opens it
    :ivar bool wipes_out: it may end with the debts erased (C. conso L741-2, L742-22)
    """

    family: str
    stays: bool = True
    publication: tuple = ()
    opening: tuple = ()
    wipes_out: bool = False


_DECLARED = ("insolvency.declaration", "insolvency.relief")
# Of a liquidation, whether it opens or is what others turn into (C. com. L641-13).
LATER_OF_LIQUIDATION = "insolvency.later_debts_liquidation"
STAY_OF_CONSUMER = "overindebtedness.stay"
KINDS = {
    "safeguard": Procedure(COMPANY, publication=_DECLARED),
    "reorganisation": Procedure(COMPANY, publication=_DECLARED),
    "liquidation": Procedure(COMPANY, publication=(*_DECLARED, LATER_OF_LIQUIDATION)),
    # Confidential, and it stops nobody by itself: only a judge gives time (C. com. L611-7).
    "conciliation": Procedure(COMPANY, stays=False),
    "overindebtedness": Procedure(CONSUMER, opening=(STAY_OF_CONSUMER,)),
    "personal_recovery": Procedure(
        CONSUMER, publication=("overindebtedness.recovery",), wipes_out=True
    ),
}


@dataclass(frozen=True)
class Step:
    """What follows from something that takes place during the proceedings.

    :ivar families: for whom it exists
    :ivar str event: of the table of states; empty when the state stays
    :ivar opens, closes, drops: deadline rules
    :ivar bool needs_document: it is recorded with what proves it only
    :ivar str becomes: the kind that the procedure turns into
    :ivar bool after_end: it may take place once the procedure is closed
    :ivar tuple never_in: kinds of the family that do not know it
    """

    families: tuple
    event: str = ""
    opens: tuple = ()
    closes: tuple = ()
    drops: tuple = ()
    needs_document: bool = True
    becomes: str = ""
    after_end: bool = False
    never_in: tuple = ()


_BOTH = (COMPANY, CONSUMER)
_COMPANY = (COMPANY,)
_CONSUMER = (CONSUMER,)
STEPS = {
    # Companies.
    "contest": Step(_COMPANY, opens=("insolvency.contest",)),
    "answer": Step(_COMPANY, closes=("insolvency.contest",)),
    "claim_state": Step(_COMPANY, opens=("insolvency.claim_state",), needs_document=False),
    "claim_state_contested": Step(_COMPANY, closes=("insolvency.claim_state",)),
    "relief": Step(_COMPANY, closes=("insolvency.relief",)),
    "goods_claimed": Step(_COMPANY, closes=("insolvency.goods",)),
    "contract_notice": Step(_COMPANY, opens=("insolvency.contract_notice",)),
    "contract_answer": Step(_COMPANY, closes=("insolvency.contract_notice",)),
    "observation_end": Step(
        _COMPANY,
        opens=("insolvency.later_debts",),
        needs_document=False,
        never_in=("liquidation",),
    ),
    "later_told": Step(_COMPANY, closes=("insolvency.later_debts", LATER_OF_LIQUIDATION)),
    "plan": Step(
        _COMPANY, event="plan", opens=("insolvency.later_debts",), never_in=("liquidation",)
    ),
    "conversion": Step(
        _COMPANY,
        event="convert",
        opens=(LATER_OF_LIQUIDATION,),
        drops=("insolvency.later_debts",),
        needs_document=False,
        becomes="liquidation",
    ),
    "certificate": Step(_COMPANY, after_end=True),
    # Consumers.
    "claim_letter": Step(_CONSUMER, opens=("overindebtedness.claim",), needs_document=False),
    "claim_given": Step(_CONSUMER, closes=("overindebtedness.claim",)),
    "admission_letter": Step(_CONSUMER, opens=("overindebtedness.contest",), needs_document=False),
    "admission_contested": Step(_CONSUMER, closes=("overindebtedness.contest",)),
    # The stay lasts until the measures, two years at most (C. conso L722-3).
    "measures": Step(
        _CONSUMER, event="plan", drops=(STAY_OF_CONSUMER,), never_in=("personal_recovery",)
    ),
    "recovery": Step(
        _CONSUMER,
        event="convert",
        opens=("overindebtedness.recovery",),
        drops=(STAY_OF_CONSUMER,),
        needs_document=False,
        becomes="personal_recovery",
    ),
    "recovery_joined": Step(_CONSUMER, closes=("overindebtedness.recovery",)),
    # Both.
    "plan_failed": Step(_BOTH, event="fail"),
    "reopening": Step(_BOTH, event="reopen"),
}
# A plan is over once it has failed, others took its place, or what had ended began again.
PLAN_ENDS = ("fail", "convert", "reopen")

# How it ends, and whether the creditor gets back the right to ask for his money.
GROUNDS = {
    # Everything was paid, or the plan was carried out.
    "paid": True,
    # Nobody is pursued again for what was not paid (C. com. L643-11).
    "insufficient": False,
    # Erased by personal recovery (C. conso L741-2, L742-22).
    "wiped_out": False,
    # The judgement or the admission was overturned, or refused.
    "overturned": True,
    # Other proceedings opened (C. com. L626-27, L631-20): what is owed is held by their record.
    "followed": False,
}


def grounds_of(kind):
    """Return the ends of GROUNDS that a kind of procedure knows, as a person may choose them.

    What others follow on ends when they are recorded. Debts are wiped out by a recovery alone,
    which over-indebtedness turns into by its step.

    >>> grounds_of("liquidation"), grounds_of("overindebtedness")
    (('paid', 'insufficient', 'overturned'), ('paid', 'overturned'))
    >>> grounds_of("personal_recovery")
    ('paid', 'wiped_out', 'overturned')
    """
    others = {"followed"}
    if not KINDS[kind].wipes_out:
        others.add("wiped_out")
    if KINDS[kind].family != COMPANY:
        others.add("insufficient")
    return tuple(ground for ground in GROUNDS if ground not in others)


def steps_of(kind):
    """Return the codes of the steps that a kind of procedure knows.

    A conciliation knows none: nothing is declared in it, contested or admitted (C. com. L611-7).

    >>> "measures" in steps_of("overindebtedness"), "measures" in steps_of("liquidation")
    (True, False)
    >>> "conversion" in steps_of("liquidation"), steps_of("conciliation")
    (False, ())
    """
    procedure = KINDS[kind]
    return tuple(
        code
        for code, step in STEPS.items()
        if procedure.stays
        and procedure.family in step.families
        and kind not in (step.becomes, *step.never_in)
    )


def next_steps(kind, state):
    """Return the codes of the steps that may follow, in the order in which they are offered.

    >>> next_steps("liquidation", "closed"), next_steps("liquidation", "cancelled")
    (('certificate', 'reopening'), ())
    >>> "plan_failed" in next_steps("safeguard", "open"), next_steps("safeguard", "plan")[-1]
    (False, 'plan_failed')
    """
    return tuple(code for code in steps_of(kind) if _may_follow(STEPS[code], state))


def _may_follow(step, state):
    if step.event:
        return next_state(INSOLVENCY, state, step.event) is not None
    return state in RUNNING or (step.after_end and state == "closed")


def first_day_of(code, steps):
    """Return the day before which a step was not taken, by those before it; None when any will do.

    What moves the state follows on all others, and they on it; an answer follows on what it
    answers. Letters that cross in the post do not follow on each other.

    :param steps: (code, day) of those that count
    >>> letters = [("claim_letter", date(2026, 3, 2)), ("admission_letter", date(2026, 3, 9))]
    >>> first_day_of("claim_given", letters), first_day_of("measures", letters)
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 9))
    >>> first_day_of("claim_letter", letters) is None
    True
    """
    step = STEPS[code]
    days = [
        day
        for other, day in steps
        if step.event or STEPS[other].event or set(step.closes) & set(STEPS[other].opens)
    ]
    return max(days, default=None)


def plan_periods(steps):
    """Return (first day, day of its end or None) of each plan.

    :param steps: (code, day) of those that count, in the order in which they were recorded
    >>> plan_periods([("plan", date(2026, 3, 2)), ("conversion", date(2026, 9, 1))])
    [(datetime.date(2026, 3, 2), datetime.date(2026, 9, 1))]
    >>> plan_periods([("contest", date(2026, 3, 2)), ("measures", date(2026, 3, 9))])
    [(datetime.date(2026, 3, 9), None)]
    """
    periods = []
    for code, day in steps:
        event = STEPS[code].event
        if event == "plan":
            periods.append((day, None))
        elif event in PLAN_ENDS and periods and periods[-1][1] is None:
            periods[-1] = (periods[-1][0], day)
    return periods


@dataclass(frozen=True)
class Declared:
    """One debt of a declaration of claims, as of the day of the judgement.

    :ivar Decimal principal: due at that day, tax included
    :ivar Decimal interest: until the day before
    :ivar Decimal indemnity: fixed indemnities due by then
    :ivar date due_date: its due date
    """

    principal: Decimal
    interest: Decimal
    indemnity: Decimal
    due_date: date

    @property
    def total(self):
        """All of it."""
        return self.principal + self.interest + self.indemnity


def split_due(debts, opening):
    """Return (what had fallen due, what falls due later): the declaration tells both (L622-25).

    >>> one = Declared(Decimal(100), Decimal(1), Decimal(40), date(2026, 1, 31))
    >>> two = Declared(Decimal(50), Decimal(0), Decimal(0), date(2026, 4, 30))
    >>> [str(part) for part in split_due([one, two], date(2026, 3, 2))]
    ['141', '50']
    """
    due = sum((debt.total for debt in debts if debt.due_date < opening), Decimal(0))
    coming = sum((debt.total for debt in debts if debt.due_date >= opening), Decimal(0))
    return due, coming


def is_payment_forbidden(paid_on, opening, plans=()):
    """Tell whether a payment of an earlier debt was forbidden on its day (C. com. L622-7).

    From the judgement on, but while a plan sets what is paid; void within three years.

    :param plans: as ``plan_periods`` returns them
    >>> is_payment_forbidden(date(2026, 3, 1), date(2026, 3, 2))
    False
    >>> is_payment_forbidden(date(2026, 3, 2), date(2026, 3, 2))
    True
    """
    is_planned = any(first <= paid_on and (not end or paid_on < end) for first, end in plans)
    return paid_on >= opening and not is_planned

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
    """

    family: str
    stays: bool = True
    publication: tuple = ()
    opening: tuple = ()


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
    "personal_recovery": Procedure(CONSUMER, publication=("overindebtedness.recovery",)),
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
    "reopening": Step(_COMPANY, event="reopen"),
}

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

    What others follow on ends when they are recorded.

    >>> grounds_of("liquidation"), grounds_of("overindebtedness")
    (('paid', 'insufficient', 'overturned'), ('paid', 'wiped_out', 'overturned'))
    """
    others = {"wiped_out"} if KINDS[kind].family == COMPANY else {"insufficient"}
    return tuple(ground for ground in GROUNDS if ground not in others | {"followed"})


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


def is_payment_forbidden(paid_on, opening, plan_date=None):
    """Tell whether a payment of an earlier debt was forbidden on its day (C. com. L622-7).

    From the judgement on, until a plan sets what is paid; void within three years.

    >>> is_payment_forbidden(date(2026, 3, 1), date(2026, 3, 2))
    False
    >>> is_payment_forbidden(date(2026, 3, 2), date(2026, 3, 2))
    True
    """
    return paid_on >= opening and (plan_date is None or paid_on < plan_date)

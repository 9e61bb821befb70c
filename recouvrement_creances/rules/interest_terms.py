"""What late-payment interest is computed from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .money import to_decimal

# Which law sets the rate.
CONTRACT = "contract"  # professionals, a rate was agreed (C. com. L441-10 II)
PROFESSIONAL = "professional"  # professionals, no rate was agreed: ECB + 10 points
PUBLIC = "public"  # public contracts: ECB + 8 points, frozen (CCP L2192-10, R2192-31)
CONSUMER = "consumer"  # legal rate from the formal notice (C. civ. 1231-6)
JUDGEMENT = "judgement"  # legal rate from the day that the judgement sets (C. civ. 1231-6, 1231-7)
REGIMES = (CONTRACT, PROFESSIONAL, PUBLIC, CONSUMER, JUDGEMENT)

ACT_365 = "act/365"
ACT_ACT = "act/act"
DAY_COUNTS = (ACT_365, ACT_ACT)

PAYMENT = "payment"
CREDIT_NOTE = "credit_note"
MOVEMENTS = (PAYMENT, CREDIT_NOTE)

BELOW_FLOOR = "below_floor"
NO_FORMAL_NOTICE = "no_formal_notice"


@dataclass(frozen=True)
class Movement:
    """What lowers the principal: a payment's part for it, or a credit note.

    A credit note is not a payment, but lowers the base in the same way from its date on. One that
    takes back what was never due is given with the invoice's due date: it then bears no interest
    at all, which is the caller's decision.

    :ivar day: value date of the payment, date of the credit note
    :ivar amount: including tax; negative when a payment is taken back (a returned direct debit)
    :ivar kind: PAYMENT or CREDIT_NOTE, for the statement
    """

    day: date
    amount: Decimal
    kind: str = PAYMENT


@dataclass(frozen=True)
class LateClaim:
    """One invoice, or one instalment of it, that bears interest.

    :ivar principal: what was due, including tax, in the invoice's currency
    :ivar due_date: the payment date on the invoice; interest runs from the day after
    :ivar regime: one of REGIMES
    :ivar contract_rate: percent a year, for the regime CONTRACT only
    :ivar runs_from: for CONSUMER the day the formal notice was first presented; for JUDGEMENT the
        day that the judgement sets; interest runs from the day after
    :ivar enforceable_on: the day the judgement became enforceable, for CONSUMER and JUDGEMENT
    :ivar movements: what was paid or credited
    :ivar suspensions: (first day, last day or None) without interest, both included: a waiver in
        a schedule, the grace of a judge (C. civ. 1343-5) ...
    :ivar insolvency_date: day of the judgement that opened the debtor's insolvency, for a debt
        older than it
    :ivar survives_insolvency: loan, or payment put off by a year or more: interest goes on
        (C. com. L622-28 al. 1)
    """

    principal: Decimal
    due_date: date
    regime: str = PROFESSIONAL
    contract_rate: Decimal | None = None
    runs_from: date | None = None
    enforceable_on: date | None = None
    movements: tuple[Movement, ...] = ()
    suspensions: tuple[tuple[date, date | None], ...] = ()
    insolvency_date: date | None = None
    survives_insolvency: bool = False


def check_claim(claim, day_count=ACT_365):
    """Refuse a claim that contradicts itself.

    :raises ValueError: unknown regime or day count, negative principal, a contract's rate or a
        judgement that does not belong to the regime, a suspension that ends before it starts
    """
    problem = _find_contradiction(claim, day_count)
    if problem:
        raise ValueError(problem)


def _find_contradiction(claim, day_count):
    legal_rate = claim.regime in (CONSUMER, JUDGEMENT)
    checks = [
        (claim.regime not in REGIMES, f"Unknown regime {claim.regime!r}."),
        (day_count not in DAY_COUNTS, f"Unknown day count {day_count!r}."),
        (to_decimal(claim.principal) < 0, "The principal is negative."),
        (
            (claim.contract_rate is None) == (claim.regime == CONTRACT),
            "A rate is given for the regime 'contract', and for it only.",
        ),
        (
            claim.contract_rate is not None and to_decimal(claim.contract_rate) < 0,
            "The contract's rate is negative.",
        ),
        (
            claim.enforceable_on is not None and not legal_rate,
            "The increase of CMF L313-3 belongs to the legal rate only.",
        ),
        (
            claim.runs_from is not None and not legal_rate,
            "Between professionals interest runs without a notice: no day is given.",
        ),
        (
            claim.regime == JUDGEMENT and claim.runs_from is None,
            "The judgement says from which day interest runs.",
        ),
        (
            any(end is not None and end < start for start, end in claim.suspensions),
            "A suspension ends before it starts.",
        ),
        (
            any(move.kind not in MOVEMENTS for move in claim.movements),
            "A movement is a payment or a credit note.",
        ),
    ]
    return next((text for broken, text in checks if broken), "")

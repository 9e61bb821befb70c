"""May a case be handed over to litigation? What is there and what is missing, one by one."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .delays import add_months
from .parameters import PRACTICE, Parameter, parameter_on

# What is looked at.
NOTICE = "notice"
NOTICE_PIECE = "notice_piece"
DISPUTE = "dispute"
JUDGED = "judged"
AGREEMENT = "agreement"
LIMITATION = "limitation"
IDENTITY = "identity"
SOLVENCY = "solvency"
INSOLVENCY = "insolvency"
AMOUNT = "amount"
INVOICES = "invoices"
ORDER = "order"
DELIVERY = "delivery"
CODES = (
    NOTICE,
    NOTICE_PIECE,
    DISPUTE,
    JUDGED,
    AGREEMENT,
    LIMITATION,
    IDENTITY,
    SOLVENCY,
    INSOLVENCY,
    AMOUNT,
    INVOICES,
    ORDER,
    DELIVERY,
)
# What is found. Something that is stated is missing, and the request says why it is asked for all
# the same; who decides reads it.
PASSED = "passed"
STATED = "stated"
MISSING = "missing"

# Why.
NONE = "none"
RUNNING = "running"
SCHEDULE = "schedule"
PROMISE = "promise"
EXPIRED = "expired"
NEAR = "near"
OUTDATED = "outdated"
OPENED = "opened"
STOPPED = "stopped"
BELOW = "below"
LETTER = "letter"
PROOF = "proof"
UNREADABLE = "unreadable"
REJECTED = "rejected"


def _one(value, unit):
    return (Parameter(value, unit, "none", "habit", PRACTICE),)


VALIDITY = {
    # An extract of the register is asked for again after three months, as notaries and courts do.
    "handover.identity": _one(90, "days that a check of identity and address is good for"),
    "handover.solvency": _one(0, "days that a check of solvency is good for"),
    # Proceedings may be opened any day: it is looked at on the day of the request.
    "handover.insolvency": _one(0, "days that a look into the gazette is good for"),
    "handover.limitation": _one(3, "months before the end of a claim that are near"),
}


@dataclass(frozen=True)
class Facts:
    """What is known of a case, of some of its items, and of its debtor.

    :ivar Decimal amount: what is handed over, in the company's currency
    :ivar Decimal least: below it nothing is handed over
    :ivar bool is_notified: each item had a formal notice that left
    :ivar notice_over_from: first day after the periods of the notices; None while one of them
        waits for its first presentation
    :ivar str notice_gap: LETTER, PROOF: what of the formal notices the file would not hold
    :ivar notice_gap_on: day of the notice that it is missing of
    :ivar bool is_disputed: an open dispute bears on the items
    :ivar bool states_dispute: the request says why it is asked for in spite of it
    :ivar dismissed_on: the day on which a court has dismissed a claim for one of the items
    :ivar tuple agreements: SCHEDULE, PROMISE: what is running about the items
    :ivar limitation: the earliest last day of the items that is sure, None when none is known
    :ivar dict checked: {IDENTITY, SOLVENCY, INSOLVENCY: the last day of such a check}
    :ivar bool is_insolvent: insolvency proceedings are noted
    :ivar str barred: the end of proceedings that took the right to ask for the items, of
        ``rules.insolvency.GROUNDS``; empty while any run
    :ivar barred_on: the day of that end
    :ivar frozenset documents: INVOICES (all of them), ORDER, DELIVERY: what is kept on file
    :ivar tuple without_document: the invoices that have no document of their own, by name
    :ivar dict unreadable: {INVOICES, ORDER, DELIVERY: files that no court reads, by name}
    :ivar bool states_documents: the request says why the file does without some of them
    :ivar bool is_demanded: the route demands payment of the debtor, in court or out of it
    """

    amount: Decimal
    least: Decimal
    is_notified: bool = False
    notice_over_from: date | None = None
    notice_gap: str = ""
    notice_gap_on: date | None = None
    is_disputed: bool = False
    states_dispute: bool = False
    dismissed_on: date | None = None
    agreements: tuple = ()
    limitation: date | None = None
    checked: dict | None = None
    is_insolvent: bool = False
    barred: str = ""
    barred_on: date | None = None
    documents: frozenset = frozenset()
    without_document: tuple = ()
    unreadable: dict | None = None
    states_documents: bool = False
    is_demanded: bool = True


@dataclass(frozen=True)
class Check:
    """One line of the checklist.

    :ivar str code: of CODES
    :ivar str result: PASSED, STATED or MISSING
    :ivar str because: why, empty where nothing is to be said
    :ivar day: the date that it depends on, None when it depends on none
    :ivar tuple names: what it is about
    """

    code: str
    result: str
    because: str = ""
    day: date | None = None
    names: tuple = ()


def check_handover(facts, day):
    """Return the whole checklist on a day, in the order of CODES.

    >>> found = check_handover(Facts(Decimal("10"), Decimal("100")), date(2026, 11, 29))
    >>> [check.because for check in found if check.code == "amount"]
    ['below']
    """
    return [_CHECKS[code](facts, day) for code in CODES]


def _check_notice(facts, day):
    """C. civ. 1344, 1231: the debtor was given notice, and the time that it gives is over."""
    if not facts.is_notified:
        return Check(NOTICE, MISSING, NONE)
    over = facts.notice_over_from
    if over is None or over > day:
        return Check(NOTICE, MISSING, RUNNING, over)
    return Check(NOTICE, PASSED, day=over)


def _check_notice_piece(facts, day):
    """Who relies on a notice proves it: its text, and that it left or arrived."""
    if not facts.is_notified:
        return Check(NOTICE_PIECE, MISSING, NONE)
    if not facts.notice_gap:
        return Check(NOTICE_PIECE, PASSED)
    result = STATED if facts.states_documents else MISSING
    return Check(NOTICE_PIECE, result, facts.notice_gap, facts.notice_gap_on)


def _check_dispute(facts, day):
    if not facts.is_disputed:
        return Check(DISPUTE, PASSED)
    return Check(DISPUTE, STATED if facts.states_dispute else MISSING, RUNNING)


def _check_judged(facts, day):
    """C. civ. 1355: what a court has dismissed is not asked for again."""
    if facts.dismissed_on is None:
        return Check(JUDGED, PASSED)
    result = MISSING if facts.is_demanded else STATED
    return Check(JUDGED, result, REJECTED, facts.dismissed_on)


def _check_agreement(facts, day):
    """Who keeps to what was agreed is not sued."""
    if not facts.agreements:
        return Check(AGREEMENT, PASSED)
    return Check(AGREEMENT, MISSING, facts.agreements[0])


def _check_limitation(facts, day):
    """The earliest claim has to reach the judge before its end (C. civ. 2219, 2241)."""
    last = facts.limitation
    ended = MISSING if facts.is_demanded else STATED
    if last is None:
        return Check(LIMITATION, ended, NONE)
    if last < day:
        return Check(LIMITATION, ended, EXPIRED, last)
    near = last <= add_months(day, _valid("handover.limitation", day))
    return Check(LIMITATION, PASSED, NEAR if near else "", last)


def _check_dated(code):
    def check(facts, day):
        known = (facts.checked or {}).get(code)
        if code == INSOLVENCY and facts.barred:
            # C. com. L643-11: creditors do not get their actions back; C. conso L741-2.
            result = MISSING if facts.is_demanded else STATED
            return Check(code, result, facts.barred, facts.barred_on)
        if code == INSOLVENCY and facts.is_insolvent:
            # C. com. L622-21 stops single actions, and nothing that demands nothing.
            return (
                Check(code, MISSING, OPENED) if facts.is_demanded else Check(code, STATED, STOPPED)
            )
        if known is None:
            return Check(code, MISSING, NONE)
        is_good = known + timedelta(days=_valid(f"handover.{code}", day)) >= day
        return Check(code, PASSED if is_good else MISSING, "" if is_good else OUTDATED, known)

    return check


def _check_amount(facts, day):
    enough = facts.amount > 0 and facts.amount >= facts.least
    return Check(AMOUNT, PASSED if enough else MISSING, "" if enough else BELOW)


def _check_document(code):
    def check(facts, day):
        if code in facts.documents:
            return Check(code, PASSED)
        # Without its invoices there is no file; the others are proven otherwise, or not at all.
        may_state = code != INVOICES and facts.states_documents
        result = STATED if may_state else MISSING
        unreadable = (facts.unreadable or {}).get(code)
        if unreadable:
            return Check(code, result, UNREADABLE, names=tuple(unreadable))
        return Check(code, result, NONE, names=facts.without_document if code == INVOICES else ())

    return check


def _valid(name, day):
    return parameter_on(name, day, VALIDITY).value


_CHECKS = {
    NOTICE: _check_notice,
    NOTICE_PIECE: _check_notice_piece,
    DISPUTE: _check_dispute,
    JUDGED: _check_judged,
    AGREEMENT: _check_agreement,
    LIMITATION: _check_limitation,
    IDENTITY: _check_dated(IDENTITY),
    SOLVENCY: _check_dated(SOLVENCY),
    INSOLVENCY: _check_dated(INSOLVENCY),
    AMOUNT: _check_amount,
    INVOICES: _check_document(INVOICES),
    ORDER: _check_document(ORDER),
    DELIVERY: _check_document(DELIVERY),
}

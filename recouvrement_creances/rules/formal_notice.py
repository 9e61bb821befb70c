"""From when a formal notice's period runs, when it is over, and what may follow."""

from dataclasses import dataclass
from datetime import date, timedelta

from .delays import next_working_day
from .parameters import parameter_on, value_on

PAPER = "paper"
ELECTRONIC = "electronic"

# How the letter ended.
RECEIVED = "received"
NOT_COLLECTED = "not_collected"
REFUSED = "refused"
UNKNOWN_ADDRESS = "unknown_address"
OUTCOMES = (RECEIVED, NOT_COLLECTED, REFUSED, UNKNOWN_ADDRESS)

# Where a notice stands.
NOT_SENT = "not_sent"
AWAITING_PRESENTATION = "awaiting_presentation"
AWAITING_ACCEPTANCE = "awaiting_acceptance"
RUNNING = "running"
ELAPSED = "elapsed"
UNDELIVERABLE = "undeliverable"
SEND_ON_PAPER = "send_on_paper"

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class NoticeProof:
    """What proves a formal notice.

    :ivar form: PAPER (registered letter) or ELECTRONIC (qualified registered letter)
    :ivar sent_on: day of the deposit
    :ivar presented_on: paper: first presentation at the address
    :ivar informed_on: electronic: the e-mail that tells the debtor that a letter waits
    :ivar accepted_on: electronic: the debtor took the letter
    :ivar outcome: one of OUTCOMES, None while it is not known
    :ivar days: the period that the letter gives; None takes the parameter of the debtor's kind
    """

    form: str = PAPER
    sent_on: date | None = None
    presented_on: date | None = None
    informed_on: date | None = None
    accepted_on: date | None = None
    outcome: str | None = None
    days: int | None = None


@dataclass(frozen=True)
class NoticeState:
    """Where a notice stands on a day.

    :ivar code: one of this module's states
    :ivar article: the text behind it
    :ivar runs_from: the day the notice took effect: its period, and a consumer's interest, count
        from the day after
    :ivar ends_on: last day of the period, as printed
    :ivar next_level_from: first day on which the next level may come
    """

    code: str
    article: str
    runs_from: date | None = None
    ends_on: date | None = None
    next_level_from: date | None = None


def notice_state(proof, debtor_kind, as_of, holidays=None):
    """Return where a formal notice stands (C. civ. 1344; period: 1231).

    The period runs from the first presentation, whether the letter was collected, refused or not
    collected (1re civ. 20/01/2021 n° 19-20.680); a letter that came back for an unknown address
    was presented to nobody. An electronic letter that was not accepted has not been judged a valid
    notice: it has to be sent on paper. No text puts the end of the period off; the next level
    waits all the same when the last day is no working day (CPC 642, in the debtor's favour).

    :param NoticeProof proof: what is known
    :param debtor_kind: professional, consumer or public
    :param date as_of: the day on which it is asked
    :param holidays: as for ``delays.holiday_test``
    :return: NoticeState
    :raises ValueError: unknown form, outcome or kind of debtor, or a period under one day

    >>> proof = NoticeProof(sent_on=date(2026, 11, 2), presented_on=date(2026, 11, 4))
    >>> notice_state(proof, "professional", date(2026, 11, 12)).next_level_from
    datetime.date(2026, 11, 13)
    """
    _check(proof, debtor_kind)
    code, article, runs_from = _find_effect(proof, as_of)
    if runs_from is None:
        return NoticeState(code, article)
    days = proof.days or value_on(f"notice.days.{debtor_kind}", runs_from)
    ends_on = runs_from + timedelta(days=days)
    next_level_from = next_working_day(ends_on, holidays) + ONE_DAY
    code = RUNNING if as_of < next_level_from else ELAPSED
    return NoticeState(code, article, runs_from, ends_on, next_level_from)


def electronic_notice_article(debtor_kind, has_consent):
    """Return the text that forbids an electronic registered letter, empty when it is allowed.

    Who is no professional has to have agreed beforehand (CPCE-postes L100).

    >>> electronic_notice_article("consumer", has_consent=False)
    'CPCE-postes L100'
    """
    return "CPCE-postes L100" if debtor_kind == "consumer" and not has_consent else ""


def acceptance_ends_on(informed_on):
    """Return the last day to accept an electronic letter: 15 days from the day after the e-mail.

    >>> acceptance_ends_on(date(2026, 11, 4))
    datetime.date(2026, 11, 19)
    """
    return informed_on + timedelta(days=value_on("notice.electronic.window", informed_on))


def _check(proof, debtor_kind):
    if proof.form not in (PAPER, ELECTRONIC):
        raise ValueError(f"Unknown form of letter {proof.form!r}.")
    if proof.outcome is not None and proof.outcome not in OUTCOMES:
        raise ValueError(f"Unknown outcome {proof.outcome!r}.")
    if debtor_kind not in ("professional", "consumer", "public"):
        raise ValueError(f"Unknown kind of debtor {debtor_kind!r}.")
    if proof.days is not None and proof.days < 1:
        raise ValueError("A formal notice gives at least one day.")


def _find_effect(proof, as_of):
    """Return (state, article, day of effect or None)."""
    if proof.sent_on is None or proof.sent_on > as_of:
        return NOT_SENT, "C. civ. 1344", None
    if proof.form == ELECTRONIC:
        return _find_electronic_effect(proof, as_of)
    if proof.outcome == UNKNOWN_ADDRESS:
        return UNDELIVERABLE, "C. civ. 1344", None
    if proof.presented_on is None or proof.presented_on > as_of:
        return AWAITING_PRESENTATION, "C. civ. 1344", None
    return RUNNING, "C. civ. 1344, 1231", proof.presented_on


def _find_electronic_effect(proof, as_of):
    article = parameter_on("notice.electronic.window", proof.sent_on).article
    if proof.accepted_on is not None and proof.accepted_on <= as_of:
        return RUNNING, article, proof.accepted_on
    expired = proof.informed_on is not None and as_of > acceptance_ends_on(proof.informed_on)
    if proof.outcome in (REFUSED, NOT_COLLECTED, UNKNOWN_ADDRESS) or expired:
        return SEND_ON_PAPER, article, None
    return AWAITING_ACCEPTANCE, article, None

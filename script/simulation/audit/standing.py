"""What the simulated people did stands in the database: nothing that was said or done is lost."""

from decimal import Decimal

from .blocked import HANDED_OVER
from .books import CENT
from .finding import Finding

PROMISES = """
    SELECT promise.date, promise.amount, debt.partner_id, promise.company_id
      FROM collection_promise promise
      JOIN collection_case debt ON debt.id = promise.case_id
     WHERE promise.date_start = %(day)s
"""
DISPUTED = """
    SELECT line.move_id FROM collection_dispute_line disputed
      JOIN collection_item item ON item.id = disputed.item_id
      JOIN account_move_line line ON line.id = item.move_line_id
"""
INSOLVENCIES = "SELECT id, judgement_date, publication_date FROM collection_insolvency"
ASKED_AGAIN = "SELECT id FROM collection_handover WHERE state = 'requested' AND round > 1"
SIGNED = ("signed", "running", "late", "completed")


def check(books):
    """Yield acts of the day of which the database knows nothing."""
    for acts in books.acts.values():
        for act in acts:
            finder = FINDERS.get(act.kind)
            missing = finder(books, act) if finder else ""
            if finder:
                books.count(f"acts: {act.kind}")
            if missing:
                yield Finding(
                    "what was done stands",
                    f"{act.debtor}, {act.kind} {act.detail}",
                    missing,
                    "none",
                )


def _promise(books, act):
    wanted = (act.detail.get("date"), Decimal(str(act.detail.get("amount", 0))))
    for row in books.once(PROMISES):
        is_same = row.partner_id == act.partner_id and row.date == wanted[0]
        if is_same and abs(row.amount - wanted[1]) <= CENT:
            return ""
    return "the promise"


def _schedule(books, act):
    return _state(books, "collection_schedule", act.detail.get("schedule"), SIGNED, "the schedule")


def _handover(books, act):
    states = (*HANDED_OVER, "closed", "recalled")
    missing = _state(
        books, "collection_handover", act.detail.get("handover"), states, "the handover"
    )
    # Paid in part on the same day, it is decided on once more.
    again = {row.id for row in books.once(ASKED_AGAIN)}
    return "" if act.detail.get("handover") in again else missing


def _state(books, table, record_id, states, what):
    if not record_id:
        return ""
    rows = books.once(f"SELECT id, state FROM {table}")
    return "" if any(row.id == record_id and row.state in states for row in rows) else what


def _dispute(books, act):
    moves = set(act.detail.get("moves") or [act.detail.get("move")]) - {None}
    known = {row.move_id for row in books.once(DISPUTED)}
    return "" if moves <= known else f"a dispute of {sorted(moves - known)}"


def _insolvency(books, act):
    detail = act.detail
    said = (detail.get("record"), detail.get("judgement"), detail.get("publication"))
    return "" if said in map(tuple, books.once(INSOLVENCIES)) else "the proceedings"


def _letter(books, act):
    action_id = act.detail.get("action")
    kinds = {row.kind for row in books.evidence_of_actions[action_id]}
    return "" if not action_id or "posted" in kinds else "evidence of the posting"


def _call(books, act):
    for row in books.evidence_of_day:
        if row.kind == "outcome" and books.cases[row.case_id].debtor_id == act.partner_id:
            return ""
    return "evidence of the call"


FINDERS = {
    "promised": _promise,
    "schedule_signed": _schedule,
    "handed_over": _handover,
    "disputed_rightly": _dispute,
    "disputed_wrongly": _dispute,
    "insolvent_opened": _insolvency,
    "over_indebted": _insolvency,
    "letter_posted": _letter,
    "called": _call,
}

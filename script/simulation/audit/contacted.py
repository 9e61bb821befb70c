"""The contacts of a debtor, put together from evidence: when, by which way, about what."""

from dataclasses import dataclass
from datetime import datetime

from .books import LEFT
from .places import local_day

TOOK_PLACE = ("sent", "outcome", "posted")
PAPER = ("letter", "registered_letter")
LETTERS = (*PAPER, "electronic_letter")


@dataclass(frozen=True)
class Contact:
    """Something that reached for a debtor at a moment (UTC)."""

    action: object
    moment: datetime
    evidence: object

    @property
    def is_free(self):
        """The debtor called, or asked for this contact."""
        return bool(self.action.is_incoming)

    @property
    def channel(self):
        """The way it took; a task that stands for a message is the message's."""
        if self.action.channel == "task":
            return self.action.step_channel or "task"
        return self.action.channel


def contacts_of_day(books):
    """Return the contacts that took place on the day, the first one first."""
    found = []
    for row in books.evidence_of_day:
        action = books.actions.get(row.action_id)
        if action is None or row.kind not in TOOK_PLACE or _is_afterwards(books, row, action):
            continue
        moment = books.moments.get(row.transport_reference, row.occurred_at)
        found.append(Contact(action, moment, row))
    found = [one for one in found if one.channel != "task"]
    return sorted(found, key=lambda one: (one.moment, one.evidence.id))


def letters_drawn_up(books):
    """Return the letters whose text was fixed on the day, as contacts of that moment."""
    found = []
    for row in books.evidence_of_day:
        action = books.actions.get(row.action_id)
        if action and row.kind == "prepared" and action.channel in LETTERS:
            found.append(Contact(action, row.occurred_at, row))
    return found


def _is_afterwards(books, row, action):
    """Tell whether it took place another day: a call noted later, a message of unknown result."""
    if row.kind == "sent" and "declared_by" in row.facts:
        return True
    if row.kind != "outcome" or not _is_last(books, row, action):
        return False
    return action.contact_date != books.local_day(row.occurred_at)


def _is_last(books, row, action):
    """Tell whether an outcome ended a conversation: those before it are attempts."""
    rows = books.evidence_of_actions[action.id]
    return action.state == "done" and row.id == max(one.id for one in rows if one.kind == "outcome")


def is_overridden(books, action):
    """Tell whether a manager had it done against a rule, with his reason in the evidence."""
    return bool(action.override_reason_id) or any(
        row.kind == "override" or (row.facts or {}).get("overridden")
        for row in books.evidence_of_actions[action.id]
    )


def past_contacts(books, before, with_attempts=True):
    """Return the days of what reached for a debtor before a contact, the last one first.

    The steps of one level on one day are one contact, and so is the post of one day.

    :param before: the contact; it and what came after it are left out
    :param bool with_attempts: calls that reached nobody count too
    """
    found, post, own_round = set(), set(), _round(before.action)
    for row in books.evidence_of_cases.get(before.action.case_id, ()):
        action = books.actions[row.action_id]
        if action.is_incoming or row.kind not in TOOK_PLACE or row.id >= before.evidence.id:
            continue
        if action.channel == "task" and (action.step_channel or "task") == "task":
            continue
        if row.kind == "outcome" and _reached_nobody(row) and not with_attempts:
            continue
        if row.kind == "outcome" and not _is_last(books, row, action):
            if with_attempts:
                found.add((books.local_day(row.occurred_at), row.id))
            continue
        if row.kind != "outcome" and action.state not in LEFT:
            continue  # it came back: it reached nobody
        number = _round(action)
        day = action.contact_date or books.local_day(row.occurred_at)
        if number is None or number != own_round:
            (post if action.channel in PAPER else found).add((day, number or row.id))
    return sorted([*(day for day, _what in found), *_days_of_post(post, found, before)])[::-1]


def _days_of_post(post, others, before):
    """Return the days whose post is a contact of its own."""
    days = {day for day, _what in post} - {day for day, what in post if (day, what) in others}
    if before.channel in PAPER:
        days.discard(local_day(before.moment))
    return days


def _reached_nobody(row):
    return (row.facts or {}).get("outcome") in ("no_answer", "voicemail")


def _round(action):
    return ("cycle", action.cycle) if action.step_id and action.cycle else None

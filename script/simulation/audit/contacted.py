"""The contacts of a debtor, put together from evidence: when, by which way, about what."""

from dataclasses import dataclass
from datetime import datetime

from .books import LEFT

TOOK_PLACE = ("sent", "outcome", "posted")


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


def _is_afterwards(books, row, action):
    """Tell whether it took place another day: a call noted later, a message of unknown result."""
    if row.kind == "sent" and "declared_by" in row.facts:
        return True
    if row.kind != "outcome" or action.state != "done":
        return False
    # Those before the last one are attempts that reached nobody.
    last = max(one.id for one in books.evidence_of_actions[action.id] if one.kind == "outcome")
    return row.id == last and action.contact_date != books.local_day(row.occurred_at)


def is_overridden(books, action):
    """Tell whether a manager had it done against a rule, with his reason in the evidence."""
    return bool(action.override_reason_id) or any(
        row.kind == "override" or (row.facts or {}).get("overridden")
        for row in books.evidence_of_actions[action.id]
    )


def past_contacts(books, case_id, before, with_attempts=True):
    """Return [(day, round)] of what reached for a debtor before a contact.

    The steps of one level are one round.

    :param before: the contact; it and what came after it are left out
    :param bool with_attempts: calls that reached nobody count too
    """
    found = set()
    own_round = _round(before.action)
    for row in books.evidence_of_cases.get(case_id, ()):
        action = books.actions[row.action_id]
        if action.is_incoming or row.kind not in TOOK_PLACE or row.id >= before.evidence.id:
            continue
        if action.channel == "task" and (action.step_channel or "task") == "task":
            continue
        if row.kind != "outcome" and action.state not in LEFT:
            continue  # it came back: it reached nobody
        number = _round(action)
        if row.kind == "outcome" and not with_attempts and _reached_nobody(row):
            continue
        if row.kind == "outcome":
            day = books.local_day(row.occurred_at)
            found.add((action.contact_date if _is_afterwards(books, row, action) else day, row.id))
        elif number is None or number != own_round:
            found.add((action.contact_date or books.local_day(row.occurred_at), number or row.id))
    return sorted(found, key=lambda pair: pair[0], reverse=True)


def _reached_nobody(row):
    return (row.facts or {}).get("outcome") in ("no_answer", "voicemail")


def _round(action):
    return ("cycle", action.cycle) if action.step_id and action.cycle else None

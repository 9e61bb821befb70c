"""Each contact that took place left the proofs that its way gives, and nothing else did."""

from collections import Counter

from .finding import Finding

# {channel: kinds of evidence of which one is there once, kinds of which there is at least one}
WANTED = {
    "email": (("sent",), ("prepared",)),
    "sms": (("sent",), ("prepared",)),
    "electronic_letter": (("sent",), ("prepared",)),
    "letter": (("posted",), ("prepared",)),
    "registered_letter": (("posted",), ("prepared",)),
    "call": ((), ("outcome",)),
    "visit": ((), ("outcome",)),
    "meeting": ((), ("outcome",)),
}
CONVERSATIONS = ("call", "visit", "meeting")
FAILED = ("returned", "failed", "bounced")


def check(books):
    """Yield contacts without their proofs, and proofs of what did not take place."""
    for action in books.actions_of_day:
        yield from _check_proofs(books, action, _count_kinds(books, action))
    for action in books.actions.values():
        yield from _check_post(books, action)
    yield from _check_states(books)


def _check_proofs(books, action, kinds):
    books.count("proofs of contacts")
    once, some = WANTED.get(action.channel, ((), ()))
    subject = f"{books.name(action.case_id)}, {action.channel} {action.id}"
    for kind in once:
        # What came back and arrived after all was posted once, what was sent again twice.
        failures = sum(kinds[one] for one in FAILED)
        if not 1 <= kinds[kind] <= 1 + failures:
            yield Finding("each contact has its evidence", subject, f"1 {kind}", str(dict(kinds)))
    rows = books.evidence_of_actions[action.id]
    says_all = any(row.kind == "sent" and row.subject for row in rows)
    for kind in some:
        if not kinds[kind] and not (kind == "prepared" and says_all):
            yield Finding("each contact has its evidence", subject, kind, str(dict(kinds)))
    if action.channel in CONVERSATIONS and kinds["outcome"] != action.attempt_count:
        yield Finding(
            "each attempt has its evidence",
            subject,
            f"{action.attempt_count} outcomes",
            str(kinds["outcome"]),
        )


def _count_kinds(books, action):
    return Counter(row.kind for row in books.evidence_of_actions.get(action.id, ()))


def _check_post(books, action):
    """What the post reported today is noted as evidence."""
    days = (
        (action.presented_on, ("presented", "acknowledged", "not_collected", "refused")),
        (action.acknowledged_on, ("acknowledged",)),
    )
    for day, wanted in days:
        if day != books.date:
            continue
        kinds = _count_kinds(books, action)
        if not any(kinds[kind] for kind in wanted):
            yield Finding(
                "what the post reports has its evidence",
                f"{books.name(action.case_id)}, {action.channel} {action.id}",
                " or ".join(wanted),
                str(dict(kinds)),
            )


def _check_states(books):
    """Evidence of a sending belongs to a contact that took place, or came back."""
    for row in books.evidence_of_day:
        action = books.actions.get(row.action_id)
        if action is None or row.kind not in ("sent", "posted"):
            continue
        if action.state not in ("sent", "done", "failed", "confirmed", "sending", "planned"):
            yield Finding(
                "evidence belongs to a contact",
                f"{books.name(row.case_id)}, {action.channel} {action.id}",
                "sent",
                action.state,
            )

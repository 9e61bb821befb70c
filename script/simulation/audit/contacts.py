"""Each contact happened once: a mail, its evidence and the .eml on the mail server are one."""

from collections import Counter, defaultdict
from email.utils import parseaddr

from .finding import Finding
from .mails import words

SENT = """
    SELECT evidence.transport_reference AS message_id, COUNT(*) AS number
      FROM collection_evidence evidence
     WHERE evidence.kind = 'sent' AND evidence.channel = 'email'
       AND evidence.transport_reference IN %(ids)s
  GROUP BY evidence.transport_reference
"""
ADDRESSES = """
    SELECT LOWER(person.email) AS email, debt.id AS case_id
      FROM collection_case debt
      JOIN res_partner person
        ON COALESCE(person.commercial_partner_id, person.id) = debt.partner_id
     WHERE debt.company_id IN %(companies)s AND person.email IS NOT NULL
"""
BODIES = """
    SELECT DISTINCT ON (evidence.action_id) evidence.action_id, evidence.subject, evidence.body,
           evidence.recipient, evidence.kind, evidence.payload::json -> 'attachments' AS attachments
      FROM collection_evidence evidence
     WHERE evidence.kind IN ('prepared', 'sent') AND evidence.body IS NOT NULL
       AND evidence.action_id IN %(ids)s
  ORDER BY evidence.action_id, evidence.id DESC
"""
# Odoo names in the Message-Id what a mail is about: <...-openerp-42-collection.case@host>.
OURS = "-collection."


def check(books):
    """Yield mails that left twice or without evidence, and evidence without its mail."""
    yield from _check_uniqueness(books)
    yield from _check_mails(books)
    yield from _check_evidence(books)
    yield from _check_rounds(books)


def _check_uniqueness(books):
    seen = books.memory.setdefault("message_ids", set())
    contents = Counter()
    for mail in books.mails:
        if mail.message_id in seen:
            yield Finding("each contact once", mail.message_id, "one mail", "it left again")
        seen.add(mail.message_id)
        contents[mail.recipients, mail.subject, mail.text] += 1
    for (recipients, subject, _text), number in contents.items():
        if number > 1:
            yield Finding("each contact once", f"{recipients}: {subject}", "one mail", str(number))


def _check_mails(books):
    """A mail about collection that reaches a debtor has one piece of evidence."""
    ids = tuple(mail.message_id for mail in books.mails) or ("",)
    sent = {row.message_id: row.number for row in books.rows(SENT, ids=ids)}
    debtors = defaultdict(set)
    for row in books.rows(ADDRESSES):
        debtors[row.email].add(row.case_id)
    for mail in books.mails:
        number = sent.get(mail.message_id, 0)
        is_ours = OURS in mail.message_id and any(debtors.get(one) for one in mail.recipients)
        if number > 1 or (is_ours and not number):
            yield Finding(
                "each contact has its evidence",
                f"{mail.subject} to {', '.join(mail.recipients)}",
                "one record of evidence",
                str(number),
            )


def _check_evidence(books):
    """What the evidence says was sent is what the mail server received."""
    mails = {mail.message_id: mail for mail in books.mails}
    rows = [
        row
        for row in books.evidence_of_day
        if row.kind == "sent" and row.channel == "email" and "declared_by" not in row.facts
    ]
    ids = tuple(row.action_id for row in rows) or (0,)
    prepared = {row.action_id: row for row in books.rows(BODIES, ids=ids)}
    for row in rows:
        books.count("mails compared with their evidence")
        subject = f"{books.name(row.case_id)}, e-mail {row.action_id}"
        mail = mails.get(row.transport_reference)
        if mail is None:
            yield Finding(
                "evidence has its mail", subject, row.transport_reference, "no mail on the server"
            )
        elif row.action_id in prepared:
            yield from _compare(subject, mail, prepared[row.action_id])
        else:
            yield Finding("each contact has its evidence", subject, "what it said", "nothing")


def _compare(subject, mail, prepared):
    address = parseaddr(prepared.recipient or "")[1].lower()
    hashes = sorted(file["sha256"] for file in prepared.attachments or ())
    text = words(prepared.body)
    # What a colleague writes in the chatter leaves in Odoo's own layout.
    is_within = prepared.kind == "sent" and text in mail.text
    pairs = (
        ("recipient", [address], list(mail.recipients)),
        ("subject", " ".join((prepared.subject or "").split()), mail.subject),
        ("text", text, text if is_within else mail.text),
        ("files", hashes, list(mail.hashes)),
    )
    for what, expected, found in pairs:
        if expected != found:
            expected, found = _shorten(expected, found)
            yield Finding("evidence says what was sent", f"{subject}, {what}", expected, found)


def _shorten(expected, found):
    """Return where two texts begin to differ."""
    if isinstance(expected, list):
        return str(expected), str(found)
    start = next(
        (n for n, pair in enumerate(zip(expected, found, strict=False)) if pair[0] != pair[1]),
        min(len(expected), len(found)),
    )
    return expected[max(0, start - 20) : start + 60], found[max(0, start - 20) : start + 60]


def _check_rounds(books):
    """Of a debtor's round each step leaves once."""
    rounds = Counter(
        (action.case_id, action.cycle, action.step_id)
        for action in books.actions.values()
        if action.step_id and action.cycle and action.state in ("sent", "done")
    )
    for (case_id, cycle, step_id), number in rounds.items():
        if number > 1:
            yield Finding(
                "each contact once",
                f"{books.name(case_id)}, round {cycle}, step {step_id}",
                "1",
                str(number),
            )

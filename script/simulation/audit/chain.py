"""The chain of evidence holds: recomputed from its documented recipe.

``payload_hash`` is the SHA-256 of the payload, ``content_hash`` the SHA-256 of the previous
record's content hash, a line break and the payload hash; positions have no gap.
"""

import hashlib
import json
from pathlib import Path

from .finding import Finding

RECORDS = """
    SELECT evidence.id, evidence.position, evidence.previous_hash, evidence.payload_hash,
           evidence.content_hash, evidence.payload, evidence.kind, evidence.channel,
           evidence.occurred_at, evidence.author, evidence.recipient, evidence.subject,
           evidence.body, evidence.transport_reference, evidence.action_id, debt.name AS case_name,
           evidence.erased_on
      FROM collection_evidence evidence
      JOIN collection_case debt ON debt.id = evidence.case_id
     WHERE evidence.company_id = %(company)s AND evidence.position > %(after)s
  ORDER BY evidence.position
"""
ENDS = "SELECT * FROM collection_evidence_chain WHERE company_id IN %(companies)s"
FILES = """
    SELECT link.collection_evidence_id AS evidence_id, file.name, file.store_fname, file.db_datas
      FROM collection_evidence_ir_attachment_rel link
      JOIN ir_attachment file ON file.id = link.ir_attachment_id
     WHERE link.collection_evidence_id IN %(ids)s
  ORDER BY file.id
"""
WHOLE_EVERY = 30  # days after which the whole chain is walked, and not its new end only


def check(books):
    """Yield each break of a company's chain."""
    ends = {row.company_id: row for row in books.rows(ENDS)}
    is_whole = books.date.toordinal() % WHOLE_EVERY == 0
    known = books.memory.setdefault("chain", {})
    for company in books.companies:
        position, previous = known.get(company, (0, ""))
        first = known.setdefault(("first", company), {})
        if is_whole:
            position, previous = 0, ""
        for row in books.rows(RECORDS, company=company, after=position):
            books.count("records of evidence")
            yield from _check_record(row, position, previous, first)
            position, previous = row.position, row.content_hash
        known[company] = (position, previous)
        end = ends.get(company)
        if end and (end.position, end.last_hash or "") != (position, previous):
            yield Finding(
                "the chain of evidence holds",
                f"company {company}, end",
                f"{position} {previous}",
                f"{end.position} {end.last_hash}",
            )
    yield from _check_files(books)


def _check_record(row, position, previous, first):
    subject = f"record {row.id} at {row.position} ({row.kind})"
    seal = hashlib.sha256(f"{previous}\n{row.payload_hash}".encode()).hexdigest()
    pairs = [
        ("position", position + 1, row.position),
        ("previous hash", previous, row.previous_hash or ""),
        ("content hash", seal, row.content_hash),
        # What was sealed once stays as it was, even if a whole chain were made anew.
        ("first seal", first.setdefault(row.id, row.content_hash), row.content_hash),
    ]
    if not row.erased_on:
        pairs.append(
            ("payload hash", hashlib.sha256(row.payload.encode()).hexdigest(), row.payload_hash)
        )
        pairs += _shown(row)
    for what, expected, found in pairs:
        if expected != found:
            yield Finding(
                "the chain of evidence holds", f"{subject}, {what}", str(expected), str(found)
            )


def _shown(row):
    """Return what the payload says and what the columns show."""
    said = json.loads(row.payload)
    facts = said["facts"]
    return [
        ("case", said["case"], row.case_name),
        ("action", said["action"] or None, row.action_id),
        ("kind", said["kind"], row.kind),
        ("channel", said["channel"] or None, row.channel),
        ("moment", said["occurred_at"], f"{row.occurred_at:%Y-%m-%d %H:%M:%S}"),
        ("author", said["author"], row.author),
        ("recipient", said["recipient"] or "", row.recipient or ""),
        ("subject", facts.get("subject") or "", row.subject or ""),
        ("body", facts.get("body") or "", row.body or ""),
        ("reference", facts.get("transport_reference") or "", row.transport_reference or ""),
    ]


def _check_files(books):
    """The files of the day's evidence are those that were sealed, where the file store is known."""
    store = getattr(books.day, "filestore", None)
    rows = [row for row in books.evidence_of_day if row.attachments]
    if not store or not rows:
        return
    files = {}
    for file in books.rows(FILES, ids=tuple(row.id for row in rows)):
        content = file.db_datas or (Path(store) / file.store_fname).read_bytes()
        files.setdefault(file.evidence_id, []).append(hashlib.sha256(content).hexdigest())
    for row in rows:
        books.count("files of evidence")
        sealed = sorted(file["sha256"] for file in row.attachments)
        if sealed != sorted(files.get(row.id, [])):
            yield Finding(
                "files are those that were sealed",
                f"record {row.id}",
                str(sealed),
                str(sorted(files.get(row.id, []))),
            )

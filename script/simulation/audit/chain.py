"""The chain of evidence holds: recomputed from its documented recipe.

``payload_hash`` is the SHA-256 of the payload, ``content_hash`` the SHA-256 of the previous
record's content hash, a line break and the payload hash; positions have no gap.
"""

import hashlib
import json
from pathlib import Path

from .finding import Finding
from .shelves import WRITTEN, horizon

# PostgreSQL adds the payloads up: they are long.
LINKS = """
    SELECT evidence.id, evidence.position, evidence.previous_hash, evidence.payload_hash,
           evidence.content_hash, evidence.kind, evidence.erased_on,
           ENCODE(SHA256(CONVERT_TO(evidence.payload, 'UTF8')), 'hex') AS payload_sum
      FROM collection_evidence evidence
     WHERE evidence.company_id = %(company)s AND evidence.position > %(after)s
  ORDER BY evidence.position
"""
RECORDS = f"""
    SELECT evidence.*, debt.name AS case_name,
           ENCODE(SHA256(CONVERT_TO(evidence.payload, 'UTF8')), 'hex') AS payload_sum
      FROM collection_evidence evidence
      JOIN collection_case debt ON debt.id = evidence.case_id
     WHERE evidence.company_id = %(company)s
       AND (evidence.position > %(after)s OR {WRITTEN.format("evidence")})
  ORDER BY evidence.position
"""
ENDS = """
    SELECT chain.company_id, chain.position, chain.last_hash,
           (SELECT COUNT(*) FROM collection_evidence evidence
             WHERE evidence.company_id = chain.company_id) AS number
      FROM collection_evidence_chain chain
     WHERE chain.company_id IN %(companies)s
"""
FILES = """
    SELECT link.collection_evidence_id AS evidence_id, file.name, file.store_fname, file.db_datas
      FROM collection_evidence_ir_attachment_rel link
      JOIN ir_attachment file ON file.id = link.ir_attachment_id
     WHERE link.collection_evidence_id IN %(ids)s
  ORDER BY file.id
"""
WHOLE_EVERY = 30  # days after which all of the chain is walked, not its new end alone


def check(books):
    """Yield each break of a company's chain."""
    ends = {row.company_id: row for row in books.rows(ENDS)}
    known = books.memory.setdefault("chain", {})
    since, now = known.get("since"), horizon(books.rows)
    if books.date.toordinal() % WHOLE_EVERY == 0:
        yield from _walk_whole(books)
    for company in books.companies:
        position, previous = known.get(company, (0, ""))
        scope = {"company": company, "after": position, "since": since or now}
        for row in books.rows(RECORDS, **scope):
            books.count("records of evidence")
            if row.position <= position:
                # It was written again: what the next record leans on was compared before.
                yield from _check_record(books, row, row.position - 1, row.previous_hash or "")
                continue
            yield from _check_record(books, row, position, previous)
            position, previous = row.position, row.content_hash
        known[company] = (position, previous)
        end = ends.get(company)
        found = end and (end.position, end.last_hash or "", end.number)
        if end and found != (position, previous, position):
            yield Finding(
                "the chain of evidence holds",
                f"company {company}, end and number of records",
                f"{position} {previous}, {position}",
                f"{found[0]} {found[1]}, {found[2]}",
            )
    known["since"] = now
    yield from _check_files(books)


def _walk_whole(books):
    """Yield the breaks of what was walked before: a record that is gone, a seal that is another."""
    for company in books.companies:
        last, _hash = books.memory["chain"].get(company, (0, ""))
        position, previous = 0, ""
        for row in books.rows(LINKS, company=company, after=0):
            if row.position > last:
                break
            yield from _check_link(books, row, position, previous)
            position, previous = row.position, row.content_hash


def _check_record(books, row, position, previous):
    yield from _check_link(books, row, position, previous)
    for what, expected, found in _shown(row) if not row.erased_on else ():
        if expected != found:
            yield _break(row, what, expected, found)


def _check_link(books, row, position, previous):
    seal = hashlib.sha256(f"{previous}\n{row.payload_hash}".encode()).hexdigest()
    first = books.memory.setdefault("seals", {}).setdefault(row.id, row.content_hash)
    pairs = [
        ("position", position + 1, row.position),
        ("previous hash", previous, row.previous_hash or ""),
        ("content hash", seal, row.content_hash),
        # What was sealed once stays as it was, even if a whole chain were made anew.
        ("first seal", first, row.content_hash),
    ]
    if not row.erased_on:
        pairs.append(("payload hash", row.payload_sum, row.payload_hash))
    for what, expected, found in pairs:
        if expected != found:
            yield _break(row, what, expected, found)


def _break(row, what, expected, found):
    return Finding(
        "the chain of evidence holds",
        f"record {row.id} at {row.position} ({row.kind}), {what}",
        str(expected),
        str(found),
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

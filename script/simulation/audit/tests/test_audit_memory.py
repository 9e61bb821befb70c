"""What the auditor keeps from one evening to the next is what it would read anew."""

import dataclasses

import pytest
from simulation.audit.books import Books
from simulation.audit.queries import SHELVES

CHANGES = {
    "a journal item": "UPDATE account_move_line SET amount_residual = amount_residual + 1",
    "its entry": "UPDATE account_move SET invoice_date = invoice_date - 1",
    "its debtor": "UPDATE res_partner SET commercial_partner_id = 1 WHERE id > 3",
    "a matching": "UPDATE account_partial_reconcile SET debit_amount_currency = 7",
    "a matching that is gone": "DELETE FROM account_partial_reconcile",
    "an item": "UPDATE collection_item SET is_open = NOT is_open",
    "an item that leaves for another case": """
        UPDATE collection_item SET case_id = (SELECT MAX(id) FROM collection_case)
         WHERE id IN (SELECT id FROM collection_item ORDER BY id LIMIT 5)""",
    "a contact": "UPDATE collection_action SET attempt_count = attempt_count + 1",
    "what contacts told": "DELETE FROM collection_action_item WHERE MOD(id, 2) = 0",
}
LATER = {
    "a payload": "UPDATE collection_evidence SET payload = payload || ' ' WHERE position = 3",
    "a text": "UPDATE collection_evidence SET body = 'Something else' WHERE position ="
    " (SELECT MIN(position) FROM collection_evidence WHERE body IS NOT NULL)",
    "a chain made anew": "UPDATE collection_evidence SET content_hash = payload_hash"
    " WHERE position = 4",
    "a record that is gone": "DELETE FROM collection_evidence WHERE position = 5",
}


def _read(site, memory):
    books = Books(site.connection, dataclasses.replace(site.day, memory=memory))
    return {name: dict(books.shelf(name)) for name in SHELVES}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_written_is_read_again(site, change):
    """Whoever wrote a row, and by whichever way."""
    memory = {}
    before = _read(site, memory)
    assert all(before.values())
    assert _read(site, memory) == before
    site.plant(CHANGES[change])
    after = _read(site, memory)
    assert after != before
    assert after == _read(site, {})
    for rows in after.values():
        assert list(rows) == sorted(rows)


@pytest.mark.parametrize("change", LATER)
def test_evidence_that_changes_later_is_found(site, change):
    """On the evening of the change, though its record was checked long before."""
    site.audit()
    site.plant(
        "ALTER TABLE collection_evidence DISABLE TRIGGER USER",
        "ALTER TABLE collection_evidence_ir_attachment_rel DISABLE TRIGGER USER",
        LATER[change],
    )
    assert "the chain of evidence holds" in site.invariants()


def test_time_is_told_by_family(site):
    """Who waits for the auditor sees what takes its time."""
    site.audit()
    seconds = site.day.memory["seconds"]
    assert {"reading", "verdicts", "chain"} <= set(seconds)
    assert all(value >= 0 for value in seconds.values())

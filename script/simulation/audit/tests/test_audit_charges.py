"""Statements of charges with one thing wrong; the demonstration's are made to be of its day."""

import pytest

TODAY = "(SELECT MAX(date) FROM collection_run WHERE state = 'done')"
NEW = f"UPDATE collection_charge SET date = {TODAY} WHERE state <> 'cancelled'"
SEGMENT = """
    UPDATE collection_charge_line SET segments = JSONB_SET(segments, '{{0,{0}}}', '{1}')
     WHERE kind = 'interest'
"""
PLANTED = {
    "a rate": ("the rate is the published one", SEGMENT.format("rate", '"11.00"')),
    "a base": ("interest is of what was due", SEGMENT.format("base", '"1.00"')),
    "an amount of a period": ("interest is computed", SEGMENT.format("amount", '"0.01"')),
    "a number of days": ("interest is computed", SEGMENT.format("days", "1000")),
    "an amount": (
        "interest adds up",
        "UPDATE collection_charge_line SET amount = amount + 1 WHERE kind = 'interest'",
    ),
    "a first day": (
        "interest runs while it is late",
        SEGMENT.format("start", '"2020-01-01"'),
    ),
    "days that are left out": (
        "interest is claimed wholly",
        "UPDATE collection_charge_line SET segments = segments - 0 WHERE kind = 'interest'",
    ),
    "days that are claimed twice": (
        "interest is claimed once",
        "UPDATE collection_charge_line SET segments = segments || segments WHERE kind = 'interest'",
    ),
    "another indemnity": (
        "the indemnity is the law's",
        "UPDATE collection_charge_line SET amount = 80 WHERE kind = 'indemnity'",
    ),
    "a consumer's indemnity": (
        "the indemnity is the law's",
        "UPDATE collection_charge SET debtor_kind = 'consumer'",
    ),
    "a total": (
        "totals equal their parts",
        "UPDATE collection_charge SET amount_total = amount_total + 1",
    ),
}


def test_charges_are_computed_alike(site):
    """The demonstration's statements come out the same."""
    site.plant(NEW)
    assert site.audit() == []
    assert site.day.memory["compared"]["interest lines"] > 0
    assert site.day.memory["compared"]["indemnities"] > 0


@pytest.mark.parametrize("fault", PLANTED)
def test_planted_charge_is_found(site, fault):
    """Each fault is found under the name of what it breaks."""
    invariant, statement = PLANTED[fault]
    site.plant(NEW, statement)
    assert invariant in site.invariants()

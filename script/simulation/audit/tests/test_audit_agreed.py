"""Planted faults in what was agreed on, and in what was told once more."""

from datetime import timedelta

import pytest
from planting import TODAY
from simulation.audit.agreements import add_working_days

BANK = "a promise waits for the bank"
DAYS = 10  # from the day of the demonstration to the one that is promised
# Another promise of the same, made before it for a day before its own.
FORMER = """
    INSERT INTO collection_promise
           (case_id, company_id, amount, date, date_start, last_date, state, how)
    SELECT case_id, company_id, amount, date - 9, date_start - 60, last_date, 'withdrawn', how
      FROM collection_promise WHERE id = {promise} RETURNING id
"""
GIVEN = {
    "a promise that gives the bank a day more": """
        UPDATE collection_promise SET last_date = last_date + 1 WHERE id = {promise}""",
    "what is left of a promise and gives the bank its days anew": f"""
        WITH former AS ({FORMER})
        UPDATE collection_promise SET rest_of_id = (SELECT id FROM former)
         WHERE id = {{promise}}""",
}
PLANTED = {
    "a level that is told once more": (
        "no level is skipped",
        f"""UPDATE collection_action_item SET former_level_id = level_id
             WHERE level_id IS NOT NULL AND action_id IN (
                   SELECT id FROM collection_action
                    WHERE contact_date = {TODAY} AND state = 'sent')""",
    ),
    "a notice of other days than agreed on": (
        "a notice gives its days",
        f"""UPDATE collection_action
               SET notice_days = 3, contact_date = {TODAY}, is_notice = TRUE,
                   notice_runs_from = {TODAY},
                   instalment_id = (SELECT MIN(id) FROM collection_instalment)
             WHERE id = (SELECT MAX(id) FROM collection_action
                          WHERE channel = 'email' AND state = 'sent')""",
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_planted_agreement_is_found(site, fault):
    """Each fault is found under the name of what it breaks."""
    invariant, *statements = PLANTED[fault]
    site.plant(*statements)
    assert invariant in site.invariants()


@pytest.mark.parametrize("fault", GIVEN)
def test_other_days_for_the_bank_are_found(site, fault):
    """A promise of today has the bank's days from its own day on, and no others."""
    day = site.date + timedelta(days=DAYS)
    promise, company = site.rows(
        "SELECT id, company_id FROM collection_promise ORDER BY id LIMIT 1"
    )[0]
    bank_days = site.value(
        "SELECT COALESCE(collection_promise_bank_days, 0) FROM res_company WHERE id = %s", company
    )
    last = add_working_days(day, bank_days)
    site.plant(
        f"""UPDATE collection_promise SET state = 'pending', rest_of_id = NULL,
                   date_start = '{site.date}', date = '{day}', last_date = '{last}'
             WHERE id = {promise}"""
    )
    assert BANK not in site.invariants()
    site.plant(GIVEN[fault].format(promise=promise))
    site.forget()
    assert BANK in site.invariants()

"""Planted faults in what was agreed on, and in what was told once more."""

import pytest

TODAY = "(SELECT MAX(date) FROM collection_run WHERE state = 'done')"
PENDING = "(SELECT MIN(id) FROM collection_promise WHERE state = 'pending')"
# Another promise of the same, made before it for a day before its own.
FORMER = f"""
    INSERT INTO collection_promise
           (case_id, company_id, amount, date, date_start, last_date, state, how)
    SELECT case_id, company_id, amount, date - 9, date_start - 60, last_date, 'withdrawn', how
      FROM collection_promise WHERE id = {PENDING} RETURNING id
"""
PLANTED = {
    "a promise that gives the bank a day more": (
        "a promise waits for the bank",
        f"""UPDATE collection_promise SET date_start = {TODAY}, last_date = last_date + 1
             WHERE state = 'pending'""",
    ),
    "what is left of a promise and gives the bank its days anew": (
        "a promise waits for the bank",
        f"""WITH former AS ({FORMER})
            UPDATE collection_promise
               SET date_start = {TODAY}, rest_of_id = (SELECT id FROM former)
             WHERE id = {PENDING}""",
    ),
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

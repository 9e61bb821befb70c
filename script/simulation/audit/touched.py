"""What changed after the morning's decision: its verdicts say nothing of that until tomorrow."""

from datetime import timedelta

# Moments are those of the database on both sides. A clock may stand still: what bears the moment of
# the run itself may have come after it.
DEBTORS = """
    SELECT COALESCE(partner.commercial_partner_id, partner.id) AS id
      FROM account_move_line line
      JOIN res_partner partner ON partner.id = line.partner_id
     WHERE line.write_date BETWEEN %(since)s AND %(until)s AND line.company_id IN %(companies)s
     UNION
    SELECT COALESCE(partner.commercial_partner_id, partner.id) FROM res_partner partner
     WHERE partner.write_date BETWEEN %(since)s AND %(until)s
     UNION
    SELECT partner_id FROM collection_insolvency WHERE write_date BETWEEN %(since)s AND %(until)s
     UNION
    SELECT debt.partner_id
      FROM collection_insolvency_claim claim
      JOIN collection_item item ON item.id = claim.item_id
      JOIN collection_case debt ON debt.id = item.case_id
     WHERE claim.write_date BETWEEN %(since)s AND %(until)s
"""
CASES = """
    SELECT case_id AS id FROM collection_hold WHERE write_date BETWEEN %(since)s AND %(until)s
     UNION
    SELECT case_id FROM collection_promise WHERE write_date BETWEEN %(since)s AND %(until)s
     UNION
    SELECT case_id FROM collection_schedule WHERE write_date BETWEEN %(since)s AND %(until)s
     UNION
    SELECT case_id FROM collection_dispute WHERE write_date BETWEEN %(since)s AND %(until)s
     UNION
    SELECT case_id FROM collection_handover WHERE write_date BETWEEN %(since)s AND %(until)s
     UNION
    SELECT case_id FROM collection_proceeding WHERE write_date BETWEEN %(since)s AND %(until)s
     UNION
    SELECT case_id FROM collection_limitation_event
     WHERE create_date BETWEEN %(since)s AND %(until)s
     UNION
    SELECT case_id FROM collection_action
     WHERE write_date BETWEEN %(since)s AND %(until)s AND run_id IS DISTINCT FROM %(run_id)s
     UNION
    SELECT case_id FROM collection_action
     -- What the run itself sends decides its case anew; people and bounces come later.
     WHERE write_date BETWEEN %(since)s AND %(until)s AND run_id = %(run_id)s
       AND (channel NOT IN ('email', 'sms') AND (state <> 'planned' OR attempt_count > 0)
            OR state = 'failed')
"""
POLICIES = """
    SELECT 1 FROM collection_policy WHERE write_date BETWEEN %(since)s AND %(until)s
     UNION
    SELECT 1 FROM collection_level WHERE write_date BETWEEN %(since)s AND %(until)s
"""


def find_touched(books, run):
    """Return (debtors, cases, whether policies) that changed since a run had begun."""
    # What stood there before the simulated time began bears the moment of its own making.
    until = run.create_date + timedelta(days=2)
    scope = {"since": run.create_date, "until": until, "run_id": run.id}
    return (
        {row.id for row in books.rows(DEBTORS, **scope)},
        {row.id for row in books.rows(CASES, **scope)},
        bool(books.rows(POLICIES, **scope)),
    )

"""An auditor that does not find a planted fault proves nothing."""

from datetime import datetime, time
from types import SimpleNamespace

import pytest
from planting import BLOCKS, LINE, MAIL, TODAY, TOLD, UNLOCK, UNLOCK_FILES, block

LIVE = "('signed', 'running', 'late')"
# A case whose debtor has paid nothing too much.
WITHOUT_CREDIT = """
    SELECT MIN(item.case_id) FROM collection_item item
      JOIN collection_case debt ON debt.id = item.case_id
     WHERE item.is_open AND NOT EXISTS (
           SELECT FROM account_move_line line
             JOIN account_account account ON account.id = line.account_id
            WHERE account.account_type = 'asset_receivable' AND line.amount_residual < 0
              AND line.company_id = debt.company_id AND line.partner_id IN (
                  SELECT id FROM res_partner
                   WHERE commercial_partner_id = debt.partner_id OR id = debt.partner_id))
"""
PLANTED = {
    **{
        f"{what} of what was asked for": ("nobody is contacted about", *block(what, TOLD))
        for what in BLOCKS
    },
    "a payment of what was asked for": (
        "nobody is contacted about",
        f"""UPDATE account_move_line SET amount_residual = 0, amount_residual_currency = 0,
                   reconciled = TRUE WHERE id = {LINE}""",
    ),
    "another amount than was said": (
        "amounts of e-mails",
        f"""UPDATE account_move_line SET amount_residual_currency = amount_residual_currency - 1
             WHERE id = {LINE}""",
    ),
    "a level that was skipped": (
        "no level is skipped",
        f"""WITH higher AS (
                SELECT level.id FROM collection_level level
                  JOIN collection_level own
                    ON own.policy_id = level.policy_id AND level.number > own.number
                  JOIN collection_action action ON action.level_id = own.id
                 WHERE action.id = {MAIL} ORDER BY level.number LIMIT 1),
            told AS (UPDATE collection_action_item SET level_id = (SELECT id FROM higher)
                      WHERE action_id = {MAIL})
            UPDATE collection_action SET level_id = (SELECT id FROM higher) WHERE id = {MAIL}""",
    ),
    "a level before its day": (
        "each level has its wait",
        f"""UPDATE account_move_line SET date_maturity = {TODAY} + 60 WHERE id = {LINE}""",
    ),
    "two contacts on a day": (
        "lawful caps",
        UNLOCK,
        f"""UPDATE collection_evidence SET case_id = (
                SELECT case_id FROM collection_action WHERE id = {MAIL})
             WHERE kind = 'sent' AND channel = 'email' AND id = (
                SELECT MAX(evidence.id) FROM collection_evidence evidence
                  JOIN collection_action action ON action.id = evidence.action_id
                 WHERE evidence.kind = 'sent' AND evidence.channel = 'email'
                   AND action.contact_date = {TODAY} AND action.state = 'sent'
                   AND action.is_agreed IS NOT TRUE AND action.id <> {MAIL})""",
        """UPDATE collection_action action SET case_id = evidence.case_id, cycle = action.cycle + 7
             FROM collection_evidence evidence
            WHERE evidence.action_id = action.id AND evidence.case_id <> action.case_id""",
    ),
    "a contact without what it said": (
        "each contact has its evidence",
        UNLOCK,
        UNLOCK_FILES,
        f"DELETE FROM collection_evidence WHERE action_id = {MAIL} AND kind = 'prepared'",
    ),
    "a contact without its sending": (
        "each contact has its evidence",
        UNLOCK,
        UNLOCK_FILES,
        f"DELETE FROM collection_evidence WHERE action_id = {MAIL} AND kind = 'sent'",
    ),
    "a text that was changed": (
        "evidence says what was sent",
        UNLOCK,
        f"""UPDATE collection_evidence SET body = REPLACE(body, 'e', 'a')
             WHERE action_id = {MAIL} AND kind = 'prepared'""",
    ),
    "a payload that was changed": (
        "the chain of evidence holds",
        UNLOCK,
        "UPDATE collection_evidence SET payload = payload || ' ' WHERE position = 3",
    ),
    "a record that is gone": (
        "the chain of evidence holds",
        UNLOCK,
        UNLOCK_FILES,
        "DELETE FROM collection_evidence WHERE position = 5",
    ),
    "a chain that ends too early": (
        "the chain of evidence holds",
        "UPDATE collection_evidence_chain SET position = position + 1 WHERE position > 0",
    ),
    "an item that was left out": (
        "items are what the ledger has open",
        "UPDATE collection_item SET is_open = FALSE WHERE is_open",
    ),
    "a case that stayed closed": (
        "a case is open while something is owed",
        f"UPDATE collection_case SET is_open = FALSE, closed_on = {TODAY} WHERE is_open",
    ),
    "a case with another's policy": (
        "a case has its debtor's policy",
        """UPDATE collection_case SET policy_id = (
               SELECT id FROM collection_policy policy WHERE policy.id <> collection_case.policy_id
                ORDER BY id LIMIT 1)
            WHERE policy_id IS NOT NULL""",
    ),
    "a promise that was called kept": (
        "promises follow the matchings",
        "UPDATE collection_promise SET state = 'kept' WHERE state IN ('pending', 'broken')",
    ),
    "a promise for another day": (
        "promises follow the matchings",
        f"""UPDATE collection_promise
               SET last_date = {TODAY} + CASE state WHEN 'pending' THEN -1 ELSE 30 END
             WHERE state IN ('pending', 'broken')""",
    ),
    "a dispute that nobody ended": (
        "disputes follow the ledger",
        """UPDATE account_move_line SET reconciled = TRUE WHERE id IN (
               SELECT item.move_line_id FROM collection_item item
                 JOIN collection_dispute_line line ON line.item_id = item.id
                 JOIN collection_dispute dispute ON dispute.id = line.dispute_id
                WHERE dispute.state IN ('open', 'waiting', 'answered'))""",
    ),
    "an instalment that was called paid": (
        "instalments follow the matchings",
        f"""UPDATE collection_instalment
               SET state = CASE state WHEN 'kept' THEN 'broken' ELSE 'kept' END
             WHERE schedule_id IN (SELECT id FROM collection_schedule WHERE state IN {LIVE})""",
    ),
    "a schedule that was called late": (
        "schedules follow the matchings",
        f"""UPDATE collection_schedule
               SET state = CASE state WHEN 'late' THEN 'running' ELSE 'late' END
             WHERE state IN {LIVE}""",
    ),
    "a schedule that does not add up": (
        "a schedule adds up",
        f"""UPDATE collection_instalment SET amount = amount + 1
             WHERE schedule_id IN (SELECT id FROM collection_schedule WHERE state IN {LIVE})
               AND number = 1""",
    ),
    "a waiver that was not booked": (
        "a waiver is booked once done",
        "UPDATE collection_waiver SET state = 'done' WHERE state <> 'done' AND kind = 'principal'",
    ),
    "a waiver approved by who asked": (
        "nobody approves his own waiver",
        """UPDATE collection_waiver SET decided_by_id = 2, requested_by_id = 2, state = 'approved',
                  amount = 100000, last_date = NULL""",
    ),
    "a deadline on a Sunday": (
        "deadlines stand on their day",
        "UPDATE collection_deadline SET legal_date = legal_date + 1",
    ),
    "an alarm that comes too late": (
        "deadlines stand on their day",
        "UPDATE collection_deadline SET alarm_date = alarm_date + 3 WHERE purpose = 'act'",
    ),
    "a deadline that nobody saw pass": (
        "a deadline that passed is told",
        f"UPDATE collection_deadline SET state = 'open', legal_date = {TODAY} - 5",
    ),
    "a declaration without its deadline": (
        "insolvency opens the declaration",
        """UPDATE collection_insolvency SET state = 'open',
                  publication_date = COALESCE(publication_date, judgement_date)
            WHERE kind IN ('safeguard', 'reorganisation', 'liquidation') AND case_id IS NOT NULL""",
        "DELETE FROM collection_deadline WHERE rule_code = 'insolvency.declaration'",
    ),
    "a notice that ends a day early": (
        "a notice ends on its day",
        "UPDATE collection_action SET notice_ends_on = notice_ends_on - 1 WHERE is_notice"
        " AND state = 'sent' AND notice_ends_on IS NOT NULL",
    ),
    "a count of a run": (
        "totals equal the ledger",
        f"""UPDATE collection_run_count SET item_count = 0 WHERE item_count > 0
               AND run_id IN (SELECT id FROM collection_run WHERE date = {TODAY})""",
    ),
    "a claimed amount": (
        "totals equal the ledger",
        f"UPDATE collection_action SET claimed_amount = claimed_amount + 1 WHERE id = {MAIL}",
    ),
}


def test_demonstration_is_clean(site):
    """On its day nothing of the demonstration contradicts anything."""
    found = site.audit()
    assert found == []
    compared = site.day.memory["compared"]
    for what in ("verdicts", "moments of contacts", "records of evidence", "deadlines", "cases"):
        assert compared[what] > 0, what


@pytest.mark.parametrize("fault", PLANTED)
def test_planted_fault_is_found(site, fault):
    """Each fault is found under the name of what it breaks."""
    invariant, *statements = PLANTED[fault]
    site.plant(*statements)
    assert invariant in site.invariants()


def test_level_out_of_nowhere_is_found(site):
    """Between two evenings only a contact moves a level."""
    site.audit()
    site.plant(
        """WITH level AS (SELECT MAX(id) AS id FROM collection_level)
           UPDATE collection_item SET level_id = (SELECT id FROM level) WHERE id = (
               SELECT MIN(item.id) FROM collection_item item, level
                WHERE item.level_id IS DISTINCT FROM level.id AND NOT EXISTS (
                      SELECT FROM collection_action_item told WHERE told.item_id = item.id))"""
    )
    assert "a level comes from a contact" in site.invariants()


# === SCREENS === #


def test_amount_on_a_screen_is_found(site):
    """What a list shows of a case, and the sum below it, are the ledger's."""
    case_id = site.value(WITHOUT_CREDIT)
    company = site.value("SELECT company_id FROM collection_case WHERE id = %s", case_id)
    due, overdue = site.rows(
        """SELECT SUM(line.amount_residual),
                  COALESCE(SUM(line.amount_residual) FILTER (
                      WHERE COALESCE(line.date_maturity, line.date) < %s), 0)
             FROM collection_item item JOIN account_move_line line ON line.id = item.move_line_id
            WHERE item.is_open AND item.case_id = %s""",
        site.date,
        case_id,
    )[0]
    site.day.screens, site.day.totals = {case_id: (due, overdue, 0)}, {company: (due, overdue)}
    assert site.audit() == []
    for screens, totals in (
        ({case_id: (due + 1, overdue, 0)}, {}),
        ({case_id: (due, overdue - 1, 0)}, {}),
        ({case_id: (due, overdue, 1)}, {}),
        ({case_id: (due, overdue, 0)}, {company: (due, overdue + 1)}),
    ):
        site.day.screens, site.day.totals = screens, totals
        assert "totals equal the ledger" in site.invariants()


# === JOURNAL === #


def test_act_that_left_no_trace_is_found(site):
    """What somebody did and the database does not know."""
    site.plant(UNLOCK, "UPDATE collection_evidence SET kind = 'prepared' WHERE kind = 'outcome'")
    partner_id = site.value("SELECT MIN(partner_id) FROM collection_case")
    for kind, detail in (
        ("promised", {"date": site.date, "amount": 12345.0}),
        ("schedule_signed", {"schedule": -1}),
        ("handed_over", {"handover": -1}),
        ("disputed_wrongly", {"moves": [-1]}),
        ("insolvent_opened", {"record": -1}),
        ("letter_posted", {"action": -1}),
        ("called", {}),
    ):
        act = SimpleNamespace(
            day=site.date,
            moment=datetime.combine(site.date, time(9)),
            kind=kind,
            debtor="Somebody",
            partner_id=partner_id,
            detail=detail,
        )
        site.day.journal = SimpleNamespace(entries=[act])
        assert "what was done stands" in site.invariants(), kind

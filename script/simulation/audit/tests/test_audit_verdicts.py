"""Whatever an item's verdict is, it is the auditor's too, and another one in its place is found.

One item that was contacted is put into each situation, so that no day lacks one.
"""

import pytest
from planting import TODAY, block

INVARIANT = "the verdict is the one of the rules"
# Contacted today, of the company's currency, on the ladder of its case's policy.
ITEM = f"""
    SELECT MIN(item.id) FROM collection_item item
      JOIN collection_case debt ON debt.id = item.case_id
      JOIN collection_level level ON level.id = item.level_id
      JOIN account_move_line line ON line.id = item.move_line_id
      JOIN account_move move ON move.id = line.move_id
      JOIN res_company company ON company.id = line.company_id
     WHERE item.is_open AND item.verdict = 'too_soon' AND item.last_contact_date = {TODAY}
       AND level.policy_id = debt.policy_id AND move.collection_policy_id IS NULL
       AND line.currency_id = company.currency_id
"""
LINE = """
    UPDATE account_move_line SET {}
     WHERE id = (SELECT move_line_id FROM collection_item WHERE id = {{item}})
"""
CASE = "(SELECT case_id FROM collection_item WHERE id = {item})"
DEBTOR = f"(SELECT partner_id FROM collection_case WHERE id = {CASE})"
# What was changed after the run had begun is not judged: here nothing was.
AFTERWARDS = "UPDATE collection_run SET create_date = create_date + INTERVAL '1 day'"
LONG_AGO = 200  # days: longer than any wait, shorter than any limitation
SITUATIONS = {
    "too_soon": (),
    "remind": (
        LINE.format(f"date_maturity = date_maturity - {LONG_AGO}"),
        f"""UPDATE collection_item SET last_contact_date = last_contact_date - {LONG_AGO}
             WHERE id = {{item}}""",
        f"""UPDATE collection_action SET contact_date = contact_date - {LONG_AGO}
             WHERE case_id = {CASE}""",
    ),
    "not_due": (LINE.format(f"date_maturity = {TODAY} + 400"),),
    "not_collectible": (LINE.format("no_followup = TRUE"),),
    "paid": (LINE.format("reconciled = TRUE"),),
    "time_barred": (
        LINE.format(f"date_maturity = {TODAY} - 1100"),
        f"""UPDATE res_partner SET collection_debtor_kind = 'consumer',
                   collection_claim_nature = NULL WHERE id = {DEBTOR}""",
        """UPDATE account_move SET collection_claim_nature = NULL WHERE id = (
               SELECT line.move_id FROM account_move_line line
                 JOIN collection_item item ON item.move_line_id = line.id
                WHERE item.id = {item})""",
    ),
    "covered": (
        f"""UPDATE account_move_line SET partner_id = {DEBTOR}, reconciled = FALSE,
                   amount_residual = -1000000, amount_residual_currency = -1000000
             WHERE id = (SELECT MIN(line.id) FROM account_move_line line
                           JOIN account_account account ON account.id = line.account_id
                           JOIN res_company company ON company.id = line.company_id
                          WHERE account.account_type = 'asset_receivable' AND line.balance < 0
                            AND line.parent_state = 'posted'
                            AND line.currency_id = company.currency_id)""",
    ),
    "below_minimum": ("UPDATE collection_policy SET minimum_amount = 1000000",),
    "no_policy": ("UPDATE collection_policy SET active = FALSE",),
    "ladder_done": (
        """UPDATE collection_item SET level_id = (
               SELECT level.id FROM collection_level level
                 JOIN collection_level own ON own.policy_id = level.policy_id
                WHERE own.id = collection_item.level_id AND level.active
             ORDER BY level.number DESC LIMIT 1)
            WHERE id = {item}""",
    ),
    "notice_running": (
        f"""UPDATE collection_action SET is_notice = TRUE, next_level_from = {TODAY} + 5
             WHERE id = (SELECT MAX(told.action_id) FROM collection_action_item told
                           JOIN collection_action action ON action.id = told.action_id
                          WHERE told.item_id = {{item}} AND told.level_id = action.level_id
                            AND action.state IN ('sent', 'done'))""",
    ),
    "promise": block("a promise", "{item}"),
    "schedule": block("a schedule", "{item}"),
    "disputed": block("a dispute", "{item}"),
    "handed_over": block("a handover", "{item}"),
    "insolvency": block("an insolvency", "{item}"),
    "held": block("a pause", "{item}"),
}


@pytest.mark.parametrize("verdict", SITUATIONS)
def test_wrong_verdict_is_found(site, verdict):
    """The right one is not complained of, and was looked at."""
    item = site.value(ITEM)
    site.plant(AFTERWARDS, *(statement.format(item=item) for statement in SITUATIONS[verdict]))
    other = "held" if verdict != "held" else "too_soon"
    for said, expected in ((verdict, []), (other, [(verdict, other)])):
        site.plant(f"UPDATE collection_item SET verdict = '{said}' WHERE id = {item}")
        site.forget()
        found = [
            (one.expected, one.found)
            for one in site.audit()
            if one.invariant == INVARIANT and one.subject.endswith(f", item {item}")
        ]
        assert found == expected
    assert site.day.memory["compared"][f"verdicts: {verdict}"] > 0


def test_wrong_next_day_is_found(site):
    """The day on which one looks again is compared too."""
    site.plant("UPDATE collection_item SET next_date = next_date + 1 WHERE verdict = 'too_soon'")
    assert "the next day is the one of the rules" in site.invariants()

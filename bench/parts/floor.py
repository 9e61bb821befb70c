"""The floor: the decisions of a first run, in one SQL statement into two plain tables.

The tables have the foreign keys of ours, and nothing else: no index but the primary key, no
hold, no credit, no cap, no reason why not. The statement reads the ledger only.
"""

from datetime import date

from odoo.tools import SQL

from ..measure import Recorder

REPEAT = 3
# What a decision of ours refers to: the item's and the action item's foreign keys.
DECISION_KEYS = {
    "action_id": "bench_floor_action",
    "move_line_id": "account_move_line",
    "case_id": "collection_case",
    "next_level_id": "collection_level",
    "item_id": "collection_item",
    "level_id": "collection_level",
}
# What an action of ours refers to, as far as a proposal fills it.
ACTION_KEYS = {
    "company_id": "res_company",
    "case_id": "collection_case",
    "run_id": "collection_run",
    "level_id": "collection_level",
    "step_id": "collection_level_step",
    "user_id": "res_users",
    "create_uid": "res_users",
    "write_uid": "res_users",
}


def run(env, parameters):
    """Measure the statement without and with foreign keys; the best of a few times counts."""
    recorder = Recorder("floor")
    today = date.fromisoformat(parameters["today"])
    for name, with_keys in (("without foreign keys", False), ("with foreign keys", True)):
        attempts = Recorder("floor")
        for _attempt in range(REPEAT):
            _create_tables(env, with_keys)
            with attempts.measure(env, name) as figures:
                env.cr.execute(_statement(env, today))
                figures["rows"] = env.cr.rowcount
        recorder.rows.append(min(attempts.rows, key=lambda row: row["wall"]))
    _drop_tables(env)
    return recorder.rows


def _create_tables(env, with_keys):
    _drop_tables(env)
    for table, keys, more in (
        ("bench_floor_action", ACTION_KEYS, "date_planned date, cycle int, state varchar"),
        ("bench_floor_decision", DECISION_KEYS, "verdict varchar, next_date date"),
    ):
        columns = ", ".join(
            f"{column} int {'REFERENCES ' + target if with_keys else ''}"
            for column, target in keys.items()
        )
        env.cr.execute(f"CREATE TABLE {table} (id serial PRIMARY KEY, {columns}, {more})")
    env.cr.commit()


def _drop_tables(env):
    env.cr.execute("DROP TABLE IF EXISTS bench_floor_decision, bench_floor_action")
    env.cr.commit()


def _statement(env, today):
    """Return the statement: the overdue lines, one action a debtor, one decision a line."""
    accounts = env["account.account"].search(
        [("account_type", "=", "asset_receivable"), ("non_trade", "=", False)]
    )
    return SQL(
        """
        WITH overdue AS (
            SELECT line.id AS move_line_id, debt.id AS case_id, debt.user_id, item.id AS item_id,
                   level.id AS level_id, step.id AS step_id, line.date_maturity,
                   DENSE_RANK() OVER (ORDER BY debt.id) AS action_id
              FROM account_move_line line
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN collection_case debt ON debt.partner_id = partner.commercial_partner_id
              JOIN collection_item item ON item.move_line_id = line.id
              JOIN collection_level level ON level.policy_id = debt.policy_id AND level.number = 1
              JOIN collection_level_step step ON step.level_id = level.id
             WHERE line.account_id IN %(account_ids)s
               AND line.reconciled IS NOT TRUE AND line.parent_state = 'posted'
               AND line.company_id = %(company_id)s AND line.balance > 0
               AND line.amount_residual > 0
               AND line.date_maturity + level.delay_days <= %(today)s),
        action AS (
            INSERT INTO bench_floor_action (id, company_id, case_id, run_id, level_id, step_id,
                   user_id, create_uid, write_uid, date_planned, cycle, state)
            SELECT DISTINCT ON (case_id) action_id, %(company_id)s, case_id, %(run_id)s, level_id,
                   step_id, user_id, %(uid)s, %(uid)s, %(today)s::date, 1, 'proposed'
              FROM overdue ORDER BY case_id)
        INSERT INTO bench_floor_decision (action_id, move_line_id, case_id, next_level_id,
               item_id, level_id, verdict, next_date)
        SELECT action_id, move_line_id, case_id, level_id, item_id, level_id, 'remind',
               date_maturity
          FROM overdue
        """,
        account_ids=tuple(accounts.ids),
        company_id=env.company.id,
        run_id=env["collection.run"].search([], limit=1).id,
        uid=env.uid,
        today=today,
    )

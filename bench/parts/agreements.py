"""Promises and schedules by the thousand, judged as the daily run and as matching judge them.

They are written by SQL, each with its hold; judging them is the add-on's own code. Promises and
schedules fell due ten days ago; some of their items were paid in part before or since.
"""

import sys
import threading
from datetime import date, timedelta

from odoo.tools import SQL, split_every

from odoo.addons.recouvrement_creances.models.negotiation.collection_settlement import BATCH

from ..measure import Recorder

DAYS_AGO = 10
# Matched at once in a large bank statement.
MATCHED = 1000
REASON = "recouvrement_creances.collection_reason_hold_"

HELD = """
    WITH wanted AS (
        SELECT serial.number, item.id AS item_id, debt.id AS case_id, debt.company_id,
               debt.partner_id, line.amount_residual_currency AS amount
          FROM unnest(%(item_ids)s::int[]) WITH ORDINALITY serial(item_id, number)
          JOIN collection_item item ON item.id = serial.item_id
          JOIN collection_case debt ON debt.id = item.case_id
          JOIN account_move_line line ON line.id = item.move_line_id
    ), hold AS (
        INSERT INTO collection_hold (case_id, company_id, kind, state, reason_id, date_start,
                                     review_date, note)
        SELECT case_id, company_id, %(kind)s, 'open', %(reason_id)s, %(start)s, %(due)s,
               number::text
          FROM wanted
     RETURNING id, note
    ), held AS (
        INSERT INTO collection_hold_line (hold_id, item_id)
        SELECT hold.id, wanted.item_id
          FROM hold
          JOIN wanted ON wanted.number::text = hold.note
    )
"""
PROMISES = """
    , made AS (
        INSERT INTO collection_promise (case_id, company_id, partner_id, currency_id, amount, date,
                                        date_start, last_date, tolerance, state, how,
                                        matched_after, hold_id, note)
        SELECT wanted.case_id, wanted.company_id, wanted.partner_id, %(currency_id)s,
               wanted.amount, %(due)s, %(start)s, %(due)s, 0, 'pending', 'call', 0, hold.id,
               hold.note
          FROM wanted
          JOIN hold ON hold.note = wanted.number::text
     RETURNING id, note
    )
    INSERT INTO collection_promise_item_rel (promise_id, item_id)
    SELECT made.id, wanted.item_id
      FROM made
      JOIN wanted ON wanted.number::text = made.note
"""
SCHEDULES = """
    , made AS (
        INSERT INTO collection_schedule (name, version, case_id, company_id, currency_id, state,
                                         requested_by, amount_total, frequency, interest_clause,
                                         cure_days, payment_way, date_start, hold_id, note)
        SELECT 'BENCH/' || wanted.number, 1, wanted.case_id, wanted.company_id, %(currency_id)s,
               'running', 'debtor', wanted.amount, 'month', 'maintained', 15, 'transfer',
               %(start)s, hold.id, hold.note
          FROM wanted
          JOIN hold ON hold.note = wanted.number::text
     RETURNING id, company_id, amount_total, note
    ), instalment AS (
        INSERT INTO collection_instalment (schedule_id, company_id, number, kind, due_date, amount,
                                           state)
        SELECT made.id, made.company_id, part.number, 'instalment',
               %(due)s::date + 30 * (part.number - 1),
               CASE part.number WHEN 3 THEN made.amount_total - 2 * ROUND(made.amount_total / 3, 2)
                                ELSE ROUND(made.amount_total / 3, 2) END,
               'pending'
          FROM made, generate_series(1, 3) part(number)
    )
    INSERT INTO collection_schedule_item (schedule_id, company_id, sequence, item_id, name, amount)
    SELECT made.id, made.company_id, 1, wanted.item_id, 'BENCH', made.amount_total
      FROM made
      JOIN wanted ON wanted.number::text = made.note
"""
TABLES = (
    "collection_hold",
    "collection_hold_line",
    "collection_promise",
    "collection_promise_item_rel",
    "collection_schedule",
    "collection_schedule_item",
    "collection_instalment",
)


def run(env, parameters):
    """Judge so many promises and so many schedules, batch by batch."""
    count, today = parameters["count"], date.fromisoformat(parameters["today"])
    recorder = Recorder("ours")
    items = _find_items(env, 2 * count)
    half = len(items) // 2
    for model, kind, statement, chosen in (
        ("collection.promise", "promise", PROMISES, items[:half]),
        ("collection.schedule", "schedule", SCHEDULES, items[half:]),
    ):
        _insert(env, kind, statement, _repeat(chosen.ids, count), today)
        what = f"{count:,} {kind}s"
        _judge_due(env, recorder, model, f"{what}, a day that was missed", today)
        _judge_due(env, recorder, model, f"{what}, the day after", today + timedelta(days=1))
        lines = chosen[:MATCHED].move_line_id
        with recorder.measure(env, f"{len(lines):,} items of {kind}s matched at once") as figures:
            env["collection.settlement"]._judge_touched(lines)
            figures["rows"] = len(lines)
    return recorder.rows


def _find_items(env, number):
    """Return open items of the company's currency."""
    items = env["collection.item"].search(
        [
            ("is_open", "=", True),
            ("currency_id", "=", env.company.currency_id.id),
            ("amount_residual", ">", 1),
        ],
        order="id",
        limit=number,
    )
    if len(items) < 2:
        sys.exit("The ledger has no open items: nothing can be agreed on")
    return items


def _repeat(ids, number):
    """Return so many items: each item of a small ledger bears several agreements."""
    return [ids[index % len(ids)] for index in range(number)]


def _insert(env, kind, statement, item_ids, today):
    due = today - timedelta(days=DAYS_AGO)
    env.flush_all()
    env.cr.execute(
        SQL(
            HELD + statement,
            item_ids=item_ids,
            kind=kind,
            reason_id=env.ref(f"{REASON}{kind}").id,
            currency_id=env.company.currency_id.id,
            start=due - timedelta(days=DAYS_AGO),
            due=due,
        )
    )
    env.cr.commit()
    # What the server's autovacuum does within a minute.
    for table in TABLES:
        env.cr.execute(f"ANALYZE {table}")
    env.cr.commit()
    env.invalidate_all()


def _judge_due(env, recorder, model, name, day):
    """Judge what a day may have changed, in the batches of the daily run."""
    thread = threading.current_thread()
    counts = []
    with recorder.measure(env, name) as figures:
        due = env[model]._find_due(env.company, day)
        for ids in split_every(BATCH, due.ids):
            before = thread.query_count
            env[model].browse(ids).with_context(collection_deciding=True)._judge(day)
            # What waits for the end of the transaction belongs to it: Odoo's tracking does.
            env.cr.precommit.run()
            env.flush_all()
            counts.append(thread.query_count - before)
        figures["rows"], figures["batches"] = len(due), len(counts)
        figures["least"], figures["most"] = min(counts, default=0), max(counts, default=0)

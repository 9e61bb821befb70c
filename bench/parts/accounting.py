"""Does accounting get slower? Posting and reconciling invoices in batches.

In a database without our add-on and in one with it, batch by batch in turn and in one process:
what else the machine does falls on both.
"""

import gc
import threading
import time
from datetime import date, timedelta
from statistics import median

import session

from odoo.fields import Command

from ..measure import Recorder, backend_seconds

BATCH = 100
# One batch of twice the size: what the add-on asks for must not grow with the batch.
LARGE_BATCH = 200
THOUSAND = 1000
# Each customer's batch is measured so often: one alone differs by more than what is asked about.
ROUNDS = 3


def run(env, parameters):
    """Post and reconcile so many invoices on both sides; the middle batch stands for a thousand."""
    today, count = date.fromisoformat(parameters["today"]), parameters["count"]
    starts = [*range(0, count, BATCH)] * ROUNDS
    with session.environment(parameters["plain"]) as plain:
        sides = {"odoo": plain, "ours": env}
        batches = {tool: [] for tool in sides}
        for turn, start in enumerate(starts):
            # Each side begins as often as the other: the second finds warmer caches.
            for tool in (*sides,) if turn % 2 else reversed(sides):
                batches[tool].append(_measure_batch(sides[tool], today, start, BATCH))
        large = {
            tool: _measure_batch(side, today, count, LARGE_BATCH) for tool, side in sides.items()
        }
    recorders = [_note(tool, batches[tool], large[tool]) for tool in sides]
    return [row for recorder in recorders for row in recorder.rows]


def _note(tool, batches, large):
    recorder = Recorder(tool)
    # The first batch also fills caches.
    usual = batches[1:] or batches
    for name in ("post", "reconcile"):
        seconds, work, queries = zip(*(batch[name] for batch in usual), strict=True)
        recorder.note(
            name,
            wall=median(seconds) * THOUSAND / BATCH,
            work=median(work) * THOUSAND / BATCH,
            queries=max(queries),
            queries_large=large[name][2],
            rows=THOUSAND,
        )
    return recorder


def _measure_batch(env, today, start, size):
    """Return {"post", "reconcile": (seconds, processor seconds, queries)} of one batch."""
    moves = _draft(env, today, start, size)
    posted = _time(env, moves.action_post)
    pairs = _credit(env, moves, today)
    return {"post": posted, "reconcile": _time(env, lambda: _reconcile(env, pairs))}


def _draft(env, today, start, size):
    """Make the invoices of one batch, each for another customer; not measured."""
    partners = env["res.partner"].search(
        [("customer_rank", ">", 0), ("parent_id", "=", False)],
        order="id",
        offset=start,
        limit=size,
    )
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": today - timedelta(days=60),
                "invoice_line_ids": [
                    Command.create({"name": "Prestation", "quantity": 1, "price_unit": 100 + index})
                ],
            }
            for index, partner in enumerate(partners)
        ]
    )
    env.cr.commit()
    env.invalidate_all()
    return moves


def _credit(env, moves, today):
    """Return each invoice's line with one of equal amount to its credit; not measured.

    The credits are lines of one entry, as a bank statement's are.
    """
    lines = moves.line_ids.filtered(lambda line: line.display_type == "payment_term")
    journal = env["account.journal"].search([("type", "=", "general")], limit=1)
    bank = env["account.account"].search([("account_type", "=", "asset_cash")], limit=1)
    credits = [
        {"account_id": line.account_id.id, "partner_id": line.partner_id.id, "credit": line.balance}
        for line in lines
    ]
    debit = {"account_id": bank.id, "debit": sum(lines.mapped("balance"))}
    entry = env["account.move"].create(
        {
            "journal_id": journal.id,
            "date": today,
            "line_ids": [Command.create(values) for values in [*credits, debit]],
        }
    )
    entry.action_post()
    env.cr.commit()
    pairs = zip(lines, entry.line_ids.filtered("credit"), strict=True)
    pairs = [line + credit for line, credit in pairs]
    env.invalidate_all()
    return pairs


def _reconcile(env, pairs):
    env["account.move.line"]._reconcile_plan(pairs)


def _time(env, work):
    """Return the seconds, the processor seconds and the queries of one batch, committed."""
    thread = threading.current_thread()
    thread.query_count = thread.query_time = 0
    gc.collect()
    backend = backend_seconds(env)
    processor, started = time.process_time(), time.monotonic()
    work()
    env.flush_all()
    env.cr.commit()
    seconds = time.monotonic() - started
    spent = time.process_time() - processor + backend_seconds(env) - backend
    return seconds, spent, thread.query_count

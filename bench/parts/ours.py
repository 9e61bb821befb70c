"""Our runs: refresh, decide, propose; the days between them are moved, not waited for."""

import threading
import time
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from unittest.mock import patch

from ..measure import Recorder, tidy

# What one run does, phase by phase.
PHASES = {
    "refresh": ("collection.refresh", "_refresh"),
    "decide": ("collection.decision", "_decide"),
    "propose": ("collection.proposal", "_propose"),
    "rank": ("collection.ranking", "_rank"),
}
WRITTEN = ("collection_item", "collection_case", "collection_action", "collection_action_item")


def run(env, parameters):
    """First run, again on the same day, on the next day, after fifteen days."""
    today = date.fromisoformat(parameters["today"])
    recorder = Recorder("ours")
    env["collection.policy"].search([("state", "=", "draft")]).action_confirm()
    env.cr.commit()
    _measure_run(env, recorder, "first run", today)
    tidy(env, WRITTEN)
    _measure_run(env, recorder, "same-day run", today)
    _pretend_sent(env, today)
    _measure_run(env, recorder, "next-day run", today + timedelta(days=1))
    _pretend_sent(env, today + timedelta(days=1))
    _measure_run(env, recorder, "run after 15 days", today + timedelta(days=15))
    return recorder.rows


def _measure_run(env, recorder, name, day):
    company = env.company
    phases = {}
    with _on_day(env, day), _watched(env, phases), recorder.measure(env, name) as figures:
        one = env["collection.run"].create(
            {"company_id": company.id, "date": day, "origin": "daily"}
        )
        one._propose()
        figures["rows"] = one.item_count
        figures["debtors"] = one.case_count
        figures["contacts"] = len(one.action_ids)
    recorder.rows[-1]["phases"] = phases


@contextmanager
def _on_day(env, day):
    """Let it be another day for the company."""
    model = type(env["res.company"])
    with patch.object(model, "_collection_today", lambda company: day):
        yield


@contextmanager
def _watched(env, phases):
    """Note seconds and queries of each phase."""
    with ExitStack() as stack:
        for name, (model_name, method_name) in PHASES.items():
            model = type(env[model_name])
            watched = _watch(getattr(model, method_name), phases.setdefault(name, {}))
            stack.enter_context(patch.object(model, method_name, watched))
        yield


def _watch(method, figures):
    def watched(self, *args, **kwargs):
        thread = threading.current_thread()
        started, queries = time.monotonic(), thread.query_count
        try:
            return method(self, *args, **kwargs)
        finally:
            figures["wall"] = figures.get("wall", 0) + time.monotonic() - started
            figures["queries"] = figures.get("queries", 0) + thread.query_count - queries

    return watched


def _pretend_sent(env, day):
    """Let every contact of the last run have left, as the executor leaves things; not measured."""
    env.cr.execute(
        """
        UPDATE collection_action
           SET state = CASE WHEN channel IN ('email', 'sms', 'letter', 'registered_letter')
                            THEN 'sent' ELSE 'done' END,
               contact_date = %s
         WHERE state IN ('proposed', 'confirmed')
     RETURNING id
        """,
        [day],
    )
    action_ids = [row[0] for row in env.cr.fetchall()]
    env["collection.item"]._reach_level(action_ids, day)
    env.cr.execute(
        "UPDATE collection_case SET cycle = cycle + 1 "
        "WHERE id IN (SELECT case_id FROM collection_action WHERE id = ANY(%s))",
        [action_ids],
    )
    env.cr.execute("UPDATE collection_run SET state = 'done'")
    env.invalidate_all()
    env["collection.decision"]._decide(env.company, day)
    tidy(env, WRITTEN)

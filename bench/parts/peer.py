"""The runs of OCA's account_credit_control, on the same ledger and the same days."""

import signal
from contextlib import contextmanager
from datetime import date, timedelta

from psycopg2.errors import QueryCanceled

from ..measure import Recorder, tidy

POLICY = "account_credit_control.credit_control_3_time"
TABLES = ("credit_control_line", "mail_message", "mail_followers")


class PeerTooSlow(Exception):
    """A step of the peer took longer than the limit."""


def run(env, parameters):
    """First run, again on the same day, on the next day, after fifteen days.

    A step that fails (its memory, its time) is noted with its reason; the others go on.
    """
    today = date.fromisoformat(parameters["today"])
    recorder = Recorder("peer")
    configure(env)
    steps = (
        ("first run", today, False),
        ("same-day run", today, False),
        ("next-day run", today + timedelta(days=1), True),
        ("run after 15 days", today + timedelta(days=15), True),
    )
    for name, day, sent_before in steps:
        if sent_before:
            _pretend_sent(env)
        tidy(env, TABLES)
        with limited(env, recorder, name, parameters["limit"]):
            _measure_run(env, recorder, name, day)
    return recorder.rows


@contextmanager
def limited(env, recorder, name, limit):
    """Stop a step at the limit of seconds, which is then a lower bound; note what else fails.

    The alarm rings in Python only: PostgreSQL is told as well, for one long statement.
    """
    env.cr.execute("SET statement_timeout = %s", [f"{limit}s"])
    env.cr.commit()
    signal.signal(signal.SIGALRM, _stop)
    signal.alarm(limit)
    try:
        yield
    except (PeerTooSlow, QueryCanceled):
        recorder.note(name, wall=float(limit), is_stopped=True)
    except MemoryError:
        recorder.note(name, failure="MemoryError")
    finally:
        signal.alarm(0)
        env.cr.rollback()
        env.invalidate_all()


def _stop(*_signal):
    raise PeerTooSlow


def configure(env):
    """Let the peer's policy of three levels follow the customers' account."""
    account = env["account.account"].search([("code", "=", "411100")], limit=1)
    policy = env.ref(POLICY)
    policy.account_ids = [(6, 0, account.ids)]
    env.company.credit_policy_id = policy
    env.cr.commit()


def _measure_run(env, recorder, name, day):
    with recorder.measure(env, name) as figures:
        one = env["credit.control.run"].create(
            {"date": day, "policy_ids": [(6, 0, env.ref(POLICY).ids)]}
        )
        one.generate_credit_lines()
        figures["rows"] = len(one.line_ids)
        figures["debtors"] = len(one.line_ids.partner_id)


def _pretend_sent(env):
    """Let everything have been sent; not measured."""
    env.cr.execute(
        "UPDATE credit_control_line SET state = 'sent' "
        "WHERE state IN ('draft', 'to_be_sent', 'queued')"
    )
    env.invalidate_all()

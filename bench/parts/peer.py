"""The runs of OCA's account_credit_control, on the same ledger and the same days."""

import signal
from datetime import date, timedelta

from ..measure import Recorder

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
    signal.signal(signal.SIGALRM, stop)
    for name, day, sent_before in steps:
        if sent_before:
            _pretend_sent(env)
        try:
            signal.alarm(parameters["limit"])
            _measure_run(env, recorder, name, day)
        except (PeerTooSlow, MemoryError) as error:
            note_failure(env, recorder, name, error, parameters["limit"])
        finally:
            signal.alarm(0)
    return recorder.rows


def stop(*_signal):
    """End the step when the alarm rings."""
    raise PeerTooSlow("stopped at the limit of time")


def note_failure(env, recorder, name, error, limit):
    """Note why a step did not end; one that was stopped took at least as long as the limit."""
    env.cr.rollback()
    env.invalidate_all()
    if isinstance(error, PeerTooSlow):
        recorder.note(name, wall=float(limit), is_stopped=True)
    else:
        recorder.note(name, failure=f"{type(error).__name__}: {error}")


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
    env.cr.commit()
    env.invalidate_all()
    for table in TABLES:
        env.cr.execute(f"ANALYZE {table}")
    env.cr.commit()

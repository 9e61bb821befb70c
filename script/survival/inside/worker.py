"""One process that works inside Odoo on behalf of a test, as a server or a person would.

Usage: worker.py COMMAND RESULT PARAMETERS ODOO_OPTIONS...

PARAMETERS is JSON; what the command returns is written to RESULT as JSON.
"""

import json
import logging
import random
import sys
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "ground" / "inside"))

import session
from freezegun import freeze_time

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying

from odoo.addons.base.models import ir_mail_server

CRONS = {
    "run": "recouvrement_creances.ir_cron_run_collection",
    "send": "recouvrement_creances.ir_cron_send_collection",
}
LOGIN = "survival_accountant"


@contextmanager
def environment(database, login=None, **context):
    """Open an environment in a transaction of its own, which the block has to commit."""
    with Registry(database).cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, context)
        if login:
            user = env["res.users"].search([("login", "=", login)])
            env = env(user=user.id, context={"allowed_company_ids": user.company_id.ids, **context})
        yield env


# === COMMANDS === #


def crons(database, names, gate=None, smtp_timeout=None):
    """Run scheduled actions one after the other, as a person does who presses "Run manually"."""
    Registry(database)
    _shorten_patience(smtp_timeout)
    _wait_at(gate)
    refused = []
    for name in names:
        with environment(database) as env:
            try:
                env.ref(CRONS[name]).method_direct_trigger()
            except UserError as error:
                refused.append(str(error))
            env.cr.commit()
    return refused


def day(database, gate=None):
    """Do the day's work past the scheduler, whose lock would keep other processes out."""
    Registry(database)
    _wait_at(gate)
    with environment(database) as env:
        env["collection.run"]._cron_run_daily()
        env.cr.commit()
    return True


def retry(database, states=("failed",), smtp_timeout=None):
    """Press "Retry" on the actions of these states, one by one; return what was refused."""
    refused = []
    _shorten_patience(smtp_timeout)
    with environment(database) as env:
        found = env["collection.action"].search([("state", "in", list(states))], order="id").ids
    for number in found:
        with environment(database, LOGIN) as env:
            try:
                action = env["collection.action"].browse(number)
                retrying(action.action_retry, env)
            except UserError as error:
                refused.append(str(error))
    return refused


def clock(database, moments, count=False):
    """Run the scheduled actions at moments of a clock that goes on from there (UTC).

    :return: the company's day at each moment, or how many contacts had left by then
    """
    # Loaded before the clock is set: that takes seconds.
    Registry(database)
    days = []
    for moment in moments:
        with freeze_time(moment["at"], tick=True), environment(database) as env:
            if moment.get("user_tz"):
                env["res.users"].browse(SUPERUSER_ID).tz = moment["user_tz"]
                env.cr.commit()
            for name in moment.get("crons", ["run", "send"]):
                env.ref(CRONS[name]).method_direct_trigger()
                env.cr.commit()
            sent = env["collection.action"].search_count([("state", "=", "sent")])
            days.append(sent if count else str(env.company._collection_today()))
    return days


def accountant(database, gate=None, seed=1, finished=None):
    """Pay, credit and reconcile invoice after invoice, each as one request of a user.

    :param finished: file whose presence ends the work
    :return: what was done, with the moment of its commit, and how often Odoo tried again
    """
    Registry(database)
    with environment(database) as env:
        domain = [("move_type", "=", "out_invoice"), ("line_ids.no_followup", "=", False)]
        numbers = env["account.move"].search(domain, order="id").ids
    chance = random.Random(seed)
    chance.shuffle(numbers)
    counter = RetryCounter()
    logging.getLogger("odoo.service.model").addHandler(counter)
    done, errors = [], []
    _wait_at(gate)
    for number in numbers:
        if finished and Path(finished).exists():
            break
        kind = chance.choice(("payment", "credit", "reconcile"))
        with environment(database, LOGIN) as env:
            invoice = env["account.move"].browse(number)
            began = time.time()
            try:
                retrying(lambda i=invoice, k=kind: WORK[k](i), env)
            except Exception as error:
                errors.append(f"{kind}: {type(error).__name__}: {error}")
                continue
            committed = time.time()
            done.append(
                {
                    "address": invoice.partner_id.email,
                    "kind": kind,
                    "began": began,
                    "committed": committed,
                    "paid": invoice.amount_residual == 0,
                }
            )
    return {"done": done, "errors": errors, "retries": counter.count}


# === AN ACCOUNTANT'S WORK === #


def _pay(invoice):
    wizards = invoice.env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    )
    return wizards.create({})._create_payments()


def _credit(invoice):
    wizards = invoice.env["account.move.reversal"].with_context(
        active_model="account.move", active_ids=invoice.ids
    )
    wizard = wizards.create({"journal_id": invoice.journal_id.id, "reason": "Returned"})
    action = wizard.refund_moves()
    refund = invoice.env["account.move"].browse(action["res_id"])
    refund.action_post()
    _match(invoice, refund)


def _reconcile(invoice):
    """Book a payment that nobody has matched, then match it."""
    bank = invoice.env["account.journal"].search([("type", "=", "bank")], limit=1)
    payment = invoice.env["account.payment"].create(
        {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": invoice.partner_id.id,
            "amount": invoice.amount_residual,
            "journal_id": bank.id,
        }
    )
    payment.action_post()
    _match(invoice, payment.move_id)


def _match(invoice, other):
    lines = (invoice | other).line_ids
    lines.filtered(
        lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
    ).reconcile()


WORK = {"payment": _pay, "credit": _credit, "reconcile": _reconcile}


class RetryCounter(logging.Handler):
    """Count what Odoo says each time it begins a user's request again."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.count = 0

    def emit(self, record):
        """Count the record if it tells of another try."""
        self.count += "tries left" in record.getMessage()


def _shorten_patience(smtp_timeout):
    """Wait less than Odoo's minute for a mail server that does not answer."""
    if smtp_timeout:
        ir_mail_server.SMTP_TIMEOUT = smtp_timeout


def _wait_at(gate):
    """Say that this process is ready, then wait until the test opens the gate."""
    if not gate:
        return
    Path(gate["ready"]).touch()
    while not Path(gate["open"]).exists():
        time.sleep(0.005)


COMMANDS = {
    "accountant": accountant,
    "clock": clock,
    "crons": crons,
    "day": day,
    "retry": retry,
}


def main(command, result, parameters, *arguments):
    """Carry out the command on the database that -d names."""
    database = session.configure([*arguments, "--no-http"])
    answer = COMMANDS[command](database, **json.loads(parameters))
    Path(result).write_text(json.dumps(answer, default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])

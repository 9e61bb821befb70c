"""Our e-mails, from the proposal to the SMTP server; then Odoo's own mailing of the same bodies."""

import sys

from odoo.fields import Command

from ..measure import Recorder
from . import contacts

# So many at a time, ours and Odoo's in turn: what else the machine does falls on both.
ROUND = 250


def run(env, parameters):
    """Send to so many debtors, three invoices each, without or with a PDF each."""
    count, with_pdf = parameters["count"], parameters["pdf"]
    name = f"{count} e-mails{' with PDF' if with_pdf else ''}"
    ours, odoo = Recorder("ours"), Recorder("odoo")
    with contacts.on_working_day(parameters):
        contacts.make_policy(env, "email", with_statement=with_pdf)
        for start in range(0, count, ROUND):
            size = min(ROUND, count - start)
            campaign = contacts.propose(env, size, start)
            with ours.measure(env, name) as figures:
                contacts.execute(campaign)
                figures["rows"] = _count_sent(campaign)
            if figures["rows"] != size:
                sys.exit(f"{figures['rows']} of {size} e-mails left: {_find_failures(campaign)}")
            # Under the same clock, which costs a little at every look at it.
            _send_again(env, odoo, campaign, name)
    return ours.add_up() + odoo.add_up()


def _count_sent(campaign):
    return len(campaign.action_ids.filtered(lambda action: action.state == "sent"))


def _find_failures(campaign):
    """Return why contacts have not left: what failed, and what waits for its hour."""
    left = campaign.action_ids.filtered(lambda action: action.state != "sent")
    reasons = {action.failure_reason or f"waits until {action.not_before}" for action in left}
    return ", ".join(sorted(reasons))


def _send_again(env, recorder, campaign, name):
    """Let Odoo create and send mails of the same bodies: no decision, no rendering, no proof."""
    texts = [
        {
            "subject": mail.subject,
            "body": mail.body_html,
            "body_html": mail.body_html,
            "email_from": mail.email_from,
            "email_to": mail.email_to,
            "attachment_ids": [Command.set(mail.attachment_ids.ids)],
            "auto_delete": False,
        }
        for mail in campaign.action_ids.mail_id
    ]
    with recorder.measure(env, name) as figures:
        mails = env["mail.mail"].create(texts)
        mails.send(auto_commit=True)
        figures["rows"] = len(mails.filtered(lambda mail: mail.state == "sent"))

"""What the measurements of e-mails and letters share: a policy of one level, a proposal."""

from contextlib import contextmanager
from datetime import date, datetime, time

from odoo.fields import Command
from odoo.tests import freeze_time

WORKING_HOUR = time(9)  # in UTC: late enough and early enough anywhere in France


@contextmanager
def on_working_day(parameters):
    """Let it be the hour at which contacts are allowed; the clock goes on from there."""
    day = date.fromisoformat(parameters["today"])
    with freeze_time(datetime.combine(day, WORKING_HOUR), tick=True):
        yield


def make_policy(env, channel, with_statement=False):
    """Let one policy with one step count for everybody."""
    others = env["collection.policy"].search([])
    policy = env["collection.policy"].create(
        {
            "name": "Measurement",
            "level_ids": [
                Command.create(
                    {
                        "name": "Reminder",
                        "delay_days": 8,
                        "step_ids": [
                            Command.create(
                                {
                                    "channel": channel,
                                    "mode": "automatic",
                                    "attach_statement": with_statement,
                                    "template_id": env.ref(
                                        "recouvrement_creances.mail_template_consumer_courteous"
                                    ).id,
                                }
                            )
                        ],
                    }
                )
            ],
        }
    )
    policy.action_confirm()
    env.company.collection_policy_id = policy
    others.action_archive()
    env.company.collection_email = "recouvrement@company.example"
    # Messages tell how to pay, or do not leave.
    env["res.partner.bank"].create(
        {"acc_number": "FR7630006000011234567890189", "partner_id": env.company.partner_id.id}
    )
    env.cr.commit()


def propose(env, count, start=0):
    """Return a daily run that speaks to so many debtors, the first ones left out."""
    day = env.company._collection_today()
    env["collection.refresh"]._refresh(env.company, day)
    cases = env["collection.case"].search([], order="id", offset=start, limit=count)
    run = env["collection.run"].create(
        {
            "company_id": env.company.id,
            "date": day,
            "origin": "daily",
            "case_ids": [Command.set(cases.ids)],
        }
    )
    run._propose()
    env.cr.commit()
    return run


def execute(run):
    """Carry everything out, as the background sender goes on after each interval."""
    while run._execute():
        pass

"""Fills a database with debtors in arrears, a confirmed policy and an accountant.

Usage: portfolio.py ODOO_OPTIONS...
"""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "ground" / "inside"))

import session

from odoo import fields
from odoo.fields import Command

ANY_HOUR = "contact_at_any_hour"
DEBTORS = 160
DAYS_LATE = 40
# (days after the due date, name): every debtor begins at the first one.
LEVELS = ((5, "First reminder"), (20, "Second reminder"))
BODY = "<p>Dear <t t-out='object.debtor_id.name'/>, please pay what you owe us.</p>"
# The mail queue stays on: what the add-on is sending is not its to send.
KEPT_CRONS = (
    "recouvrement_creances.ir_cron_run_collection",
    "recouvrement_creances.ir_cron_send_collection",
    "mail.ir_cron_mail_scheduler_action",
)
FAR = "2100-01-01 00:00:00"


def build(env):
    """Make the whole portfolio."""
    company = env.company
    company.partner_id.tz = "Europe/Paris"
    company.write({"email": "company@company.example", "collection_email": "ar@company.example"})
    # Messages tell how to pay, or do not leave.
    env["res.partner.bank"].create(
        {"acc_number": "FR7630006000011234567890189", "partner_id": company.partner_id.id}
    )
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create({"name": "sink", "smtp_host": "127.0.0.1", "smtp_port": 1})
    _make_policy(env, company)
    _make_invoices(env)
    _make_accountant(env, company)
    _quieten_crons(env)


def _make_policy(env, company):
    template = env["mail.template"].create(
        {
            "name": "Survival",
            "model_id": env["ir.model"]._get_id("collection.action"),
            "subject": "Your account {{ object.case_id.name }}",
            "body_html": BODY,
            "use_default_to": False,
            "auto_delete": False,
        }
    )
    shipped = env["collection.policy"].search([])
    policy = env["collection.policy"].create(
        {
            "name": "Survival",
            "company_id": company.id,
            "sequence": 1,
            "minimum_amount": 0,
            "minimum_days_between": 3,
            "weekly_cap": 0,
            "monthly_cap": 0,
            "level_ids": [
                Command.create(
                    {
                        "name": name,
                        "delay_days": delay,
                        "step_ids": [
                            Command.create(
                                {
                                    "channel": "email",
                                    "template_id": template.id,
                                    "mode": "automatic",
                                }
                            )
                        ],
                    }
                )
                for delay, name in LEVELS
            ],
        }
    )
    policy.action_confirm()
    company.collection_policy_id = policy
    shipped.active = False


def _make_invoices(env):
    """Post one overdue invoice for each debtor, whose address tells his number."""
    today = fields.Date.today()
    partners = env["res.partner"].create(
        [
            {
                "name": f"Debtor {number:03d}",
                "is_company": True,
                "email": f"debtor-{number:03d}@debtor.example",
            }
            for number in range(1, DEBTORS + 1)
        ]
    )
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": today - timedelta(days=DAYS_LATE + 30),
                "invoice_date_due": today - timedelta(days=DAYS_LATE),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Work", "quantity": 1, "price_unit": 1000, "tax_ids": []}
                    )
                ],
            }
            for partner in partners
        ]
    )
    moves.action_post()


def _make_accountant(env, company):
    env["res.users"].create(
        {
            "name": "Accountant",
            "login": "survival_accountant",
            "email": "accountant@company.example",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [
                Command.set(
                    [
                        env.ref("account.group_account_user").id,
                        env.ref("recouvrement_creances.group_accountant").id,
                    ]
                )
            ],
        }
    )


def _quieten_crons(env):
    """Leave those scheduled actions on that have to do with mail; none is due."""
    crons = env["ir.cron"].with_context(active_test=False).search([])
    kept = env["ir.cron"].union(*(env.ref(name) for name in KEPT_CRONS))
    (crons - kept).active = False
    kept.write({"active": True, "nextcall": FAR})
    env["ir.cron.trigger"].search([]).unlink()


def main(*arguments):
    """Build in the database that -d names."""
    database = session.configure([*arguments, "--no-http"])
    with session.environment(database) as env:
        env["ir.module.module"].update_list()
        module = env["ir.module.module"].search([("name", "=", ANY_HOUR)])
        module.button_immediate_install()
    with session.environment(database) as env:
        build(env)


if __name__ == "__main__":
    main(*sys.argv[1:])

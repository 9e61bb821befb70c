"""Looks at a database from inside Odoo, before, during and after the add-on's life in it.

Usage: lifecycle.py seed|collect|snapshot RESULT ODOO_OPTIONS...
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

import session
from schema import read_schema

from odoo import fields
from odoo.fields import Command

INVOICES = 12

# Tables of Odoo that the add-on has to leave as they were.
KEPT = (
    "account_move",
    "account_move_line",
    "res_partner",
    "ir_cron",
    "ir_ui_menu",
    "res_groups",
    "ir_rule",
    "ir_act_window",
    "ir_ui_view",
    "ir_model",
    "mail_activity_type",
    "mail_template",
    "res_groups_privilege",
    "ir_module_category",
)
# Records on which nothing may be said: neither the installation nor a proposal concerns them.
SILENT = ("res.partner", "account.move", "res.users")


def seed(env):
    """Post overdue invoices of an ordinary company."""
    today = fields.Date.today()
    partners = env["res.partner"].create(
        [
            {
                "name": f"Customer {number}",
                "is_company": True,
                "email": f"c{number}@customer.example",
            }
            for number in range(3)
        ]
    )
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partners[number % 3].id,
                "invoice_date": today - timedelta(days=60),
                "invoice_date_due": today - timedelta(days=5 * number),
                "invoice_line_ids": [
                    Command.create({"name": "Work", "quantity": 1, "price_unit": 100 + number})
                ],
            }
            for number in range(INVOICES)
        ]
    )
    moves.action_post()


def collect(env):
    """Confirm the policies and propose: every open receivable has become an item."""
    env["collection.policy"].search([]).action_confirm()
    run = env["collection.run"].create({"company_id": env.company.id})
    run.action_propose()
    if run.item_count != INVOICES or not run.action_ids:
        sys.exit(f"{run.item_count} items and {len(run.action_ids)} actions were found")


def snapshot(env):
    """Return the schema, the numbers of rows of Odoo's tables and the content of the add-on's."""
    found = read_schema(env.cr)
    env.cr.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in env.cr.fetchall():
        if table in KEPT:
            env.cr.execute(f'SELECT count(*) FROM "{table}"')
            found[f"rows of {table}"] = env.cr.fetchone()[0]
        elif table.startswith("collection_"):
            env.cr.execute(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t)) FROM "{table}" t')
            found[f"content of {table}"] = env.cr.fetchone()[0]
    env.cr.execute(
        "SELECT model, count(*) FROM mail_message WHERE model = ANY(%s) GROUP BY model",
        [list(SILENT)],
    )
    found.update((f"messages on {model}", count) for model, count in env.cr.fetchall())
    return found


def main(command, result, *arguments):
    """Run the command on the database that -d names, and write the snapshot after it."""
    database = session.configure([*arguments, "--no-http"])
    with session.environment(database) as env:
        {"seed": seed, "collect": collect, "snapshot": lambda env: None}[command](env)
    with session.environment(database) as env:
        Path(result).write_text(json.dumps(snapshot(env), default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])

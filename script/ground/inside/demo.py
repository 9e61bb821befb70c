"""What the demonstration does inside Odoo: cut the outside off, load the portfolio, run a day.

Usage: demo.py prepare|run RESULT ODOO_OPTIONS...
"""

import json
import sys
import time
from datetime import datetime, timedelta, timezone
from datetime import time as clock
from pathlib import Path
from zoneinfo import ZoneInfo

import session
from freezegun import freeze_time

from odoo import fields
from odoo.modules.loading import load_demo
from odoo.modules.module_graph import ModuleGraph
from odoo.modules.neutralize import neutralize_database

ADDON = "recouvrement_creances"
WORKING_HOUR = clock(15)
NOWHERE = "http://127.0.0.1:9"
MAIL_SCHEDULER = "mail.ir_cron_mail_scheduler_action"
# Debtors whose pages are worth a look, and why.
PAGES = {
    "transports": "a schedule that runs",
    "augustin": "a schedule to sign",
    "comptoirs": "many invoices to pay, promise or dispute",
}


def prepare(database, _result):
    """Make a new database the demonstration's."""
    with session.environment(database) as env:
        isolate(env)
    # What happens on a day of the story happens at an hour at which debtors may be contacted.
    with session.environment(database) as env, freeze_time(find_hour(env), tick=True):
        load_portfolio(env)


def isolate(env):
    """Cut off whatever reaches another machine, the way Odoo does it for copies of databases.

    What Odoo puts in place of the mail server becomes the one that catches the mail; the banner
    that tells of the neutralisation goes, as nobody works with this database in earnest.
    """
    neutralize_database(env.cr)
    env.invalidate_all()
    settings = env["ir.config_parameter"]
    settings.set_param("iap.endpoint", NOWHERE)
    settings.search([("key", "=", "database.is_neutralized")]).unlink()
    env["ir.ui.view"].search([("key", "=", "web.neutralize_banner")]).active = False
    server = env["ir.mail_server"].search([])
    server.write(
        {"name": "Demonstration", "smtp_host": "127.0.0.1", "smtp_authentication": "login"}
    )


def load_portfolio(env):
    """Load the add-on's demonstration data, and nobody else's.

    Odoo itself would load it only if every module below had its own loaded.
    """
    installed = env["ir.module.module"].search([("state", "=", "installed")])
    graph = ModuleGraph(env.cr, mode="load")
    graph.extend(installed.mapped("name"))
    if not load_demo(env, graph[ADDON], {}, "init"):
        sys.exit("The demonstration data could not be loaded; the reason stands above.")
    installed.filtered(lambda module: module.name == ADDON).demo = True


def run(database, result):
    """Do the day's work as the scheduler would, then write what was done for the terminal."""
    started = time.monotonic()
    with session.environment(database) as env:
        hour = find_hour(env)
        former = env["collection.run"].search([], order="id desc", limit=1).id
        with freeze_time(hour, tick=True):
            env["collection.run"]._cron_run_daily()
            env.cr.commit()
            env["mail.mail"].process_email_queue()
    with session.environment(database) as env:
        last = env["collection.run"].search([], order="id desc", limit=1)
        summary = {
            "run": last._get_summary() if last else {},
            "is_new": last.id != former,
            "hour": describe_hour(env, hour),
            "seconds": time.monotonic() - started,
            "logins": known_logins(env),
            "pages": find_pages(env),
        }
        start_scheduler(env)
    Path(result).write_text(json.dumps(summary, default=str))


def find_hour(env):
    """Return the present moment, or the latest one at which every debtor could be contacted (UTC).

    At night and on Saturdays the add-on rightly sends nothing: the day's work shown is then that
    of the last working day.
    """
    now = fields.Datetime.now()
    if is_lawful(now):
        return now
    paris = ZoneInfo("Europe/Paris")
    for back in range(30):
        day = now.replace(tzinfo=timezone.utc).astimezone(paris).date() - timedelta(days=back)
        local = datetime.combine(day, WORKING_HOUR, tzinfo=paris)
        moment = local.astimezone(timezone.utc).replace(tzinfo=None)
        if moment < now and is_lawful(moment):
            return moment
    sys.exit("No working day in a month: the calendar of public holidays is wrong.")


def is_lawful(moment):
    """Say whether a consumer in Alsace, the most protected of the portfolio, may be called."""
    # Odoo knows where its add-ons are only now.
    from odoo.addons.recouvrement_creances.rules.contact_times import Contact, find_block
    from odoo.addons.recouvrement_creances.rules.places import find_place

    place = find_place("FR", "67000")
    contact = Contact("consumer", "call", place.clock, holidays=place.is_holiday)
    return find_block(moment.replace(tzinfo=timezone.utc), contact) is None


def describe_hour(env, hour):
    """Return the hour of the day's work in words when it is not the present one, else nothing."""
    if fields.Datetime.now() - hour < timedelta(hours=1):
        return ""
    return fields.Datetime.context_timestamp(env.company._in_own_zone(), hour).strftime(
        "%A %d %B %Y, %H:%M"
    )


def find_pages(env):
    """Return the links to the pages of some debtors, as their e-mails carry them."""
    pages = []
    for key, about in PAGES.items():
        debtor = env.ref(f"__collection_demo__.partner_{key}")
        case = env["collection.case"].search(
            [("partner_id", "=", debtor.id), ("is_open", "=", True)], limit=1
        )
        if case:
            url = case._get_portal_access()._get_url()
            pages.append({"name": debtor.name, "about": about, "url": url})
    return pages


def known_logins(env):
    """Return the users whose password is their login, which is what a demonstration shows."""
    verify = env["res.users"]._crypt_context().verify
    env.cr.execute("SELECT login, password FROM res_users WHERE active AND password IS NOT NULL")
    found = {login for login, password in env.cr.fetchall() if verify(login, password)}
    users = env["res.users"].search([("login", "in", list(found))], order="id")
    return [{"login": user.login, "name": user.name} for user in users]


def start_scheduler(env):
    """Let the add-on's own jobs run from tomorrow on, and queued mail leave for the catcher."""
    data = env["ir.model.data"].search([("model", "=", "ir.cron"), ("module", "=", ADDON)])
    jobs = env["ir.cron"].with_context(active_test=False).browse(data.mapped("res_id"))
    jobs.write({"active": True, "nextcall": fields.Datetime.now() + timedelta(days=1)})
    env.ref(MAIL_SCHEDULER).active = True


def main(command, result, *arguments):
    """Run the command on the database that -d names."""
    database = session.configure([*arguments, "--no-http"])
    {"prepare": prepare, "run": run}[command](database, result)


if __name__ == "__main__":
    main(*sys.argv[1:])

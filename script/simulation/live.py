"""Lives through a simulated time inside Odoo; started by ``script/simulate``.

Usage: live.py RESULT PARAMETERS ODOO_OPTIONS...

PARAMETERS is JSON: days, debtors, seed, mails (folder), mail_port, web_port, start (a date).
"""

import json
import logging
import sys
import threading
import traceback
from datetime import datetime, timedelta
from pathlib import Path

import psycopg2
import psycopg2.extensions

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ground" / "inside"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import session
from freezegun import api as freezegun_api

import odoo.http
from odoo.modules.registry import Registry
from odoo.service import server

from simulation import clock, courts, founding, population, results, watch
from simulation.days import working_day
from simulation.debtors import Debtors
from simulation.mailbox import Mailbox
from simulation.world import World

EVERY = 20  # days between two looks at the tables
RARE = 4  # of a hundred debtors
PAST = 75  # days before the first one on which invoices may have been made


def _connect(database):
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    return connection


def _serve(port):
    """Answer HTTP requests in threads of this process, which share its clock."""
    server.load_server_wide_modules()
    web = server.ThreadedWSGIServerReloadable("127.0.0.1", port, odoo.http.root)
    web.daemon_threads = True
    threading.Thread(target=web.serve_forever, daemon=True).start()
    return web


def _make_world(database, parameters):
    """Return a new world on the morning of its first day, with its companies and debtors."""
    start = datetime.fromisoformat(parameters["start"])
    connection = _connect(database)
    clock.install(connection, database, start)
    Registry(database)
    # Connections of before go by the server's clock.
    odoo.sql_db.close_all()
    world = World(database, connection, clock.Clock(connection, start), parameters["seed"])
    world.address = f"http://127.0.0.1:{parameters['web_port']}"
    world.debtors = population.draw(parameters["debtors"], parameters["seed"])
    world.found(
        lambda env: founding.found(env, world, start, world.address, parameters["mail_port"]),
        lang="en_US",
    )
    for number, company in enumerate(world.companies):
        world.senders[company] = founding.COMPANIES[number]["collection_email"]
    _date_first_invoices(world)
    courts.draw_judgements(world, parameters["days"])
    return world


def _date_first_invoices(world):
    """Spread the first invoices: some debtors owed something before the simulation began.

    Those of whom there are few are among them: what they do shows in a short time too.
    """
    for debtor in world.debtors:
        debtor.turn = debtor.companies[0]
        is_rare = debtor.behaviour.weight <= RARE
        days = debtor.chance.randint(-PAST, -PAST // 2 if is_rare else debtor.every)
        debtor.next_invoice = working_day(world.day + timedelta(days=days))


class Life:
    """A world, and what is written down of its days."""

    def __init__(self, world, parameters):
        # Odoo knows where its add-ons are only now.
        from simulation.programme import Programme

        self.world = world
        self.length = parameters["days"]
        self.mailbox = Mailbox(Path(parameters["mails"]))
        self.programme = Programme(world, Debtors(world), self.mailbox)
        self.complaints = watch.Complaints()
        self.audit = watch.find_auditor()
        # He reads in transactions of his own, and exactly: Odoo lets this process read floats.
        self.auditors_connection = psycopg2.connect(dbname=world.database)
        exact = psycopg2.extensions.DECIMAL
        psycopg2.extensions.register_type(exact, self.auditors_connection)
        self.memory = {}
        self.findings, self.log, self.seconds, self.tables = [], [], [], []

    def live(self):
        """Live through all days."""
        logging.getLogger().addHandler(self.complaints)
        first = self.world.day
        # What there was on the evening before: the auditor compares each day with it.
        self._look(first - timedelta(days=1))
        for number in range(self.length):
            day = first + timedelta(days=number)
            began = freezegun_api.real_perf_counter()
            self.programme.live(day)
            self._look(day)
            self.seconds.append((str(day), round(freezegun_api.real_perf_counter() - began, 2)))
            if number % EVERY == 0 or number == self.length - 1:
                self.tables.append((str(day), watch.count_rows(self.world.connection)))
                self._tell(number)
        logging.getLogger().removeHandler(self.complaints)

    def _look(self, day):
        """Let the auditor look at the day, once everything of it is committed."""
        log = self.complaints.take()
        self.log += [f"{day} {line}" for line in log]
        if not self.audit:
            return
        seen = watch.Day(
            day,
            self.mailbox.today,
            self.world.journal,
            log,
            self.world.companies,
            self.memory,
        )
        found = []
        with self.programme.part("audit"):
            try:
                found = self.audit(self.auditors_connection, seen)
            except Exception:
                # The life goes on; that nobody looked at the day is told.
                self.auditors_connection.rollback()
                self.world.fail("audit", traceback.format_exc())
        self.findings += [
            (str(day), one.invariant, one.subject, one.expected, one.found) for one in found
        ]

    def _tell(self, number):
        seconds = sum(seconds for _day, seconds in self.seconds)
        print(
            f"  day {number + 1:>3} of {self.length}: {seconds:6.0f} s, "
            f"{len(self.world.journal.entries)} acts, {self.mailbox.count} mails, "
            f"{len(self.findings)} findings, {len(self.world.failures)} failures",
            flush=True,
        )

    def summary(self):
        """Return all that the report tells."""
        world = self.world
        return {
            **results.read(world),
            "seconds": self.seconds,
            "parts": {name: round(value, 1) for name, value in self.programme.seconds.items()},
            "tables": self.tables,
            "mails": self.mailbox.count,
            "findings": self.findings,
            "audited": bool(self.audit),
            "log": self.log,
            "refusals": [(*what, count) for what, count in world.refusals.most_common()],
            "blocked": world.blocked.most_common(),
            "failures": [(str(moment), what, trace) for moment, what, trace in world.failures],
        }


def main(result, parameters, *arguments):
    """Live, and write down what came of it."""
    database = session.configure([*arguments, "--no-http"])
    parameters = json.loads(parameters)
    web = _serve(parameters["web_port"])
    world = _make_world(database, parameters)
    try:
        life = Life(world, parameters)
        life.live()
        summary = {"parameters": parameters, **life.summary()}
    finally:
        world.clock.stop()
        web.shutdown()
    Path(result).write_text(json.dumps(summary, default=str, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Two processes live through one time: each runs the offices of some companies, on one clock.

The first one moves the clock and keeps the journal; the other one is asked for each part of a day,
and both wait for each other before the next one begins. Each does the work of its own companies;
the scheduler's jobs are done by whoever takes them first.
"""

import gc
import json
import logging
import math
import os
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ground" / "inside"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg2
import session

import odoo.http
from odoo.modules.registry import Registry
from odoo.service import server

from simulation import clock, courts, population, watch
from simulation.days import working_day
from simulation.debtors import Debtors
from simulation.mailbox import Mailbox
from simulation.pipes import Counter, Desk
from simulation.world import World

# Collecting garbage costs a tenth of the time where much is made and little left.
GARBAGE = (50_000, 20, 50)
PROCESSOR = "the processor's"
RARE = 4  # of a hundred debtors
PAST = 75  # days before the first one on which invoices may have been made


def serve(port):
    """Answer HTTP requests in threads of this process, which share its clock."""
    server.load_server_wide_modules()
    web = server.ThreadedWSGIServerReloadable("127.0.0.1", port, odoo.http.root)
    web.daemon_threads = True
    threading.Thread(target=web.serve_forever, daemon=True).start()
    return web


def connect(database):
    """Return a connection of its own, past Odoo."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    return connection


def make_world(database, connection, parameters, moving_clock):
    """Return a world with its debtors, before anybody has founded it."""
    start = datetime.fromisoformat(parameters["start"])
    Registry(database)
    # Connections of before go by the server's clock.
    odoo.sql_db.close_all()
    # They idle for hours by the moving clock: with Odoo's ten minutes each of its moves would close
    # them all, and a new one has to learn the catalog of the database first.
    odoo.sql_db.MAX_IDLE_TIMEOUT = math.inf
    shown = clock.Clock(connection if moving_clock else None, start)
    world = World(database, connection, shown, parameters["seed"])
    world.debtors = population.draw(parameters["debtors"], parameters["seed"])
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    return world


def divide(world, place, places, length):
    """Leave the companies to a process that are its own, with dice of its own.

    :param int place: which of how many processes it is
    """
    world.companies = world.all_companies[place::places]
    world.chance.seed(f"world-{world.seed}-{place}-{places}")
    for number, debtor in enumerate(world.debtors):
        debtor.chance.seed(f"debtor-{world.seed}-{number}-{place}-{places}")
        _date_first_invoices(world, debtor)
    courts.draw_judgements(world, length)


def _date_first_invoices(world, debtor):
    """Spread the first invoices: some debtors owed something before the simulation began.

    Those of whom there are few are among them: what they do shows in a short time too.
    """
    for index in debtor.companies:
        company = world.all_companies[index]
        latest = -PAST // 2 if debtor.behaviour.weight <= RARE else debtor.every
        days = debtor.chance.randint(-PAST, latest)
        if company in world.companies:
            debtor.next_invoice[company] = working_day(world.day + timedelta(days=days))


class Office:
    """What one process does: the programme of its companies, and what is told of it."""

    def __init__(self, world, mails):
        # Odoo knows where its add-ons are only now.
        from simulation.programme import Programme

        self.world = world
        self.mailbox = Mailbox(Path(mails))
        self.programme = Programme(world, Debtors(world), self.mailbox)
        self.complaints = watch.Complaints()
        self._told = 0
        logging.getLogger().addHandler(self.complaints)

    def set_clock(self, day, hour, minute):
        """Show an hour of Paris."""
        self.world.clock.set(day, hour, minute)

    def do(self, what):
        """Do a part of the day."""
        getattr(self.programme, what)()

    def tell(self):
        """Return what is new since the last time, and forget it."""
        world = self.world
        acts = world.journal.entries[self._told :]
        self._told = len(world.journal.entries)
        told = {
            "acts": acts,
            "log": self.complaints.take(),
            "refusals": dict(world.refusals),
            "blocked": dict(world.blocked),
            "reactions": dict(world.reactions),
            "failures": list(world.failures),
        }
        for kept in (world.refusals, world.blocked, world.reactions, world.failures):
            kept.clear()
        return told

    def get_seconds(self):
        """Return the seconds of each part so far, and those of the processor."""
        mine = os.times()
        spent = mine.user + mine.system + mine.children_user + mine.children_system
        return {**self.programme.seconds, PROCESSOR: spent}


class Colleague:
    """The other process, as the first one sees it."""

    def __init__(self, parameters, arguments, facts):
        self._desk = Desk(__file__, json.dumps(parameters), *arguments)
        self._desk.send(facts)
        self._desk.receive()

    def ask(self, method, *arguments):
        """Ask for something without waiting for it."""
        self._desk.send((method, arguments))

    def wait(self):
        """Return what was asked for."""
        return self._desk.receive()

    def close(self):
        """Send him home."""
        self._desk.close()


def collect_facts(world):
    """Return what another process has to know of a world that was founded."""
    return {
        "users": world.users,
        "companies": world.all_companies,
        "senders": world.senders,
        "partners": [debtor.partner_id for debtor in world.debtors],
    }


def take_facts(world, facts):
    """Know what another process has founded."""
    world.users, world.all_companies = facts["users"], facts["companies"]
    world.senders = facts["senders"]
    for debtor, partner in zip(world.debtors, facts["partners"], strict=True):
        debtor.partner_id = partner
        world.by_partner[partner] = debtor
        for address in debtor.addresses():
            world.by_email[address] = debtor


def main(parameters, *arguments):
    """Be the second process: do what is asked for until nobody asks any more."""
    counter = Counter()
    requests = counter.requests()
    facts = next(requests)
    database = session.configure([*arguments, "--no-http"])
    parameters = json.loads(parameters)
    port = parameters["web_ports"][1]
    serve(port)
    world = make_world(database, connect(database), parameters, moving_clock=False)
    world.address = f"http://127.0.0.1:{port}"
    take_facts(world, facts)
    divide(world, 1, 2, parameters["days"])
    office = Office(world, parameters["mails"])
    counter.answer(None)
    for method, given in requests:
        counter.answer(getattr(office, method)(*given))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Lives through a simulated time inside Odoo; started by ``script/simulate``.

Usage: live.py RESULT PARAMETERS ODOO_OPTIONS...

PARAMETERS is JSON: days, debtors, seed, mails (folder), mail_port, web_ports, start (a date),
processes (1 or 2).
"""

import json
import sys
from collections import Counter, defaultdict
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ground" / "inside"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import session
from freezegun import api as freezegun_api

import odoo.tools

from simulation import clock, crew, expected, founding, results, watch
from simulation.auditing import Auditing
from simulation.journal import Journal
from simulation.world import MANAGER

EVERY = 20  # days between two looks at the tables
MOST = 10  # findings that are told at once


def _make_world(database, parameters):
    """Return a new world on the morning of its first day, with its companies and debtors."""
    start = datetime.fromisoformat(parameters["start"])
    connection = crew.connect(database)
    clock.install(connection, database, start)
    world = crew.make_world(database, connection, parameters, moving_clock=True)
    world.address = f"http://127.0.0.1:{parameters['web_ports'][0]}"
    world.found(
        lambda env: founding.found(env, world, start, world.address, parameters["mail_port"]),
        lang="en_US",
    )
    for number, company in enumerate(world.companies):
        world.senders[company] = founding.COMPANIES[number]["collection_email"]
    return world


class Life:
    """A world, and what is written down of its days."""

    def __init__(self, world, parameters, colleagues):
        self.world = world
        self.length = parameters["days"]
        self.office = crew.Office(world, parameters["mails"])
        self.colleagues = colleagues
        self.auditing = Auditing(world.database) if watch.find_auditor() else None
        self.journal = Journal()
        self.log, self.failures, self.seconds, self.tables = [], [], [], []
        self.counts = defaultdict(Counter)
        self._told = set()

    def live(self):
        """Live through all days."""
        # Odoo knows where its add-ons are only now.
        from simulation.programme import hours_of

        first = self.world.day
        # What there was on the evening before: the auditor compares each day with it.
        self._look(first - timedelta(days=1))
        for number in range(self.length):
            day = first + timedelta(days=number)
            began = freezegun_api.real_perf_counter()
            self.office.mailbox.begin_day()
            for hour, minute, what in hours_of(day):
                self._together("do", "collect")
                self._together("set_clock", day, hour, minute)
                self._together("do", what)
            self._together("do", "collect")
            self._look(day)
            self.seconds.append((str(day), round(freezegun_api.real_perf_counter() - began, 2)))
            if number % EVERY == 0 or number == self.length - 1:
                self.tables.append((str(day), watch.count_rows(self.world.connection)))
                self._tell(number)

    def _together(self, method, *arguments):
        """Let all offices do something, and wait until each has done it."""
        if method == "set_clock":
            # First of all the database's.
            self.office.set_clock(*arguments)
        for colleague in self.colleagues:
            colleague.ask(method, *arguments)
        if method != "set_clock":
            getattr(self.office, method)(*arguments)
        with self.office.programme.part("waiting for the other office"):
            return [colleague.wait() for colleague in self.colleagues]

    def _look(self, day):
        """Hand the day to the auditor, once everything of it is committed."""
        for colleague in self.colleagues:
            colleague.ask("tell")
        told = [self.office.tell(), *(colleague.wait() for colleague in self.colleagues)]
        self.journal.keep(sorted((act for one in told for act in one["acts"]), key=_get_moment))
        log = [line for one in told for line in one["log"]]
        self.log += [f"{day} {line}" for line in log]
        for one in told:
            self.failures += one["failures"]
            for name in ("refusals", "blocked", "reactions"):
                self.counts[name].update(one[name])
        if self.auditing:
            mails = self.office.mailbox.today
            with self.office.programme.part("waiting for the auditor"):
                companies, shown = self.world.all_companies, self._show(day)
                self.auditing.hand(day, mails, self.journal, log, companies, shown)

    def _show(self, day):
        """Return what the manager sees of the day on her screen, and where its files are."""
        world = self.world
        shown = {"filestore": odoo.tools.config.filestore(world.database)}
        # On the evening before the first day nobody has looked at anything.
        if day == world.day:
            companies = world.all_companies
            seen = world.act(MANAGER, lambda env: watch.read_screens(env, companies), what="look")
            shown |= zip(("screens", "totals"), seen or ({}, {}), strict=True)
        return shown

    def _tell(self, number):
        seconds = sum(seconds for _day, seconds in self.seconds)
        found = len(self.auditing.findings) if self.auditing else 0
        print(
            f"  day {number + 1:>3} of {self.length}: {seconds:6.0f} s, "
            f"{len(self.journal.entries)} acts, {self.office.mailbox.count} mails, "
            f"{found} findings, {len(self.failures)} failures",
            flush=True,
        )
        # Nobody waits for the end of a year to hear of what was found in spring, nor wants to hear
        # every day of what stays wrong.
        new = {}
        for day, invariant, subject, *words in self.auditing.findings if self.auditing else ():
            if (invariant, subject) not in self._told:
                new.setdefault((invariant, subject), (day, invariant, subject, *words))
        for finding in [*new.values()][:MOST]:
            print(f"    {' · '.join(finding)}", flush=True)
        self._told |= new.keys()

    def summary(self):
        """Return all that the report tells."""
        if self.auditing:
            self.auditing.wait()
            self.failures += [
                (str(day), "audit", failure) for day, failure in self.auditing.failures
            ]
        acts = dict(sorted(self.journal.count().items()))
        counts = self.counts
        reactions = defaultdict(dict)
        for (name, does), number in sorted(counts["reactions"].items()):
            reactions[name][does] = number
        return {
            **results.read(self.world),
            "acts": acts,
            "reactions": reactions,
            "missing": expected.find_missing(
                acts, counts["reactions"], self.length, len(self.world.debtors)
            ),
            "seconds": self.seconds,
            "parts": self._count_seconds(),
            "tables": self.tables,
            "mails": self.office.mailbox.count,
            "findings": self.auditing.findings if self.auditing else [],
            "audited": bool(self.auditing),
            "compared": self.auditing.compared if self.auditing else {},
            "families": self.auditing.families if self.auditing else {},
            "log": self.log,
            "refusals": [(*what, count) for what, count in counts["refusals"].most_common()],
            "blocked": counts["blocked"].most_common(),
            "failures": [(str(moment), what, trace) for moment, what, trace in self.failures],
        }

    def _count_seconds(self):
        """Return {part: seconds}: the first office's, those of the other one, the auditor's."""
        for colleague in self.colleagues:
            colleague.ask("get_seconds")
        parts = dict(self.office.get_seconds())
        for colleague in self.colleagues:
            parts |= {f"other office: {name}": part for name, part in colleague.wait().items()}
        if self.auditing:
            parts["auditor"] = self.auditing.seconds
        return {name: round(value, 1) for name, value in parts.items()}

    def close(self):
        """Send the auditor home."""
        if self.auditing:
            self.auditing.close()


def _get_moment(act):
    return act.moment


def main(result, parameters, *arguments):
    """Live, and write down what came of it."""
    database = session.configure([*arguments, "--no-http"])
    parameters = json.loads(parameters)
    with ExitStack() as stack:
        web = crew.serve(parameters["web_ports"][0])
        stack.callback(web.shutdown)
        world = _make_world(database, parameters)
        stack.callback(world.clock.stop)
        colleagues = []
        for _number in range(1, parameters["processes"]):
            colleague = crew.Colleague(parameters, arguments, crew.collect_facts(world))
            stack.callback(colleague.close)
            colleagues.append(colleague)
        crew.divide(world, 0, parameters["processes"], parameters["days"])
        life = Life(world, parameters, colleagues)
        stack.callback(life.close)
        life.live()
        summary = {"parameters": parameters, **life.summary()}
    Path(result).write_text(json.dumps(summary, default=str, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The auditor in a process of its own: he reads an evening while the next day is lived through.

He is shown the database as it is once a day is over (a snapshot of PostgreSQL); whoever hands him a
day waits until he has it, and gets what he found when the next one is handed over.
"""

import sys
import time
import traceback
from pathlib import Path

import psycopg2
import psycopg2.extensions

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from simulation.journal import Journal
from simulation.pipes import Counter, Desk
from simulation.watch import Day, find_auditor

READY = "ready"


class Evening:
    """A connection that shows the database of one evening until it is let go."""

    def __init__(self, connection):
        self._connection = connection
        connection.rollback()
        with connection.cursor() as cursor:
            # The first statement takes the snapshot.
            cursor.execute("SELECT shown FROM clock.moment")

    def cursor(self, **options):
        """Return a cursor that reads the evening."""
        return self._connection.cursor(**options)

    def rollback(self):
        """Go on showing the same evening: the auditor begins and ends by asking for the latest."""


class Auditing:
    """The auditor's desk, as those see it who hand him their days.

    :ivar list findings: [(day, invariant, subject, expected, found)] of the days before the last
    :ivar list failures: [(day, traceback)] of days that nobody audited
    :ivar float seconds: how long he worked
    :ivar dict compared: {what: how many were compared}
    :ivar dict families: {family of invariants: seconds}
    """

    def __init__(self, database):
        self.findings, self.failures = [], []
        self.seconds, self.compared, self.families = 0.0, {}, {}
        self._sent = 0
        self._waits = False
        self._desk = Desk(__file__, database)

    def hand(self, day, mails, journal, log, companies, shown):
        """Hand a day over once all of it is committed; return once he has it before him.

        :param Journal journal: all that was done so far; what is new of it is handed over
        :param dict shown: what screens showed, and where files are: see ``watch.Day``
        """
        self.wait()
        acts = journal.entries[self._sent :]
        self._sent = len(journal.entries)
        self._desk.send((day, mails, acts, log, companies, shown))
        if self._desk.receive() != READY:
            raise RuntimeError("The auditor did not take the day")
        self._waits = True

    def wait(self):
        """Take in what he found on the day that he has."""
        if not self._waits:
            return
        day, findings, failure, seconds, self.compared, self.families = self._desk.receive()
        self.findings += [(str(day), *finding) for finding in findings]
        if failure:
            self.failures.append((day, failure))
        self.seconds += seconds
        self._waits = False

    def close(self):
        """Send him home."""
        self._desk.close()


# === HIS SIDE === #


class Auditor:
    """Audits one day after the other, and remembers what he has seen."""

    def __init__(self, database):
        self.audit = find_auditor()
        self.connection = psycopg2.connect(dbname=database)
        self.connection.set_session(
            isolation_level=psycopg2.extensions.ISOLATION_LEVEL_REPEATABLE_READ, readonly=True
        )
        self.journal, self.memory = Journal(), {}

    def look(self, evening, day, mails, acts, log, companies, shown):
        """Return (day, findings as tuples, a traceback or None, seconds, and two counts).

        They are what was compared, and the seconds of each family.
        """
        began = time.perf_counter()
        self.journal.keep(acts)
        findings, failure = [], None
        try:
            seen = Day(day, mails, self.journal, log, companies, self.memory, **shown)
            found = self.audit(evening, seen)
            findings = [
                (str(one.invariant), str(one.subject), str(one.expected), str(one.found))
                for one in found
            ]
        except Exception:
            # The life goes on; that nobody looked at the day is told.
            failure = traceback.format_exc()
        counts = (dict(self.memory.get(name, {})) for name in ("compared", "seconds"))
        return day, findings, failure, time.perf_counter() - began, *counts


def main(database):
    """Take days in until nobody hands any over."""
    counter, auditor = Counter(), Auditor(database)
    for handed in counter.requests():
        evening = Evening(auditor.connection)
        counter.answer(READY)
        counter.answer(auditor.look(evening, *handed))
        auditor.connection.rollback()


if __name__ == "__main__":
    main(*sys.argv[1:])

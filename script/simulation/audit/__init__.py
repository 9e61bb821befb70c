"""The auditor of the simulation: it reads the database, the mails and the law, and nothing else.

It shares no code with the add-on: neither Odoo nor the add-on is imported, so that a mistake of
theirs cannot hide itself here. ``audit`` is called once a day, after the day was committed.
"""

import time
from collections import defaultdict

from . import (
    agreements,
    cases,
    chain,
    charges,
    contacts,
    deadlines,
    ladder,
    log,
    notices,
    proofs,
    schedules,
    silence,
    standing,
    totals,
    verdicts,
    waivers,
    windows,
)
from .books import Books
from .finding import Finding

__all__ = ["FAMILIES", "Finding", "audit"]

# In the order in which a person would ask; each has ``check(books)``, which yields findings.
FAMILIES = (
    log,
    cases,
    windows,
    contacts,
    silence,
    standing,
    ladder,
    verdicts,
    proofs,
    agreements,
    schedules,
    waivers,
    charges,
    notices,
    deadlines,
    totals,
    chain,
)


def audit(connection, day):
    """Return what contradicts the invariants after a simulated day.

    :param connection: psycopg2 connection, only read from
    :param day: date, mails, journal, log, companies and memory (a dict that the auditor keeps;
        "seconds" in it is what each family has taken so far, "compared" what it has looked at)
    :return: list of Finding
    """
    connection.rollback()  # whatever was read before: see what is committed now
    seconds = day.memory.setdefault("seconds", defaultdict(float))
    try:
        found = []
        books = Books(connection, day)
        _measured(seconds, "reading", books.read)
        for family in FAMILIES:
            name = family.__name__.rpartition(".")[2]
            found += _measured(seconds, name, lambda check=family.check: list(check(books)))
        books.remember()
        return found
    finally:
        connection.rollback()


def _measured(seconds, name, work):
    # The simulated clock stands in for all others but this one.
    began = time.clock_gettime(time.CLOCK_MONOTONIC)
    try:
        return work()
    finally:
        seconds[name] += time.clock_gettime(time.CLOCK_MONOTONIC) - began

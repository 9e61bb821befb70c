"""The auditor of the simulation: it reads the database, the mails and the law, and nothing else.

It shares no code with the add-on: neither Odoo nor the add-on is imported, so that a mistake of
theirs cannot hide itself here. ``audit`` is called once a day, after the day was committed.
"""

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
    :param day: date, mails, journal, log, companies and memory (a dict the auditor keeps)
    :return: list of Finding
    """
    connection.rollback()  # whatever was read before: see what is committed now
    try:
        books = Books(connection, day)
        found = [finding for family in FAMILIES for finding in family.check(books)]
        books.remember()
        return found
    finally:
        connection.rollback()

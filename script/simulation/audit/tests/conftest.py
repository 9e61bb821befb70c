"""The demonstration's database on its day, audited inside a transaction that is never kept."""

import functools
import os
import sys
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path

import psycopg2
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from planting import TODAY
from simulation.audit import audit

from ground import demo
from ground.locks import locked
from ground.prepare import prepare

NEEDED = ("wkhtmltopdf",)


@dataclass
class Mail:
    """A mail as the simulation hands it over."""

    moment: datetime
    recipients: list
    path: Path


@dataclass
class Day:
    """A day as the simulation hands it over."""

    date: object
    mails: list
    companies: list
    journal: object = None
    log: list = field(default_factory=list)
    memory: dict = field(default_factory=dict)


class Kept:
    """A connection in whose transaction faults are planted: nobody ends it but the test."""

    def __init__(self, connection):
        self.connection = connection

    def cursor(self, **options):
        """Return a cursor of the transaction."""
        return self.connection.cursor(**options)

    def rollback(self):
        """Keep what was planted: the test itself takes it back."""


class Site:
    """The demonstration with its mails; each test plants its own fault."""

    def __init__(self, connection, mails, folder):
        self.connection = connection
        self.folder = folder
        self.date = self.value(f"SELECT {TODAY}")
        companies = [row[0] for row in self.rows("SELECT id FROM res_company ORDER BY id")]
        self.day = Day(self.date, mails, companies)

    def rows(self, query, *parameters):
        """Return what a query finds."""
        with self.connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description else cursor.rowcount

    def value(self, query, *parameters):
        """Return the first value that a query finds."""
        return self.rows(query, *parameters)[0][0]

    def plant(self, *statements):
        """Change the database behind everybody's back; each statement has to hit something."""
        for statement in statements:
            found = self.rows(statement)
            assert found not in (0, []), f"nothing was planted by {statement}"

    def audit(self):
        """Return the findings."""
        return audit(Kept(self.connection), self.day)

    def invariants(self):
        """Return the names of the invariants that are found broken."""
        return {finding.invariant for finding in self.audit()}

    def forget(self):
        """Let the auditor read all anew: he keeps what this transaction has not changed since."""
        self.day.memory = {}


@functools.cache
def _read_mails():
    mails = []
    for path in sorted(demo.AUDITED.mails.glob("*.eml")):
        content = message_from_bytes(path.read_bytes(), policy=policy.default)
        moment = parsedate_to_datetime(str(content["Date"])).replace(tzinfo=None)
        recipients = [one.strip() for one in str(content["X-Caught-For"]).split(",")]
        mails.append(Mail(moment, recipients, path))
    return mails


@pytest.fixture(scope="session")
def ground():
    """Set everything up once, with a demonstration of our own unless it is there.

    In the other one people may have worked, and its scheduler may have begun other days.
    """
    with prepare(needed=NEEDED) as found:
        with locked("audit-demo", "it makes a demonstration"):
            demo.make_once(found, demo.AUDITED)
        yield found


@pytest.fixture(scope="session")
def database(ground):
    """Connect to a copy of the demonstration: another process of the tests copies it too."""
    name = f"audit_demo_{os.getpid()}"
    with locked("audit-demo"):
        ground.copy_database(demo.AUDITED.database, name)
    variables = ground.variables()
    connection = psycopg2.connect(
        dbname=name, host=variables.get("PGHOST"), user=variables.get("PGUSER")
    )
    # Where Odoo was imported beside, each number would be a float, as nowhere else for the auditor.
    psycopg2.extensions.register_type(psycopg2.extensions.DECIMAL, connection)
    yield connection
    connection.close()
    ground.databases.drop(name)


@pytest.fixture
def site(database, tmp_path):
    """Yield the demonstration; what is planted in it is gone afterwards."""
    site = Site(database, _read_mails(), tmp_path)
    site.day.mails = [mail for mail in site.day.mails if mail.moment.date() == site.date]
    yield site
    database.rollback()

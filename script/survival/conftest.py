"""A database of its own and a mail server for each test; all is gone afterwards."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from books import Books, Mails
from servers import Site

from ground import survival
from ground.prepare import prepare


def pytest_configure(config):
    """Name the marker, which every test here carries."""
    config.addinivalue_line("markers", "slow: takes long; run by script/survive")


def pytest_collection_modifyitems(items):
    """Mark every test of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def ground():
    """Set everything up once; the server of databases stops with its last user."""
    with prepare(needed=survival.NEEDED) as found:
        yield found


@pytest.fixture(scope="session")
def template(ground):
    """Return the name of the database that every test copies."""
    return survival.template(ground)


@pytest.fixture
def site(ground, template, tmp_path):
    """Yield a copy of the database with a mail server that it sends to."""
    database = f"{survival.DATABASES}{os.getpid()}"
    ground.copy_database(template, database)
    site = Site(ground, database, tmp_path)
    ground.databases.sql(f"UPDATE ir_mail_server SET smtp_port = {site.mail_port}", database)
    try:
        yield site
    finally:
        site.close()
        ground.databases.drop(database)


@pytest.fixture
def sink(site):
    """Start the site's mail server."""
    return site.start_sink()


@pytest.fixture
def books(site):
    """Read the site's database."""
    books = Books(site)
    yield books
    books.close()


@pytest.fixture
def mails(site):
    """Read what the site's mail server kept."""
    return Mails(site)

"""Run the add-on's tests, tours included, on a fresh copy of a database with the add-on."""

from contextlib import contextmanager

from . import locks
from .console import say, step
from .prepare import prepare

DATABASES = ("recouvrement_test", *(f"recouvrement_test_{number}" for number in range(2, 9)))
OPTIONS = ("--odoo-http", "--odoo-log-level=warn")


@contextmanager
def fresh_database(ground):
    """Hand out a copy of the database with the add-on; runs at the same time get their own."""
    template = ground.addon_database()
    lock = locks.first_free(DATABASES)
    try:
        with step(f"copy it to {lock.name}"):
            ground.copy_database(template, lock.name)
        yield lock.name
    finally:
        ground.databases.drop(lock.name)
        lock.close()


def pytest_command(database, arguments):
    """Return the arguments of Python that run pytest with Odoo on this database."""
    return ["-m", "pytest", f"--odoo-database={database}", *OPTIONS, *arguments]


def test(arguments):
    """Set up, then hand the arguments over to pytest."""
    with prepare(needed=("wkhtmltopdf", "chromium")) as ground, fresh_database(ground) as database:
        say()
        return ground.python(pytest_command(database, arguments))

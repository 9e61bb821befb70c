"""Run the add-on's tests, tours included, on fresh copies of a database with the add-on.

Several workers share the files among them. Each has a database and a folder of data of its own:
Odoo throws away what its database does not name in the file store, and sessions by their age.
"""

import os
import shutil
from contextlib import ExitStack, contextmanager

from . import locks, paths, selection
from .console import say, step
from .database import FILESTORES
from .prepare import prepare

DATABASES = ("recouvrement_test", *(f"recouvrement_test_{number}" for number in range(2, 33)))
OPTIONS = ("--odoo-http", "--odoo-log-level=warn")
MOST_WORKERS = 4
# A second worker loads Odoo once more, which takes as long as a few dozen tests.
TESTS_PER_WORKER = 40


@contextmanager
def fresh_database(ground):
    """Hand out a copy of the database with the add-on; runs at the same time get their own."""
    template = ground.addon_database()
    lock = locks.first_free(DATABASES)
    try:
        with step(f"copy it to {lock.name}"):
            ground.copy_database(template, lock.name)
        _make_data_folder(lock.name)
        yield lock.name
    finally:
        ground.databases.drop(lock.name)
        shutil.rmtree(data_folder(lock.name), ignore_errors=True)
        lock.close()


def data_folder(database):
    """Return the folder of sessions and files that no other database's tests use."""
    return paths.GROUND / "tests" / database


def _make_data_folder(database):
    folder = data_folder(database)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "filestore").symlink_to(FILESTORES)


def pytest_command(databases, arguments):
    """Return the arguments of Python that run pytest with Odoo, a worker on each database."""
    command = ["-m", "pytest", f"--odoo-database={databases[0]}", *OPTIONS]
    if len(databases) > 1:
        command += [f"--databases={','.join(databases)}", "-n", len(databases)]
        # Not -n alone: a class is set up once, by the worker that has its file.
        command += ["--dist", "loadfile", "--no-loadscope-reorder"]
    return [*command, *arguments]


def test(arguments):
    """Set up, then hand the arguments over to pytest; ``-n`` tells the number of workers."""
    workers, arguments = _share(arguments)
    with prepare(needed=("wkhtmltopdf", "chromium")) as ground, ExitStack() as stack:
        databases = [stack.enter_context(fresh_database(ground)) for _worker in range(workers)]
        say()
        # What most classes begin with is committed once: these databases are dropped afterwards.
        return ground.python(pytest_command(databases, arguments), KEEP_BOOKS="1")


def _share(arguments):
    """Return the number of workers, and the arguments that are pytest's own."""
    options = selection.parse(arguments)
    if options.workers is None:
        options.workers = _find_workers(options)
    return max(options.workers, 1), options.others


def _find_workers(options):
    if options.is_watched:
        return 1
    files = selection.count_tests(options)
    wanted = 1 + sum(files.values()) // TESTS_PER_WORKER
    return min(wanted, len(files), len(os.sched_getaffinity(0)), MOST_WORKERS)

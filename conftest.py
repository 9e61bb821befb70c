"""What holds for every test: a warning or an error in the log fails the run.

Records that a test mutes (`mute_logger`) or expects (`assertLogs`) never get here. Workers that
share the tests have a database and a folder of data each.
"""

import logging
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "script"))

from ground.logcheck import is_ignored
from ground.testing import data_folder


class Complaints(logging.Handler):
    """Remember what is logged at the level of a warning or above, with the test it came from."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.found = []

    def emit(self, record):
        """Keep the record, unless it is one of those nobody can silence."""
        message = f"{record.levelname} {record.name}: {record.getMessage()}"
        if not is_ignored(message):
            test = os.environ.get("PYTEST_CURRENT_TEST", "outside a test")
            self.found.append(f"{test}\n    {message}")


complaints = Complaints()

# === WORKERS === #

TAKEN = pytest.StashKey()  # {worker: its database}
# How long a test of a folder takes beside one of the others.
TOURS = "recouvrement_creances/tests/tours/"
WEIGHTS = {TOURS: 10, "recouvrement_creances/tests/rules/": 0.1}


def pytest_addoption(parser):
    """Let script/test name the databases of its workers."""
    parser.addoption("--databases", default="", help="one per worker, by comma")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Give a worker a database that no other has, also one that replaces a crashed worker."""
    taken = node.config.stash.setdefault(TAKEN, {})
    for name in filter(None, node.config.getoption("--databases").split(",")):
        if name not in taken.values():
            taken[node] = node.workerinput["database"] = name
            break


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config):
    """Tell pytest-odoo the database of this process, and the folder of files that goes with it."""
    database = getattr(config, "workerinput", {}).get("database")
    if database:
        config.option.odoo_database = database
        # Else pytest-odoo would copy the database again, and let all copies share one file store:
        # what one worker throws away is what another still reads.
        del os.environ["PYTEST_XDIST_WORKER"]
    database = getattr(config.option, "odoo_database", None)
    if database and data_folder(database).is_dir():
        folder = f"data-dir={data_folder(database)}"
        config.option.odoo_extra = [*config.option.odoo_extra, folder]
    return (yield)


def pytest_collection_modifyitems(config, items):
    """Let workers begin with what takes longest, so that they end at about the same time."""
    if hasattr(config, "workerinput"):
        weights = Counter()
        for item in items:
            weights[_unit(item.nodeid)] += _weight(item.nodeid)
        items.sort(key=lambda item: (-weights[_unit(item.nodeid)], _unit(item.nodeid)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Hand out whole files, and all tours to one worker: one browser at a time is enough."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return _unit(nodeid)

    return Scheduling(config, log) if config.getoption("--databases") else None


def _unit(nodeid):
    return TOURS if nodeid.startswith(TOURS) else nodeid.partition("::")[0]


def _weight(nodeid):
    return next((WEIGHTS[folder] for folder in WEIGHTS if nodeid.startswith(folder)), 1)


# === THE LOG === #


def pytest_sessionstart():
    """Listen after Odoo set its own logging up."""
    logging.getLogger().addHandler(complaints)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Collect what a worker of pytest-xdist heard."""
    complaints.found += getattr(node, "workeroutput", {}).get("complaints", [])
    node.config.stash.setdefault(TAKEN, {}).pop(node, None)


def pytest_sessionfinish(session):
    """Fail the session that complained; a worker tells the process that started it."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["complaints"] = complaints.found
    elif complaints.found and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    """Name what was logged."""
    if complaints.found:
        terminalreporter.section("warnings and errors in the log (they fail the run)", red=True)
        for text in complaints.found:
            terminalreporter.line(text)

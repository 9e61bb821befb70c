"""What holds for every test: a warning or an error in the log fails the run.

Records that a test mutes (`mute_logger`) or expects (`assertLogs`) never get here.
"""

import logging
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "script"))

from ground.logcheck import is_ignored


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


def pytest_sessionstart():
    """Listen after Odoo set its own logging up."""
    logging.getLogger().addHandler(complaints)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Collect what a worker of pytest-xdist heard."""
    complaints.found += getattr(node, "workeroutput", {}).get("complaints", [])


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

"""The small add-ons that install themselves beside ours and one of Odoo's: do they, do they work?

Their tests need what they depend on, which the databases of script/test do not have.
"""

import ast
import re

from . import logcheck
from .console import GroundError, say, step

DATABASE = "recouvrement_companion"
RESULT = re.compile(r"0 failed, 0 error\(s\) of (\d+) tests")


def walk(ground, addon):
    """Install what a companion waits for beside our add-on, and run its tests.

    :param pathlib.Path addon: its folder
    :raises GroundError: it did not install itself, its log complains, a test failed, or none ran
    """
    template = ground.addon_database()
    try:
        ground.copy_database(template, DATABASE)
        with step(f"install what {addon.name} waits for"):
            _refuse_complaints(ground.install(DATABASE, _read_others(addon)))
            _check_installed(ground, addon.name)
        with step(f"test {addon.name}"):
            tests = ["-u", addon.name, "--test-tags", f"/{addon.name}", "--stop-after-init"]
            command = ["-d", DATABASE, *tests, "--no-http"]
            log = ground.odoo(command, f"test-{addon.name}.log", f"testing {addon.name}")
            _refuse_complaints(log)
            count = _count_tests(log)
    finally:
        ground.databases.drop(DATABASE)
    say(f"{addon.name} installs itself, and its {count} tests pass.")


def _read_others(addon):
    """Return the add-ons of Odoo that a companion depends on."""
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
    return [name for name in manifest["depends"] if not name.startswith("recouvrement_creances")]


def _check_installed(ground, name):
    state = ground.databases.sql(
        f"SELECT state FROM ir_module_module WHERE name = '{name}'", DATABASE
    )
    if state != "installed":
        raise GroundError(f"{name} did not install itself: its state is {state or 'unknown'}.")


def _count_tests(log):
    """Return how many tests passed; none at all is a failure."""
    found = RESULT.findall(log.read_text(errors="replace"))
    count = max(map(int, found), default=0)
    if not count:
        raise GroundError(f"No test ran ({log}).")
    return count


def _refuse_complaints(log):
    found = logcheck.complaints(log)
    if found:
        raise GroundError("\n".join([f"The log complains ({log}):", *found]))

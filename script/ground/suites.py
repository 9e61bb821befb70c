"""Odoo's own tests without and with our add-on, at the same time; what differs is listed."""

import argparse
import re
import subprocess
from collections import Counter

from . import paths, ports
from .console import GroundError, say, step
from .prepare import prepare

MODULES = ("account", "account_payment", "portal", "mail", "sale")
PAGE = paths.PROJECT / "docs" / "suites.md"
STARTED = re.compile(r" (?P<suite>odoo\.addons\.\S+): Starting (?P<test>\w+\.\w+) \.\.\.")
FAILED = re.compile(r" ERROR \S+ (?P<suite>odoo\.addons\.\S+): (?:FAIL|ERROR): (?P<test>\w+\.\w+)")
NAMES = {False: "without", True: "with"}


def suites(arguments):
    """Run the tests of some modules in two databases, compare, and write the page.

    :return: 0 when both gave the same result
    """
    options = _parse(arguments)
    with prepare(needed=("wkhtmltopdf", "chromium")) as ground:
        databases = {_name(is_with): is_with for is_with in (False, True)}
        try:
            for database, is_with in databases.items():
                _make(ground, database, is_with, options.modules)
            with step(f"test {', '.join(options.modules)} without and with the add-on"):
                _run(ground, databases, options)
        finally:
            for database in databases:
                ground.databases.drop(database)
    found = [read(_log(is_with).read_text(errors="replace")) for is_with in (False, True)]
    text = describe(options.modules, *found)
    say(f"\n{text}")
    PAGE.write_text(text)
    return 1 if _differ(*found) else 0


def _parse(arguments):
    parser = argparse.ArgumentParser(prog="bench/suites", description=__doc__)
    parser.add_argument(
        "modules", nargs="*", default=MODULES, help="of Odoo (default: %(default)s)"
    )
    parser.add_argument("--tags", help="of the tests, instead of all of these modules")
    return parser.parse_args(arguments)


def _name(is_with):
    return f"recouvrement_suites_{NAMES[is_with]}"


def _log(is_with):
    return paths.LOGS / f"suites-{NAMES[is_with]}.log"


def _make(ground, database, is_with, modules):
    template = ground.addon_database() if is_with else ground.base_database()
    ground.copy_database(template, database)
    with step(f"install what is tested {NAMES[is_with]} the add-on"):
        ground.install(database, modules)


def _run(ground, databases, options):
    """Run both at once; failed tests are no failure of this."""
    tags = options.tags or ",".join(f"/{module}" for module in options.modules)
    running = []
    for database, is_with in databases.items():
        arguments = ["-d", database, "-u", ",".join(options.modules), "--test-tags", tags]
        port = ports.free(8370 + 10 * is_with)
        arguments += ["--stop-after-init", "--max-cron-threads", 0, "--http-port", port]
        with _log(is_with).open("w") as log:
            command = ground.odoo_command(arguments)
            running.append(
                subprocess.Popen(command, env=ground.variables(), stdout=log, stderr=log)
            )
    for process in running:
        process.wait()


def read(log):
    """Return (tests that ran, Counter of those that failed) of a log's text."""
    ran = Counter(f"{match['suite']}:{match['test']}" for match in STARTED.finditer(log))
    failed = Counter(f"{match['suite']}:{match['test']}" for match in FAILED.finditer(log))
    if not ran:
        raise GroundError("No test ran: look into the logs of the suites.")
    return ran, failed


def _differ(without, with_ours):
    return bool(_list(without, with_ours))


def _list(without, with_ours):
    """Return lines that name the tests which only ran or only failed on one side."""
    lines = []
    for what, place in (("ran", 0), ("failed", 1)):
        for test in sorted(without[place].keys() | with_ours[place].keys()):
            counts = without[place][test], with_ours[place][test]
            if bool(counts[0]) != bool(counts[1]):
                side = "without" if counts[0] else "with"
                lines.append(f"- `{test}` {what} {side} the add-on only")
    return lines


def describe(modules, without, with_ours):
    """Return the page: what ran, what failed, and what differs."""
    rows = [
        f"| {NAMES[is_with]} | {len(ran):,} | {len(failed):,} |"
        for is_with, (ran, failed) in ((False, without), (True, with_ours))
    ]
    differences = _list(without, with_ours) or ["Nothing: the same tests ran and failed."]
    return "\n".join(
        [
            "# Odoo's own tests, without and with the add-on",
            "",
            "This page is written by `bench/suites`; do not edit it by hand. It runs the tests of",
            f"{', '.join(f'`{module}`' for module in modules)} in two databases of French",
            "accounting that differ in nothing but the add-on.",
            "",
            "| the add-on | tests | failed |",
            "|------------|------:|-------:|",
            *rows,
            "",
            "## What differs",
            "",
            *differences,
            "",
        ]
    )

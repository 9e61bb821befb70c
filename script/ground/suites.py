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
# Tests roll back what they make. Cleaned meanwhile, a table counts as empty for PostgreSQL, which
# then reads it through for each row of each other: single tests of payments took a quarter of
# an hour.
LEAVE_UNCLEANED = """
    DO $$
    DECLARE name text;
    BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = false)', name);
        END LOOP;
    END $$
"""
# Where a result has the tests that ran and those that failed.
RAN_AT, FAILED_AT = 0, 1


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
                tags = options.tags or ",".join(f"/{module}" for module in options.modules)
                _run(ground, databases, options.modules, tags)
            found = [read(_log(is_with).read_text(errors="replace")) for is_with in NAMES]
            unsteady = _run_again(ground, options.modules, found)
        finally:
            for database in databases:
                ground.databases.drop(database)
    text = describe(options.modules, *found, unsteady)
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
    ground.databases.sql(LEAVE_UNCLEANED, database)


def _run(ground, databases, modules, tags):
    """Run in each of these databases at once; failed tests are no failure of this."""
    running = []
    for database, is_with in databases.items():
        arguments = ["-d", database, "-u", ",".join(modules), "--test-tags", tags]
        port = ports.free(8370 + 10 * is_with)
        arguments += ["--stop-after-init", "--max-cron-threads", 0, "--http-port", port]
        with _log(is_with).open("w") as log:
            command = ground.odoo_command(arguments)
            running.append(
                subprocess.Popen(command, env=ground.variables(), stdout=log, stderr=log)
            )
    for process in running:
        process.wait()


def _run_again(ground, modules, found):
    """Run what failed on one side only once more, with the machine to itself.

    Both sides at once are much for tours with limits of time: a test that passes then says
    nothing of the add-on. Forgets it in ``found``.

    :return: names of those tests, each with its side
    """
    unsteady = []
    for is_with, mine, other in ((False, *found), (True, *reversed(found))):
        alone = mine[FAILED_AT].keys() - other[FAILED_AT].keys()
        if not alone:
            continue
        with step(f"test what failed {NAMES[is_with]} the add-on only once more"):
            _run(ground, {_name(is_with): is_with}, modules, ",".join(map(_tag, sorted(alone))))
        ran, failed = read(_log(is_with).read_text(errors="replace"))
        for test in sorted(alone & ran.keys() - failed.keys()):
            del mine[FAILED_AT][test]
            unsteady.append((test, NAMES[is_with]))
    return unsteady


def _tag(test):
    """Return the tag that chooses one test: ``/portal:TestUi.test_01`` of its whole name."""
    suite, name = test.split(":")
    return f"/{suite.split('.')[2]}:{name}"


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
    for what, place in (("ran", RAN_AT), ("failed", FAILED_AT)):
        for test in sorted(without[place].keys() | with_ours[place].keys()):
            counts = without[place][test], with_ours[place][test]
            if bool(counts[0]) != bool(counts[1]):
                side = "without" if counts[0] else "with"
                lines.append(f"- `{test}` {what} {side} the add-on only")
    return lines


def describe(modules, without, with_ours, unsteady):
    """Return the page: what ran, what failed, and what differs.

    :param unsteady: [(test, side)] that failed on one side only, and passed once more
    """
    rows = [
        f"| {NAMES[is_with]} | {len(ran):,} | {len(failed):,} |"
        for is_with, (ran, failed) in ((False, without), (True, with_ours))
    ]
    differences = _list(without, with_ours) or ["Nothing: the same tests ran and failed."]
    both = [f"- `{test}`" for test in sorted(without[FAILED_AT] & with_ours[FAILED_AT])]
    again = [f"- `{test}` {side} the add-on" for test, side in unsteady]
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
            "## What fails on both sides",
            "",
            *(both or ["Nothing."]),
            "",
            "## What failed on one side while both ran at once, and passed when it ran once more",
            "",
            *(again or ["Nothing."]),
            "",
        ]
    )

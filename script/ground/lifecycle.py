"""The add-on's life in a database: installed on a ledger that exists, updated, uninstalled.

Then the add-ons that install themselves beside it, each in a database of its own, with their tests;
the update from the first release; the add-on installed from its wheel; and among the add-ons of
others that users have beside it.
"""

import ast
import json

from . import companions, logcheck, neighbours, paths, upgrades, wheels
from .console import GroundError, say, step
from .prepare import prepare

DATABASE = "recouvrement_lifecycle"
ADDON = paths.ADDON.name


def lifecycle(_arguments):
    """Walk the whole life; stop at the first thing that is not as it has to be."""
    with prepare() as ground:
        # What it depends on stays when it goes, as Odoo always leaves it.
        ground.create_database(DATABASE, _read_dependencies())
        try:
            _walk(ground)
        finally:
            ground.databases.drop(DATABASE)
        say("The add-on installs on a ledger that exists, updates and uninstalls without a trace.")
        for addon in paths.COMPANIONS:
            companions.walk(ground, addon)
        upgrades.walk(ground)
        wheels.walk(ground, _read_dependencies(), _inside)
        neighbours.walk(ground, _inside)
    return 0


def _read_dependencies():
    manifest = ast.literal_eval((paths.ADDON / "__manifest__.py").read_text())
    return manifest["depends"]


def _walk(ground):
    with step("post invoices before the add-on is there"):
        before = _inside(ground, "seed")
    with step("install"):
        _refuse_complaints(ground.install(DATABASE, [ADDON]))
    with step("collect"):
        first = _inside(ground, "collect")
    for turn in ("first", "second"):
        with step(f"update, the {turn} time"):
            log = ground.odoo(
                ["-d", DATABASE, "-u", ADDON, "--stop-after-init", "--no-http"],
                f"update-{turn}.log",
                "updating",
            )
            _refuse_complaints(log)
            again = _inside(ground, "snapshot")
        _compare(first, again, f"The {turn} update changed")
    with step("uninstall"):
        ground.odoo(["module", "uninstall", "-d", DATABASE, ADDON], "uninstall.log", "uninstalling")
        after = _inside(ground, "snapshot")
    _compare(before, after, "The uninstallation left or took")


def _inside(ground, command, database=DATABASE, *options):
    result = paths.LOGS / f"lifecycle-{command}.json"
    arguments = ["lifecycle.py", command, result, "-d", database, *options]
    ground.inside(*arguments, title=f"lifecycle: {command}")
    return json.loads(result.read_text())


def _compare(expected, found, what):
    """Name what differs between two snapshots."""
    differences = [
        f"  {name}: {'is new' if name not in expected else 'is gone' if name not in found else ''}"
        f"{'' if name not in expected or name not in found else 'differs'}"
        for name in sorted(expected.keys() | found.keys())
        if expected.get(name) != found.get(name)
    ]
    if differences:
        raise GroundError("\n".join([f"{what}:", *differences[:30]]))


def _refuse_complaints(log):
    found = logcheck.complaints(log)
    if found:
        raise GroundError("\n".join(["The log complains:", *found]))

"""Add-ons that users have beside ours: installed together in one database, and at work."""

import shutil

from . import logcheck, paths, wheels
from .console import GroundError, say, step

DATABASE = "recouvrement_neighbours"
ODOO = ("sale_management", "stock", "point_of_sale", "l10n_be")
# name on PyPI, pinned; those they need come with them
COMMUNITY = (
    "odoo-addon-account-financial-report==19.0.0.0.26.3",
    "odoo-addon-partner-statement==19.0.1.1.0.16",
    "odoo-addon-date-range==19.0.*",
    "odoo-addon-report-xlsx==19.0.*",
    "odoo-addon-report-xlsx-helper==19.0.*",
)
COMMUNITY_NAMES = ("account_financial_report", "partner_statement")


def walk(ground, inside):
    """Install neighbours on our add-on with a ledger, collect, and uninstall ours from among them.

    :param inside: runs a command of the script that looks at a database from inside Odoo
    :raises GroundError: something complains, is not installed, or nothing is collected
    """
    shutil.rmtree(wheels.INSTALLED, ignore_errors=True)
    wheels.install("fetch the community's add-ons", *COMMUNITY)
    addons_path = ",".join(map(str, (ground.addons_path(), wheels.folder())))
    names = (*ODOO, *COMMUNITY_NAMES)
    options = ("--addons-path", addons_path)
    ground.copy_database(ground.addon_database(), DATABASE)
    try:
        inside(ground, "seed", DATABASE)
        with step(f"install {', '.join(names)} beside it"):
            arguments = ["-d", DATABASE, "-i", ",".join(names), "--stop-after-init", "--no-http"]
            log = ground.odoo([*arguments, *options], "neighbours.log", "installing neighbours")
        _refuse_own_complaints(log)
        _check_installed(ground, names)
        inside(ground, "collect", DATABASE, *options)
        with step("uninstall it from among them"):
            # Odoo takes the folders before the name of a command only, and only in this form.
            arguments = [f"--addons-path={addons_path}", "module", "uninstall", "-d", DATABASE]
            arguments.append(paths.ADDON.name)
            # Its log is full of refusals: Odoo deletes rows first, then the tables that hold them.
            ground.odoo(arguments, "neighbours-uninstall.log", "uninstalling")
        _check_installed(ground, names)
        if _find_installed(ground, [paths.ADDON.name]):
            raise GroundError("The add-on is still installed.")
    finally:
        ground.databases.drop(DATABASE)
    say(f"It works beside {', '.join(names)}.")


def _refuse_own_complaints(log):
    """Errors of anybody count; warnings only where they name us: neighbours have their own."""
    found = [
        line
        for line in logcheck.complaints(log)
        if " WARNING " not in line or "collection" in line or "recouvrement" in line
    ]
    if found:
        raise GroundError("\n".join([f"The log complains ({log}):", *found]))


def _find_installed(ground, names):
    listed = ", ".join(f"'{name}'" for name in names)
    query = f"SELECT name FROM ir_module_module WHERE state = 'installed' AND name IN ({listed})"
    return set(ground.databases.sql(query, DATABASE).split())


def _check_installed(ground, names):
    missing = set(names) - _find_installed(ground, names)
    if missing:
        raise GroundError(f"Not installed: {', '.join(sorted(missing))}.")

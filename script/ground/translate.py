"""The translation: terms are exported from a database with the add-on, then merged into fr.po."""

import argparse
from contextlib import nullcontext

from . import paths
from .console import step
from .prepare import prepare
from .testing import fresh_database

I18N = paths.ADDON / "i18n"
TERMS = I18N / f"{paths.ADDON.name}.pot"
TRANSLATION = I18N / "fr.po"
EXPORTED = paths.LOGS / "exported-terms.pot"


def translate(arguments):
    """Write the terms and the merged translation; fail while something is left to translate."""
    options = _options(arguments)
    with prepare() as ground:
        database = nullcontext(options.database) if options.database else fresh_database(ground)
        with database as name, step("export the terms"):
            _export(ground, name)
        return ground.python(
            [paths.INSIDE / "translation.py", EXPORTED, TERMS, TRANSLATION, paths.ADDON.name]
        )


def _options(arguments):
    parser = argparse.ArgumentParser(prog="script/translate", description=translate.__doc__)
    parser.add_argument(
        "--database",
        help="a database with the add-on as it is now (default: a fresh copy, dropped afterwards)",
    )
    return parser.parse_args(arguments)


def _export(ground, database):
    I18N.mkdir(exist_ok=True)
    command = ["i18n", "export", "-d", database, paths.ADDON.name, "-l", "pot", "-o", EXPORTED]
    ground.odoo(command, "export-terms.log", "exporting the terms")

"""The linters: ruff, the add-on's shape, pylint-odoo, and Odoo's own test_lint on our add-on."""

from . import paths
from .console import GroundError, say
from .prepare import prepare
from .testing import fresh_database, pytest_command

SHAPE = paths.SCRIPT / "shape"
ODOO_LINT = paths.SCRIPT / "odoo_lint"
QUICK = "--quick"


def lint(arguments):
    """Run every linter, whatever the others found; --quick leaves out what needs a database."""
    if set(arguments) - {QUICK}:
        raise GroundError(f"script/lint knows one option: {QUICK}")
    with prepare() as ground:
        codes = [run(ground) for run in (_ruff, _pylint, _shape)]
        if QUICK not in arguments:
            codes.append(_test_lint(ground))
    failed = sum(map(bool, codes))
    say(f"\nLinters: {len(codes) - failed} passed, {failed} failed.")
    return 1 if failed else 0


def _ruff(ground):
    say("== ruff")
    return ground.python(["-m", "ruff", "check", paths.PROJECT])


def _pylint(ground):
    say("== pylint-odoo")
    addons = (paths.ADDON, *paths.COMPANIONS)
    return ground.python(["-m", "pylint", "--rcfile", paths.PROJECT / ".pylintrc", *addons])


def _shape(ground):
    say("== shape")
    return ground.python(["-m", "pytest", "-q", "-p", "no:odoo", SHAPE])


def _test_lint(ground):
    say("== Odoo's test_lint")
    try:
        with fresh_database(ground) as database:
            return ground.python(pytest_command([database], ["-q", "--tb=short", ODOO_LINT]))
    except GroundError as error:
        say(str(error))
        return 1

"""Tests with real processes: of survival, with many debtors in arrears, and of a ledger's life."""

from pathlib import Path

from . import paths, stamps
from .console import step
from .locks import locked
from .prepare import prepare

TESTS = paths.SCRIPT / "survival"
SIMULATION = paths.SCRIPT / "simulation"
FOLDERS = (TESTS, SIMULATION)
PORTFOLIO = TESTS / "inside" / "portfolio.py"
ADDONS = TESTS / "addons"
DATABASES = "survival_"  # then the number of the test's process
NEEDED = ("wkhtmltopdf",)
# Two tests at a time: most of them wait for a slow mail server.
OPTIONS = ("-p", "no:odoo", "-q", "--durations=0", "-n", "2")


def addons_path(ground):
    """Return the folders of add-ons: Odoo's, ours, and what these tests add to ours."""
    return f"{ground.addons_path()},{ADDONS}"


def template(ground):
    """Return the template of every test's database: the add-on with debtors in arrears."""
    addon = ground.addon_database()
    sources = [PORTFOLIO, *sorted(ADDONS.rglob("*.py"))]
    mark = stamps.stamp(addon, [source.read_text() for source in sources])
    name = f"ground_survival_{mark}"
    databases = ground.databases
    with locked("survival-database", "it posts invoices"):
        if not (databases.exists(name) and databases.mark(name) == mark):
            for former in databases.names("ground_survival_"):
                databases.drop(former)
            with step("post the invoices of the survival tests"):
                databases.copy(addon, name)
                options = ["-d", name, "--addons-path", addons_path(ground)]
                ground.inside(
                    PORTFOLIO, *options, log="survival-portfolio.log", title="posting invoices"
                )
            databases.set_mark(name, mark)
    return name


def _forget_killed_tests(ground):
    """Drop the databases that tests left whose process was killed; their names tell it."""
    for name in ground.databases.names(DATABASES):
        number = name.removeprefix(DATABASES).split("_")[0]
        if not Path(f"/proc/{number}").exists():
            ground.databases.drop(name)


def survive(arguments):
    """Set up, then run the tests; every argument goes to pytest."""
    with prepare(needed=NEEDED) as ground:
        _forget_killed_tests(ground)
        template(ground)
        named = any(folder.name in argument for folder in FOLDERS for argument in arguments)
        # The simulation is asked for by name: its planted faults need a demonstration of some days.
        where = [] if named else [TESTS]
        return ground.python(["-m", "pytest", *OPTIONS, *arguments, *where])

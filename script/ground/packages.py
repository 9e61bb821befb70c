"""Programs of the system: found, installed where allowed, or named with the way to get them."""

import os
import shutil
import sys

from .console import GroundError, run, step, warn
from .locks import locked

# what it is for, the names its program may have, Debian's packages
PROGRAMS = {
    "wkhtmltopdf": ("letters as PDF", ("wkhtmltopdf",), ("wkhtmltopdf",)),
    "chromium": (
        "tours of the web client in the tests",
        ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable"),
        ("chromium",),
    ),
    "git": ("the source of Odoo", ("git",), ("git", "ca-certificates")),
}
FONTS = ("fonts-liberation",)


def find(name):
    """Return the path of a program, or None."""
    return next(filter(None, map(shutil.which, PROGRAMS[name][1])), None)


def may_install():
    """Tell whether this script may install Debian packages."""
    return os.geteuid() == 0 and bool(shutil.which("apt-get"))


def install(packages, title):
    """Install Debian packages, refreshing the package lists first."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with locked("apt", "it installs system packages"), step(f"install {title} (apt-get)"):
        run(["apt-get", "update"], "apt-update.log", env=quiet)
        command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
        run(command, "apt-install.log", env=quiet)


def ensure(needed, wanted=()):
    """Make sure that programs are there.

    :param needed: names without which the caller cannot go on
    :param wanted: names without which it goes on, after a warning
    """
    missing = [name for name in (*needed, *wanted) if not find(name)]
    if missing and may_install():
        packages = [package for name in missing for package in PROGRAMS[name][2]]
        install([*packages, *FONTS], ", ".join(missing))
    missing = [name for name in missing if not find(name)]
    for name in missing:
        if name not in needed:
            warn(_explain(name))
    missing = [name for name in missing if name in needed]
    if missing:
        raise GroundError("\n".join(map(_explain, missing)))


def _explain(name):
    purpose, _programs, packages = PROGRAMS[name]
    return (
        f"{name} is missing: it is needed for {purpose}. "
        f"On Debian or Ubuntu: sudo apt-get install {' '.join(packages)}"
    )


def ensure_venv_module():
    """Make sure that this Python can make a virtual environment (Debian splits that off)."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        if not may_install():
            raise GroundError(
                "Python cannot make virtual environments here. "
                f"On Debian or Ubuntu: sudo apt-get install {package}"
            ) from None
        install([package], package)

"""The virtual environment with the pinned Python packages."""

import os
import shutil
import subprocess
import sys

from . import packages, paths
from .console import GroundError, run, step
from .stamps import is_done, mark_done, stamp

OLDEST, NEWEST = (3, 10), (3, 13)


def python():
    """Return the Python of the virtual environment."""
    return paths.ENVIRONMENT / "bin" / "python"


def _base_python():
    """Return a Python that Odoo 19 accepts: this one, or another that is installed."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        # Called with the environment's own Python, the one that it was made from is meant:
        # else each of the two would find the other's environment outdated.
        return getattr(sys, "_base_executable", None) or sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    raise GroundError(
        "Odoo 19 needs Python 3.10, 3.11, 3.12 or 3.13; this is "
        f"{sys.version_info[0]}.{sys.version_info[1]} and no other was found."
    )


def ensure():
    """Make the virtual environment, or make it anew when the pinned packages changed."""
    base = _base_python()
    done = paths.ENVIRONMENT / "ground.stamp"
    value = stamp(sys.version_info[:3], paths.REQUIREMENTS.read_text())
    if is_done(done, value) and python().exists():
        return
    if base == sys.executable:
        packages.ensure_venv_module()
    with step("make the virtual environment and install the Python packages"):
        shutil.rmtree(paths.ENVIRONMENT, ignore_errors=True)
        run([base, "-m", "venv", paths.ENVIRONMENT], "venv.log", "making the virtual environment")
        pip = [python(), "-m", "pip", "install", "--disable-pip-version-check"]
        run([*pip, "-r", paths.REQUIREMENTS], "pip.log", "installing the Python packages")
    mark_done(done, value)


def variables(**more):
    """Return the environment for programs of the virtual environment."""
    inherited = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    path = f"{paths.ENVIRONMENT / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**inherited, "PATH": path, **more}


def purelib():
    """Return the folder of the installed packages."""
    command = [python(), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

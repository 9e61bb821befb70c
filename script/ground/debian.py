"""Debian's package of Odoo 19, unpacked into the ignored folder without installing it.

The packages come from the mirror this machine's apt already uses, through an apt state of its
own: the system's package lists are not touched, and signatures are checked.
"""

import os
import shutil
from pathlib import Path

from . import paths
from .console import GroundError, answer, run, step, warn
from .stamps import is_done, mark_done, stamp

SUITE = "sid"
OLDER_SUITE = "bookworm"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PACKAGES = (
    "odoo-19",
    # Debian's odoo replaces these by links into /usr/share, to places that the older suite's
    # packages still fill.
    f"fonts-font-awesome/{OLDER_SUITE}",
    f"fonts-glyphicons-halflings/{OLDER_SUITE}",
    f"fonts-inconsolata/{OLDER_SUITE}",
    "fonts-montserrat",
    f"fonts-ocr-b/{OLDER_SUITE}",
    f"fonts-roboto-unhinted/{OLDER_SUITE}",
    f"libjs-jquery/{OLDER_SUITE}",
    f"libjs-jquery-form/{OLDER_SUITE}",
    f"libjs-underscore/{OLDER_SUITE}",
)
# Debian leaves this file out for want of its source; the web client's bundle names it, and a
# bundle with a missing file logs an error in the browser. It blurs the camera in video calls,
# which nothing here does: an empty script stands in for it.
LEFT_OUT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
STAND_IN = "// Stand-in for a library that Debian's package of Odoo leaves out.\n"
STAMP = stamp(SUITE, PACKAGES, LEFT_OUT)


def is_unpacked():
    """Tell whether the whole of it is there."""
    return is_done(paths.ODOO / "ground.stamp", STAMP)


def can_download():
    """Tell whether this machine has what it takes: apt, dpkg, Debian's keys."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb") and KEYRING.exists())


def _mirror():
    """Return the address of the mirror that apt uses for Debian."""
    template = "$(REPO_URI)|$(RELEASE)|$(ORIGIN)"
    lines = answer(["apt-get", "indextargets", "--format", template, "Created-By: Packages"])
    for line in lines.splitlines():
        address, release, origin = line.split("|")
        # A machine that never updated its lists knows addresses, but not yet whose they are.
        if origin in ("Debian", "") and "security" not in address + release:
            return address
    raise GroundError("apt knows no mirror of Debian (run apt-get update once).")


def _private_apt():
    """Return apt-get's options for a state of its own, with one source: the suite of Odoo 19."""
    folder = paths.DOWNLOADS / "apt"
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    sources = folder / "sources.list"
    mirror = _mirror()
    suites = (SUITE, OLDER_SUITE)
    lines = [f"deb [signed-by={KEYRING}] {mirror} {suite} main\n" for suite in suites]
    sources.write_text("".join(lines))
    options = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        # The files go to a folder that only this user may write.
        "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
    }
    return [part for key, value in options.items() for part in ("-o", f"{key}={value}") if value]


def unpack():
    """Download the packages and unpack them into the ignored folder."""
    with step("download Odoo 19 (Debian's package, 130 MB)"):
        options = _private_apt()
        files = paths.DOWNLOADS / "packages"
        shutil.rmtree(files, ignore_errors=True)
        files.mkdir()
        run(["apt-get", *options, "update"], "odoo-update.log", "reading Debian's list of packages")
        command = ["apt-get", *options, "download", *PACKAGES]
        run(command, "odoo-download.log", "downloading Odoo", cwd=files)
    with step("unpack Odoo 19"):
        shutil.rmtree(paths.ODOO, ignore_errors=True)
        paths.ODOO.mkdir()
        for file in sorted(files.glob("*.deb")):
            run(["dpkg-deb", "-x", file, paths.ODOO], "odoo-unpack.log", f"unpacking {file.name}")
        stand_in = paths.ODOO / "usr/lib/python3/dist-packages/odoo/addons" / LEFT_OUT
        if not stand_in.exists():
            stand_in.parent.mkdir(parents=True, exist_ok=True)
            stand_in.write_text(STAND_IN)
        shutil.rmtree(files)
    _report_broken_links()
    mark_done(paths.ODOO / "ground.stamp", STAMP)


def _report_broken_links():
    """Name what the unpacked tree points to in vain: a font or a script missing in the browser."""
    for path in paths.ODOO.rglob("*"):
        if path.is_symlink() and not path.exists():
            warn(f"Debian's package of Odoo lacks {path.relative_to(paths.ODOO)}")

"""The add-ons as wheels: built with OCA's whool, installed as pip does, put to work from there."""

import shutil

from . import environment, logcheck, paths
from .console import GroundError, run, say, step

DATABASE = "recouvrement_wheel"
WHEELS = paths.GROUND / "wheels"
INSTALLED = WHEELS / "installed"


def walk(ground, dependencies, inside):
    """Build the wheels, install the add-on from its own on a ledger that exists, and collect.

    :param dependencies: the modules of Odoo that the add-on needs
    :param inside: runs a command of the script that looks at a database from inside Odoo
    :raises GroundError: a wheel was not built, its installation complains, or nothing is found
    """
    shutil.rmtree(WHEELS, ignore_errors=True)
    names = [_build(addon) for addon in (paths.ADDON, *paths.COMPANIONS)]
    install("unpack the wheels", *names)
    addons_path = ",".join(map(str, (*ground.source.addons, folder())))
    ground.create_database(DATABASE, dependencies)
    try:
        inside(ground, "seed", DATABASE)
        with step("install from the wheel"):
            arguments = ["-d", DATABASE, "-i", paths.ADDON.name, "--stop-after-init", "--no-http"]
            log = ground.odoo(
                [*arguments, "--addons-path", addons_path], "install-wheel.log", "installing"
            )
            found = logcheck.complaints(log)
        if found:
            raise GroundError("\n".join([f"The log complains ({log}):", *found]))
        inside(ground, "collect", DATABASE, "--addons-path", addons_path)
    finally:
        ground.databases.drop(DATABASE)
    say(f"Built, installed and at work: {', '.join(path.name for path in names)}")


def _build(addon):
    """Build one wheel; return its path."""
    before = set(WHEELS.glob("*.whl"))
    command = [environment.python(), "-m", "pip", "wheel", "--no-deps", "--wheel-dir", WHEELS]
    with step(f"build the wheel of {addon.name}"):
        run([*command, addon], f"wheel-{addon.name}.log", f"building {addon.name}")
    built = set(WHEELS.glob("*.whl")) - before
    if len(built) != 1:
        raise GroundError(f"{len(built)} wheels were built of {addon.name}; one was expected.")
    return built.pop()


def install(title, *packages):
    """Install packages into the folder of wheels, without what they depend on."""
    command = [environment.python(), "-m", "pip", "install", "--no-deps", "--upgrade"]
    with step(title):
        run([*command, "--target", INSTALLED, *packages], "wheel-install.log", title)


def folder():
    """Return the folder of the add-ons that were installed from wheels."""
    return INSTALLED / "odoo" / "addons"

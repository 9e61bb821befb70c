"""The update from the first release: its demonstration with today's add-on installed over it."""

import io
import json
import shutil
import subprocess
import tarfile

from . import environment, logcheck, paths, ports
from .console import GroundError, say, step
from .services import listens, service

DATABASE = "recouvrement_upgrade"
# The tag, and its commit for copies of the history that have no tags.
RELEASE, COMMIT = "19.0.1.0.0", "fbe44ed5a9f24d17182bdcaf166e135d1c09098a"
FOLDER = paths.GROUND / "releases" / RELEASE
RESULT = paths.LOGS / "upgrade.json"
ADDON = paths.ADDON.name
FIRST_MAIL_PORT = 8625


def walk(ground):
    """Install the first release, let its demonstration take place, update, compare, work on.

    :raises GroundError: the update complains, something that people wrote is not as it was, the
        schema is not that of a new installation, or the next day fails
    """
    commit = _find_commit()
    if not commit:
        say(f"This copy of the history has no {RELEASE}: the update from it was not tried.")
        return
    _unpack(commit)
    try:
        _make_former(ground)
        _ask(ground, "remember", DATABASE)
        with step(f"update from {RELEASE}"):
            arguments = ["-d", DATABASE, "-u", ADDON, "--stop-after-init", "--no-http"]
            _refuse_complaints(ground.odoo(arguments, "upgrade.log", "updating"))
        _compare(ground, _ask(ground, "recall", DATABASE))
        with step("work on after it"):
            found = _ask(ground, "work", "-d", DATABASE)
        if found["wrong"] or not found["runs"] or not found["evidence"]:
            raise GroundError(f"The day after the update: {found}")
    finally:
        ground.databases.drop(DATABASE)
    say(f"{RELEASE} with {found['cases']} cases and their history becomes today's add-on.")


def _find_commit():
    for name in (RELEASE, COMMIT):
        command = ["git", "rev-parse", "--quiet", "--verify", f"{name}^{{commit}}"]
        found = subprocess.run(command, cwd=paths.PROJECT, capture_output=True, text=True)
        if found.returncode == 0:
            return found.stdout.strip()
    return None


def _unpack(commit):
    """Lay the release down, with the scripts that made its demonstration."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    command = ["git", "archive", commit, ADDON, "script/ground/inside"]
    packed = subprocess.run(command, cwd=paths.PROJECT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(FOLDER, filter="data")


def _make_former(ground):
    addons_path = ",".join(map(str, (*ground.source.addons, FOLDER)))
    options = ["-d", DATABASE, "--addons-path", addons_path]
    ground.copy_database(ground.base_database(), DATABASE)
    with step(f"install {RELEASE}"):
        arguments = [*options, "-i", ADDON, "--stop-after-init", "--no-http"]
        ground.odoo(arguments, "upgrade-install.log", f"installing {RELEASE}")
    mail = ports.free(FIRST_MAIL_PORT)
    catcher = [environment.python(), paths.INSIDE / "mail_catcher.py", FOLDER / "mails", mail]
    with (
        step("let its demonstration take place"),
        service(catcher, "upgrade-mail.log", ground.variables(), lambda: listens(mail)),
    ):
        script = FOLDER / "script" / "ground" / "inside" / "demo.py"
        options += ["--smtp", "127.0.0.1", "--smtp-port", str(mail)]
        ground.inside(script, "prepare", RESULT, *options, log="upgrade-demo.log")


def _ask(ground, command, *arguments):
    ground.inside("upgrade.py", command, RESULT, *arguments, title=f"update: {command}")
    return json.loads(RESULT.read_text())


def _compare(ground, found):
    """Refuse changes of people's records, and less or more than a new installation has."""
    wrong = found["differences"]
    _ask(ground, "remember", ground.addon_database())
    new = _ask(ground, "recall", ground.addon_database())
    expected, schema = new["schema"], found["schema"]
    wrong += [f"{name} is missing" for name in sorted(expected.keys() - schema.keys())]
    wrong += [f"{name} is left over" for name in sorted(schema.keys() - expected.keys())]
    wrong += [
        f"{name} is {schema[name]}, in a new installation {expected[name]}"
        for name in sorted(expected.keys() & schema.keys())
        if expected[name] != schema[name]
    ]
    absent = sorted(set(new["shipped"]) - set(found["shipped"]))
    wrong += [f"{name} of the add-on's data is missing" for name in absent]
    wrong += [
        f"{table} has {found['counts'].get(table, 0)} rows, in a new installation {count}"
        for table, count in sorted(new["counts"].items())
        if found["counts"].get(table, 0) < count
    ]
    if wrong:
        raise GroundError("\n".join([f"After the update from {RELEASE}:", *wrong[:40]]))


def _refuse_complaints(log):
    found = logcheck.complaints(log)
    if found:
        raise GroundError("\n".join([f"The log complains ({log}):", *found]))

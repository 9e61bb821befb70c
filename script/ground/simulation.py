"""A ledger's life: a database of its own, a mail server, the process that lives, the report."""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from . import environment, paths, ports
from .console import GroundError, say, step
from .demo import CUT_OFF
from .prepare import prepare
from .services import listens, service

FOLDER = paths.SCRIPT / "simulation"
LIVE = FOLDER / "live.py"
SINK = paths.SCRIPT / "survival" / "sink.py"
PREFIX = "simulation_"  # then the number of the process
NEEDED = ("wkhtmltopdf",)
# A Monday; the published rates, holidays and laws of the time after it are known.
START = "2025-02-03"
FIRST_WEB_PORT, FIRST_MAIL_PORT = 28000, 28200
RESULTS = paths.GROUND / "simulation"
FAULTS = ("findings", "failures", "log", "missing")


def simulate(arguments):
    """Live through a time, write the report; 1 when something was found."""
    options = _options(arguments)
    with prepare(needed=NEEDED) as ground:
        ground.databases.drop_left(PREFIX)
        result = live(
            ground,
            options.days,
            options.debtors,
            options.seed,
            keep=options.keep,
            processes=options.processes,
        )
        report = options.report or RESULTS / "simulation.md"
        kept = RESULTS / "result.json"
        kept.write_text(json.dumps(result, ensure_ascii=False, indent=1))
        command = [FOLDER / "report.py", kept, report.absolute()]
        if ground.python(command):
            raise GroundError("The report could not be written.")
    return tell(result, report)


def _options(arguments):
    parser = argparse.ArgumentParser(prog="script/simulate", description=__doc__)
    parser.add_argument("--days", type=int, default=400, help="default 400")
    parser.add_argument("--debtors", type=int, default=300, help="default 300")
    parser.add_argument("--seed", type=int, default=1, help="another seed is another life")
    parser.add_argument(
        "--report", type=Path, help="the Markdown file; its pictures go into pictures/ beside it"
    )
    parser.add_argument(
        "--processes", type=int, choices=(1, 2), default=2, help="each runs some companies' offices"
    )
    parser.add_argument("--keep", action="store_true", help="keep the database and the mails")
    return parser.parse_args(arguments)


def live(ground, days, debtors, seed, keep=False, processes=2):
    """Live through some days in a new database; return what came of it, as plain data."""
    database = f"{PREFIX}kept_{seed}" if keep else f"{PREFIX}{os.getpid()}"
    RESULTS.mkdir(parents=True, exist_ok=True)
    folder = RESULTS / database if keep else Path(tempfile.mkdtemp(prefix="simulation-"))
    if keep:
        shutil.rmtree(folder, ignore_errors=True)
    mails = folder / "mails"
    mails.mkdir(parents=True)
    control = folder / "sink.json"
    control.write_text("{}")
    template = ground.addon_database()
    with step("make the simulation's database"):
        ground.copy_database(template, database)
    own = os.getpid() % 100  # two lives that begin at the same moment do not take one port
    port, web = ports.free(FIRST_MAIL_PORT + own), ports.free(FIRST_WEB_PORT + 2 * own)
    webs = [web, ports.free(web + 1)]
    parameters = {
        "days": days,
        "debtors": debtors,
        "seed": seed,
        "start": START,
        "mails": str(mails),
        "mail_port": port,
        "web_ports": webs,
        "processes": processes,
    }
    sink = [environment.python(), SINK, mails, port, control]
    try:
        with service(sink, "simulation-mail.log", ground.variables(), lambda: listens(port)):
            return _run(ground, database, parameters)
    finally:
        if not keep:
            ground.databases.drop(database)
            shutil.rmtree(folder, ignore_errors=True)


def _run(ground, database, parameters):
    # Several may live at once.
    result = RESULTS / f"{database}.json"
    result.unlink(missing_ok=True)
    log = paths.LOGS / "simulation.log"
    log.unlink(missing_ok=True)
    say(f"- live through {parameters['days']} days with {parameters['debtors']} debtors")
    code = ground.python(
        [
            LIVE,
            result,
            json.dumps(parameters),
            "-d",
            database,
            "--log-level",
            "warn",
            "--logfile",
            log,
        ],
        **CUT_OFF,
    )
    if code or not result.exists():
        raise GroundError(f"The simulation broke off (code {code}); see {log}")
    found = json.loads(result.read_text())
    result.unlink()
    return found


def tell(result, report):
    """Say what was found; return the exit code."""
    for name in FAULTS:
        for entry in result[name][:10]:
            print(f"! {name}: {entry}", file=sys.stderr)
    found = sum(len(result[name]) for name in FAULTS)
    say(f"{found} findings; the report: {report}")
    return 1 if found else 0

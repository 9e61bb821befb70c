"""Letters in one print job, against wkhtmltopdf alone on the same HTML."""

import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from odoo.addons.base.models import ir_actions_report

from ..measure import Recorder
from . import contacts


def run(env, parameters):
    """Make so many letters and the one PDF that is printed."""
    count = parameters["count"]
    name = f"{count} letters"
    ours, bare = Recorder("ours"), Recorder("wkhtmltopdf")
    with tempfile.TemporaryDirectory() as folder:
        calls = []
        with contacts.on_working_day(parameters), _kept(calls, Path(folder)):
            contacts.make_policy(env, "letter")
            campaign = contacts.propose(env, count)
            with ours.measure(env, name) as figures:
                contacts.execute(campaign)
                letters = campaign.action_ids.filtered("attachment_id")
                env["collection.channel.letter"]._print(letters)
                figures["rows"] = len(letters)
        if figures["rows"] != count:
            sys.exit(f"{figures['rows']} of {count} letters were made")
        with bare.measure(env, name) as figures:
            for arguments in calls:
                subprocess.run(
                    [ir_actions_report._wkhtml().bin, *arguments], capture_output=True, check=False
                )
            figures["rows"] = count
            figures["calls"] = len(calls)
    return ours.rows + bare.rows


@contextmanager
def _kept(calls, folder):
    """Keep the arguments and the HTML of every call of wkhtmltopdf."""
    original = ir_actions_report._run_wkhtmltopdf

    def keep(arguments):
        calls.append([_copy(argument, folder, len(calls)) for argument in arguments])
        return original(arguments)

    with patch.object(ir_actions_report, "_run_wkhtmltopdf", keep):
        yield


def _copy(argument, folder, number):
    """Return the argument, or the path of a copy of the file that it names."""
    path = Path(argument)
    if not (path.is_absolute() and path.is_file()):
        return argument
    kept = folder / f"{number}-{path.name}"
    shutil.copy(path, kept)
    return str(kept)

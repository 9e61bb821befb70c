"""``odoo --addons-path=... collection_file -d DATABASE --case REFERENCE``: a handover's file."""

import argparse
import hashlib
import sys
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.tools import config

USAGE = 2


class CollectionFile(Command):
    """Write the file for litigation of a case, with its papers, pieces and SHA-256 sums.

    The file that was approved, the same bytes as the button's; it is written once more when it is
    not there yet. Ends with 0 when it is written, 1 when the case has no approved handover, 2
    without a database.
    """

    name = "collection_file"

    def run(self, args):
        """Write one file: -d DATABASE --case REFERENCE [--output FOLDER] [-c FILE]."""
        parser = argparse.ArgumentParser(prog=self.prog, add_help=False)
        parser.add_argument("--case", required=True, help="the reference of the case")
        parser.add_argument("--output", default=".", help="the folder that the file is put into")
        own, others = parser.parse_known_args(args)
        config.parser.prog = self.prog
        config.parse_config(others, setup_logging=True)
        names = config["db_name"]
        if len(names) != 1:
            sys.stderr.write("collection_file needs one database: -d DATABASE\n")
            sys.exit(USAGE)
        with Registry(names[0]).cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            if "collection.legal.file" not in env:
                sys.stderr.write(f"{names[0]} does not hold this add-on.\n")
                sys.exit(USAGE)
            ended = self._write(env, own.case, Path(own.output))
        sys.exit(ended)

    def _write(self, env, reference, folder):
        """Write the file of a case into a folder; return how the command ends."""
        handover = env["collection.handover"].search(
            [("case_id.name", "=", reference), ("decided_by_id", "!=", False)], limit=1
        )
        if not handover or handover.state in ("draft", "requested", "refused"):
            sys.stderr.write(f"{reference}: no handover of this case was approved.\n")
            return 1
        if not handover.file_id:
            handover._build_file()
        target = folder / handover.file_id.name
        content = handover.file_id.raw
        target.write_bytes(content)
        sys.stdout.write(f"{hashlib.sha256(content).hexdigest()}  {target}\n")
        return 0

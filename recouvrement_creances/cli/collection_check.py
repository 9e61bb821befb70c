"""``odoo --addons-path=... collection_check -d DATABASE``: walk the chains of evidence."""

import sys

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class CollectionCheck(Command):
    """Walk the chain of collection evidence of every company of a database; name each break.

    Prints one line per company and per break; leaves the result in the log of the add-on. Ends
    with 0 when all fits, 1 when something does not, 2 without a database.
    """

    name = "collection_check"

    def run(self, args):
        """Check one database, given as any other command of Odoo: -d DATABASE [-c FILE]."""
        config.parser.prog = self.prog
        config.parse_config(args, setup_logging=True)
        names = config["db_name"]
        if len(names) != 1:
            sys.stderr.write("collection_check needs one database: -d DATABASE\n")
            sys.exit(2)
        with Registry(names[0]).cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            if "collection.evidence.check" not in env:
                sys.stderr.write(f"{names[0]} does not hold this add-on.\n")
                sys.exit(2)
            logs = env["collection.evidence.check"]._check_all()
            if not logs:
                sys.stdout.write("No evidence is kept yet.\n")
            for log in logs.sorted("id"):
                sys.stdout.write(f"{log.company_id.name}: {log.result}\n")
                sys.stdout.write("".join(f"  {line}\n" for line in (log.detail or "").splitlines()))
            broken = any(logs.mapped("is_alarm"))
        sys.exit(1 if broken else 0)

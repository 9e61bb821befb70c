"""Runs one part of the measurements inside Odoo, and writes its figures.

Usage: bench.py PART RESULT PARAMETERS ODOO_OPTIONS...

PART names a module of bench/parts, PARAMETERS is JSON.
"""

import importlib
import json
import logging
import sys
from pathlib import Path

import session

PROJECT = Path(__file__).resolve().parents[3]


def main(part, result, parameters, *arguments):
    """Run the part on the database that -d names."""
    database = session.configure([*arguments, "--no-http"])
    logging.getLogger("odoo").setLevel(logging.WARNING)
    sys.path.insert(0, str(PROJECT))
    module = importlib.import_module(f"bench.parts.{part}")
    with session.environment(database) as env:
        rows = module.run(env, json.loads(parameters))
    Path(result).write_text(json.dumps(rows, indent=2, default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])

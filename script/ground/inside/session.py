"""An Odoo environment in a process of its own, for the scripts beside this file."""

from contextlib import contextmanager

import odoo.tools
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry


def configure(arguments):
    """Read Odoo's options (-d names the database) and return the database's name."""
    odoo.tools.config.parse_config(list(arguments), setup_logging=True)
    return odoo.tools.config["db_name"][0]


@contextmanager
def environment(database):
    """Open an environment as the superuser; what is done is committed at the end."""
    with Registry(database).cursor() as cursor:
        yield api.Environment(cursor, SUPERUSER_ID, {})
        cursor.commit()

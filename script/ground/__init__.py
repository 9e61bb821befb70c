"""The ground the project stands on: one set-up for the demo, the tests and the linters.

Only the standard library is used here: these modules run before anything is installed.

    from ground import prepare
    with prepare() as ground:
        ground.copy_database(ground.base_database(), "my_database")
        ground.odoo(["-d", "my_database", "-i", "recouvrement_creances", "--stop-after-init"])
"""

from .prepare import Ground, prepare

__all__ = ["Ground", "prepare"]

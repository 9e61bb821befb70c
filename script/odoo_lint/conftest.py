"""Odoo's own linters (add-on test_lint) look at every add-on there is; here only at ours."""

import contextlib
from unittest.mock import patch

import pytest

from odoo import tools
from odoo.modules import Manifest

from odoo.addons.test_lint.tests import test_eslint, test_pofile

ADDON = "recouvrement_creances"


@pytest.fixture(scope="session", autouse=True)
def only_our_addon(load_registry):
    """Let the linters find one add-on, and let pylint read it instead of Odoo's own source."""
    manifest = Manifest.for_addon(ADDON)
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        enter(patch.object(Manifest, "all_addon_manifests", staticmethod(lambda: [manifest])))
        enter(patch.object(test_eslint, "get_modules", lambda: [ADDON]))
        enter(patch.object(test_pofile, "get_modules", lambda: [ADDON]))
        enter(patch.dict(vars(tools.config), root_path=manifest.path))
        yield manifest

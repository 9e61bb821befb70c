"""Odoo's own linters, taken from its add-on test_lint, on our add-on.

Its tests of the linters themselves and those for Odoo's base or its localisations are left out.
"""

import unittest
from pathlib import Path

from odoo.addons.test_lint.tests import (
    test_dunderinit,
    test_eslint,
    test_i18n,
    test_index,
    test_jstranslate,
    test_manifests,
    test_markers,
    test_naming,
    test_onchange_domains,
    test_orm_import,
    test_override_signatures,
    test_pofile,
    test_pylint,
    test_routes,
    test_test_holes,
)

LINTERS = (
    (test_dunderinit, "TestDunderinit"),
    (test_eslint, "TestESLint"),
    (test_i18n, "TestI18n"),
    (test_index, "TestIndex"),
    (test_jstranslate, "TestJsTranslations"),
    (test_manifests, "ManifestLinter"),
    (test_naming, "TestNaming"),
    (test_onchange_domains, "TestOnchangeDomains"),
    (test_orm_import, "TestDunderinit"),
    (test_override_signatures, "TestLintOverrideSignatures"),
    (test_pofile, "PotLinter"),
    (test_pylint, "TestPyLint"),
    (test_routes, "RoutesLinter"),
    (test_test_holes, "TestTestHoles"),
)
for _module, _name in LINTERS:
    _linter = f"{_module.__name__.rpartition('.')[2]}_{_name}"
    globals()[_linter] = getattr(_module, _name)


def test_no_linter_was_lost():
    """A later Odoo that renames a linter must not silently drop it."""
    for module, name in LINTERS:
        linter = getattr(module, name)
        assert issubclass(linter, unittest.TestCase)
        assert unittest.TestLoader().getTestCaseNames(linter), name


def test_conflict_markers(only_our_addon):
    """The linter walks all of Odoo; its check of one file is given our files."""
    linter = test_markers.TestConflictMarkers()
    for path in Path(only_our_addon.path).rglob("*"):
        if path.suffix in test_markers.EXTENSIONS:
            linter.check_file(str(path))

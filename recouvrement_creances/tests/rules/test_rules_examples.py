import doctest
import importlib
import pkgutil

from odoo.tests import BaseCase, tagged

from ... import rules, tools
from ...models.case.collection_hold import HOLD_KINDS
from ...models.case.collection_item import VERDICT_LABELS
from ...rules.verdicts import HOLD_VERDICTS, SILENT, VERDICTS


@tagged("post_install", "-at_install")
class TestRulesExamples(BaseCase):
    """The examples in the texts of rules and tools are true, and the lists of names agree."""

    def _modules(self):
        return [
            importlib.import_module(f"{package.__name__}.{module.name}")
            for package in (rules, tools)
            for module in pkgutil.iter_modules(package.__path__)
        ]

    def test_examples_are_true(self):
        attempted = 0
        for module in self._modules():
            with self.subTest(module=module.__name__):
                failed, tried = doctest.testmod(module)
                self.assertFalse(failed)
                attempted += tried
        self.assertGreater(attempted, 5)

    def test_every_verdict_has_a_label(self):
        self.assertEqual([name for name, _label in VERDICT_LABELS], list(VERDICTS))

    def test_every_kind_of_hold_gives_a_verdict_that_silences(self):
        self.assertEqual(HOLD_VERDICTS.keys(), {name for name, _label in HOLD_KINDS})
        self.assertLessEqual(set(HOLD_VERDICTS.values()), SILENT)

    def test_what_can_be_claimed_may_stand_on_a_message(self):
        self.assertEqual(
            set(VERDICTS) - SILENT,
            {"remind", "too_soon", "notice_running", "ladder_done", "below_minimum"},
        )

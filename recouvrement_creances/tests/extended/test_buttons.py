from lxml import etree

from odoo.tests import tagged

from ..common import CollectionCommon


@tagged("post_install", "-at_install")
class TestButtons(CollectionCommon):
    """Every button of a screen can be pressed."""

    def _get_buttons(self):
        """Return [(view, model, method)] of the add-on's own views, lists inside forms too."""
        views = self.root["ir.ui.view"].search(
            [("key", "=", False), ("model", "like", "collection."), ("type", "!=", "qweb")]
        )
        for view in views:
            tree = etree.fromstring(view.arch)
            for button in tree.iterfind('.//button[@type="object"]'):
                model = self.root[view.model]
                fields = [node for node in button.iterancestors("field") if node.get("name")]
                for field in reversed(fields):
                    model = self.root[model._fields[field.get("name")].comodel_name]
                yield view.name, model, button.get("name")

    def test_buttons_call_methods_that_take_the_records(self):
        # The client passes ids to the method of a button, in the header of a list too: one that
        # belongs to the model as a whole takes none, and fails.
        buttons = list(self._get_buttons())
        self.assertGreater(len(buttons), 100)
        for view, model, name in buttons:
            with self.subTest(view=view, model=model._name, button=name):
                method = getattr(model, name, None)
                self.assertIsNotNone(method)
                self.assertFalse(getattr(method, "_api_model", False))

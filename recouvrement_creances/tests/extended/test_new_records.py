from lxml import etree

from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

ADDON = "recouvrement_creances"


@tagged("post_install", "-at_install")
class TestNewRecords(TransactionCase):
    """Forms of Odoo open on records that are not saved yet: our fields have something to say."""

    def test_every_computed_field_of_ours_has_a_value_on_new_records(self):
        looked_at = set()
        for model_name, model in self.env.items():
            names = [
                name
                for name, field in model._fields.items()
                if field.compute and not field.store and ADDON in field._modules
            ]
            if not names or model._abstract or model._original_module == ADDON:
                continue
            looked_at.add(model_name)
            for name in names:
                with self.subTest(field=f"{model_name}.{name}"):
                    self._read_together(model, name)
        self.assertGreater(looked_at, {"account.move", "account.move.line", "res.partner"})

    def _read_together(self, model, name):
        """Read a field of two records at once, as a list of new lines does."""
        first, second = model.new({}), model.new({})
        together = (first | second)._prefetch_ids
        return [record.with_prefetch(together)[name] for record in (first, second)]

    def test_every_new_button_of_our_menus_opens_its_form(self):
        manager = new_test_user(
            self.env,
            login="opens_forms",
            groups="recouvrement_creances.group_manager,recouvrement_creances.group_finance_director",
        )
        menus = self.env["ir.model.data"].search(
            [("module", "=", ADDON), ("model", "=", "ir.ui.menu")]
        )
        opened = set()
        for menu in self.env["ir.ui.menu"].browse(menus.mapped("res_id")):
            action = menu.action
            if not action or action._name != "ir.actions.act_window":
                continue
            model = self.env[action.res_model].with_user(manager)
            if model._name in opened or not model.has_access("create"):
                continue
            context = {**safe_eval(action.context or "{}", {"uid": manager.id}), "lang": "en_US"}
            arch = etree.fromstring(
                model.with_context(**context).get_view(view_type="form")["arch"]
            )
            if arch.get("create") in ("0", "false"):
                continue
            opened.add(model._name)
            with self.subTest(model=model._name):
                Form(model.with_context(**context))
        self.assertGreater(opened, {"collection.policy", "collection.stage"})

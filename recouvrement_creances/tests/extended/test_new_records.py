from odoo.tests import TransactionCase, tagged

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
                    first, second = model.new({}), model.new({})
                    first.with_prefetch((first | second)._prefetch_ids)[name]
                    second[name]
        self.assertGreater(looked_at, {"account.move", "account.move.line", "res.partner"})

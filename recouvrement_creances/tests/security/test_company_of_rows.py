import base64
from itertools import product

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..litigation.common import LitigationCommon

WORKERS = ("collector", "accountant", "manager")
REFUSED = "follows from other fields"
# Refuse whatever is written before they ask for the field: ``given`` below tries their company.
KEPT = ("collection.debtor.check",)


@tagged("post_install", "-at_install")
class TestCompanyOfRows(LitigationCommon):
    """The company of a row is that of its record: nobody moves it to another company's lists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.setup_other_company(name="Sister company")["company"]

    def _models(self):
        """Return the stored models whose company follows from another record."""
        for name in sorted(self.env.registry):
            model = self.root[name]
            company = model._fields.get("company_id")
            is_row = name.startswith("collection.") and not (model._abstract or model._transient)
            if is_row and company and company.related and company.store:
                yield model

    def test_nobody_who_may_write_a_row_writes_its_company(self):
        derived = self.env.registry["collection.derived"]
        tried = 0
        for model in self._models():
            for persona, operation in product(WORKERS, ("create", "write")):
                rows = model.with_user(self.personas[persona])
                if rows.has_access(operation):
                    tried += 1
                    with self.subTest(model=model._name, persona=persona, operation=operation):
                        self.assertIsInstance(model, derived)
                        self.assertIn("company_id", model._get_worked_out())
        self.assertGreater(tried, 40)

    def test_the_write_is_refused_whatever_the_row(self):
        # Those with a state look at the row first: ``test_worked_out`` writes one.
        stateful = self.env.registry["collection.stateful"]
        for model in self._models():
            rows = model.with_user(self.personas["manager"])
            if model._name in KEPT or isinstance(model, stateful):
                continue
            if rows.has_access("write"):
                with (
                    self.subTest(model=model._name),
                    self.assertRaisesRegex(UserError, REFUSED),
                ):
                    rows.browse(1).write({"company_id": self.other_company.id})

    def test_what_is_given_at_the_creation_has_no_effect(self):
        proceeding = self._sue()
        given = {"company_id": self.other_company.id}
        rows = {
            "collection.proceeding.cost": {"proceeding_id": proceeding.id, "name": "Clerk"},
            "collection.proceeding.receipt": {"proceeding_id": proceeding.id, "amount": 10},
            "collection.debtor.check": {
                "case_id": proceeding.case_id.id,
                "kind": "identity",
                "source": "Infogreffe",
            },
            "collection.legal.document": {
                "case_id": proceeding.case_id.id,
                "kind": "order",
                "name": "Order",
                "content": base64.b64encode(b"%PDF-1.4 order"),
                "file_name": "order.pdf",
            },
        }
        default = {"default_company_id": self.other_company.id}
        for name, values in rows.items():
            model = self.env[name].with_user(self.accountant)
            with self.subTest(model=name):
                made = model.create([{**values, **given}]) | model.with_context(**default).create(
                    [values]
                )
                self.assertEqual(made.company_id, self.company)

    def test_nor_is_it_chosen_through_the_record_above(self):
        proceeding = self._sue()
        values = {"name": "Clerk", "company_id": self.other_company.id}
        proceeding.write({"cost_ids": [Command.create(values)]})
        self.assertEqual(proceeding.cost_ids.company_id, self.company)
        command = Command.update(proceeding.cost_ids.id, {"company_id": self.other_company.id})
        with self.assertRaisesRegex(UserError, REFUSED):
            proceeding.write({"cost_ids": [command]})

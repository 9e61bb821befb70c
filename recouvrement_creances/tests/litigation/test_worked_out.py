from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .handover_common import HandoverCommon


@tagged("post_install", "-at_install")
class TestWorkedOut(HandoverCommon):
    """What follows from other fields is written by nobody: levels of approval depend on it."""

    def test_the_currency_of_a_request_is_that_of_its_items(self):
        handover = self._request()
        levels = [
            {"level": 1, "approver_id": self.manager.id},
            {"level": 2, "least_amount": 1000},
        ]
        self.root["collection.approval.rule"].create(levels)
        with self.assertRaisesRegex(UserError, "follows from other fields"):
            handover.currency_id = self.other_currency
        self.assertEqual(handover.currency_id, self.company.currency_id)

    def test_it_is_not_chosen_at_the_creation_either(self):
        item = self._overdue_item()
        values = {"case_id": item.case_id.id, "item_ids": [Command.set(item.ids)]}
        handovers = self.env["collection.handover"].with_user(self.collector)
        given = {"currency_id": self.other_currency.id}
        default = {"default_currency_id": self.other_currency.id}
        made = handovers.create({**values, **given})
        self.assertEqual(made.currency_id, self.company.currency_id)
        made.unlink()
        made = handovers.with_context(**default).create(values)
        self.assertEqual(made.currency_id, self.company.currency_id)

    def test_currency_and_company_of_a_proceeding_stay(self):
        proceeding = self._sue()
        for values in (
            {"currency_id": self.other_currency.id},
            {"company_id": self.setup_other_company()["company"].id},
        ):
            with self.subTest(**values), self.assertRaisesRegex(UserError, "other fields"):
                proceeding.write(values)

    def test_every_agreement_keeps_what_it_is_judged_by(self):
        for name in ("waiver", "promise"):
            model = self.env[f"collection.{name}"]
            with self.subTest(name):
                self.assertIn("company_id", model._get_worked_out())
                self.assertIn("currency_id", model._get_worked_out())

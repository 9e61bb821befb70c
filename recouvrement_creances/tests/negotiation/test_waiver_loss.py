from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..ledger.common import ChargeCommon

DUE = date(2026, 9, 30)


@tagged("post_install", "-at_install")
class TestWaiverLoss(ChargeCommon):
    """What is lost, not granted, is booked on an account of losses, or not at all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gestures = cls.company_data["default_account_expense"]
        cls.company.sudo().write(
            {"collection_waiver_limit": 10000, "collection_waiver_account_id": cls.gestures.id}
        )
        cls.reason = cls.root.ref("recouvrement_creances.collection_reason_waiver_irrecoverable")

    def _account(self, code, kind="expense"):
        """Return an account of the company."""
        return self.root["account.account"].create(
            {
                "name": f"Account {code}",
                "code": code,
                "account_type": kind,
                "company_ids": [Command.link(self.company.id)],
            }
        )

    def _lose(self, invoice):
        """Give an invoice up as lost."""
        items = self._item(invoice)
        return (
            self.env["collection.waiver"]
            .with_user(self.accountant)
            .create(
                {
                    "case_id": items.case_id.id,
                    "item_ids": [Command.set(items.ids)],
                    "reason_id": self.reason.id,
                    "note": "Nothing is left",
                    "share": "all",
                }
            )
        )

    def _get_account(self, waiver):
        return waiver.sudo().move_ids.line_ids.filtered("debit").account_id

    def test_a_loss_is_booked_on_the_losses_that_the_chart_has(self):
        self._account("654000", "liability_current")
        earlier, current = self._account("65440"), self._account("65410")
        self.assertEqual(self._get_account(self._lose(self._invoice(100, DUE))), current)
        usual = self._account("654100")
        self.assertEqual(self._get_account(self._lose(self._invoice(100, DUE))), usual)
        self.company.sudo().collection_waiver_account_id = earlier
        self.assertEqual(self._get_account(self._lose(self._invoice(100, DUE))), earlier)

    def test_a_loss_is_not_booked_as_a_gesture_where_the_chart_has_no_losses(self):
        self.assertFalse(self.gestures.with_company(self.company).code.startswith("654"))
        self.company.sudo().account_fiscal_country_id = self.root.ref("base.fr")
        invoice = self._invoice(100, DUE)
        with self.assertRaisesRegex(UserError, "begins with 654.*Booking of waived invoices"):
            self._lose(invoice)
        self.assertEqual(invoice.amount_residual, 100)

    def test_another_countrys_chart_numbers_its_losses_otherwise(self):
        self.company.sudo().account_fiscal_country_id = self.root.ref("base.be")
        waiver = self._lose(self._invoice(100, DUE))
        self.assertEqual(self._get_account(waiver), self.gestures)

    def test_a_loss_is_named_a_loss_and_a_gesture_a_waiver(self):
        self._account("654100")
        invoice = self._invoice(100, DUE)
        loss = self._lose(invoice)
        self.assertTrue(loss.display_name.startswith("Loss of "), loss.display_name)
        self.assertEqual(loss.sudo().move_ids.ref, f"Loss on {invoice.name}: {self.reason.name}")
        self.reason = self.root.ref("recouvrement_creances.collection_reason_waiver_gesture")
        self.assertTrue(self._lose(self._invoice(100, DUE)).display_name.startswith("Waiver of "))

from datetime import date
from importlib.util import module_from_spec, spec_from_file_location

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.module import get_module_path
from odoo.tests import tagged

from ..ledger.common import NOW, ChargeCommon

DUE = date(2026, 9, 30)


@tagged("post_install", "-at_install")
class TestWaiverMeans(ChargeCommon):
    """Opening balances have no credit note: they are written off, whatever the company's means."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loss = cls.company_data["default_account_expense"]
        cls.company.sudo().write(
            {"collection_waiver_limit": 10000, "collection_waiver_account_id": cls.loss.id}
        )

    def _opening(self, amount):
        """Return a posted and followed entry by hand of what the debtor owes."""
        journal = self.company_data["default_journal_misc"]
        sides = (
            (self.company_data["default_account_receivable"], amount),
            (self.company_data["default_account_revenue"], -amount),
        )
        lines = [
            Command.create(
                {"account_id": account.id, "partner_id": self.debtor.id, "balance": balance}
            )
            for account, balance in sides
        ]
        entry = self.root["account.move"].create(
            {"move_type": "entry", "date": DUE, "journal_id": journal.id, "line_ids": lines}
        )
        entry.action_post()
        self.root["collection.refresh"]._refresh(self.company, NOW)
        return entry

    def _waive(self, *moves):
        items = self.root["collection.item"].union(*map(self._item, moves))
        waivers = self.env["collection.waiver"].with_user(self.accountant)
        reason = self.root.ref("recouvrement_creances.collection_reason_waiver_gesture")
        return waivers.create(
            {
                "case_id": items.case_id.id,
                "item_ids": [Command.set(items.ids)],
                "reason_id": reason.id,
                "note": "Older than our books",
            }
        )

    def _get_due(self, move):
        return self._item(move).amount_residual

    def test_opening_balance_is_written_off(self):
        opening = self._opening(80)
        waiver = self._waive(opening)
        self.assertEqual((waiver.means, waiver.state), ("write_off", "done"))
        self.assertIn(self.loss, waiver.sudo().move_ids.line_ids.account_id)
        self.assertEqual(self._get_due(opening), 0)

    def test_invoice_beside_it_is_credited(self):
        opening, invoice = self._opening(80), self._invoice(100, DUE)
        waiver = self._waive(opening, invoice)
        self.assertEqual((waiver.means, waiver.state), ("credit_note", "done"))
        kinds = {move.amount_total: move.move_type for move in waiver.sudo().move_ids}
        self.assertEqual(kinds, {80: "entry", 100: "out_refund"})
        self.assertEqual((self._get_due(opening), self._get_due(invoice)), (0, 0))

    def test_who_asks_is_told_that_the_account_is_missing(self):
        self.company.sudo().write(
            {"collection_waiver_limit": 0, "collection_waiver_account_id": False}
        )
        with self.assertRaisesRegex(UserError, "Choose the account of waivers"):
            self._waive(self._opening(80))
        self.assertEqual(self._waive(self._invoice(100, DUE)).state, "requested")

    def test_what_the_former_release_could_not_book_is_written_off(self):
        self.company.sudo().collection_waiver_limit = 0
        waiver, other = self._waive(self._opening(80)), self._waive(self._invoice(100, DUE))
        waiver.sudo()._with_door().write({"means": "credit_note"})
        self.env.flush_all()
        path = f"{get_module_path('recouvrement_creances')}/migrations/19.0.1.1.0/"
        spec = spec_from_file_location("post_waivers", f"{path}post-waivers.py")
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual((waiver.means, other.means), ("write_off", "credit_note"))

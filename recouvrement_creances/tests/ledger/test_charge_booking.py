from datetime import date
from importlib.util import module_from_spec, spec_from_file_location

from odoo.exceptions import AccessError, UserError
from odoo.modules.module import get_module_path
from odoo.tests import Form, tagged

from .common import NOW, ChargeCommon


@tagged("post_install", "-at_install")
class TestChargeBooking(ChargeCommon):
    """Charges are booked without tax, on payment or on claim; payment is reconciliation."""

    def setUp(self):
        super().setUp()
        self.invoice = self._invoice(1000, date(2026, 9, 30))

    def _register(self, charge, **vals):
        dialog = self.env["collection.charge.payment"].with_user(self.accountant)
        form = Form(dialog.with_context(default_charge_id=charge.id))
        for name, value in vals.items():
            form[name] = value
        form.save().action_apply()

    def _receive(self, amount):
        """Return the open credit of a payment that nobody has matched."""
        payment = self.root["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.debtor.id,
                "amount": amount,
                "date": NOW,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        return payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def _lines(self, charge):
        return {
            line.account_id: (line.balance, line.tax_ids.ids, line.no_followup)
            for line in charge.move_id.line_ids
        }

    def test_claim_is_a_memo_until_it_is_paid(self):
        charge = self._claim()
        self.assertFalse(charge.move_id)
        self._register(charge)
        self.assertEqual((charge.state, charge.paid_on), ("paid", NOW))
        self.assertEqual(
            self._lines(charge.sudo()),
            {
                self.interest_account: (-21.06, [], True),
                self.indemnity_account: (-40.0, [], True),
                self.debtor.property_account_receivable_id: (61.06, [], True),
            },
        )
        self.assertEqual(charge.sudo().move_id.state, "posted")

    def test_dialog_shows_and_takes_what_is_still_due(self):
        charge = self._claim()
        charge.sudo()._waive(21.06)
        dialog = self.env["collection.charge.payment"].with_user(self.accountant)
        self.assertEqual(Form(dialog.with_context(default_charge_id=charge.id)).amount, 40.0)
        self._register(charge)
        payment = self.root["account.payment"].search([("memo", "=", charge.name)])
        self.assertEqual((payment.amount, charge.state), (40.0, "paid"))

    def test_company_may_book_what_it_claims(self):
        self.company.sudo().collection_charge_booking = "claim"
        charge = self._claim()
        self.assertEqual(charge.sudo().move_id.state, "posted")
        self.assertEqual(charge.state, "claimed")
        entry = charge.move_id
        self._register(charge)
        self.assertEqual(charge.state, "paid")
        self.assertEqual(charge.move_id, entry)

    def test_accounts_of_the_settings_come_first(self):
        own = self.interest_account.copy({"code": "763199"})
        self.company.sudo().collection_interest_account_id = own
        charge = self._claim()
        self._register(charge)
        self.assertIn(own, charge.sudo().move_id.line_ids.account_id)

    def test_account_with_a_default_tax_bears_none_here(self):
        self.interest_account.tax_ids = self.company_data["default_tax_sale"]
        charge = self._claim()
        self._register(charge)
        self.assertFalse(charge.sudo().move_id.line_ids.tax_ids)
        self.assertEqual(charge.sudo().move_id.amount_total, 61.06)

    def test_undone_payment_claims_the_charges_again(self):
        charge = self._claim()
        self._register(charge)
        line = charge.sudo()._get_receivable_line()
        line.remove_move_reconcile()
        self.assertEqual((charge.state, charge.paid_on), ("claimed", False))
        payment = self.root["account.payment"].search([("memo", "=", charge.name)])
        credit = payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self._register(charge, way="received", credit_id=credit)
        self.assertEqual(charge.state, "paid")

    def test_payment_matched_in_accounting_pays_the_charges(self):
        self.company.sudo().collection_charge_booking = "claim"
        charge = self._claim()
        payment = self.root["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.debtor.id,
                "amount": 61.06,
                "date": NOW,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        lines = (payment.move_id | charge.sudo().move_id).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.assertEqual(charge.state, "paid")

    def test_part_payment_leaves_the_charges_claimed(self):
        charge = self._claim()
        self.root["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.debtor.id,
                "amount": 20,
                "date": NOW,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        ).action_post()
        credit = self.root["account.move.line"].search(
            [("partner_id", "=", self.debtor.id), ("balance", "=", -20)]
        )
        self._register(charge, way="received", credit_id=credit)
        self.assertEqual(charge.state, "claimed")
        self.assertAlmostEqual(charge.sudo()._get_receivable_line().amount_residual, 41.06)

    def test_payment_received_does_not_pay_what_was_cancelled_meanwhile(self):
        credit = self._receive(61.06)
        charge = self._claim()
        dialog = self.env["collection.charge.payment"].with_user(self.accountant)
        form = Form(dialog.with_context(default_charge_id=charge.id))
        form.way, form.credit_id = "received", credit
        waiting = form.save()
        charge.action_cancel()
        with self.assertRaisesRegex(UserError, "Only claimed charges"):
            waiting.action_apply()
        self.assertEqual((charge.sudo().move_id.id, credit.reconciled), (False, False))

    def test_booked_charges_bear_no_interest_and_are_not_reminded_of(self):
        self.company.sudo().collection_charge_booking = "claim"
        charge = self._claim(as_of=date(2026, 10, 31))
        self._decide()
        item = self._item(charge.sudo().move_id)
        self.assertEqual(item.verdict, "not_collectible")
        self.assertEqual(self.root["collection.interest"]._compute_items(item, NOW), {})

    def test_cancelling_booked_charges_reverses_their_entry(self):
        self.company.sudo().collection_charge_booking = "claim"
        charge = self._claim()
        entry = charge.sudo().move_id
        charge.action_cancel()
        self.assertEqual(charge.state, "cancelled")
        self.assertEqual(entry.reversal_move_ids.state, "posted")

    def _assert_settled(self, charge):
        """Check that nothing of a statement is open on the debtor's account, nor earned."""
        self.assertEqual(charge.state, "cancelled")
        lines = self.root["account.move.line"].search(
            [("partner_id", "=", self.debtor.id), ("move_id", "!=", self.invoice.id)]
        )
        self.assertFalse(any(lines.mapped("amount_residual")))
        earned = lines.filtered(
            lambda line: line.account_id in self.interest_account | self.indemnity_account
        )
        self.assertEqual(len(earned), 6)
        self.assertAlmostEqual(sum(earned.mapped("balance")), 0)

    def test_cancelling_charges_of_which_a_part_was_waived_leaves_nothing(self):
        self.company.sudo().collection_charge_booking = "claim"
        charge = self._claim()
        charge.sudo()._waive(21.06)
        charge.action_cancel()
        self._assert_settled(charge)

    def test_nor_does_it_when_the_matching_was_undone_before(self):
        self.company.sudo().collection_charge_booking = "claim"
        charge = self._claim()
        charge.sudo()._waive(21.06)
        charge.sudo()._get_receivable_line().remove_move_reconcile()
        charge.action_cancel()
        self._assert_settled(charge)

    def test_part_that_is_paid_beside_it_still_keeps_the_charges(self):
        self.company.sudo().collection_charge_booking = "claim"
        charge = self._claim()
        charge.sudo()._waive(21.06)
        self._register(charge, way="received", credit_id=self._receive(20))
        with self.assertRaisesRegex(UserError, "A part of .* is paid"):
            charge.action_cancel()

    def test_part_that_the_former_release_waived_is_known_again(self):
        self.company.sudo().collection_charge_booking = "claim"
        charge = self._claim().sudo()
        charge._waive(21.06)
        given_up, charge.waived_move_ids = charge.waived_move_ids, False
        charge._settle_with(self._receive(20), NOW)
        self.env.flush_all()
        path = f"{get_module_path('recouvrement_creances')}/migrations/19.0.1.1.0/"
        spec = spec_from_file_location("post_charges", f"{path}post-charges.py")
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertTrue(given_up)
        self.assertEqual(charge.waived_move_ids, given_up)

    def test_entry_that_somebody_reversed_is_no_payment(self):
        self.company.sudo().collection_charge_booking = "claim"
        charge = self._claim()
        charge.sudo().move_id._reverse_moves([{"date": NOW}], cancel=True)
        self.assertEqual(charge.state, "claimed")
        self._register(charge)
        self.assertEqual(charge.state, "paid")

    def test_foreign_charges_are_booked_in_both_currencies(self):
        other = self._debtor("Foreign Payer")
        self._invoice(1000, date(2026, 9, 30), other, currency_id=self.other_currency.id)
        charge = self._claim(other).filtered(
            lambda charge: charge.currency_id == self.other_currency
        )
        self._register(charge)
        line = charge.sudo()._get_receivable_line()
        # 21.06 pounds at 0.80 pound for a euro.
        self.assertEqual((line.amount_currency, line.balance), (21.06, 26.33))
        self.assertEqual(charge.state, "paid")

    def test_missing_account_is_named(self):
        self.interest_account.code = "763101"
        charge = self._claim()
        with self.assertRaisesRegex(UserError, "settings of collection"):
            self._register(charge)

    def test_collectors_register_no_payment_of_charges(self):
        charge = self._claim()
        with self.assertRaises(AccessError):
            charge.with_user(self.collector)._register_payment(
                self.company_data["default_journal_bank"], NOW
            )

    def test_payment_of_a_day_to_come_is_refused(self):
        charge = self._claim()
        with self.assertRaisesRegex(UserError, "in the future"):
            self._register(charge, date=date(2062, 12, 1))
        self.assertEqual((charge.state, charge.sudo().move_id.id), ("claimed", False))

    def test_payment_before_the_claim_is_refused(self):
        charge = self._claim()
        with self.assertRaisesRegex(UserError, "later than this day"):
            self._register(charge, date=date(2026, 11, 1))

    def test_payment_settles_charges_that_stand_on_a_former_account(self):
        self.company.sudo().collection_charge_booking = "claim"
        charge = self._claim()
        former = self.debtor.with_company(self.company).property_account_receivable_id
        other = former.sudo().copy({"code": "411999", "name": "Former customers"})
        self.debtor.with_company(self.company).sudo().property_account_receivable_id = other
        self._register(charge)
        self.assertEqual(charge.state, "paid")
        payment = self.root["account.payment"].search([("memo", "=", charge.name)])
        self.assertEqual(payment.destination_account_id, former)

    def test_charges_whose_entry_was_reversed_are_booked_on_the_present_account(self):
        self.company.sudo().collection_charge_booking = "claim"
        charge = self._claim()
        charge.sudo().move_id._reverse_moves([{"date": NOW}], cancel=True)
        debtor = self.debtor.with_company(self.company).sudo()
        former = debtor.property_account_receivable_id
        debtor.property_account_receivable_id = former.copy({"code": "411999", "name": "Others"})
        self._register(charge)
        self.assertEqual(charge.state, "paid")
        line = charge.sudo()._get_receivable_line()
        self.assertEqual(line.account_id, debtor.property_account_receivable_id)

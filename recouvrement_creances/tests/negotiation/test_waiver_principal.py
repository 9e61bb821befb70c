from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..ledger.common import NOW, ChargeCommon

DUE = date(2026, 9, 30)
SOON = date(2026, 12, 11)
AFTER = date(2026, 12, 14)


@tagged("post_install", "-at_install")
class TestWaiverPrincipal(ChargeCommon):
    """A part of the debt is given up: booked right, once what it depends on is paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loss = cls.company_data["default_account_expense"]
        cls.company.sudo().write(
            {"collection_waiver_limit": 10000, "collection_waiver_account_id": cls.loss.id}
        )
        cls.reason = cls.root.ref("recouvrement_creances.collection_reason_waiver_gesture")
        cls.tax = cls.company_data["default_tax_sale"]
        cls.second_tax = cls.tax.copy({"name": "5.5 %", "amount": 5.5})

    # === BUILDERS === #

    def _taxed_invoice(self, *lines):
        """Return a posted and followed invoice of (amount without tax, tax)."""
        invoice = self._create_invoice(
            partner_id=self.debtor.id,
            invoice_date=DUE,
            invoice_date_due=DUE,
            invoice_payment_term_id=False,
            invoice_line_ids=[
                Command.create(
                    {
                        "name": f"Work {number}",
                        "price_unit": amount,
                        "tax_ids": [Command.set(tax.ids)],
                        "account_id": self.company_data["default_account_revenue"].id,
                    }
                )
                for number, (amount, tax) in enumerate(lines)
            ],
            post=True,
        )
        self.root["collection.refresh"]._refresh(self.company, NOW)
        return invoice

    def _waive(self, *invoices, persona="accountant", defaults=None, **vals):
        items = self.root["collection.item"].union(*map(self._item, invoices))
        return (
            self.env["collection.waiver"]
            .with_context(**(defaults or {}))
            .with_user(self.personas[persona])
            .create(
                {
                    "case_id": items.case_id.id,
                    "item_ids": [Command.set(items.ids)],
                    "reason_id": self.reason.id,
                    "note": "A customer of thirty years",
                    "share": "amount" if "amount" in vals else "all",
                    **vals,
                }
            )
        )

    def _book(self):
        self.root["collection.waiver"]._cron_book()

    # === CREDIT NOTE === #

    def test_credit_note_takes_the_tax_back_in_proportion(self):
        invoice = self._taxed_invoice((1000, self.tax))
        waiver = self._waive(invoice, share="percentage", percentage=10)
        refund = waiver.sudo().move_ids
        self.assertEqual(waiver.state, "done")
        self.assertEqual((refund.move_type, refund.state), ("out_refund", "posted"))
        self.assertEqual((refund.amount_untaxed, refund.amount_tax), (100, 15))
        self.assertEqual(refund.reversed_entry_id, invoice)
        self.assertEqual(invoice.amount_residual, 1035)
        self.assertEqual(refund.amount_residual, 0)
        self.assertEqual(refund.invoice_line_ids.account_id, invoice.invoice_line_ids.account_id)

    def test_credit_note_is_of_the_amount_to_the_cent_whatever_the_taxes(self):
        for amount in (0.01, 33.33, 77.77, 100.01, 1234.56):
            invoice = self._taxed_invoice(
                (333.33, self.tax), (211.11, self.second_tax), (999.99, self.tax), (17.03, self.tax)
            )
            with self.subTest(amount=amount):
                total = invoice.amount_residual
                refund = self._waive(invoice, amount=amount).sudo().move_ids
                self.assertEqual(refund.amount_total, amount)
                self.assertAlmostEqual(invoice.amount_residual, total - amount, 2)
                self.assertEqual(refund.payment_state, "paid")

    def test_prices_with_tax_included_are_credited_right(self):
        included = self.tax.copy({"name": "incl.", "price_include_override": "tax_included"})
        invoice = self._taxed_invoice((1150, included))
        self.assertEqual(invoice.amount_total, 1150)
        refund = self._waive(invoice, amount=115).sudo().move_ids
        self.assertEqual((refund.amount_untaxed, refund.amount_tax), (100, 15))

    def test_several_invoices_share_what_is_given_up(self):
        invoices = self._invoice(1000, DUE), self._invoice(500, DUE)
        waiver = self._waive(*invoices, amount=300)
        self.assertEqual([invoice.amount_residual for invoice in invoices], [800, 400])
        self.assertEqual(len(waiver.sudo().move_ids), 2)

    # === WRITE-OFF === #

    def test_write_off_leaves_the_tax(self):
        self.company.sudo().collection_waiver_means = "write_off"
        invoice = self._taxed_invoice((1000, self.tax))
        waiver = self._waive(invoice, amount=115)
        entry = waiver.sudo().move_ids
        loss = entry.line_ids.filtered(lambda line: line.account_id == self.loss)
        self.assertEqual((entry.move_type, loss.balance), ("entry", 115))
        self.assertFalse(entry.line_ids.tax_ids | entry.line_ids.tax_line_id)
        self.assertEqual(invoice.amount_residual, 1035)

    def test_write_off_in_another_currency_leaves_no_difference_of_exchange(self):
        self.company.sudo().collection_waiver_means = "write_off"
        invoice = self._invoice(800, DUE, currency_id=self.other_currency.id)
        self.root["res.currency.rate"].create(
            {
                "currency_id": self.other_currency.id,
                "company_id": self.company.id,
                "name": NOW,
                "rate": 0.5,
            }
        )
        waiver = self._waive(invoice)
        entry = waiver.sudo().move_ids
        self.assertEqual(waiver.amount, 800)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(sum(entry.line_ids.mapped("debit")), 1000)
        self.assertFalse(entry.line_ids.matched_debit_ids.exchange_move_id)

    def test_account_of_waivers_is_asked_for(self):
        self.company.sudo().write(
            {"collection_waiver_means": "write_off", "collection_waiver_account_id": False}
        )
        with self.assertRaisesRegex(UserError, "Choose the account of waivers"):
            self._waive(self._invoice(100, DUE))

    # === CONDITION === #

    def _conditional(self, invoice, amount=200, **vals):
        return self._waive(invoice, amount=amount, condition_date=SOON, **vals)

    def test_nothing_is_booked_before_the_rest_is_paid(self):
        invoice = self._invoice(1000, DUE)
        waiver = self._conditional(invoice)
        self.assertEqual((waiver.state, waiver.last_date), ("approved", SOON))
        self._pay_on(invoice, NOW, 799)
        self.assertEqual(waiver.state, "approved")
        self._pay_on(invoice, NOW, 1)
        self.assertEqual((waiver.state, invoice.amount_residual), ("met", 200))
        self._book()
        self.assertEqual((waiver.state, waiver.carried_out_on), ("done", NOW))
        self.assertEqual(invoice.amount_residual, 0)

    def test_it_is_void_when_the_day_passes(self):
        invoice = self._invoice(1000, DUE)
        waiver = self._conditional(invoice)
        self._pay_on(invoice, NOW, 500)
        with freeze_time(AFTER.isoformat() + " 09:00:00"):
            self.root["collection.settlement"]._judge_due(self.company, AFTER)
            self.assertEqual(waiver.state, "void")
            self._pay_on(invoice, AFTER, 300)
            self.assertEqual(waiver.state, "void", "too late")
            self._book()
        self.assertEqual(invoice.amount_residual, 200)

    def test_payment_that_shows_late_but_came_in_time_counts(self):
        invoice = self._invoice(1000, DUE)
        waiver = self._conditional(invoice)
        with freeze_time(AFTER.isoformat() + " 09:00:00"):
            self.root["collection.settlement"]._judge_due(self.company, AFTER)
            self.assertEqual(len(waiver.activity_ids), 1)
            self._pay_on(invoice, SOON, 800)
        self.assertEqual(waiver.state, "met")
        self.assertFalse(waiver.activity_ids, "nothing is left to ask for")

    def test_the_collector_is_told_that_it_is_void(self):
        waiver = self._conditional(self._invoice(1000, DUE))
        waiver.case_id.sudo().user_id = self.personas["collector"]
        with freeze_time(AFTER.isoformat() + " 09:00:00"):
            for _again in range(2):
                self.root["collection.settlement"]._judge_due(self.company, AFTER)
        task = waiver.activity_ids
        self.assertEqual(task.user_id, self.personas["collector"])
        self.assertIn("void", task.summary)
        self.assertIn("200", str(task.note))

    def test_cancelled_payment_turns_it_back_before_it_is_booked(self):
        invoice = self._invoice(1000, DUE)
        waiver = self._conditional(invoice)
        payment = self._pay_on(invoice, NOW, 800)
        payment.action_cancel()
        self.assertEqual(waiver.state, "approved")
        self._book()
        self.assertEqual((waiver.state, invoice.amount_residual), ("approved", 1000))

    def test_payment_cancelled_after_the_booking_becomes_a_task(self):
        invoice = self._invoice(1000, DUE)
        waiver = self._conditional(invoice)
        payment = self._pay_on(invoice, NOW, 800)
        self._book()
        payment.action_cancel()
        self.assertEqual((waiver.state, waiver.condition_lost_on), ("done", NOW))
        self.assertEqual(waiver.activity_ids.user_id, self.accountant)

    def test_failure_stays_on_its_own_waiver(self):
        first, second = self._invoice(1000, DUE), self._invoice(1000, DUE)
        broken, sound = self._conditional(first, amount=100), self._conditional(second)
        for invoice, amount in ((first, 900), (second, 800)):
            self._pay_on(invoice, NOW, amount)
        broken.sudo()._with_door().write({"means": "write_off"})
        self.company.sudo().collection_waiver_account_id = False
        self._book()
        self.assertEqual((broken.state, sound.state), ("met", "done"))
        self.assertIn("account of waivers", broken.failure)
        self.assertEqual(broken.activity_ids.user_id, self.accountant)
        self.company.sudo().collection_waiver_account_id = self.loss
        broken.with_user(self.accountant).action_carry_out()
        self.assertEqual((broken.state, broken.failure), ("done", False))

    def test_condition_leaves_something_to_pay(self):
        with self.assertRaisesRegex(UserError, "Nothing is left to be paid"):
            self._waive(self._invoice(1000, DUE), condition_date=SOON)

    # === REFUSALS AND APPROVAL === #

    def test_no_more_than_is_open_is_given_up(self):
        with self.assertRaisesRegex(UserError, "is open"):
            self._waive(self._invoice(100, DUE), amount=100.01)

    def test_one_currency_at_a_time(self):
        pounds = self._invoice(800, DUE, currency_id=self.other_currency.id)
        with self.assertRaises(ValidationError):
            self._waive(self._invoice(100, DUE), pounds)

    def test_managers_decide_on_small_requests_of_others(self):
        self.company.sudo().write(
            {"collection_waiver_limit": 0, "collection_waiver_manager_limit": 100}
        )
        manager = self.personas["manager"]
        small = self._waive(self._invoice(100, DUE))
        self.assertEqual(small.state, "requested")
        self.assertTrue(small.activity_ids.user_id.has_group("recouvrement_creances.group_manager"))
        small.with_user(manager)._decide("approve")
        self.assertEqual(small.state, "done")
        large = self._waive(self._invoice(101, DUE))
        with self.assertRaisesRegex(AccessError, "finance director"):
            large.with_user(manager)._decide("approve")
        own = self._waive(self._invoice(50, DUE), persona="manager")
        with self.assertRaisesRegex(AccessError, "own request"):
            own.with_user(manager)._decide("approve")

    def test_refusal_says_why_in_the_dialog(self):
        self.company.sudo().collection_waiver_limit = 0
        waiver = self._waive(self._invoice(100, DUE))
        director = self.personas["finance_director"]
        dialogs = self.env["collection.approval"].with_user(director)
        dialog = dialogs.create(
            {"res_model": waiver._name, "res_id": waiver.id, "decision": "refuse"}
        )
        with self.assertRaisesRegex(UserError, "Say why"):
            dialog.action_apply()
        dialog.note = "He can pay"
        dialog.action_apply()
        self.assertEqual(
            (waiver.state, waiver.decision_note, waiver.decided_by_id),
            ("refused", "He can pay", director),
        )
        with self.assertRaises(UserError):
            waiver.sudo().decision_note = "Something else"
        for model in ("collection.case", "res.partner"):
            other = dialogs.create({"res_model": model, "res_id": 1, "note": "x"})
            with self.subTest(model=model), self.assertRaises(AccessError):
                other.action_apply()

    def test_limits_are_not_got_round_by_what_is_worked_out(self):
        """A thousand pounds are 500 euros here, which anybody could give up."""
        self.company.sudo().collection_waiver_limit = 999
        self.other_currency.rate_ids.rate = 2
        for vals, defaults in (
            ({"currency_id": self.other_currency.id}, {}),
            ({}, {"default_currency_id": self.other_currency.id}),
        ):
            invoice = self._invoice(1000, DUE)
            with self.subTest(vals=vals, defaults=defaults):
                waiver = self._waive(invoice, amount=1000, defaults=defaults, **vals)
                self.assertEqual(waiver.currency_id, self.euro)
                self.assertEqual((waiver.state, invoice.amount_residual), ("requested", 1000))

    def test_amount_is_the_share_that_the_approver_reads(self):
        invoice = self._invoice(1000, DUE)
        with self.assertRaisesRegex(UserError, "work the amount out again"):
            self._waive(invoice, share="percentage", percentage=10, amount=900)

    def test_charges_are_waived_on_their_own_case(self):
        charge = self._claimed("payment")
        other = self._invoice(10, DUE, partner=self._debtor("Somebody Else"))
        with self.assertRaisesRegex(ValidationError, "of one case"):
            self._waive_charge(charge, 30, case_id=self._item(other).case_id.id)

    def test_rest_that_was_paid_while_the_request_waited_meets_the_condition(self):
        self.company.sudo().collection_waiver_limit = 0
        invoice = self._invoice(1000, DUE)
        waiver = self._conditional(invoice)
        self._pay_on(invoice, NOW, 800)
        self.assertEqual(waiver.state, "requested")
        with freeze_time("2026-12-03 09:00:00"):
            waiver.with_user(self.personas["finance_director"])._decide("approve")
        self.assertEqual(waiver.state, "met")

    def test_booking_after_the_day_is_no_lost_condition(self):
        invoice, other = self._invoice(1000, DUE), self._invoice(500, DUE)
        waiver = self._waive(invoice, other, amount=200, condition_date=SOON)
        with freeze_time(AFTER.isoformat() + " 09:00:00"):
            self._pay_on(invoice, SOON, 1000)
            payment = self._pay_on(other, SOON, 300)
            self._book()
            self.assertEqual((waiver.state, other.amount_residual), ("done", 0))
            payment.action_cancel()
            self.assertEqual(waiver.condition_lost_on, AFTER)
            self.assertTrue(waiver.activity_ids)
            self._pay_on(other, SOON, 300)
        self.assertFalse(waiver.condition_lost_on or waiver.activity_ids)

    # === CHARGES IN PART === #

    def _claimed(self, booking):
        self.company.sudo().collection_charge_booking = booking
        self._invoice(1000, DUE)
        return self._claim()

    def _waive_charge(self, charge, amount, **vals):
        return (
            self.env["collection.waiver"]
            .with_user(self.accountant)
            .create(
                {
                    "charge_id": charge.id,
                    "reason_id": self.reason.id,
                    "note": "Half of it",
                    "share": "amount",
                    "amount": amount,
                    **vals,
                }
            )
        )

    def test_rest_of_partly_waived_charges_is_what_is_paid(self):
        for booking in ("payment", "claim"):
            with self.subTest(booking=booking):
                charge = self._claimed(booking)
                total = charge.amount_total
                waiver = self._waive_charge(charge, 30)
                self.assertEqual((waiver.state, charge.state), ("done", "claimed"))
                self.assertEqual(charge.amount_waived, 30)
                payment = charge._register_payment(self.company_data["default_journal_bank"], NOW)
                self.assertAlmostEqual(payment.amount, total - 30, 2)
                self.assertEqual(charge.state, "paid")

    def test_charges_are_waived_once_the_principal_is_paid(self):
        charge = self._claimed("payment")
        item = charge.line_ids.item_id
        waiver = self._waive_charge(
            charge,
            charge.amount_total,
            condition_date=SOON,
            item_ids=[Command.set(item.ids)],
        )
        self.assertEqual((waiver.state, charge.state), ("approved", "claimed"))
        self._pay_on(item.move_id, NOW)
        self.assertEqual(waiver.state, "met")
        self._book()
        self.assertEqual((waiver.state, charge.state), ("done", "waived"))

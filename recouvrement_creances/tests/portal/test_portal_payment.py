from contextlib import suppress
from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ..common import TODAY
from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalPayment(PortalCommon):
    """Online payment: the server decides what is paid, and it settles what was chosen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls._make_provider()

    def setUp(self):
        super().setUp()
        self._open()

    def test_debtor_pays_all(self):
        transaction = self._pay_online([self.invoice, self.recent])
        self.assertRecordValues(
            transaction,
            [
                {
                    "state": "done",
                    "amount": 1500.0,
                    "currency_id": self.company.currency_id.id,
                    "partner_id": self.partner_a.id,
                    "collection_case_id": self.case.id,
                    "is_post_processed": True,
                }
            ],
        )
        self.assertEqual(self.invoice.amount_residual, 0)
        self.assertEqual(self.recent.amount_residual, 0)
        self.assertEqual(transaction.invoice_ids, self.invoice | self.recent)
        self.assertFalse(self.case.is_open)
        self.assertIn("Nothing is open on your account", self._get().text)

    def test_payment_settles_what_was_ticked_and_nothing_else(self):
        self._pay_online([self.recent])
        self.assertEqual(self.recent.amount_residual, 0)
        self.assertEqual(self.invoice.amount_residual, 1000)

    def test_part_pays_the_oldest_first(self):
        self._pay_online([self.invoice, self.recent], "1 100,50")
        self.assertEqual(self.invoice.amount_residual, 0)
        self.assertEqual(self.recent.amount_residual, 399.5)

    def test_instalment_of_an_invoice_is_paid_alone(self):
        invoice = self._create_invoice_one_line(
            price_unit=1000.0,
            tax_ids=[],
            partner_id=self.partner_a,
            invoice_date=date(2026, 1, 1),
            invoice_payment_term_id=self.pay_terms_b,
            post=True,
        )
        self._decide()
        later = self._item(invoice).sorted("due_date")[-1]
        signed = self._signed(self._post("/pay", {"item": [later.id], "amount": ""}))
        self._simulate(self._make_transaction(signed))
        self.assertEqual(later.move_line_id.amount_residual, 0)
        earlier = self._item(invoice).sorted("due_date")[0]
        self.assertEqual(earlier.amount_residual, earlier.amount)

    def test_cancelled_payment_opens_what_it_had_paid(self):
        transaction = self._pay_online([self.invoice])
        self.assertEqual(self.invoice.amount_residual, 0)
        transaction.payment_id.action_cancel()
        self.assertEqual(self.invoice.amount_residual, 1000)

    def test_refused_payment_settles_nothing(self):
        transaction = self._pay_online([self.invoice], state="error")
        self.assertEqual(transaction.state, "error")
        self.assertEqual(self.invoice.amount_residual, 1000)
        self.assertFalse(transaction.payment_id)

    def test_pending_payment_is_shown_and_not_made_twice(self):
        self._pay_online([self.invoice], state="pending")
        self.assertIn("is being processed", self._get().text)
        response = self._choose([self.invoice])
        self.assertNotIn("data-access-token", response.text)
        self.assertIn("so that you do not pay twice", response.text)

    def test_wire_transfer_that_was_announced_is_not_waited_for(self):
        transaction = self._pay_online([self.invoice], state="pending")
        # As the provider of wire transfers has it, which need not be installed.
        self.env.cr.execute(
            "UPDATE payment_provider SET code = 'custom' WHERE id = %s", [self.provider.id]
        )
        self.env.invalidate_all()
        self.assertEqual(transaction.state, "pending")
        self.assertNotIn("is being processed", self._get().text)
        payments = self.root["collection.portal.payment"]
        choice = payments._choose(self.case, self._item(self.invoice).ids, [], "")
        self.assertEqual(choice["amount"], 1000)
        transaction.write({"state": "done", "is_post_processed": False})
        with self.assertRaisesRegex(UserError, "do not pay twice"):
            payments._choose(self.case, self._item(self.invoice).ids, [], "")

    def test_invoice_paid_meanwhile_leaves_a_credit(self):
        values = self._make_transaction(self._signed(self._choose([self.invoice])))
        self._pay(self.invoice)
        transaction = self._simulate(values)
        self.assertEqual(transaction.state, "done")
        self.assertEqual(self.recent.amount_residual, 500)
        self.case.invalidate_recordset()
        self.assertEqual(self.case.amount_credit, 1000)

    def test_claimed_charges_are_paid_with_the_invoice(self):
        income = self.company_data["default_account_revenue"]
        self.company.sudo().write(
            {
                "collection_interest_account_id": income.id,
                "collection_indemnity_account_id": income.id,
            }
        )
        charge = self.root["collection.charge"]._claim(
            self.case, self._item(self.invoice), TODAY, TODAY
        )
        charge = charge.filtered(lambda each: each.currency_id == self.company.currency_id)
        response = self._choose([self.invoice], charge=charge.ids)
        transaction = self._simulate(self._make_transaction(self._signed(response)))
        self.assertEqual(transaction.amount, 1000 + charge.amount_total)
        self.assertEqual(self.invoice.amount_residual, 0)
        self.assertRecordValues(charge, [{"state": "paid", "paid_on": TODAY}])

    def test_charges_that_were_waived_in_part_are_asked_for_without_it(self):
        charge = self.root["collection.charge"]._claim(
            self.case, self._item(self.invoice), TODAY, TODAY
        )
        charge = charge.filtered(lambda each: each.currency_id == self.company.currency_id)
        charge.with_company(self.company)._waive(charge.amount_total - 5)
        for path in ("", "/pay"):
            text = self._get(path).text
            self.assertRegex(text, f"{charge.name}.*(\n.*){{0,4}}[^0-9]5.00", path)
        response = self._choose([self.invoice], charge=charge.ids)
        transaction = self._simulate(self._make_transaction(self._signed(response)))
        self.assertEqual(transaction.amount, 1005)

    def test_charges_that_are_being_paid_are_not_paid_twice(self):
        charge = self.root["collection.charge"]._claim(
            self.case, self._item(self.invoice), TODAY, TODAY
        )
        charge = charge.filtered(lambda each: each.currency_id == self.company.currency_id)
        signed = self._signed(self._choose([], charge=charge.ids))
        self._simulate(self._make_transaction(signed), "pending")
        for invoices in ([], [self.recent]):
            response = self._choose(invoices, charge=charge.ids)
            self.assertNotIn("data-access-token", response.text)
            self.assertIn("so that you do not pay twice", response.text)
        self.assertRefused(signed, "invalid")
        self.assertIn("data-access-token", self._choose([self.recent]).text)

    def test_schedule_of_charges_alone_is_not_paid_twice(self):
        charge = self.root["collection.charge"]._claim(
            self.case, self._item(self.invoice), TODAY, TODAY
        )
        charge = charge.filtered(lambda each: each.currency_id == self.company.currency_id)
        schedule = self.root["collection.schedule"].create(
            {
                "name": "ECH",
                "case_id": self.case.id,
                "currency_id": charge.currency_id.id,
                "item_line_ids": [
                    Command.create({"charge_id": charge.id, "amount": charge.amount_total})
                ],
                "instalment_ids": [
                    Command.create({"number": 1, "due_date": TODAY, "amount": charge.amount_total})
                ],
            }
        )
        schedule._with_door().write({"state": "running", "date_start": TODAY})
        payments = self.root["collection.portal.payment"]
        choice = payments._choose_instalment(self.case, schedule.id)
        self._simulate(self._make_transaction(payments._sign(self.case, choice)), "pending")
        with self.assertRaisesRegex(UserError, "do not pay twice"):
            payments._choose_instalment(self.case, schedule.id)

    def test_payment_counts_although_charges_cannot_be_booked(self):
        charge = self.root["collection.charge"]._claim(
            self.case, self._item(self.invoice), TODAY, TODAY
        )
        charge = charge.filtered(lambda each: each.currency_id == self.company.currency_id)
        response = self._choose([self.invoice], charge=charge.ids)
        transaction = self._simulate(self._make_transaction(self._signed(response)))
        self.assertTrue(transaction.payment_id)
        self.assertEqual(self.invoice.amount_residual, 0)
        self.assertEqual(charge.state, "claimed")
        self.assertIn("could not be booked", str(self.case.message_ids.mapped("body")))

    def test_debtor_in_insolvency_pays_nothing_here(self):
        self._hold(self.case, "insolvency", review_date=TODAY)
        self.assertNotIn('name="item"', self._get("/pay").text)
        response = self._choose([self.invoice])
        self.assertIn("can be neither paid nor agreed on", response.text)
        self.assertNotIn("data-access-token", response.text)
        self.assertEqual(self._attempts()[:1].event, "invalid")

    def test_what_arose_after_the_opening_is_paid(self):
        later = self._overdue_invoice(6, amount=400.0, invoice_date=TODAY - timedelta(days=8))
        self.root["collection.insolvency"].create(
            {
                "partner_id": self.partner_a.id,
                "company_id": self.company.id,
                "kind": "reorganisation",
                "judgement_date": TODAY - timedelta(days=9),
            }
        )
        self._decide()
        account = self._get().text
        self.assertIn("From before the opening of the proceedings", account)
        self.assertIn("1,500.00", account)
        page = self._get("/pay").text
        self.assertIn(f'id="item-{self._item(later).id}"', page)
        self.assertNotIn(f'id="item-{self._item(self.invoice).id}"', page)
        refused = self._choose([self.invoice, later])
        self.assertIn("can be neither paid nor agreed on", refused.text)
        self.assertNotIn("data-access-token", refused.text)
        transaction = self._pay_online([later])
        self.assertEqual((transaction.state, transaction.amount), ("done", 400))
        self.assertEqual((later.amount_residual, self.invoice.amount_residual), (0, 1000))
        self.assertIn("From before the opening of the proceedings", self._get().text)

    # === WHAT A BROWSER ADDS === #

    def test_amount_currency_and_partner_of_the_browser_do_not_count(self):
        signed = self._signed(self._choose([self.invoice]))
        values = self._make_transaction(signed, amount=1.0)
        self.assertEqual(values["amount"], 1000)
        for name in ("currency_id", "partner_id", "collection_case_id", "custom_create_values"):
            with self.subTest(name=name):
                self.assertRefused(signed, **{name: self.partner_b.id})
        count = self.root["payment.transaction"].search_count(
            [("collection_case_id", "=", self.case.id)]
        )
        self.assertEqual(count, 1)

    def assertRefused(self, signed, event="foreign", **params):
        """Fail unless a call for a payment is refused, logged as such, and makes nothing."""
        transactions = self.root["payment.transaction"].search([])
        before = self._attempts()[:1].id
        # Not by assertRaises, which would take the log back with all that was done.
        with suppress(JsonRpcException), mute_logger("odoo.http"):
            self.fail(self._make_transaction(signed, **params))
        last = self._attempts()[:1]
        self.assertGreater(last.id, before)
        self.assertRecordValues(last, [{"event": event, "case_id": self.case.id}])
        self.assertEqual(self.root["payment.transaction"].search([]), transactions)

    def test_changed_signature_is_refused(self):
        signed = self._signed(self._choose([self.invoice]))
        changed_choices = (signed[:-4] + "AAAA", "", "AQ", "x" * 500, signed[::-1], {"a": 1}, [])
        for changed in changed_choices:
            with self.subTest(changed=changed):
                self.assertRefused(changed)

    def test_choice_of_another_debtor_is_refused(self):
        payments = self.root["collection.portal.payment"]
        choice = payments._choose(self.other_case, self._item(self.other_invoice).ids, [], "")
        self.assertRefused(payments._sign(self.other_case, choice))

    def test_old_choice_is_refused(self):
        signed = self._signed(self._choose([self.invoice]))
        with self.on(1):
            self._open()
            self.assertRefused(signed)

    def test_choice_that_is_paid_by_now_is_refused(self):
        signed = self._signed(self._choose([self.invoice]))
        self._pay(self.invoice)
        self.assertRefused(signed, "invalid")

    def test_choice_is_not_paid_again_while_it_is_processed(self):
        signed = self._signed(self._choose([self.invoice], "100"))
        self._simulate(self._make_transaction(signed), "pending")
        self.assertRefused(signed, "invalid")

    def test_debtor_who_became_insolvent_pays_nothing(self):
        signed = self._signed(self._choose([self.invoice]))
        self._hold(self.case, "insolvency", review_date=TODAY)
        self.assertRefused(signed, "invalid")

    def test_provider_that_was_not_offered_is_refused(self):
        signed = self._signed(self._choose([self.invoice]))
        hidden = self._make_provider()
        hidden.is_published = False
        for params in (
            {"provider_id": hidden.id},
            {"provider_id": [self.provider.id]},
            {"payment_method_id": 0},
            {"flow": "token", "token_id": 1},
        ):
            with self.subTest(params=params):
                self.assertRefused(signed, **params)

    def test_amount_with_three_decimals_is_paid_in_full(self):
        dinar = (
            self.root["res.currency"].with_context(active_test=False).search([("name", "=", "TND")])
        )
        dinar.write({"active": True, "rounding": 0.001})
        invoice = self._overdue_invoice(5, amount=12.345, currency_id=dinar.id)
        self._decide()
        transaction = self._pay_online([invoice])
        self.assertEqual((transaction.amount, transaction.currency_id), (12.345, dinar))
        self.assertEqual(invoice.amount_residual, 0)

    def test_no_card_is_kept(self):
        signed = self._signed(self._choose([self.invoice]))
        values = self._make_transaction(signed, tokenization_requested=True)
        transaction = self._simulate(values)
        self.assertFalse(transaction.tokenize or transaction.token_id)

    def test_browser_comes_back_to_the_account_only(self):
        signed = self._signed(self._choose([self.invoice]))
        values = self._make_transaction(signed, landing_route="https://evil.example")
        transaction = self._simulate(values, "pending")
        self.assertEqual(transaction.landing_route, f"{self.base}?done=payment")

    def test_wrong_amounts_are_explained(self):
        for typed in ("0", "-5", "1500.01", "1e3", "1,000", "abc", "NaN", "9" * 30):
            with self.subTest(typed=typed):
                response = self._choose([self.invoice, self.recent], typed)
                self.assertEqual(response.status_code, 200)
                self.assertNotIn("data-access-token", response.text)
                self.assertIn('role="alert"', response.text)

from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestCredit(CollectionCommon):
    """What a credit manager sees of customers, read for all of them at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._debtor("Customer On Credit")
        cls.manager = cls.personas["manager"]
        cls.company.sudo().account_use_credit_limit = True

    def _seen(self, partner=None, user=None):
        partner = (partner or self.customer).with_user(user or self.manager)
        partner.invalidate_recordset()
        return partner

    def _pay_late(self, days, amount=1000.0, partner=None):
        invoice = self._overdue_invoice(days, amount, partner=partner or self.customer)
        self._pay(invoice)

    # === FIGURES === #

    def test_exposure_is_what_is_open(self):
        self._overdue_invoice(10, 1000, partner=self.customer)
        self._overdue_invoice(-20, 500, partner=self.customer)
        self.customer.write({"collection_insured_amount": 600})
        self.assertRecordValues(
            self._seen(),
            [
                {
                    "collection_exposure": 1500,
                    "collection_exposure_late": 1000,
                    "collection_exposure_uncovered": 900,
                }
            ],
        )

    def test_insurance_that_has_ended_covers_nothing(self):
        self._overdue_invoice(10, 1000, partner=self.customer)
        self.customer.write(
            {
                "collection_insured_amount": 600,
                "collection_insured_until": TODAY - timedelta(days=1),
            }
        )
        self.assertEqual(self._seen().collection_exposure_uncovered, 1000)

    def test_account_that_holds_no_customers_is_no_exposure(self):
        self._overdue_invoice(10, 1000, partner=self.customer)
        self._pay_late(40)
        self.assertEqual(self._exposed(), (1000, 1000))
        scope = {
            "partners": tuple(self.customer.ids),
            "company": self.company.id,
            "since": TODAY - timedelta(days=90),
        }
        credit = self.root["collection.credit"]
        self.assertIn(self.customer.id, credit._read_payments(scope))
        self.company_data["default_account_receivable"].non_trade = True
        self.assertEqual(self._exposed(), (0, 0))
        self.assertFalse(credit._read_payments(scope))

    def _credit_note(self, amount):
        self._create_invoice_one_line(
            move_type="out_refund",
            price_unit=amount,
            tax_ids=[],
            partner_id=self.customer,
            invoice_date=TODAY - timedelta(days=20),
            post=True,
        )

    def _exposed(self):
        seen = self._seen()
        return seen.collection_exposure, seen.collection_exposure_late

    def test_credits_lessen_what_is_late_as_they_lessen_the_exposure(self):
        self._overdue_invoice(10, 1000, partner=self.customer)
        self._overdue_invoice(-20, 500, partner=self.customer)
        self._credit_note(600)
        self.assertEqual(self._exposed(), (900, 400))
        self._credit_note(700)
        self.assertEqual(self._exposed(), (200, 0))

    def test_who_has_more_in_credit_than_it_owes_owes_nothing_late(self):
        self._overdue_invoice(10, 1000, partner=self.customer)
        self._credit_note(1300)
        self.assertEqual(self._exposed(), (-300, 0))

    def test_credits_from_before_an_opening_count_no_more_than_debts_from_before(self):
        self._overdue_invoice(60, 1000, partner=self.customer)
        self._credit_note(400)
        self._decide()
        self.root["collection.insolvency"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "kind": "reorganisation",
                "judgement_date": TODAY - timedelta(days=10),
            }
        )
        self.assertEqual(self._exposed(), (0, 0))
        self._overdue_invoice(2, 300, partner=self.customer, invoice_date=TODAY - timedelta(days=5))
        self.assertEqual(self._exposed(), (300, 300))

    def test_what_cannot_be_below_zero_is_refused_in_words(self):
        with self.assertRaisesRegex(ValidationError, "Customer On Credit.*below zero"):
            self.customer.collection_insured_amount = -1
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.company.sudo().collection_insurer_days = -1
            self.env.flush_all()

    def test_days_late_are_weighted_and_recent(self):
        self._pay_late(40, 100)
        self._pay_late(0, 300)
        self.assertEqual(self._seen().collection_days_late, "10")
        with self.on(400):
            self.assertEqual(self._seen().collection_days_late, "")

    def test_contact_shows_its_company(self):
        contact = self._debtor("Buyer", is_company=False, parent_id=self.customer.id)
        self._overdue_invoice(10, 1000, partner=contact)
        self.assertEqual(self._seen(contact).collection_exposure, 1000)

    def test_earlier_debts_of_an_insolvent_are_not_exposure(self):
        self._overdue_invoice(60, 1000, partner=self.customer)
        self._decide()
        self.root["collection.insolvency"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "kind": "reorganisation",
                "judgement_date": TODAY - timedelta(days=10),
            }
        )
        seen = self._seen()
        self.assertEqual(seen.collection_exposure, 0)
        self.assertEqual(seen.collection_payer_profile, "risky")
        self.assertEqual(seen.collection_credit_advice, "prepay")

    def test_broken_promises_make_a_risk(self):
        for number in range(2):
            invoice = self._overdue_invoice(30, 100 + number, partner=self.customer)
            self._decide()
            self.root["collection.promise"].create(
                {
                    "case_id": self._case(self.customer).id,
                    "item_ids": self._item(invoice).ids,
                    "date": TODAY + timedelta(days=1),
                    "amount": 100,
                }
            )
        with self.on(5):
            self.root["collection.settlement"]._judge_due(self.company, TODAY + timedelta(days=5))
            seen = self._seen()
            self.assertEqual(seen.collection_broken_count, 2)
            self.assertEqual(seen.collection_payer_profile, "risky")
            self.assertEqual(seen.collection_credit_advice, "block")

    def test_many_customers_cost_no_more_queries_than_one(self):
        partners = self.customer
        for number in range(8):
            other = self._debtor(f"Customer {number}")
            self._pay_late(20, partner=other)
            partners |= other
        names = ["collection_exposure", "collection_payer_profile"]

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.with_user(self.manager).read(names)
            return self.env.cr.sql_log_count - before

        count(partners)
        self.assertLessEqual(count(partners), count(partners[:1]) + 1)

    # === PROPOSALS === #

    def _decide_on_credit(self, seen=None, user=None):
        """Open the dialog of what is proposed, and return it."""
        seen = seen or self._seen()
        action = seen.with_user(user or self.manager).action_follow_credit_advice()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.manager)
            .with_context(**action["context"])
            .create({})
        )

    def _said(self):
        """Return what the customer's messages say."""
        return " ".join(self.customer.sudo().message_ids.mapped("body"))

    def _name_terms(self):
        """Return the customer's term, a shorter one and one in advance; the settings name these."""
        usual, short, ahead = self.root["account.payment.term"].create(
            [{"name": "Sixty days"}, {"name": "Ten days"}, {"name": "On order"}]
        )
        self.customer.property_payment_term_id = usual
        self.company.sudo().write(
            {"collection_short_term_id": short.id, "collection_advance_term_id": ahead.id}
        )
        return usual, short, ahead

    def test_manager_does_what_is_proposed_and_reads_it_before(self):
        usual, short, _ahead = self._name_terms()
        self._pay_late(60)
        seen = self._seen()
        self.assertEqual(seen.collection_credit_advice, "shorten")
        self.assertTrue(seen.collection_is_advice_open)
        with self.assertRaises(AccessError):
            seen.with_user(self.collector).action_follow_credit_advice()
        dialog = self._decide_on_credit(seen)
        # Nothing has changed yet: it says what will.
        self.assertEqual(self.customer.property_payment_term_id, usual)
        for words in ("Customer On Credit", "Sixty days", "Ten days"):
            self.assertIn(words, dialog.consequence)
        dialog.action_apply()
        self.assertEqual(self.customer.property_payment_term_id, short)
        self.assertIn("Sixty days", self._said())
        self.assertIn("Ten days", self._said())

    def test_what_was_done_is_not_offered_again(self):
        self._name_terms()
        self._pay_late(60)
        dialog = self._decide_on_credit()
        dialog.action_apply()
        self.assertFalse(self._seen().collection_is_advice_open)
        with self.assertRaisesRegex(UserError, "done already"):
            self._seen().action_follow_credit_advice()
        with self.assertRaisesRegex(UserError, "done already"):
            dialog.action_apply()

    def test_no_shorter_terms_are_invented(self):
        usual, _short, _ahead = self._name_terms()
        self.company.sudo().collection_short_term_id = False
        self._pay_late(60)
        with self.assertRaisesRegex(UserError, "Terms for late payers"):
            self._seen().action_follow_credit_advice()
        self.assertEqual(self.customer.property_payment_term_id, usual)

    def _make_risky(self):
        """Let a customer that owes nothing be a risk."""
        self.root["collection.insolvency"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "kind": "reorganisation",
                "judgement_date": TODAY - timedelta(days=10),
            }
        )

    def test_payment_in_advance_is_on_the_terms_that_the_settings_name(self):
        usual, _short, ahead = self._name_terms()
        self._make_risky()
        seen = self._seen()
        self.assertEqual(seen.collection_credit_advice, "prepay")
        dialog = self._decide_on_credit(seen)
        self.assertIn("On order", dialog.consequence)
        dialog.action_apply()
        self.assertEqual(self.customer.property_payment_term_id, ahead)
        self.assertTrue(self.customer.collection_prepays)
        self.assertFalse(self._seen().collection_is_advice_open)
        self._seen().action_grant_credit()
        self.assertFalse(self.customer.collection_prepays)
        self.assertIn("granted again", self._said())
        self.assertTrue(usual)

    def test_payment_in_advance_is_immediate_where_the_settings_name_nothing(self):
        self._name_terms()
        self.company.sudo().collection_advance_term_id = False
        self._make_risky()
        self._decide_on_credit().action_apply()
        immediate = self.env.ref("account.account_payment_term_immediate")
        self.assertEqual(self.customer.property_payment_term_id, immediate)

    def test_what_is_proposed_otherwise_meanwhile_is_not_done(self):
        self._name_terms()
        self._pay_late(60)
        dialog = self._decide_on_credit()
        self._make_risky()
        self._seen()
        with self.assertRaisesRegex(UserError, "proposed otherwise"):
            dialog.action_apply()

    def test_stopped_deliveries_are_told_on_documents(self):
        self.customer.write({"credit_limit": 500, "use_partner_credit_limit": True})
        self._overdue_invoice(40, 1000, partner=self.customer)
        seen = self._seen()
        self.assertEqual(seen.collection_credit_advice, "block")
        dialog = self._decide_on_credit(seen)
        self.assertIn("Customer On Credit", dialog.consequence)
        dialog.action_apply()
        draft = self._create_invoice_one_line(
            price_unit=1, tax_ids=[], partner_id=self.customer, post=False
        )
        self.assertIn("eliveries", draft.partner_credit_warning)
        self.assertFalse(self._seen().collection_is_advice_open)
        seen.action_resume_deliveries()
        self.assertFalse(self.customer.collection_stop_reason)
        self.assertTrue(self._seen().collection_is_advice_open)

    def test_manager_decides_for_his_own_companies_alone(self):
        other = self.setup_other_company()["company"]
        foreign = self.customer.with_company(other)
        foreign.sudo().collection_stop_reason = "Late there"
        foreign.sudo().collection_prepays = True
        seen = foreign.with_user(self.manager).with_context(allowed_company_ids=other.ids)
        for method in ("action_resume_deliveries", "action_grant_credit"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(seen, method)()
        self.assertTrue(foreign.sudo().collection_stop_reason)

    def test_who_edits_contacts_neither_stops_deliveries_nor_lets_them_go_on(self):
        self.customer.collection_stop_reason = "Late since January"
        seller = self._make_persona("contact_editor", "base.group_user,base.group_partner_manager")
        for user in (seller, self.personas["reader"], self.collector, self.personas["accountant"]):
            user.sudo().group_ids |= self.root.ref("base.group_partner_manager")
            partners = self.root["res.partner"].with_user(user)
            for value in (False, "Paid, says the seller"):
                with self.subTest(user=user.login, value=value), self.assertRaises(AccessError):
                    partners.browse(self.customer.id).write({"collection_stop_reason": value})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                partners.create({"name": "New", "collection_stop_reason": "Because"})
            with self.subTest(user=user.login):
                self.assertFalse(partners.browse(self.customer.id).copy().collection_stop_reason)
        self.assertEqual(self.customer.collection_stop_reason, "Late since January")
        with self.assertRaises(AccessError):
            self.customer.with_user(seller).write({"collection_prepays": True})
        self.manager.sudo().group_ids |= self.root.ref("base.group_partner_manager")
        self.customer.with_user(self.manager).write({"collection_stop_reason": False})
        self.assertFalse(self.customer.collection_stop_reason)

    def test_nothing_is_proposed_of_who_pays(self):
        self._pay_late(0)
        seen = self._seen()
        self.assertEqual(seen.collection_payer_profile, "punctual")
        with self.assertRaisesRegex(UserError, "as before"):
            seen.action_follow_credit_advice()

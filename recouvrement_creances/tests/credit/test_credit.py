from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

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

    def test_manager_does_what_is_proposed(self):
        term = self.root["account.payment.term"].create({"name": "Ten days"})
        self.company.sudo().collection_short_term_id = term
        self._pay_late(60)
        seen = self._seen()
        self.assertEqual(seen.collection_credit_advice, "shorten")
        with self.assertRaises(AccessError):
            seen.with_user(self.collector).action_follow_credit_advice()
        seen.action_follow_credit_advice()
        self.assertEqual(self.customer.property_payment_term_id, term)

    def test_stopped_deliveries_are_told_on_documents(self):
        self.customer.write({"credit_limit": 500, "use_partner_credit_limit": True})
        self._overdue_invoice(40, 1000, partner=self.customer)
        seen = self._seen()
        self.assertEqual(seen.collection_credit_advice, "block")
        seen.action_follow_credit_advice()
        draft = self._create_invoice_one_line(
            price_unit=1, tax_ids=[], partner_id=self.customer, post=False
        )
        self.assertIn("deliveries", draft.partner_credit_warning)
        seen.action_resume_deliveries()
        self.assertFalse(self.customer.collection_stop_reason)

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
        self.manager.sudo().group_ids |= self.root.ref("base.group_partner_manager")
        self.customer.with_user(self.manager).write({"collection_stop_reason": False})
        self.assertFalse(self.customer.collection_stop_reason)

    def test_insurance_is_noted_by_collectors(self):
        values = {
            "collection_insured_amount": 5000,
            "collection_insured_until": TODAY,
            "collection_insurer_id": self.partner_b.id,
        }
        reader = self.personas["reader"]
        for user in (reader, self.collector):
            user.sudo().group_ids |= self.root.ref("base.group_partner_manager")
        for name, value in values.items():
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.customer.with_user(reader).write({name: value})
        self.customer.with_user(self.collector).write(values)
        self.assertEqual(self.customer.collection_insured_amount, 5000)

    def test_nothing_is_proposed_of_who_pays(self):
        self._pay_late(0)
        seen = self._seen()
        self.assertEqual(seen.collection_payer_profile, "punctual")
        with self.assertRaisesRegex(UserError, "as before"):
            seen.action_follow_credit_advice()

    # === INSURER === #

    def _deadlines(self):
        return self.root["collection.deadline"].search(
            [("rule_code", "=", "insurance.declaration")]
        )

    def _open(self, days=0):
        return self.root["collection.insurance"]._open_due(
            self.company, TODAY + timedelta(days=days)
        )

    def test_insured_debts_are_declared_in_time(self):
        self.company.sudo().collection_insurer_days = 60
        self.customer.collection_insured_amount = 5000
        self._overdue_invoice(10, 1000, partner=self.customer)
        self._overdue_invoice(10, 1000, partner=self._debtor("Not Insured"))
        self._decide()
        self.assertFalse(self._open())
        with self.on(5):
            deadline = self._open(5)
            self.assertEqual(deadline.partner_id, self.customer)
            self.assertEqual(deadline.event_date, TODAY - timedelta(days=10))
            self.assertEqual(deadline.legal_date, TODAY + timedelta(days=50))
            # Once, whatever the day.
            self.assertFalse(self._open(6))
        with self.on(20):
            self.root["collection.deadline"]._warn(self.company, TODAY + timedelta(days=20))
            self.assertTrue(deadline.activity_ids)

    def test_what_was_declared_is_noted_with_its_document(self):
        self.company.sudo().collection_insurer_days = 60
        self.customer.collection_insured_amount = 5000
        self._overdue_invoice(30, 1000, partner=self.customer)
        self._decide()
        deadline = self._open()
        accountant = self.personas["accountant"]
        file = (
            self.env["ir.attachment"]
            .with_user(accountant)
            .create({"name": "declared.pdf", "raw": b"%PDF-1.4 declared"})
        )
        closings = self.env["collection.deadline.closing"].with_user(accountant)
        values = {"deadline_id": deadline.id, "attachment_ids": file.ids}
        with self.assertRaisesRegex(UserError, "cannot have been done before"):
            closings.create({**values, "date": TODAY - timedelta(days=31)}).action_apply()
        closings.create({**values, "date": TODAY}).action_apply()
        self.assertEqual((deadline.state, deadline.attachment_ids), ("done", file))

    def test_declared_debt_is_not_asked_for_again(self):
        self.company.sudo().collection_insurer_days = 60
        self.customer.collection_insured_amount = 5000
        self._overdue_invoice(30, 1000, partner=self.customer)
        self._decide()
        deadline = self._open()
        deadline._close(TODAY, reason="Declared on the insurer's site")
        self.assertFalse(self._open(1))

    def test_missed_debt_does_not_silence_what_falls_due_later(self):
        self.company.sudo().collection_insurer_days = 60
        self.customer.collection_insured_amount = 5000
        self._overdue_invoice(50, 1000, partner=self.customer)
        self._decide()
        missed = self._open()
        with self.on(11):
            self.root["collection.deadline"]._warn(self.company, TODAY + timedelta(days=11))
            self.assertEqual(missed.state, "missed")
            self.assertFalse(self._open(11))
        self._overdue_invoice(30, 1000, partner=self.customer)
        self._overdue_invoice(20, 1000, partner=self.customer)
        self._decide()
        deadline = self._open(12)
        self.assertEqual(deadline.event_date, TODAY - timedelta(days=30))
        self.assertFalse(self._open(13))

    def test_company_without_insurance_asks_for_nothing(self):
        self.customer.collection_insured_amount = 5000
        self._overdue_invoice(50, 1000, partner=self.customer)
        self._decide()
        self.assertFalse(self._open())
        self.assertFalse(self._deadlines())

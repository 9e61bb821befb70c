from datetime import timedelta

from odoo.tests import tagged

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestDecision(CollectionCommon):
    """Every verdict has its reason, looked for in a fixed order."""

    def test_overdue_item_is_reminded_of_at_the_first_level(self):
        invoice = self._overdue_invoice(6)
        self._decide()
        self.assertVerdict(invoice, "remind", verdict_date=TODAY)
        self.assertEqual(self._item(invoice).next_level_id.number, 1)

    def test_item_waits_for_the_delay_of_the_first_level(self):
        invoice = self._overdue_invoice(2)
        self._decide()
        self.assertVerdict(invoice, "too_soon", next_date=TODAY + timedelta(days=3))

    def test_item_before_its_due_date_is_not_due(self):
        invoice = self._overdue_invoice(-10)
        self._decide()
        self.assertVerdict(invoice, "not_due", next_date=TODAY + timedelta(days=15))

    def test_item_due_today_is_not_due(self):
        invoice = self._overdue_invoice(0)
        self._decide()
        self.assertVerdict(invoice, "not_due")

    def test_paid_item_closes_with_its_case(self):
        invoice = self._overdue_invoice(6)
        self._decide()
        self._pay(invoice)
        self._decide()
        self.assertVerdict(invoice, "paid", is_open=False)
        self.assertFalse(self._case().is_open)
        self.assertEqual(self._case().stage_id.kind, "closed")

    def test_cancelled_payment_reopens_item_and_case(self):
        invoice = self._overdue_invoice(6)
        self._decide()
        case = self._case()
        self._pay(invoice)
        self._decide()
        invoice.line_ids.remove_move_reconcile()
        self._decide()
        self.assertEqual(self._item(invoice).case_id, case)
        self.assertTrue(case.is_open)
        self.assertVerdict(invoice, "covered", is_open=True)

    def test_partial_payment_leaves_the_rest_to_remind_of(self):
        invoice = self._overdue_invoice(6, amount=1000)
        self._pay(invoice, 400)
        self._decide()
        self.assertVerdict(invoice, "remind")
        self.assertEqual(self._item(invoice).amount_residual, 600)

    def test_excluded_from_follow_up(self):
        invoice = self._overdue_invoice(6)
        invoice.no_followup = True
        self._decide()
        self.assertVerdict(invoice, "not_collectible")
        self._item(invoice).with_user(self.personas["accountant"]).action_include()
        self.assertVerdict(invoice, "remind")

    def test_unallocated_credit_covers_the_oldest_items(self):
        old = self._overdue_invoice(40, amount=300)
        young = self._overdue_invoice(10, amount=300)
        self._create_invoice_one_line(
            price_unit=350, tax_ids=[], move_type="out_refund", partner_id=self.partner_a, post=True
        )
        self._decide()
        self.assertVerdict(old, "covered")
        self.assertVerdict(young, "remind")

    def test_credit_in_another_currency_covers_nothing(self):
        invoice = self._overdue_invoice(10, amount=300)
        self._create_invoice_one_line(
            price_unit=900,
            tax_ids=[],
            move_type="out_refund",
            partner_id=self.partner_a,
            currency_id=self.other_currency,
            post=True,
        )
        self._decide()
        self.assertVerdict(invoice, "remind")

    def test_debtor_below_the_minimum_is_left_alone(self):
        self.policy.minimum_amount = 100
        small = self._overdue_invoice(6, amount=60)
        self._decide()
        self.assertVerdict(small, "below_minimum")
        second = self._overdue_invoice(8, amount=50)
        self._decide()
        self.assertVerdict(small, "remind")
        self.assertVerdict(second, "remind")

    def test_each_kind_of_hold_gives_its_verdict(self):
        invoice = self._overdue_invoice(6)
        self._decide()
        for kind, verdict in (
            ("manual", "held"),
            ("promise", "promise"),
            ("schedule", "schedule"),
            ("dispute", "disputed"),
            ("handover", "handed_over"),
            ("insolvency", "insolvency"),
        ):
            with self.subTest(kind=kind):
                hold = self._hold(self._case(), kind)
                self.assertVerdict(invoice, verdict)
                hold.action_release()
                self.assertVerdict(invoice, "remind")

    def test_hold_ends_after_its_last_day(self):
        invoice = self._overdue_invoice(6)
        self._decide()
        self._hold(self._case(), date_end=TODAY + timedelta(days=2))
        with self.on(2):
            self._decide()
            self.assertVerdict(invoice, "held", next_date=TODAY + timedelta(days=3))
        with self.on(3):
            self._decide()
            self.assertVerdict(invoice, "remind")

    def test_hold_on_one_item_leaves_the_others(self):
        held = self._overdue_invoice(6)
        other = self._overdue_invoice(7)
        self._decide()
        self._hold(
            self._case(),
            date_end=TODAY + timedelta(days=5),
            line_ids=[(0, 0, {"item_id": self._item(held).id})],
        )
        self.assertVerdict(held, "held")
        self.assertVerdict(other, "remind")

    def test_only_the_disputed_part_is_held(self):
        invoice = self._overdue_invoice(6, amount=1000)
        self._decide()
        hold = self._hold(
            self._case(),
            "dispute",
            review_date=TODAY + timedelta(days=5),
            line_ids=[(0, 0, {"item_id": self._item(invoice).id, "amount": 300})],
        )
        self.assertVerdict(invoice, "remind")
        hold.line_ids.amount = 1000
        self._decide()
        self.assertVerdict(invoice, "disputed")

    def test_preventive_level_only_before_the_due_date(self):
        self.company.collection_policy_id = self._make_policy([(-7, "email"), (5, "email")])
        coming = self._overdue_invoice(-3)
        late = self._overdue_invoice(6, partner=self.partner_b)
        self._decide()
        self.assertVerdict(coming, "remind")
        self.assertEqual(self._item(coming).next_level_id.delay_days, -7)
        self.assertEqual(self._item(late).next_level_id.delay_days, 5)

    def test_instalments_of_a_payment_term_are_items_of_their_own(self):
        invoice = self._create_invoice_one_line(
            price_unit=1000,
            tax_ids=[],
            partner_id=self.partner_a,
            invoice_date=TODAY - timedelta(days=25),
            invoice_payment_term_id=self.pay_terms_b,
            post=True,
        )
        self._decide()
        first, second = self._item(invoice).sorted("due_date")
        self.assertEqual(first.verdict, "remind")
        self.assertEqual(second.verdict, "not_due")

    def test_policy_of_the_invoice_comes_before_the_partners(self):
        own = self._make_policy([(60, "email")])
        partners = self._make_policy([(90, "email")])
        self.partner_a.with_company(self.company).sudo().collection_policy_id = partners
        invoice = self._overdue_invoice(61)
        invoice.sudo().collection_policy_id = own
        other = self._overdue_invoice(61)
        self._decide()
        self.assertVerdict(invoice, "remind")
        self.assertVerdict(other, "too_soon")

    def test_first_matching_policy_is_chosen_by_its_debtors(self):
        selective = self._make_policy([(60, "email")], domain=f"[('id', '=', {self.partner_b.id})]")
        self._overdue_invoice(6)
        self._overdue_invoice(6, partner=self.partner_b)
        self._decide()
        self.assertEqual(self._case().policy_id, self.policy)
        self.assertEqual(self._case(self.partner_b).policy_id, selective)

    def test_unconfirmed_policy_reminds_nobody(self):
        self.policy.with_user(self.personas["manager"]).action_revise()
        invoice = self._overdue_invoice(6)
        self._decide()
        self.assertVerdict(invoice, "no_policy")

    def test_what_the_debtor_did_himself_takes_no_room(self):
        invoice = self._overdue_invoice(6)
        self._decide()
        dialogs = self.root["collection.contact.outcome"].with_user(self.collector)
        dialogs.create({"case_id": self._case().id, "is_incoming": True}).action_apply()
        self.assertVerdict(invoice, "remind")
        dialogs.create({"case_id": self._case().id}).action_apply()
        self.assertVerdict(invoice, "too_soon", next_date=TODAY + timedelta(days=3))

    def test_second_decision_of_the_day_writes_nothing(self):
        self._overdue_invoice(6)
        self._decide()
        self.env.cr.execute("SELECT xmin::text FROM collection_item ORDER BY id")
        before = self.env.cr.fetchall()
        self._decide()
        self.env.cr.execute("SELECT xmin::text FROM collection_item ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), before)

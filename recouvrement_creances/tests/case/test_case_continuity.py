from datetime import timedelta

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestCaseContinuity(CollectionCommon):
    """What was agreed on with a debtor outlives a new parent, a payment, a collector who left."""

    def _join(self, partner, parent):
        """Make a debtor a contact of another company."""
        partner.write({"parent_id": parent.id, "is_company": False})

    def _assert_silent(self, days=1):
        """Check that the run of another day sends nothing."""
        with self._mail_server() as sink, self.on(days):
            self._run()
        self.assertFalse(sink.messages)

    # === HOLDS OF A DEBTOR THAT GETS A PARENT === #

    def test_hold_follows_a_debtor_that_becomes_a_contact(self):
        invoice = self._overdue_invoice(6, partner=self.partner_b)
        self._decide()
        former = self._case(self.partner_b)
        hold = self._hold(former)
        self._join(self.partner_b, self.partner_a)
        self._decide()
        case = self._case()
        self.assertEqual((case.partner_id, hold.case_id), (self.partner_a, case))
        self.assertFalse(former.is_open)
        self.assertVerdict(invoice, "held", next_date=hold.date_end + timedelta(days=1))
        self._assert_silent()

    def test_looking_at_the_former_case_alone_moves_its_items_to_the_parents(self):
        invoice = self._overdue_invoice(6, partner=self.partner_b)
        self._decide()
        former = self._case(self.partner_b)
        self._join(self.partner_b, self.partner_a)
        self.root["collection.refresh"]._refresh(self.company, TODAY, former)
        item = self._item(invoice)
        self.assertEqual((item.is_open, item.case_id), (True, self._case()))
        self.assertFalse(former.is_open)

    def test_hold_counts_for_what_the_parent_owes(self):
        joining = self._overdue_invoice(6, partner=self.partner_b)
        own = self._overdue_invoice(8)
        self._decide()
        hold = self._hold(self._case(self.partner_b), "insolvency", review_date=TODAY)
        case = self._case()
        self._join(self.partner_b, self.partner_a)
        self._decide()
        self.assertEqual(hold.case_id, case)
        for invoice in (joining, own):
            self.assertVerdict(invoice, "insolvency")
        self._assert_silent()

    def test_hold_without_a_debt_joins_the_parents_next_case(self):
        paid = self._overdue_invoice(6, partner=self.partner_b)
        self._decide()
        hold = self._hold(self._case(self.partner_b), date_end=TODAY + timedelta(days=60))
        self._pay(paid)
        self._decide()
        self._join(self.partner_b, self.partner_a)
        later = self._overdue_invoice(6, partner=self.partner_b)
        self._decide()
        self.assertEqual(hold.case_id, self._case())
        self.assertEqual(hold.case_id.partner_id, self.partner_a)
        self.assertVerdict(later, "held")

    def test_hold_that_has_ended_stays_where_it_was(self):
        self._overdue_invoice(6, partner=self.partner_b)
        self._decide()
        former = self._case(self.partner_b)
        hold = self._hold(former)
        hold.action_release()
        self._join(self.partner_b, self.partner_a)
        self._decide()
        self.assertEqual(hold.case_id, former)

    def test_hold_on_an_item_does_not_spread_over_the_parents_case(self):
        disputed = self._overdue_invoice(6, partner=self.partner_b)
        own = self._overdue_invoice(8)
        self._decide()
        self._hold(
            self._case(self.partner_b),
            "dispute",
            review_date=TODAY,
            line_ids=[(0, 0, {"item_id": self._item(disputed).id})],
        )
        self._join(self.partner_b, self.partner_a)
        self._decide()
        self.assertVerdict(disputed, "disputed")
        self.assertVerdict(own, "remind")

    # === HOLDS OF A CASE THAT CLOSED === #

    def _close_with_hold(self, **hold_values):
        """Return a case that was paid while a hold runs on it, and the hold."""
        paid = self._overdue_invoice(6)
        self._decide()
        case = self._case()
        hold = self._hold(case, **hold_values)
        self._pay(paid)
        self._decide()
        self.assertEqual((case.is_open, hold.state), (False, "open"))
        return case, hold

    def test_running_hold_counts_for_a_new_debt_of_a_closed_case(self):
        case, _hold = self._close_with_hold(date_end=TODAY + timedelta(days=30))
        with self.on(3):
            later = self._overdue_invoice(6)
            self._decide()
        self.assertEqual(self._item(later).case_id, case)
        self.assertEqual((case.is_open, case.closed_on), (True, False))
        self.assertEqual(case.stage_id.kind, "amicable")
        self.assertVerdict(later, "held")
        self._assert_silent(days=4)

    def test_hold_to_be_reviewed_counts_for_a_new_debt_too(self):
        case, _hold = self._close_with_hold(kind="insolvency", review_date=TODAY)
        with self.on(100):
            later = self._overdue_invoice(6)
            self._decide()
            self.assertEqual(self._item(later).case_id, case)
            self.assertVerdict(later, "insolvency")

    def test_debtor_is_reminded_once_the_hold_has_run_out(self):
        self._close_with_hold(date_end=TODAY + timedelta(days=8))
        with self._mail_server() as sink, self.on(8):
            self._overdue_invoice(6)
            self._run()
            self.assertFalse(sink.messages)
            with self.on(9):
                self._run()
        self.assertEqual(len(sink.messages), 1)

    def test_hold_that_ran_out_meanwhile_reopens_nothing(self):
        case, _hold = self._close_with_hold(date_end=TODAY + timedelta(days=5))
        with self.on(6):
            later = self._overdue_invoice(6)
            self._decide()
            self.assertVerdict(later, "remind")
        self.assertNotEqual(self._item(later).case_id, case)
        self.assertFalse(case.is_open)

    def test_running_hold_alone_reopens_nothing(self):
        case, _hold = self._close_with_hold(date_end=TODAY + timedelta(days=30))
        with self.on(1):
            self._decide()
        self.assertFalse(case.is_open)

    # === COLLECTORS WHO LEFT === #

    def _leaver(self):
        """Return a collector whose debtor is partner_a, with a case of it."""
        leaver = new_test_user(
            self.root, login="leaver", groups="recouvrement_creances.group_collector"
        )
        self._choose_collector(leaver)
        self._overdue_invoice(6)
        self._decide()
        self.assertEqual(self._case().user_id, leaver)
        return leaver

    def _choose_collector(self, user):
        self.partner_a.with_company(self.company).sudo().collection_user_id = user

    def test_cases_of_an_archived_collector_go_to_the_companys(self):
        self._leaver().active = False
        self._decide()
        self.assertEqual(self._case().user_id, self.collector)

    def test_cases_of_an_archived_collector_go_to_the_debtors_new_one(self):
        leaver = self._leaver()
        self._choose_collector(self.personas["other_collector"])
        leaver.active = False
        self._decide()
        self.assertEqual(self._case().user_id, self.personas["other_collector"])

    def test_cases_of_an_archived_collector_go_to_nobody_when_there_is_no_other(self):
        leaver = self._leaver()
        self.company.sudo().collection_user_id = False
        leaver.active = False
        self._decide()
        case = self._case()
        self.assertFalse(case.user_id)
        case.with_user(self.collector).action_assign_to_me()
        self.assertEqual(case.user_id, self.collector)

    def test_cases_of_a_collector_who_works_stay_with_him(self):
        leaver = self._leaver()
        self._choose_collector(self.personas["other_collector"])
        self._decide()
        self.assertEqual(self._case().user_id, leaver)

    # === WHAT IS IN COURT === #

    def _reopen(self, line_of=None):
        """Return the case of an invoice whose payment came back, while a handover holds it."""
        paid = self._overdue_invoice(6)
        other = self._overdue_invoice(7)
        self._decide()
        case = self._case()
        lines = (
            [Command.create({"item_id": self._item(line_of(paid, other)).id})] if line_of else []
        )
        self._hold(case, "handover", review_date=TODAY, line_ids=lines)
        self._pay(other)
        self._pay(paid)
        self._decide()
        self.assertEqual((case.is_open, case.stage_kind), (False, "closed"))
        paid.line_ids.remove_move_reconcile()
        self._decide()
        self.assertTrue(case.is_open)
        return case

    def test_case_in_court_is_so_again_when_its_payment_comes_back(self):
        self.assertEqual(self._reopen().stage_kind, "litigation")

    def test_invoice_in_court_takes_its_case_back_there(self):
        self.assertEqual(self._reopen(lambda paid, _other: paid).stage_kind, "litigation")

    def test_invoice_that_is_not_in_court_does_not(self):
        self.assertEqual(self._reopen(lambda _paid, other: other).stage_kind, "amicable")

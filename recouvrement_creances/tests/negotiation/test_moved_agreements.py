from odoo.tests import tagged

from ..common import CollectionCommon
from .promise_common import FRIDAY, PromiseCommon
from .schedule_common import FIRST, ScheduleCommon


@tagged("post_install", "-at_install")
class TestMergedAgreements(PromiseCommon):
    """History keeps no two debtors from being merged."""

    def test_promise_of_deleted_invoices_stays_where_it_was(self):
        waiting = self._promise()
        other = self._overdue_invoice(8)
        kept = self._overdue_invoice(7, partner=self.partner_b)
        self._decide()
        going = self._promise(items=self._item(other))
        self.invoice.button_draft()
        self.invoice.with_context(force_delete=True).unlink()
        self.assertFalse(waiting.item_ids)
        self.root["collection.case"]._join_debtors(self.partner_a, self.partner_b)
        self.assertEqual(waiting.case_id, self.case)
        self.assertEqual(going.case_id, self._item(kept).case_id)

    def test_handover_of_deleted_invoices_stays_where_it_was(self):
        self._overdue_invoice(8)
        self._overdue_invoice(7, partner=self.partner_b)
        self._decide()
        handover = self.root["collection.handover"].create(
            {"case_id": self.case.id, "item_ids": self.item.ids}
        )
        self.invoice.button_draft()
        self.invoice.with_context(force_delete=True).unlink()
        self.root["collection.case"]._join_debtors(self.partner_a, self.partner_b)
        self.assertEqual(handover.case_id, self.case)
        self.assertFalse(self.case.is_open)


@tagged("post_install", "-at_install")
class TestMovedAgreements(CollectionCommon):
    """What was agreed on goes on when its debtor has become a contact of another one."""

    def setUp(self):
        super().setUp()
        self.invoice = self._overdue_invoice(6, partner=self.partner_b)
        self.other = self._overdue_invoice(8, partner=self.partner_b)
        self._overdue_invoice(6)
        self._decide()
        self.former, self.case = self._case(self.partner_b), self._case()

    def _join(self):
        """Make the debtor a contact of another company; what is open goes to its case."""
        self.partner_b.write({"parent_id": self.partner_a.id, "is_company": False})
        self._decide()
        self.assertEqual(self._item(self.invoice).case_id, self.case)
        self.assertFalse(self.former.is_open)

    def _dispute(self, *invoices, amount=None):
        disputes = self.root["collection.dispute"]
        category = self.root.ref("recouvrement_creances.collection_dispute_category_quality")
        lines = [(self._item(invoice), amount) for invoice in invoices]
        return disputes._open(self.former, lines, category, "Two doors are scratched")

    def _decided(self, dispute, decision, accepted=None):
        dispute.with_user(self.collector)._decide(decision, "As the salesperson says", accepted)

    def _assert_held(self, dispute, *invoices):
        hold = dispute.hold_id
        self.assertEqual(hold.state, "open")
        self.assertEqual(set(hold.line_ids.item_id), {self._item(invoice) for invoice in invoices})

    def test_dispute_is_decided_on_the_case_that_its_invoice_went_to(self):
        dispute = self._dispute(self.invoice, amount=600)
        self._join()
        self._decided(dispute, "partly_founded", {dispute.line_ids: 200})
        self.assertEqual((dispute.case_id, dispute.hold_id.case_id), (self.case, self.case))
        self.assertEqual(dispute.hold_id.line_ids.amount, 200)

    def test_payment_of_a_kept_promise_is_taken_back(self):
        item = self._item(self.invoice)
        promise = self.root["collection.promise"]._make(
            self.former, item, 1000, FRIDAY, False, "call"
        )
        self._join()
        self._pay(self.invoice)
        self.assertEqual(promise.state, "kept")
        self.invoice.line_ids.remove_move_reconcile()
        self.assertEqual((promise.state, promise.hold_id.state), ("pending", "open"))
        self.assertEqual((promise.case_id, promise.hold_id.case_id), (self.case, self.case))
        self._decide()
        self.assertVerdict(self.invoice, "promise")

    def test_run_goes_on_after_an_invoice_of_a_founded_dispute_was_cancelled(self):
        dispute = self._dispute(self.invoice, self.other)
        self._decided(dispute, "founded")
        self._join()
        self.other.button_draft()
        self.other.button_cancel()
        with self._mail_server():
            run = self._run()
        self.assertEqual(run.state, "done")
        self._assert_held(dispute, self.invoice)
        self.assertEqual(dispute.hold_id.case_id, self.case)

    def test_dispute_of_invoices_on_two_cases_holds_both(self):
        dispute = self._dispute(self.invoice, self.other)
        self._decided(dispute, "founded")
        self._pay(self.other)
        self._join()
        self.assertEqual(self._item(self.other).case_id, self.former)
        self.other.line_ids.remove_move_reconcile()
        self._assert_held(dispute, self.invoice, self.other)
        self._decide()
        for invoice in (self.invoice, self.other):
            self.assertVerdict(invoice, "disputed")


@tagged("post_install", "-at_install")
class TestMovedSchedule(ScheduleCommon):
    """A schedule goes on when its debtor has become a contact of another one."""

    def _join(self):
        """Make the debtor a contact of another company; return that one's case."""
        parent = self._debtor("Parent Company")
        self.debtor.write({"parent_id": parent.id, "is_company": False})
        self._decide()
        return self._case(parent)

    def test_schedule_that_reopens_holds_what_it_covers(self):
        schedule = self._signed()
        case = self._join()
        payment = self._pay_schedule(schedule, 900, FIRST)
        self.assertEqual(schedule.state, "completed")
        self._cancel_payment(payment, FIRST)
        self.assertEqual(schedule.state, "running")
        self.assertEqual((schedule.case_id, schedule.hold_id.case_id), (case, case))
        self.assertEqual(schedule.hold_id.line_ids.item_id, self.items)

    def test_payment_of_charges_is_covered(self):
        schedule = self._signed(charges=self._claim(), count=2)
        self._join()
        self._pay_schedule(schedule, 100, FIRST)
        charge = schedule.item_line_ids.charge_id.sudo()
        self.assertIn(charge._get_receivable_line(), schedule.hold_id.line_ids.item_id.move_line_id)

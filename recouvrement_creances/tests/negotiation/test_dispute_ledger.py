from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY
from .common import DisputeCommon, day


@tagged("post_install", "-at_install")
class TestDisputeLedger(DisputeCommon):
    """Credit notes and payments end disputes by themselves; what is undone opens them again."""

    def test_credit_note_ends_a_founded_dispute(self):
        dispute = self._open(300)
        self._decided(dispute, "founded")
        with self.on(3):
            self._credit(self.invoice, 300)
        self.assertEqual((dispute.state, dispute.is_running), ("founded", False))
        self.assertEqual((dispute.ended_on, dispute.hold_id.state), (day(3), "released"))
        self.assertEqual(dispute.line_ids.amount_credited, 300)
        self.assertFalse(dispute.activity_ids)

    def test_smaller_credit_note_leaves_the_dispute_waiting(self):
        dispute = self._open(300)
        self._decided(dispute, "founded")
        self._credit(self.invoice, 299.99)
        self.assertTrue(dispute.is_running)
        self._credit(self.invoice, 0.01)
        self.assertFalse(dispute.is_running)

    def test_what_was_credited_of_it_is_not_held_any_more(self):
        whole = self.invoice.amount_residual
        dispute = self._open(whole / 2 + 0.01)
        self._decided(dispute, "founded")
        self._credit(self.invoice, whole / 2)
        # A cent still waits for its credit note: the other half is claimed.
        self.assertTrue(dispute.is_running)
        self.assertEqual(dispute.hold_id.line_ids.amount, 0.01)
        self._decide()
        self.assertVerdict(self.invoice, "remind")

    def test_payment_is_no_credit_note(self):
        dispute = self._open(300)
        self._decided(dispute, "founded")
        self._pay(self.invoice, 300)
        self.assertTrue(dispute.is_running)

    def test_credit_note_of_before_the_dispute_does_not_count(self):
        self._credit(self.invoice, 300)
        dispute = self._open(300)
        self._decided(dispute, "founded")
        self.assertTrue(dispute.is_running)

    def test_credit_note_made_before_the_decision_counts(self):
        dispute = self._open(300)
        self._credit(self.invoice, 300)
        self.assertEqual(dispute.state, "open")
        self._decided(dispute, "founded")
        self.assertFalse(dispute.is_running)
        self.assertFalse(dispute.activity_ids)

    def test_credit_note_that_is_undone_holds_again(self):
        dispute = self._open()
        self._decided(dispute, "partly_founded", {dispute.line_ids: 200})
        note = self._credit(self.invoice, 200)
        first = dispute.hold_id
        self.assertEqual(first.state, "released")
        note.line_ids.remove_move_reconcile()
        self.assertEqual((dispute.is_running, dispute.ended_on), (True, False))
        self.assertNotEqual(dispute.hold_id, first)
        self.assertEqual(dispute.hold_id.line_ids.amount, 200)

    def test_two_items_end_one_after_the_other(self):
        items = self._item(self.invoice) | self._item(self.other)
        dispute = self.root["collection.dispute"]._open(
            self.case, [(item, 100) for item in items], self.category
        )
        self._decided(dispute, "founded")
        self._credit(self.invoice, 100)
        self.assertTrue(dispute.is_running)
        self.assertEqual(dispute.hold_id.line_ids.item_id, self._item(self.other))
        self._credit(self.other, 100)
        self.assertFalse(dispute.is_running)

    def test_paid_invoice_ends_its_dispute_at_once(self):
        dispute = self._open(300)
        with self.on(2):
            payment = self._pay(self.invoice)
            self.assertEqual((dispute.state, dispute.is_running), ("settled", False))
            self.assertEqual((dispute.days_to_decide, dispute.hold_id.state), (2, "released"))
            self.assertFalse(dispute.activity_ids)
            payment.action_draft()
            payment.action_cancel()
        self.assertEqual((dispute.state, dispute.is_running), ("open", True))
        self.assertEqual(dispute.hold_id.line_ids.amount, 300)
        self.assertEqual(dispute.activity_ids.user_id, self.sales)

    def test_daily_run_ends_disputes_of_what_is_gone(self):
        dispute = self._open(300)
        self.invoice.button_draft()
        self.invoice.button_cancel()
        with self.on(1):
            self._run()
        self.assertEqual((dispute.state, dispute.ended_on), ("settled", day(1)))
        self.assertEqual(dispute.hold_id.state, "released")

    def test_invoice_in_correction_stays_disputed(self):
        dispute = self._open(300)
        self.invoice.button_draft()
        self._run()
        self.assertTrue(dispute.is_running)

    def test_foreign_currency_is_judged_in_its_own(self):
        invoice = self._overdue_invoice(20, 800, currency_id=self.other_currency)
        self._decide()
        dispute = self._open(200, invoice)
        self.assertEqual(dispute.line_ids.currency_id, self.other_currency)
        item = self._item(invoice)
        self.assertAlmostEqual(dispute.amount, item.amount_residual / 4, 2)
        self._decided(dispute, "founded")
        note = self._create_invoice_one_line(
            move_type="out_refund",
            price_unit=200,
            tax_ids=[],
            partner_id=self.partner_a,
            currency_id=self.other_currency,
            invoice_date=TODAY,
            invoice_payment_term_id=False,
            post=True,
        )
        (invoice | note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertFalse(dispute.is_running)

    def test_judging_many_disputes_takes_the_same_statements(self):
        def judge(count):
            partner = self._debtor(f"Debtor {count}")
            invoices = [self._overdue_invoice(20, 10, partner=partner) for _ in range(count)]
            self._decide()
            case = self._case(partner)
            disputes = self.root["collection.dispute"]
            for invoice in invoices:
                disputes |= disputes._open(
                    case, [(self._item(invoice), 5)], self._get_category("other")
                )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            disputes._judge(TODAY)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.assertEqual(judge(3), judge(30))

    def test_merged_debtor_keeps_the_dispute(self):
        self._overdue_invoice(20, partner=self.partner_b)
        self._decide()
        dispute = self._open(300)
        wizard = self.root["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.partner_a | self.partner_b).ids, self.partner_b, extra_checks=False)
        self.assertEqual(dispute.case_id, dispute.hold_id.case_id)
        self.assertEqual(dispute.case_id.partner_id, self.partner_b)
        dispute._decide("unfounded", "No")
        self.assertVerdict(self.invoice, "remind")

    # === ALREADY PAID === #

    def test_proof_of_payment_opens_a_dispute_for_the_accountant(self):
        proof = self.root["ir.attachment"].create({"name": "proof.txt", "raw": b"transfer"})
        item = self._item(self.invoice)
        dispute = self.case._note_already_paid(item, proof, day(-3), "portal")
        self.assertEqual((dispute.kind, dispute.owner_id), ("already_paid", self.accountant))
        self.assertEqual((proof.res_model, proof.res_id), (dispute._name, dispute.id))
        self.assertVerdict(self.invoice, "disputed")
        self.assertVerdict(self.other, "remind")
        self._pay(self.invoice)
        self.assertEqual(dispute.state, "settled")

    def test_word_without_proof_waits_and_goes_on_by_itself(self):
        hold = self.case._note_already_paid(self._item(self.invoice), how="call")
        self.assertEqual((hold.kind, hold.date_end), ("manual", day(7)))
        self.assertVerdict(self.invoice, "held", next_date=day(8))
        self.assertVerdict(self.other, "remind")
        self.assertEqual(self.case.activity_ids.user_id, self.accountant)
        with self.on(8):
            self._run()
            self.assertEqual(hold.state, "expired")

    def test_what_is_disputed_already_is_not_said_to_be_paid_twice(self):
        self._open()
        with self.assertRaisesRegex(UserError, "not disputed already"):
            self.case._note_already_paid(self._item(self.invoice))

    def test_judging_many_disputes_reads_their_credit_notes_once(self):
        invoices = [self._overdue_invoice(20 + number, 100) for number in range(6)]
        self._decide()
        disputes = self.root["collection.dispute"].union(
            *(self._open(50, invoice).sudo() for invoice in invoices)
        )
        for dispute in disputes:
            self._decided(dispute, "founded")
        counts = []
        for chosen in (disputes[:2], disputes[2:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            chosen._judge(TODAY)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import NOW, ChargeCommon


@tagged("post_install", "-at_install")
class TestInterest(ChargeCommon):
    """Interest and indemnities read from real invoices, payments, notices and proceedings."""

    def test_invoice_paid_long_after_its_due_date(self):
        invoice = self._invoice(12000, date(2025, 1, 31))
        self._pay_on(invoice, date(2026, 8, 15))
        # 31/01/2025 to 15/08/2026 over four half-years: 150 + 184 + 181 + 46 days.
        self.assertEqual(
            self._segments(invoice),
            [
                (150, "12000.00", "13.15", "648.49"),
                (184, "12000.00", "12.15", "734.99"),
                (181, "12000.00", "12.15", "723.01"),
                (46, "12000.00", "12.40", "187.53"),
            ],
        )
        charges = self._charged(invoice).charges
        self.assertEqual(charges.interest.total, Decimal("2294.02"))
        self.assertEqual(charges.indemnity, Decimal("40.00"))

    def test_invoice_that_is_still_open(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        self.assertEqual(
            self._segments(invoice, date(2026, 11, 21)), [(52, "1000.00", "12.40", "17.67")]
        )

    def test_half_years_are_cut_where_the_rate_changes(self):
        invoice = self._invoice(10000, date(2026, 5, 1))
        self.assertEqual(
            self._segments(invoice, date(2026, 9, 1)),
            [(60, "10000.00", "12.15", "199.73"), (63, "10000.00", "12.40", "214.03")],
        )

    def test_part_payment_lowers_the_base_from_the_day_after_it(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        self._pay_on(invoice, date(2026, 10, 10), 400)
        # 10 days on 1,000 (3.397) and 21 days on 600 (4.281).
        self.assertEqual(
            self._segments(invoice, date(2026, 10, 31)),
            [(10, "1000.00", "12.40", "3.40"), (21, "600.00", "12.40", "4.28")],
        )

    def test_credit_note_lowers_the_base_from_its_date(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        refund = self._create_invoice_one_line(
            move_type="out_refund",
            price_unit=250,
            tax_ids=[],
            partner_id=self.debtor,
            invoice_date=date(2026, 10, 10),
            post=True,
        )
        lines = (invoice + refund).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.assertEqual(
            self._segments(invoice, date(2026, 10, 31)),
            [(10, "1000.00", "12.40", "3.40"), (21, "750.00", "12.40", "5.35")],
        )

    def _lose(self, invoice, amount):
        """Book a part of an invoice as a loss on 10 October."""
        due = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        loss = self.company_data["default_account_expense"]
        lines = [(loss, amount, 0), (due.account_id, 0, amount)]
        entry = self.env["account.move"].create(
            {
                "date": date(2026, 10, 10),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.debtor.id,
                            "debit": debit,
                            "credit": credit,
                        }
                    )
                    for account, debit, credit in lines
                ],
            }
        )
        entry.action_post()
        (due + entry.line_ids.filtered(lambda line: line.account_id == due.account_id)).reconcile()

    def test_what_was_given_up_is_charged_nothing(self):
        given_up = self._invoice(1000, date(2026, 9, 30))
        self._lose(given_up, 1000)
        charges = self._charged(given_up).charges
        self.assertFalse(charges.interest.total or charges.indemnity)
        # A rest that is booked as a loss does not undo that the others were paid late.
        rounded = self._invoice(1000, date(2026, 9, 30))
        self._pay_on(rounded, date(2026, 10, 10), 999)
        self._lose(rounded, 1)
        self.assertEqual(self._charged(rounded).charges.indemnity, Decimal("40.00"))

    def test_payment_that_is_taken_back_lowers_nothing(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        self._pay_on(invoice, date(2026, 10, 10))
        self.assertEqual(self._segments(invoice), [(10, "1000.00", "12.40", "3.40")])
        invoice.line_ids.remove_move_reconcile()
        self.assertEqual(self._segments(invoice), [(62, "1000.00", "12.40", "21.06")])

    def test_invoice_paid_in_time_costs_nothing(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        self._pay_on(invoice, date(2026, 9, 30))
        charges = self._charged(invoice).charges
        self.assertFalse(charges.is_claimable)
        self.assertEqual(charges.indemnity_reason, "not_late")

    def test_rate_of_the_debtor_comes_before_that_of_the_company(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        self.company.sudo().collection_late_rate = 10
        self.assertEqual(self._segments(invoice)[0][2], "10.00")
        self.debtor.collection_late_rate = 8
        self.assertEqual(self._segments(invoice)[0][2], "8.00")
        warnings = self._charged(invoice).charges.interest.warnings
        self.assertEqual([warning.floor for warning in warnings], [Decimal("8.25")])

    def test_public_body_pays_the_rate_of_the_first_half_year_all_along(self):
        self.debtor.collection_debtor_kind = "public"
        invoice = self._invoice(10000, date(2025, 12, 31))
        # ECB 2.15 on 1 January 2026, plus 8 points, frozen through the second half-year.
        self.assertEqual(
            self._segments(invoice, date(2026, 7, 31)), [(212, "10000.00", "10.15", "589.53")]
        )
        self.assertEqual(self._charged(invoice).charges.indemnity, Decimal("40.00"))

    def _send_notice(self, item, sent, channel="registered_letter", **proof):
        """Let a formal notice leave on a day, with what was reported of it; return it."""
        policy = self._make_policy([(5, "registered_letter", {"mode": "confirm"})], confirm=False)
        level = policy.level_ids
        level.is_formal_notice = True
        action = (
            self.root["collection.action"]
            ._with_door()
            .create(
                {
                    "company_id": self.company.id,
                    "case_id": item.case_id.id,
                    "channel": channel,
                    "level_id": level.id,
                    "state": "planned",
                    "line_ids": [Command.create({"item_id": item.id, "level_id": level.id})],
                }
            )
        )
        action._deliver(sent, proof)
        return action

    def test_consumer_owes_the_legal_rate_from_the_presented_notice_and_no_indemnity(self):
        self.debtor.collection_debtor_kind = "consumer"
        invoice = self._invoice(1000, date(2026, 8, 31))
        charges = self._charged(invoice).charges
        self.assertFalse(charges.is_claimable)
        self.assertEqual(charges.interest.warnings[0].code, "no_formal_notice")
        self._send_notice(self._item(invoice), date(2026, 9, 28), presented_on=date(2026, 9, 30))
        self.assertEqual(
            self._segments(invoice, date(2026, 10, 31)), [(31, "1000.00", "2.75", "2.34")]
        )
        self.assertFalse(self._charged(invoice).charges.indemnity)

    def test_time_barred_consumer_is_charged_nothing(self):
        self.debtor.collection_debtor_kind = "consumer"
        invoice = self._invoice(1000, date(2024, 11, 29))
        item = self._item(invoice)
        self._send_notice(item, date(2026, 9, 28), presented_on=date(2026, 9, 30))
        compute = self.root["collection.interest"]._compute_items
        self.assertTrue(compute(item, NOW)[item.id].charges.is_claimable)
        self.root["collection.decision"]._decide(self.company, NOW)
        self.assertEqual(item.verdict, "time_barred")
        self.assertFalse(compute(item, NOW))

    def _consumers_invoice(self):
        self.debtor.collection_debtor_kind = "consumer"
        return self._invoice(1000, date(2026, 8, 31))

    def _days(self, invoice):
        """Return for how many days interest runs up to 31 October."""
        return sum(segment[0] for segment in self._segments(invoice, date(2026, 10, 31)))

    def test_notice_that_was_not_presented_starts_no_interest(self):
        invoice = self._consumers_invoice()
        notice = self._send_notice(self._item(invoice), date(2026, 9, 28))
        self.assertEqual(self._days(invoice), 0)
        self.root["collection.channel.registered_letter"]._note_proof(
            notice, "presented", date(2026, 10, 1)
        )
        self.assertEqual(self._days(invoice), 30)

    def test_electronic_notice_counts_from_its_acceptance_not_its_deposit(self):
        invoice = self._consumers_invoice()
        notice = self._send_notice(
            self._item(invoice), date(2026, 9, 28), channel="electronic_letter"
        )
        service = self.root["collection.channel.electronic_letter"]
        service._note_event(notice, "informed", date(2026, 9, 28))
        self.assertEqual(self._days(invoice), 0)
        service._note_event(notice, "accepted", date(2026, 10, 5))
        self.assertEqual(self._days(invoice), 26)

    def test_notice_by_another_channel_counts_from_the_day_it_left(self):
        invoice = self._consumers_invoice()
        self._send_notice(self._item(invoice), date(2026, 9, 28), channel="email")
        self.assertEqual(self._days(invoice), 33)

    def test_returned_notice_starts_no_interest(self):
        invoice = self._consumers_invoice()
        notice = self._send_notice(self._item(invoice), date(2026, 9, 28))
        self.root["collection.channel.registered_letter"]._note_proof(
            notice, "returned", date(2026, 10, 5)
        )
        self.assertEqual(self._days(invoice), 0)

    def test_internal_task_at_a_notices_level_starts_no_interest(self):
        invoice = self._consumers_invoice()
        self._send_notice(self._item(invoice), date(2026, 9, 28), channel="task")
        self.assertEqual(self._days(invoice), 0)

    def test_what_was_sent_counts_whatever_its_level_has_become(self):
        invoice = self._consumers_invoice()
        reminded = self._invoice(500, date(2026, 8, 31))
        notice = self._send_notice(
            self._item(invoice), date(2026, 9, 28), presented_on=date(2026, 9, 30)
        )
        reminder = self._send_notice(self._item(reminded), date(2026, 9, 28), channel="task")
        notice.level_id.is_formal_notice = False
        reminder.level_id.is_formal_notice = True
        self.assertEqual(self._days(invoice), 31)
        self.assertEqual(self._days(reminded), 0)

    def test_earliest_of_two_notices_counts(self):
        invoice = self._consumers_invoice()
        item = self._item(invoice)
        self._send_notice(item, date(2026, 9, 10), presented_on=date(2026, 9, 14))
        self._send_notice(item, date(2026, 9, 28), presented_on=date(2026, 9, 30))
        self.assertEqual(self._days(invoice), 47)

    def _open_insolvency(self, day, invoice):
        return self._hold(
            self._item(invoice).case_id,
            kind="insolvency",
            date_start=day,
            review_date=date(2027, 6, 1),
        )

    def test_insolvency_stops_the_interest_of_older_debts_only(self):
        older = self._invoice(1000, date(2026, 9, 30))
        younger = self._invoice(1000, date(2026, 10, 31), issued=date(2026, 10, 25))
        self._open_insolvency(date(2026, 10, 20), older)
        # 1 to 19 October: the day of the judgement bears nothing.
        self.assertEqual(self._segments(older), [(19, "1000.00", "12.40", "6.45")])
        self.assertEqual(self._segments(younger)[0][0], 31)

    def test_debt_due_after_the_opening_bears_no_indemnity(self):
        invoice = self._invoice(1000, date(2026, 11, 15), issued=date(2026, 10, 1))
        self._open_insolvency(date(2026, 10, 20), invoice)
        charges = self._charged(invoice).charges
        self.assertEqual(charges.indemnity_reason, "due_after_opening")
        self.assertFalse(charges.is_claimable)

    def test_debtor_of_unknown_kind_owes_no_more_than_a_consumer(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        self.debtor.collection_debtor_kind = False
        charges = self._charged(invoice).charges
        self.assertFalse(charges.is_claimable)
        self.assertEqual(charges.indemnity_reason, "consumer")

    def test_debt_due_in_proceedings_that_ended_bears_no_indemnity(self):
        invoice = self._invoice(1000, date(2026, 11, 10), issued=date(2026, 10, 1))
        hold = self._open_insolvency(date(2026, 10, 20), invoice)
        with freeze_time("2026-11-20 09:00:00"):
            hold.action_release()
        charges = self._charged(invoice).charges
        self.assertEqual(charges.indemnity_reason, "due_after_opening")
        # From 21 November on interest runs again.
        self.assertEqual(self._segments(invoice), [(11, "1000.00", "12.40", "3.74")])

    def test_indemnity_is_due_once_for_an_invoice_with_instalments(self):
        terms = self.root["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 30)
                ],
            }
        )
        self._create_invoice_one_line(
            price_unit=1000,
            tax_ids=[],
            partner_id=self.debtor,
            invoice_date=date(2026, 9, 1),
            invoice_payment_term_id=terms,
            post=True,
        )
        self.root["collection.refresh"]._refresh(self.company, NOW)
        items = self._case(self.debtor).item_ids
        charged = self.root["collection.interest"]._compute_items(items, NOW)
        self.assertEqual(len(charged), 2)
        self.assertEqual(
            [entry.charges.indemnity for entry in charged.values()], [Decimal("40.00"), 0]
        )

    def test_terms_of_a_debtor_may_leave_the_indemnity_out(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        self.debtor.write(
            {"collection_owes_indemnity": False, "collection_no_indemnity_reason": "Agreed"}
        )
        self.assertFalse(self._charged(invoice).charges.indemnity)
        self.assertTrue(self._charged(invoice).charges.interest.total)

    def test_insurance_indemnity_bears_interest_but_no_fixed_indemnity(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        with self.assertRaises(AccessError):
            invoice.with_user(self.personas["invoicing"]).collection_is_insurance = True
        invoice.with_user(self.accountant).collection_is_insurance = True
        charges = self._charged(invoice).charges
        self.assertEqual((charges.indemnity, charges.indemnity_reason), (0, "insurance_indemnity"))
        self.assertEqual(charges.interest.total, Decimal("21.06"))

    def test_missing_half_year_is_named_and_leaves_out_one_item_only(self):
        old = self._invoice(1000, date(2024, 5, 31))
        recent = self._invoice(1000, date(2026, 9, 30))
        self.root["collection.rate"].search(
            [("kind", "=", "ecb"), ("date_start", "=", "2024-07-01")]
        ).unlink()
        self.assertIn("07/01/2024", self._charged(old).problem)
        self.assertIsNone(self._charged(old).charges)
        self.assertEqual(self._charged(recent).charges.interest.total, Decimal("21.06"))

    def test_interest_of_a_foreign_invoice_is_in_its_currency(self):
        invoice = self._invoice(1000, date(2026, 9, 30), currency_id=self.other_currency.id)
        entry = self._charged(invoice)
        self.assertEqual(entry.currency_id, self.other_currency.id)
        self.assertEqual(entry.charges.interest.total, Decimal("21.06"))

    def test_number_of_queries_does_not_grow_with_the_items(self):
        for _number in range(3):
            self._invoice(100, date(2026, 9, 30))
        counts = []
        service = self.root["collection.interest"]
        # What all users get by default is asked for once, whatever is computed then.
        self.env["collection.partner.value"]._find_given("collection_late_rate")
        for _round in range(2):
            items = self._case(self.debtor).item_ids
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            charged = service._compute_items(items, NOW)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(charged), len(items))
            for _number in range(7):
                self._pay_on(self._invoice(100, date(2026, 9, 30)), date(2026, 10, 5), 10)
        self.assertEqual(counts[0], counts[1])

from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .replay_common import LedgerPlay
from .schedule_common import FIRST, ScheduleCommon

SECOND = date(2027, 2, 5)


@tagged("post_install", "-at_install")
class TestScheduleLife(LedgerPlay, ScheduleCommon):
    """A schedule of three times 300 on 600 and 300, judged from the ledger alone."""

    def setUp(self):
        super().setUp()
        self.schedule = self._signed()

    def _refund(self, invoice, amount, day):
        with freeze_time(day.isoformat() + " 09:00:00"):
            refund = (
                self.root["account.move"]
                .browse(invoice.id)
                ._reverse_moves([{"invoice_date": day, "date": day}])
            )
            refund.invoice_line_ids.price_unit = amount
            refund.action_post()
            lines = (refund | self.root["account.move"].browse(invoice.id)).line_ids
            lines.filtered(
                lambda line: line.account_type == "asset_receivable" and not line.reconciled
            ).reconcile()

    def test_instalment_is_paid_by_itself_and_open_again_when_the_payment_is_cancelled(self):
        payment = self._pay_schedule(self.schedule, 300, FIRST)
        self.assertEqual(self._instalment_states(self.schedule), ["kept", "pending", "pending"])
        first = self.schedule._get_lines()[0]
        self.assertEqual(first.settled_on, FIRST)
        self.assertEqual(self._left(self.schedule, FIRST), [0, 300, 300])
        self._cancel_payment(payment, FIRST)
        self.assertEqual(self._instalment_states(self.schedule), ["pending", "pending", "pending"])
        self.assertFalse(first.settled_on)
        self.assertEqual(self._left(self.schedule, FIRST), [300, 300, 300])

    def test_payment_registered_on_the_invoice_counts_as_well(self):
        with freeze_time("2027-01-05 09:00:00"):
            self._pay_on(self.young, FIRST)
        self.assertEqual(self._instalment_states(self.schedule), ["kept", "pending", "pending"])

    def test_payments_settle_the_documents_in_the_agreed_order(self):
        self._pay_schedule(self.schedule, 700, FIRST)
        self.assertEqual((self.old.amount_residual, self.young.amount_residual), (0, 200))
        self.assertEqual(self._instalment_states(self.schedule), ["kept", "kept", "pending"])
        self.assertEqual(self._left(self.schedule, FIRST), [0, 0, 200])

    def test_payment_is_matched_although_the_debtors_account_has_changed(self):
        account = self.company_data["default_account_receivable"].copy({"code": "411999"})
        self.debtor.property_account_receivable_id = account
        self._pay_schedule(self.schedule, 300, FIRST)
        self.assertEqual(self._instalment_states(self.schedule)[0], "kept")

    def test_one_dialog_registers_one_payment(self):
        dialog = (
            self.root["collection.schedule.payment.register"]
            .with_user(self.personas["accountant"])
            .create({"schedule_id": self.schedule.id, "amount": 300, "journal_id": self.bank.id})
        )
        dialog.action_apply()
        with self.assertRaisesRegex(UserError, "registered already"):
            dialog.action_apply()
        self.assertEqual(sum(self._left(self.schedule, FIRST)), 600)

    def test_nothing_is_no_payment(self):
        with self.assertRaisesRegex(UserError, "amount that was paid"):
            self._pay_schedule(self.schedule, 0, FIRST)

    def test_too_much_stays_to_the_debtors_credit(self):
        payment = self._pay_schedule(self.schedule, 950, FIRST)
        self.assertEqual(self.schedule.state, "completed")
        credit = payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.assertEqual(credit.amount_residual, -50)

    def test_missed_instalment_makes_it_late_and_a_payment_brings_it_back(self):
        # Two working days for banks: Tuesday 5 January, Thursday 7 January.
        self.company.sudo().collection_promise_bank_days = 2
        self.assertEqual(self._judge_on(self.schedule, date(2027, 1, 7)), "running")
        self.assertEqual(self._judge_on(self.schedule, date(2027, 1, 8)), "late")
        self.assertEqual(self.schedule.late_since, date(2027, 1, 8))
        self._pay_schedule(self.schedule, 100, date(2027, 1, 9))
        self.assertEqual(self.schedule.state, "late")
        self.assertEqual(self._instalment_states(self.schedule)[0], "partly_kept")
        self._pay_schedule(self.schedule, 200, date(2027, 1, 10))
        self.assertEqual(self.schedule.state, "running")
        self.assertEqual(self._instalment_states(self.schedule)[0], "late")
        self.assertFalse(self.schedule.late_since)

    def test_banks_book_nothing_on_public_holidays(self):
        spain = self.root.ref("base.es")
        self.company.sudo().write({"collection_promise_bank_days": 2, "country_id": spain.id})
        # Wednesday 6 January is Epiphany.
        self.assertEqual(self._judge_on(self.schedule, date(2027, 1, 8)), "running")
        self.assertEqual(self._judge_on(self.schedule, date(2027, 1, 9)), "late")

    def test_completed_schedule_opens_again_with_a_cancelled_payment(self):
        self._pay_schedule(self.schedule, 600, FIRST)
        payment = self._pay_schedule(self.schedule, 300, SECOND)
        former = self.schedule.hold_id
        self.assertEqual((self.schedule.state, former.state), ("completed", "released"))
        self._cancel_payment(payment, date(2027, 2, 6))
        self.assertEqual(self.schedule.state, "running")
        self.assertNotEqual(self.schedule.hold_id, former)
        self.assertEqual(self.schedule.hold_id.state, "open")

    def test_credit_note_shortens_the_schedule_from_its_end(self):
        self._refund(self.young, 300, date(2026, 12, 20))
        self.assertEqual(self._left(self.schedule, date(2026, 12, 20)), [300, 300, 0])
        self._pay_schedule(self.schedule, 600, FIRST)
        self.assertEqual(self.schedule.state, "completed")

    def test_write_off_is_no_payment_and_shortens_the_schedule_too(self):
        loss = self.company_data["default_account_expense"]
        receivable = self.young.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        entry = self.root["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": date(2026, 12, 1),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.debtor.id,
                            "balance": balance,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for account, balance in ((loss, 100), (receivable.account_id, -100))
                ],
            }
        )
        entry.action_post()
        (entry.line_ids.filtered(lambda line: line.balance < 0) | receivable).sudo().reconcile()
        self.assertEqual(self._left(self.schedule, date(2026, 12, 1)), [300, 300, 200])

    def test_what_is_left_is_what_the_ledger_shows_as_open(self):
        self._pay_schedule(self.schedule, 250, FIRST)
        self._refund(self.young, 120, SECOND)
        open_amount = self.old.amount_residual + self.young.amount_residual
        self.assertEqual(sum(self._left(self.schedule, SECOND)), open_amount)

    def test_write_off_is_no_payment_of_the_debtors(self):
        self._begin_play(self.old, self.young)
        self._match(
            self.old, self._post_entry(self.old, 300, date(2026, 12, 1), "default_account_expense")
        )
        self.assertEqual(self._instalment_states(self.schedule), ["pending", "pending", "kept"])
        self.assertEqual(self._left(self.schedule, FIRST), [300, 300, 0])

    def test_what_is_set_off_pays_the_next_instalment(self):
        self._begin_play(self.old, self.young)
        set_off = self._post_entry(self.old, 300, date(2026, 12, 1), "default_account_payable")
        self._match(self.old, set_off)
        self.assertEqual(self._instalment_states(self.schedule), ["kept", "pending", "pending"])
        self.assertEqual(self._left(self.schedule, FIRST), [0, 300, 300])
        self.assertEqual(self.schedule.amount_paid, 300)

    def test_invoice_in_correction_is_owed_and_a_cancelled_one_is_not(self):
        self.young.button_draft()
        self.env.invalidate_all()
        self.assertEqual(self._left(self.schedule, date(2026, 12, 2)), [300, 300, 300])
        self.young.button_cancel()
        self.env.invalidate_all()
        self.assertEqual(self._left(self.schedule, date(2026, 12, 2)), [300, 300, 0])

    def test_invoice_corrected_to_less_shortens_the_schedule(self):
        self.young.button_draft()
        self.young.invoice_line_ids.price_unit = 180
        self.young.action_post()
        self.env.invalidate_all()
        self.assertEqual(self._left(self.schedule, date(2026, 12, 2)), [300, 300, 180])
        self._pay_schedule(self.schedule, 780, FIRST)
        self.assertEqual((self.schedule.state, self.young.amount_residual), ("completed", 0))

    def test_cancelled_invoice_that_is_back_opens_the_schedule_again(self):
        self._pay_schedule(self.schedule, 600, FIRST)
        self.young.button_draft()
        self.young.button_cancel()
        self.assertEqual(self._judge_on(self.schedule, date(2027, 3, 8)), "completed")
        with freeze_time("2027-03-09 09:00:00"):
            self.young.button_draft()
            self.young.action_post()
            self.root["collection.refresh"]._refresh(self.company, date(2027, 3, 9))
        self.assertEqual(self._judge_on(self.schedule, date(2027, 3, 9)), "late")
        self.assertEqual(self.schedule.hold_id.state, "open")

    def test_notice_without_effect_makes_the_whole_due(self):
        self._judge_on(self.schedule, date(2027, 1, 8))
        notice = self._give_notice(date(2027, 1, 15))
        # Presented on Friday 15 January: 15 days later is Saturday 30, so Monday 1 February.
        self.assertTrue(notice.notice_ends_on)
        self.assertEqual(self._judge_on(self.schedule, notice.notice_ends_on), "late")
        self.assertEqual(self._judge_on(self.schedule, notice.next_level_from), "broken")
        self.assertGreaterEqual((notice.next_level_from - date(2027, 1, 15)).days, 15)
        self.assertEqual(self.schedule.hold_id.state, "released")
        self.root["collection.decision"]._decide(self.company, notice.next_level_from)
        self.items.invalidate_recordset()
        self.assertNotIn("schedule", self.items.mapped("verdict"))
        self.assertTrue(self.case.activity_ids.filtered(lambda task: "broken" in task.summary))

    def test_notice_keeps_the_days_that_were_agreed_on(self):
        self._judge_on(self.schedule, date(2027, 1, 8))
        notice = self._give_notice(date(2027, 1, 15))
        self.assertEqual(notice.notice_days, self.schedule.cure_days)
        self.assertIn("fifteen", notice.given_period)

    def _give_notice(self, day):
        """Propose, confirm and post the notice on a day, first presented on that day."""
        with freeze_time(day.isoformat() + " 09:00:00"):
            self.debtor.write({"street": "1 rue du Port", "zip": "44000", "city": "Nantes"})
            self.schedule.with_user(self.collector).action_give_notice()
            action = self.schedule._find_notices()[self.schedule]
            action.with_user(self.collector).action_confirm()
            self.assertEqual(action.state, "planned", action.failure_reason)
            self.root["collection.channel.letter"]._post(action, day, {})
            action.sudo().presented_on = day
            action.sudo()._follow_notice()
        return action

    def test_debtor_who_catches_up_in_time_keeps_the_schedule(self):
        self._judge_on(self.schedule, date(2027, 1, 8))
        notice = self._give_notice(date(2027, 1, 15))
        self._pay_schedule(self.schedule, 300, date(2027, 1, 20))
        self.assertEqual(self.schedule.state, "running")
        self.assertEqual(self._judge_on(self.schedule, notice.next_level_from), "running")
        # The next missed one needs a notice of its own.
        self.assertEqual(self._judge_on(self.schedule, date(2027, 2, 12)), "late")
        self.assertFalse(self.schedule._find_notices())

    def test_debtor_who_pays_what_the_notice_asks_for_keeps_the_schedule(self):
        self._judge_on(self.schedule, date(2027, 1, 8))
        notice = self._give_notice(date(2027, 1, 25))
        # Meanwhile the second one is missed too, which the notice does not speak of.
        self._judge_on(self.schedule, date(2027, 2, 8))
        self._pay_schedule(self.schedule, 300, date(2027, 2, 8))
        self.assertEqual(self._instalment_states(self.schedule), ["late", "broken", "pending"])
        self.assertGreater(notice.next_level_from, date(2027, 2, 8))
        self.assertEqual(self._judge_on(self.schedule, notice.next_level_from), "late")
        other = self._give_notice(date(2027, 2, 16))
        self.assertEqual(other.instalment_id.due_date, SECOND)
        self.assertEqual(self._judge_on(self.schedule, other.next_level_from), "broken")

    def test_notice_is_given_once_and_only_when_late(self):
        with self.assertRaisesRegex(UserError, "Nothing of the schedule is late"):
            self.schedule.with_user(self.collector).action_give_notice()
        self._judge_on(self.schedule, date(2027, 1, 8))
        self._give_notice(date(2027, 1, 15))
        with self.assertRaisesRegex(UserError, "given already"):
            self.schedule.with_user(self.collector).action_give_notice()

    def test_broken_schedule_takes_no_payments_of_its_own(self):
        self._judge_on(self.schedule, date(2027, 1, 8))
        notice = self._give_notice(date(2027, 1, 15))
        self._judge_on(self.schedule, notice.next_level_from)
        with self.assertRaisesRegex(UserError, "not in effect"):
            self._pay_schedule(self.schedule, 300, date(2027, 3, 1))


@tagged("post_install", "-at_install")
class TestScheduleClauses(ScheduleCommon):
    """What a schedule says of interest, charges and its beginning."""

    def _interest(self, as_of):
        return float(self._charged(self.old, as_of).charges.interest.total)

    def test_waived_interest_stands_still_while_the_schedule_is_respected(self):
        before = self._interest(date(2026, 11, 30))
        schedule = self._signed(interest_clause="waived")
        self.assertEqual(self._interest(date(2026, 12, 31)), before)
        schedule.with_user(self.personas["manager"]).action_cancel()
        self.assertGreater(self._interest(date(2026, 12, 31)), before)

    def test_maintained_interest_goes_on(self):
        before = self._interest(date(2026, 11, 30))
        self._signed(interest_clause="maintained")
        self.assertGreater(self._interest(date(2026, 12, 31)), before)

    def test_down_payment_puts_the_schedule_into_effect(self):
        schedule = self._signed(
            down_payment=200, down_payment_date=date(2026, 12, 10), begins_with_down_payment=True
        )
        self.assertEqual((schedule.state, schedule.hold_id.state), ("signed", "open"))
        payment = self._pay_schedule(schedule, 200, date(2026, 12, 8))
        self.assertEqual(schedule.state, "running")
        self._cancel_payment(payment, date(2026, 12, 9))
        self.assertEqual((schedule.state, schedule.hold_id.state), ("signed", "open"))
        payment = self._pay_schedule(schedule, 900, date(2026, 12, 9))
        self.assertEqual((schedule.state, schedule.hold_id.state), ("completed", "released"))
        self._cancel_payment(payment, date(2026, 12, 10))
        self.assertEqual((schedule.state, schedule.hold_id.state), ("signed", "open"))

    def test_down_payment_is_waited_for_even_if_an_instalment_comes_first(self):
        schedule = self._signed(
            down_payment=200, down_payment_date=date(2027, 1, 20), begins_with_down_payment=True
        )
        first = schedule._get_lines()[0]
        self.assertEqual(first.kind, "instalment")
        self._pay_schedule(schedule, first.amount, FIRST)
        self.assertEqual(schedule.state, "signed")
        self._pay_schedule(schedule, 200, date(2027, 1, 6))
        self.assertEqual(schedule.state, "running")

    def test_without_a_down_payment_nothing_is_waited_for(self):
        schedule = self._signed(begins_with_down_payment=True)
        self.assertFalse(schedule.begins_with_down_payment)
        self.assertEqual(schedule.state, "running")

    def test_charges_are_paid_first_and_booked_with_their_first_payment(self):
        charge = self._claim()
        total = round(900 + charge.amount_total, 2)
        schedule = self._signed(charges=charge, count=2)
        self.assertEqual(schedule.amount_total, total)
        self.assertFalse(charge.move_id)
        self._pay_schedule(schedule, 60, FIRST)
        self.assertEqual(charge.state, "claimed")
        self.assertEqual(
            charge.sudo()._get_receivable_line().amount_residual,
            round(charge.amount_total - 60, 2),
        )
        self.assertEqual(self.old.amount_residual, 600)
        left = round(sum(self._left(schedule, FIRST)), 2)
        self.assertEqual(left, round(total - 60, 2))
        self._pay_schedule(schedule, left, FIRST)
        self.assertEqual((charge.state, schedule.state), ("paid", "completed"))

    def test_charges_that_are_waived_are_taken_off(self):
        charge = self._claim()
        schedule = self._signed(charges=charge, count=2)
        charge.sudo()._waive(10)
        self.assertEqual(
            round(sum(self._left(schedule, FIRST)), 2), round(890 + charge.amount_total, 2)
        )
        charge.sudo()._waive(charge.amount_total)
        self.assertEqual(round(sum(self._left(schedule, FIRST)), 2), 900)

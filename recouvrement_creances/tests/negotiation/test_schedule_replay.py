import random
from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import freeze_time, tagged

from .schedule_common import FIRST, ScheduleCommon

LAST_DAY = date(2027, 4, 30)


@tagged("post_install", "-at_install")
class TestScheduleReplay(ScheduleCommon):
    """Whatever is paid, credited and cancelled in whatever order, the ledger alone decides."""

    def _pay_invoice(self, rng, day):
        invoice = rng.choice([self.old, self.young])
        if invoice.amount_residual:
            amount = min(rng.choice([50, 120.35, 300]), invoice.amount_residual)
            self.payments.append(self._pay_on(invoice, day, amount))

    def _pay_plan(self, rng, day):
        if self.schedule.state in ("signed", "running", "late"):
            amount = rng.choice([99.99, 300, 450])
            payment = self.schedule.with_user(self.accountant)._register_payment(
                self.bank, amount, day
            )
            self.payments.append(payment)

    def _credit(self, rng, day):
        invoice = self.root["account.move"].browse(rng.choice([self.old, self.young]).id)
        if not invoice.amount_residual:
            return
        refund = invoice._reverse_moves([{"invoice_date": day, "date": day}])
        refund.invoice_line_ids.price_unit = min(rng.choice([40, 150.5]), invoice.amount_residual)
        refund.action_post()
        (refund | invoice).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()

    def _cancel_payment(self, rng, day):
        if self.payments:
            payment = self.payments.pop(rng.randrange(len(self.payments)))
            payment.sudo().action_cancel()

    def _judge_today(self, rng, day):
        self.root["collection.settlement"]._judge_due(self.company, day)

    def _replay(self):
        """Say what became of three times 300, cent by cent, from the matched lines alone."""
        paid, credited = {}, 0
        for line in (self.old | self.young).line_ids.matched_credit_ids:
            move = line.credit_move_id.move_id
            cents = round(line.debit_amount_currency * 100)
            if move.move_type == "out_refund":
                credited += cents
            else:
                paid[line.credit_move_id.date] = paid.get(line.credit_move_id.date, 0) + cents
        left = [30000, 30000, 30000]
        for index in (2, 1, 0):
            taken = min(left[index], credited)
            left[index] -= taken
            credited -= taken
        settled = [None if cents else "never" for cents in left]
        for day in sorted(paid):
            cents = paid[day]
            for index in range(3):
                part = min(left[index], cents)
                left[index] -= part
                cents -= part
                if not left[index] and settled[index] is None:
                    settled[index] = day
        return left, settled

    def _check(self, seed):
        self.env.invalidate_all()
        left, settled = self._replay()
        with freeze_time(LAST_DAY.isoformat()):
            lines = self.schedule._get_lines()
            found = [round(line.amount_left * 100) for line in lines]
        self.assertEqual(found, left, seed)
        residual = self.old.amount_residual + self.young.amount_residual
        self.assertEqual(Decimal(sum(left)) / 100, round(Decimal(str(residual)), 2), seed)
        days = [None if day == "never" else day for day in settled]
        self.assertEqual([line.settled_on or None for line in lines], days, seed)
        self.assertEqual(self.schedule.state, "late" if any(left) else "completed", seed)
        is_held = self.schedule.hold_id.state == "open"
        self.assertEqual(is_held, any(left), seed)

    def test_any_order_ends_where_a_replay_of_the_ledger_ends(self):
        acts = (
            self._pay_invoice,
            self._pay_plan,
            self._pay_plan,
            self._credit,
            self._cancel_payment,
            self._judge_today,
        )
        for seed in range(8):
            rng = random.Random(seed)
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self.payments = []
                self.schedule = self._signed()
                day = date(2026, 12, 2)
                for _number in range(9):
                    day += timedelta(days=rng.randint(0, 14))
                    with freeze_time(day.isoformat() + " 09:00:00"):
                        rng.choice(acts)(rng, day)
                        self.schedule.invalidate_recordset()
                self._judge_on(self.schedule, LAST_DAY)
                self._check(seed)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_first_instalment_is_where_the_plan_says(self):
        self.schedule = self._signed()
        self.assertEqual(self.schedule._get_lines()[0].due_date, FIRST)

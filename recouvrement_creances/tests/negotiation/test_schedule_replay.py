import random
from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import freeze_time, tagged

from .replay_common import PAYMENT, LedgerPlay
from .schedule_common import FIRST, ScheduleCommon

LAST_DAY = date(2027, 4, 30)


@tagged("post_install", "-at_install")
class TestScheduleReplay(LedgerPlay, ScheduleCommon):
    """Whatever is paid, credited and cancelled in whatever order, the ledger alone decides."""

    def _pay_plan(self, rng, day):
        if self.schedule.state in ("signed", "running", "late"):
            amount = rng.choice([99.99, 300, 450])
            payment = self.schedule.with_user(self.accountant)._register_payment(
                self.bank, amount, day
            )
            self.payments.append(payment)

    def _judge_today(self, rng, day):
        self.root["collection.settlement"]._judge_due(self.company, day)

    def _replay(self):
        """Say what became of three times 300, cent by cent, from the matched lines alone."""
        paid, credited = {}, 0
        for day, cents, kind in self._read_ledger():
            if kind == PAYMENT:
                # What was paid before the plan's first day counts on it.
                day = max(day, self.schedule.date_start)
                paid[day] = paid.get(day, 0) + cents
            else:
                credited += cents
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
            self._play_payment,
            self._pay_plan,
            self._pay_plan,
            self._play_credit_note,
            self._play_write_off,
            self._play_set_off,
            self._play_cancel,
            self._play_unmatch,
            self._judge_today,
        )
        for seed in range(12):
            rng = random.Random(seed)
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self._begin_play(self.old, self.young)
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

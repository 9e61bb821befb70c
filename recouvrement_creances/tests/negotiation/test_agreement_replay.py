import random
from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..ledger.common import NOW, ChargeCommon
from .replay_common import PAYMENT, LedgerPlay

DUE = date(2026, 9, 30)
AGREED = date(2026, 12, 11)
# Two working days for banks, over the weekend.
IN_TIME = date(2026, 12, 15)
SEEDS, ACTS = 15, 9


@tagged("post_install", "-at_install")
class TestAgreementReplay(LedgerPlay, ChargeCommon):
    """Whatever is paid, credited and undone in whatever order, the ledger alone decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sudo().write(
            {
                "collection_promise_bank_days": 2,
                "collection_promise_tolerance": 5,
                "collection_waiver_limit": 10000,
                "collection_waiver_account_id": cls.company_data["default_account_expense"].id,
            }
        )
        cls.old, cls.young = cls._invoice(700, DUE), cls._invoice(300, DUE)
        cls.case = cls.root["collection.case"].search([("partner_id", "=", cls.debtor.id)])
        cls.items = cls.case.open_item_ids

    def _play(self, make, acts, check):
        """Do so many things to the invoices after an agreement, and check it after each of them.

        :param make: returns the agreement
        :param acts: what may be done
        :param check: compares the agreement with a replay, as of a day
        """
        reached = set()
        for seed in range(SEEDS):
            rng = random.Random(seed)
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self._begin_play(self.old, self.young)
                agreement, day = make(), NOW
                for number in range(ACTS):
                    with freeze_time(day.isoformat() + " 09:00:00"):
                        act = rng.choice(acts)
                        act(rng, day)
                        self.root["collection.settlement"]._judge_due(self.company, day)
                        self.env.invalidate_all()
                        check(agreement, day, f"seed {seed}, {number}: {act.__name__} on {day}")
                    reached.add(agreement.state)
                    day += timedelta(days=rng.randint(0, 4))
                savepoint.rollback()
            self.env.invalidate_all()
        return reached

    # === PROMISE === #

    def _promise(self):
        case = self.case.with_user(self.collector)
        return case.env["collection.promise"]._make(
            case, self.items.with_env(case.env), 500, AGREED, self.debtor, "call"
        )

    def _replay_promise(self, as_of):
        """Return (state, day of settlement) of 500 promised of 1,000, 5 of which may be missing."""
        rows = self._read_ledger()
        taken_off = sum(cents for day, cents, kind in rows if kind != PAYMENT and day <= IN_TIME)
        earlier = sum(cents for day, cents, kind in rows if kind == PAYMENT and day < NOW)
        wanted = min(50000, self._total_cents() - taken_off - earlier)
        if wanted <= 0:
            return "void", False
        paid = 0
        for day, cents, kind in rows:
            paid += cents if kind == PAYMENT and day >= NOW else 0
            if paid and paid + 500 >= wanted:
                return ("kept" if day <= IN_TIME else "late"), day
        if as_of <= IN_TIME:
            return "pending", False
        return ("partly_kept" if paid else "broken"), False

    def _check_promise(self, promise, day, message):
        found = promise.state, promise.settled_on
        self.assertEqual(found, self._replay_promise(day), message)
        self.assertEqual(promise.hold_id.state == "open", promise.state == "pending", message)

    def test_promise_ends_where_a_replay_of_the_ledger_ends(self):
        acts = (
            self._play_payment,
            self._play_payment,
            self._play_credit_note,
            self._play_write_off,
            self._play_set_off,
            self._play_cancel,
            self._play_unmatch,
        )
        reached = self._play(self._promise, acts, self._check_promise)
        self.assertLessEqual({"pending", "kept", "late", "partly_kept", "broken"}, reached)

    # === WAIVER === #

    def _waiver(self):
        reason = self.root.ref("recouvrement_creances.collection_reason_waiver_gesture")
        self.waiver = (
            self.env["collection.waiver"]
            .with_user(self.accountant)
            .create(
                {
                    "case_id": self.case.id,
                    "item_ids": [Command.set(self.items.ids)],
                    "share": "amount",
                    "amount": 200,
                    "condition_date": AGREED,
                    "reason_id": reason.id,
                    "note": "He lost a customer",
                }
            )
        )
        # What it depends on: the 800, but for the 5 that may be missing.
        self.payments += [self._pay_on(self.old, NOW, 700), self._pay_on(self.young, NOW, 95)]
        return self.waiver

    def _play_booking(self, rng, day):
        self.root["collection.waiver"]._cron_book()

    def _is_rest_paid(self):
        """Say whether what is left of 1,000 without the 200 was paid in time."""
        rows = self._read_ledger(without=self.waiver.sudo().move_ids)
        taken_off = sum(cents for day, cents, kind in rows if kind != PAYMENT and day <= IN_TIME)
        earlier = sum(cents for day, cents, kind in rows if kind == PAYMENT and day < NOW)
        rest = self._total_cents() - 20000 - taken_off - earlier
        paid = sum(cents for day, cents, kind in rows if kind == PAYMENT and NOW <= day <= IN_TIME)
        return rest <= 0 or (paid > 0 and paid + 500 >= rest)

    def _check_waiver(self, waiver, day, message):
        is_paid = self._is_rest_paid()
        if waiver.state == "done":
            self.assertEqual(not waiver.condition_lost_on, is_paid, message)
            self.assertEqual(not waiver.activity_ids, is_paid, message)
            return
        waiting = "approved" if day <= IN_TIME else "void"
        self.assertEqual(waiver.state, "met" if is_paid else waiting, message)

    def test_waiver_ends_where_a_replay_of_the_ledger_ends(self):
        acts = (
            self._play_payment,
            self._play_booking,
            self._play_booking,
            self._play_credit_note,
            self._play_cancel,
            self._play_unmatch,
        )
        reached = self._play(self._waiver, acts, self._check_waiver)
        self.assertEqual(reached, {"approved", "met", "done", "void"})

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...rules.settlement import (
    CREDIT_NOTE,
    OTHER,
    PAYMENT,
    STATES,
    Commitment,
    Credit,
    Settled,
    last_day,
    settle,
)
from .common import TRIED, D

# A Monday.
START = date(2026, 3, 16)

days = st.integers(0, 60).map(lambda number: START + timedelta(days=number))
cents = st.decimals("0.01", 1_000, places=2)
credits = st.lists(
    st.builds(Credit, days, cents, st.sampled_from([PAYMENT, CREDIT_NOTE, OTHER])), max_size=8
)
commitments = st.lists(st.builds(Commitment, days, cents), min_size=1, max_size=6)
tolerances = st.sampled_from([D("0"), D("0.05"), D("5")])
bank_days = st.integers(0, 4)


def day(number):
    return START + timedelta(days=number)


def state_of(amount, due, paid, as_of, **options):
    """Return the state of one commitment: ``paid`` are (day, amount)."""
    found = settle(
        [Commitment(day(due), D(amount))],
        [Credit(day(number), D(part)) for number, part in paid],
        day(as_of),
        **options,
    )
    return found[0].state


@tagged("post_install", "-at_install")
class TestRulesSettlement(BaseCase):
    """What was agreed and what came in, compared to the cent."""

    # === ONE COMMITMENT, BY HAND === #

    def test_paid_on_the_day_is_kept(self):
        self.assertEqual(state_of("500", 4, [(4, "500")], as_of=4), "kept")

    def test_nothing_paid_yet_on_the_last_day_is_pending(self):
        self.assertEqual(state_of("500", 4, [], as_of=4), "pending")

    def test_nothing_paid_the_day_after_is_broken(self):
        self.assertEqual(state_of("500", 4, [], as_of=5), "broken")

    def test_a_part_paid_the_day_after_is_partly_kept(self):
        self.assertEqual(state_of("500", 4, [(2, "499.99")], as_of=5), "partly_kept")

    def test_a_part_paid_before_the_day_is_pending(self):
        self.assertEqual(state_of("500", 4, [(2, "499.99")], as_of=4), "pending")

    def test_paid_in_full_after_the_day_is_late(self):
        self.assertEqual(state_of("500", 4, [(2, "100"), (9, "400")], as_of=9), "late")

    def test_bank_days_leave_time_over_the_weekend(self):
        """Due on Friday 20 March; two bank days: until Tuesday 24 March."""
        self.assertEqual(state_of("500", 4, [], as_of=8, bank_days=2), "pending")
        self.assertEqual(state_of("500", 4, [], as_of=9, bank_days=2), "broken")
        self.assertEqual(state_of("500", 4, [(8, "500")], as_of=30, bank_days=2), "kept")
        self.assertEqual(state_of("500", 4, [(9, "500")], as_of=30, bank_days=2), "late")

    def test_bank_days_leave_out_public_holidays(self):
        good_friday, easter_monday = date(2026, 4, 3), date(2026, 4, 6)
        self.assertEqual(last_day(date(2026, 4, 2), 1), good_friday)
        self.assertEqual(last_day(date(2026, 4, 2), 2, {easter_monday}), date(2026, 4, 7))

    def test_tolerance_forgives_bank_charges_but_not_everything(self):
        self.assertEqual(state_of("500", 4, [(4, "495")], as_of=5, tolerance=D("5")), "kept")
        self.assertEqual(
            state_of("500", 4, [(4, "494.99")], as_of=5, tolerance=D("5")), "partly_kept"
        )
        self.assertEqual(state_of("3", 4, [], as_of=5, tolerance=D("5")), "broken")

    def test_what_comes_after_the_day_asked_for_does_not_count(self):
        self.assertEqual(state_of("500", 4, [(3, "500")], as_of=2), "pending")

    def test_nothing_to_pay_is_kept(self):
        self.assertEqual(state_of("0", 4, [], as_of=9), "kept")

    # === SEVERAL COMMITMENTS, BY HAND === #

    def test_the_oldest_is_paid_first_whatever_the_order_given(self):
        found = settle(
            [Commitment(day(30), D("100")), Commitment(day(0), D("100"))],
            [Credit(day(10), D("150"))],
            day(20),
        )
        self.assertEqual(
            found, [Settled(D("50"), None, "pending"), Settled(D("100"), day(10), "late")]
        )

    def test_paying_ahead_settles_what_is_not_due_yet(self):
        found = settle(
            [Commitment(day(number), D("100")) for number in (0, 30, 60)],
            [Credit(day(0), D("250"))],
            day(0),
        )
        self.assertEqual([one.state for one in found], ["kept", "kept", "pending"])
        self.assertEqual([one.paid for one in found], [D("100"), D("100"), D("50")])

    def test_what_is_missing_within_the_tolerance_is_made_up_first(self):
        found = settle(
            [Commitment(day(0), D("100")), Commitment(day(30), D("100"))],
            [Credit(day(0), D("99")), Credit(day(30), D("100"))],
            day(31),
            tolerance=D("1"),
        )
        self.assertEqual(
            found, [Settled(D("100"), day(0), "kept"), Settled(D("99"), day(30), "kept")]
        )

    def test_negative_amounts_are_refused(self):
        for commitment, credit, tolerance in (("-1", "1", "0"), ("1", "-1", "0"), ("1", "1", "-1")):
            with self.subTest(commitment=commitment, credit=credit), self.assertRaises(ValueError):
                settle(
                    [Commitment(START, D(commitment))],
                    [Credit(START, D(credit))],
                    START,
                    D(tolerance),
                )
        with self.assertRaises(ValueError):
            last_day(START, -1)

    # === ANY === #

    @TRIED
    @given(commitments, credits, days, tolerances, bank_days, st.randoms(use_true_random=False))
    def test_order_of_credits_never_changes_the_end(
        self, agreed, came, as_of, tolerance, wait, dice
    ):
        shuffled = list(came)
        dice.shuffle(shuffled)
        self.assertEqual(
            settle(agreed, came, as_of, tolerance, wait),
            settle(agreed, shuffled, as_of, tolerance, wait),
        )

    @TRIED
    @given(commitments, credits, days, tolerances)
    def test_what_is_paid_adds_up(self, agreed, came, as_of, tolerance):
        found = settle(agreed, came, as_of, tolerance)
        arrived = sum((one.amount for one in came if one.day <= as_of), D("0"))
        wanted = sum(one.amount for one in agreed)
        self.assertEqual(sum(one.paid for one in found), min(arrived, wanted))
        for commitment, one in zip(agreed, found, strict=True):
            self.assertTrue(0 <= one.paid <= commitment.amount)
            self.assertIn(one.state, STATES)

    @TRIED
    @given(commitments, credits, days, tolerances, bank_days)
    def test_states_say_what_dates_and_amounts_say(self, agreed, came, as_of, tolerance, wait):
        for commitment, one in zip(
            agreed, settle(agreed, came, as_of, tolerance, wait), strict=True
        ):
            limit = last_day(commitment.due, wait)
            is_settled = bool(one.paid) and commitment.amount - one.paid <= tolerance
            self.assertEqual(is_settled, one.settled_on is not None)
            expected = {
                (True, True): "kept",
                (True, False): "late",
                (False, True): "pending",
                (False, False): "partly_kept" if one.paid else "broken",
            }[is_settled, (one.settled_on or as_of) <= limit]
            self.assertEqual(one.state, expected)

    @TRIED
    @given(commitments, credits, st.builds(Credit, days, cents), days)
    def test_more_money_never_makes_it_worse(self, agreed, came, more, as_of):
        rank = {"broken": 0, "partly_kept": 1, "pending": 1, "late": 2, "kept": 3}
        before = settle(agreed, came, as_of)
        after = settle(agreed, [*came, more], as_of)
        for one, other in zip(before, after, strict=True):
            self.assertLessEqual(one.paid, other.paid)
            self.assertLessEqual(rank[one.state], rank[other.state])

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...rules.imputation import (
    INDEMNITY,
    INTEREST,
    PRINCIPAL,
    SCHEDULE_ORDER,
    Debt,
    allocate,
)
from .common import TRIED, D

TODAY = date(2026, 11, 21)
JUNE, JULY, DECEMBER = date(2026, 6, 30), date(2026, 7, 31), date(2026, 12, 31)

cents = st.decimals(0, 5_000, places=2)


@st.composite
def debt_lists(draw, max_size=5):
    count = draw(st.integers(1, max_size))
    return [
        Debt(
            f"INV/{number}",
            draw(st.dates(date(2026, 6, 1), date(2026, 6, 4)) | st.just(DECEMBER)),
            draw(cents),
            draw(cents),
            draw(st.sampled_from([D("0"), D("40")])),
            draw(st.sampled_from([D("0"), D("8.25")])),
        )
        for number in range(count)
    ]


def have_different_ranks(debts):
    return len({(debt.due_date, debt.burden) for debt in debts}) == len(debts)


def total_principal(debts):
    return sum(debt.principal for debt in debts)


@tagged("post_install", "-at_install")
class TestRulesImputation(BaseCase):
    """What a payment settles: C. civ. 1342-10 between debts, 1343-1 inside one."""

    def assert_lines(self, allocation, expected):
        found = [(line.reference, line.component, line.amount) for line in allocation.lines]
        self.assertEqual(found, [(ref, part, D(amount)) for ref, part, amount in expected])

    # === INSIDE A DEBT === #

    def test_interest_comes_before_principal_and_the_indemnity_last(self):
        debt = Debt("A", JUNE, D("1000"), D("50"), D("40"))
        self.assert_lines(
            allocate(D("300"), [debt], TODAY), [("A", INTEREST, "50"), ("A", PRINCIPAL, "250")]
        )

    def test_the_order_of_a_signed_schedule(self):
        debt = Debt("A", JUNE, D("1000"), D("50"), D("40"))
        self.assert_lines(
            allocate(D("300"), [debt], TODAY, order=SCHEDULE_ORDER),
            [("A", INTEREST, "50"), ("A", INDEMNITY, "40"), ("A", PRINCIPAL, "210")],
        )

    def test_what_is_left_over_is_not_allocated(self):
        allocation = allocate(D("1100"), [Debt("A", JUNE, D("1000"), D("50"))], TODAY)
        self.assertEqual(allocation.unallocated, D("50"))
        self.assertEqual(allocation.debts[0].total, 0)

    # === BETWEEN DEBTS === #

    def test_a_debt_that_is_due_comes_before_one_that_is_not(self):
        debts = [Debt("later", DECEMBER, D("100"), burden=D("9")), Debt("due", JULY, D("100"))]
        allocation = allocate(D("150"), debts, TODAY)
        self.assert_lines(allocation, [("due", PRINCIPAL, "100"), ("later", PRINCIPAL, "50")])
        self.assertEqual([line.basis for line in allocation.lines], ["legal_rank", "not_due"])

    def test_a_debt_due_on_the_day_is_due(self):
        debts = [Debt("later", DECEMBER, D("100"), burden=D("9")), Debt("today", TODAY, D("100"))]
        self.assert_lines(allocate(D("60"), debts, TODAY), [("today", PRINCIPAL, "60")])

    def test_the_most_burdensome_comes_before_the_oldest(self):
        # The younger one bears 12.40 %, the older none.
        debts = [Debt("old", JUNE, D("100")), Debt("dear", JULY, D("100"), burden=D("12.40"))]
        self.assert_lines(allocate(D("100"), debts, TODAY), [("dear", PRINCIPAL, "100")])

    def test_then_the_oldest(self):
        debts = [Debt("young", JULY, D("100")), Debt("old", JUNE, D("100"))]
        self.assert_lines(
            allocate(D("130"), debts, TODAY),
            [("old", PRINCIPAL, "100"), ("young", PRINCIPAL, "30")],
        )

    def test_equal_debts_share_in_proportion_to_the_cent(self):
        # 100 on 300 and 600: 33.33 (33.3333) and 66.67 (66.6667).
        debts = [Debt("A", JUNE, D("300")), Debt("B", JUNE, D("600"))]
        allocation = allocate(D("100"), debts, TODAY)
        self.assert_lines(allocation, [("A", PRINCIPAL, "33.33"), ("B", PRINCIPAL, "66.67")])
        self.assertEqual({line.basis for line in allocation.lines}, {"proportional"})

    # === THE DEBTOR'S CHOICE === #

    def test_the_debtor_chooses_a_debt_that_he_pays_entirely(self):
        debts = [Debt("old", JUNE, D("100")), Debt("young", JULY, D("60"))]
        allocation = allocate(D("100"), debts, TODAY, chosen=["young"])
        self.assert_lines(allocation, [("young", PRINCIPAL, "60"), ("old", PRINCIPAL, "40")])
        self.assertEqual(allocation.lines[0].basis, "debtor_choice")

    def test_a_choice_that_pays_a_part_only_does_not_count(self):
        debts = [Debt("old", JUNE, D("100")), Debt("young", JULY, D("60"))]
        allocation = allocate(D("50"), debts, TODAY, chosen=["young"])
        self.assert_lines(allocation, [("old", PRINCIPAL, "50")])
        self.assertEqual(allocation.refused, ("young",))

    def test_interest_is_part_of_what_has_to_be_paid_entirely(self):
        # 60 of principal are covered, 62 with its interest are not.
        debts = [Debt("old", JUNE, D("100")), Debt("young", JULY, D("60"), D("2"))]
        self.assertEqual(allocate(D("60"), debts, TODAY, ["young"]).refused, ("young",))
        self.assertEqual(allocate(D("62"), debts, TODAY, ["young"]).refused, ())

    def test_the_creditor_may_agree_to_a_part(self):
        debts = [Debt("old", JUNE, D("100")), Debt("young", JULY, D("60"))]
        allocation = allocate(D("50"), debts, TODAY, chosen=["young"], creditor_agrees=True)
        self.assert_lines(allocation, [("young", PRINCIPAL, "50")])

    def test_several_choices_are_followed_as_far_as_they_are_paid(self):
        debts = [Debt("A", JUNE, D("100")), Debt("B", JULY, D("60")), Debt("C", JULY, D("70"))]
        # B is paid (60 of 120); C is not (60 of 70): the rest goes to the oldest.
        allocation = allocate(D("120"), debts, TODAY, chosen=["B", "C"])
        self.assert_lines(allocation, [("B", PRINCIPAL, "60"), ("A", PRINCIPAL, "60")])
        self.assertEqual(allocation.refused, ("C",))

    # === REFUSALS === #

    def test_what_makes_no_sense_is_refused(self):
        debt = Debt("A", JUNE, D("100"))
        for arguments in (
            {"payment": D("-1")},
            {"debts": [debt, debt]},
            {"debts": [replace(debt, interest=D("-1"))]},
            {"chosen": ["unknown"]},
            {"chosen": ["A", "A"]},
            {"order": (INTEREST, PRINCIPAL)},
        ):
            with self.subTest(arguments=arguments), self.assertRaises(ValueError):
                allocate(**{"payment": D("10"), "debts": [debt], "as_of": TODAY, **arguments})

    # === PROPERTIES === #

    @TRIED
    @given(debt_lists(), cents, st.permutations((INTEREST, PRINCIPAL, INDEMNITY)), st.data())
    def test_nothing_is_lost_and_nothing_paid_twice(self, debts, payment, order, data):
        references = [debt.reference for debt in debts]
        chosen = data.draw(st.lists(st.sampled_from(references), unique=True))
        result = allocate(payment, debts, TODAY, chosen, data.draw(st.booleans()), order)
        self.assertEqual(sum(line.amount for line in result.lines) + result.unallocated, payment)
        due = sum(debt.total for debt in debts)
        self.assertEqual(result.unallocated, max(payment - due, 0))
        for before, after in zip(debts, result.debts, strict=True):
            for part in (INTEREST, PRINCIPAL, INDEMNITY):
                paid = sum(
                    line.amount
                    for line in result.lines
                    if (line.reference, line.component) == (before.reference, part)
                )
                self.assertGreaterEqual(getattr(after, part), 0)
                self.assertEqual(getattr(before, part), getattr(after, part) + paid)

    @TRIED
    @given(debt_lists().filter(have_different_ranks), cents, cents)
    def test_the_order_of_payments_never_changes_the_sum_of_principal(self, debts, one, other):
        # Equal debts share by proportion, where cents may fall elsewhere: without equals here.
        def pay(*payments):
            state = debts
            for payment in payments:
                state = allocate(payment, state, TODAY).debts
            return state

        self.assertEqual(pay(one, other), pay(other, one))
        self.assertEqual(pay(one, other), pay(one + other))

    @TRIED
    @given(debt_lists(), cents, cents)
    def test_among_equal_debts_it_changes_cents_at_most(self, debts, one, other):
        def principal(*payments):
            state = debts
            for payment in payments:
                state = allocate(payment, state, TODAY).debts
            return total_principal(state)

        difference = abs(principal(one, other) - principal(other, one))
        self.assertLessEqual(difference, D("0.02") * len(debts))

    @TRIED
    @given(debt_lists(), cents, st.randoms(use_true_random=False))
    def test_the_order_in_which_debts_are_given_changes_cents_at_most(self, debts, paid, random):
        shuffled = list(debts)
        random.shuffle(shuffled)
        first = {debt.reference: debt for debt in allocate(paid, debts, TODAY).debts}
        for debt in allocate(paid, shuffled, TODAY).debts:
            difference = abs(debt.total - first[debt.reference].total)
            self.assertLessEqual(difference, D("0.01"))

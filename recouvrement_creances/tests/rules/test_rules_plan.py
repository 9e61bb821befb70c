from datetime import date, timedelta
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...rules.plan import (
    DOWN_PAYMENT,
    DOWN_PAYMENT_TOO_HIGH,
    EVERY_MONTH_SKIPPED,
    FIRST,
    FREQUENCIES,
    LAST,
    NO_INSTALMENT,
    NOT_IN_ORDER,
    NOT_POSITIVE,
    NOTHING_DUE,
    ONE_WAY,
    TOO_MANY,
    TOO_SMALL,
    WRONG_SUM,
    CoveredDebt,
    PlanError,
    PlanLine,
    Terms,
    credits_since,
    discounted_value,
    find_problems,
    judge_plan,
    make_plan,
    shorten,
)
from ...rules.settlement import BROKEN, CREDIT_NOTE, KEPT, PARTLY_KEPT, PAYMENT, PENDING, Credit
from .common import TRIED, D

START = date(2027, 1, 31)


def lines_of(**terms):
    """Return [(day, amount)] as texts."""
    plan = make_plan(Terms(**{"total": D("1000.00"), "first_date": START, **terms}))
    return [(line.due.isoformat(), str(line.amount)) for line in plan]


def amounts_of(**terms):
    return [amount for _day, amount in lines_of(**terms)]


def days_of(**terms):
    return [day for day, _amount in lines_of(**terms)]


@tagged("post_install", "-at_install")
class TestRulesPlan(BaseCase):
    """Plans worked out by hand."""

    def test_the_rest_goes_to_the_last_or_to_the_first_instalment(self):
        # 1,000 / 3 = 333.333...: twice 333.33, and 333.34.
        self.assertEqual(amounts_of(count=3), ["333.33", "333.33", "333.34"])
        self.assertEqual(amounts_of(count=3, rest_on=FIRST), ["333.34", "333.33", "333.33"])

    def test_by_amount_the_odd_one_is_smaller(self):
        # 1,000 = 3 x 300 + 100.
        self.assertEqual(amounts_of(amount=D("300")), ["300", "300", "300", "100.00"])
        self.assertEqual(
            amounts_of(amount=D("300"), rest_on=FIRST), ["100.00", "300", "300", "300"]
        )
        self.assertEqual(amounts_of(amount=D("250")), ["250"] * 4)
        self.assertEqual(amounts_of(amount=D("2000")), ["1000.00"])

    def test_by_end_as_many_as_fall_due_until_then(self):
        # 31 January, 28 February, 31 March, 30 April: the last one is past 15 April.
        self.assertEqual(
            lines_of(end=date(2027, 4, 15)),
            [("2027-01-31", "333.33"), ("2027-02-28", "333.33"), ("2027-03-31", "333.34")],
        )

    def test_down_payment_is_paid_before_and_taken_off(self):
        plan = make_plan(
            Terms(
                D("1000.00"),
                START,
                count=2,
                down_payment=D("100.01"),
                down_payment_date=date(2027, 1, 5),
            )
        )
        self.assertEqual([str(line.amount) for line in plan], ["100.01", "449.99", "450.00"])
        self.assertEqual((plan[0].kind, plan[0].due), (DOWN_PAYMENT, date(2027, 1, 5)))

    def test_whole_paid_down_needs_no_instalment(self):
        self.assertEqual(amounts_of(down_payment=D("1000.00")), ["1000.00"])

    def test_each_month_is_counted_from_the_first_one(self):
        # Not 28, 28: a short month does not shorten those that follow.
        self.assertEqual(days_of(count=4), ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"])

    def test_last_day_of_the_month_when_wanted(self):
        self.assertEqual(
            days_of(count=3, first_date=date(2028, 2, 10), at_month_end=True),
            ["2028-02-29", "2028-03-31", "2028-04-30"],
        )

    def test_weeks_two_weeks_and_quarters(self):
        first = date(2027, 2, 22)
        self.assertEqual(
            days_of(count=3, first_date=first, frequency="week"),
            ["2027-02-22", "2027-03-01", "2027-03-08"],
        )
        self.assertEqual(
            days_of(count=3, first_date=first, frequency="two_weeks"),
            ["2027-02-22", "2027-03-08", "2027-03-22"],
        )
        self.assertEqual(
            days_of(count=3, first_date=date(2027, 11, 30), frequency="quarter"),
            ["2027-11-30", "2028-02-29", "2028-05-30"],
        )

    def test_months_without_are_left_out(self):
        self.assertEqual(
            days_of(count=3, first_date=date(2027, 6, 15), skipped_months=frozenset({7, 8})),
            ["2027-06-15", "2027-09-15", "2027-10-15"],
        )

    def test_what_makes_no_plan_is_refused_with_its_reason(self):
        for terms, reason in (
            ({"count": 3, "total": D("0.00")}, NOTHING_DUE),
            ({"count": 3, "down_payment": D("1000.01")}, DOWN_PAYMENT_TOO_HIGH),
            ({"count": 3, "down_payment": D("-1")}, DOWN_PAYMENT_TOO_HIGH),
            ({}, ONE_WAY),
            ({"count": 3, "amount": D("10")}, ONE_WAY),
            ({"count": 0}, NO_INSTALMENT),
            ({"end": date(2027, 1, 30)}, NO_INSTALMENT),
            ({"count": 601}, TOO_MANY),
            ({"amount": D("1.00")}, TOO_MANY),
            ({"count": 3, "total": D("0.02")}, TOO_SMALL),
            ({"amount": D("0")}, TOO_SMALL),
            ({"count": 3, "skipped_months": frozenset(range(1, 13))}, EVERY_MONTH_SKIPPED),
            (
                {"count": 2, "frequency": "quarter", "skipped_months": frozenset({1, 4, 7, 10})},
                EVERY_MONTH_SKIPPED,
            ),
        ):
            with self.subTest(terms=terms), self.assertRaises(PlanError) as caught:
                lines_of(**terms)
            self.assertEqual(caught.exception.reason, reason)

    def test_lines_changed_by_hand_are_checked(self):
        lines = [PlanLine(date(2027, 2, 1), D("60.00")), PlanLine(date(2027, 1, 1), D("40.01"))]
        self.assertEqual(find_problems(lines, D("100.00")), [WRONG_SUM, NOT_IN_ORDER])
        self.assertEqual(find_problems(lines[::-1], D("100.01")), [])
        self.assertEqual(
            find_problems([PlanLine(START, D("0.00")), PlanLine(START, D("9.00"))], D("9.00")),
            [NOT_POSITIVE],
        )

    def test_discounted_value_of_two_years(self):
        # 110 / 1.10 + 121 / 1.10 ^ 2 = 100 + 100; what is due already is worth its amount.
        lines = [
            PlanLine(date(2027, 1, 1), D("50.00")),
            PlanLine(date(2028, 1, 1), D("110.00")),
            PlanLine(date(2028, 12, 31), D("121.00")),
        ]
        self.assertEqual(discounted_value(lines, D("10"), date(2027, 1, 1)), D("250.00"))
        self.assertEqual(discounted_value(lines, D("0"), date(2027, 1, 1)), D("281.00"))

    @TRIED
    @given(
        cents=st.integers(1, 10**9),
        unit=st.sampled_from([D("0.01"), D("0.05"), D("1"), D("0.001")]),
        count=st.integers(1, 600),
        down=st.integers(0, 10**9),
        rest_on=st.sampled_from([LAST, FIRST]),
        frequency=st.sampled_from(FREQUENCIES),
        skipped=st.frozensets(st.integers(1, 12), max_size=6),
        at_month_end=st.booleans(),
        first_date=st.dates(date(2000, 1, 1), date(2090, 12, 31)),
    )
    def test_any_plan_adds_up_to_the_unit(
        self, cents, unit, count, down, rest_on, frequency, skipped, at_month_end, first_date
    ):
        total = cents * unit
        terms = Terms(
            total,
            first_date,
            frequency,
            count=count,
            down_payment=min(down * unit, total),
            rest_on=rest_on,
            skipped_months=skipped,
            at_month_end=at_month_end,
            unit=unit,
        )
        try:
            lines = make_plan(terms)
        except PlanError as error:
            self.assertIn(error.reason, (TOO_SMALL, EVERY_MONTH_SKIPPED))
            assume(False)
        self.assertEqual(find_problems(lines, total), [])
        instalments = [line for line in lines if line.kind != DOWN_PAYMENT]
        if instalments:
            self.assertEqual(len(instalments), count)
            sizes = {line.amount for line in instalments}
            # Equal but for the rest, which is less than one unit for each of them.
            self.assertLessEqual(len(sizes), 2)
            self.assertLess(max(sizes) - min(sizes), count * unit)
            self.assertTrue(all(line.amount % unit == 0 for line in instalments))
            self.assertFalse({line.due.month for line in instalments} & skipped)

    @TRIED
    @given(
        total=st.decimals(D("0.01"), D("100000"), places=2),
        amount=st.decimals(D("200"), D("100000"), places=2),
        rest_on=st.sampled_from([LAST, FIRST]),
    )
    def test_any_plan_by_amount_adds_up(self, total, amount, rest_on):
        lines = make_plan(Terms(total, START, amount=amount, rest_on=rest_on))
        self.assertEqual(find_problems(lines, total), [])
        self.assertLessEqual(sum(line.amount != amount for line in lines), 1)
        self.assertLessEqual(max(line.amount for line in lines), amount)


def day(number):
    return date(2027, 1, 1) + timedelta(days=number)


PLAN = (PlanLine(day(30), D("100")), PlanLine(day(60), D("100")), PlanLine(day(90), D("100")))


AFTER = day(100)


def judge(debts, as_of=AFTER, lines=PLAN, **options):
    return judge_plan(list(lines), debts, day(0), as_of, **options)


def states(debts, as_of=AFTER, **options):
    return [settled.state for settled in judge(debts, as_of, **options).settled]


@tagged("post_install", "-at_install")
class TestRulesPlanJudged(BaseCase):
    """What the ledger makes of a plan of three times 100, due on days 30, 60 and 90."""

    def _debt(self, *credits, baseline="0", amount="300", **vals):
        return CoveredDebt(
            D(amount), D(baseline), tuple(Credit(day(n), D(a), k) for n, a, k in credits), **vals
        )

    def test_nothing_paid_is_late_after_its_day_only(self):
        self.assertEqual(states([self._debt()], day(30)), [PENDING] * 3)
        self.assertEqual(states([self._debt()], day(31)), [BROKEN, PENDING, PENDING])
        self.assertEqual(judge([self._debt()], day(61)).late, [0, 1])

    def test_early_and_too_much_pays_the_next_ones(self):
        state = judge([self._debt((10, "250", PAYMENT))], day(70))
        self.assertEqual([settled.paid for settled in state.settled], [D(100), D(100), D(50)])
        self.assertEqual((state.paid, state.left, state.late), (D(250), D(50), []))

    def test_part_of_an_instalment_leaves_it_late(self):
        self.assertEqual(
            states([self._debt((30, "60", PAYMENT))], day(40)), [PARTLY_KEPT, PENDING, PENDING]
        )

    def test_credit_note_shortens_the_plan_from_its_end(self):
        state = judge([self._debt((10, "130", CREDIT_NOTE))], day(31))
        self.assertEqual(state.amounts, (D(100), D(70), D(0)))
        # It pays nothing: the first instalment is late all the same.
        self.assertEqual(state.late, [0])

    def test_credit_note_of_the_rest_completes_the_plan(self):
        debts = [self._debt((30, "100", PAYMENT), (40, "200", CREDIT_NOTE))]
        state = judge(debts, day(50))
        self.assertTrue(state.is_complete)
        self.assertEqual(state.left, 0)

    def test_invoice_that_is_no_more_is_taken_off(self):
        debts = [self._debt(amount="100", is_gone=True), self._debt(amount="200")]
        self.assertEqual(judge(debts).amounts, (D(100), D(100), D(0)))

    def test_what_was_paid_before_does_not_count_twice(self):
        # The invoice was of 1,000, 700 were paid before the plan.
        debt = self._debt((-50, "700", PAYMENT), (30, "100", PAYMENT), baseline="700")
        self.assertEqual(states([debt], day(40)), [KEPT, PENDING, PENDING])

    def test_earlier_payment_that_is_matched_later_counts_on_the_first_day(self):
        debt = self._debt((-50, "700", PAYMENT), (-5, "100", PAYMENT), baseline="700")
        state = judge([debt], day(40))
        self.assertEqual(state.settled[0].settled_on, day(0))

    def test_earlier_payment_that_is_taken_back_is_filled_up_first(self):
        debt = self._debt((30, "100", PAYMENT), baseline="700")
        self.assertEqual(states([debt], day(40)), [BROKEN, PENDING, PENDING])

    def test_bank_days_and_tolerance(self):
        # Day 30 is a Sunday: two working days later is Tuesday, day 32.
        self.assertEqual(day(30).weekday(), 6)
        self.assertEqual(states([self._debt()], day(32), bank_days=2)[0], PENDING)
        self.assertEqual(states([self._debt()], day(33), bank_days=2)[0], BROKEN)
        late = {"bank_days": 2, "holidays": {day(31)}}
        self.assertEqual(states([self._debt()], day(33), **late)[0], PENDING)
        debts = [self._debt((30, "99.60", PAYMENT))]
        self.assertEqual(states(debts, day(40), tolerance=D("0.50"))[0], KEPT)

    def test_shorten_stops_at_nothing(self):
        self.assertEqual(shorten([D(1), D(2)], D(9)), [D(0), D(0)])

    @TRIED
    @given(st.data())
    def test_any_order_gives_the_state_of_an_independent_replay(self, data):
        """What is left is what is open; payments fill by due date what credit notes leave."""
        credit = st.builds(
            Credit,
            st.integers(-20, 99).map(day),
            st.integers(1, 20000).map(lambda cents: Decimal(cents) / 100),
            st.sampled_from([PAYMENT, CREDIT_NOTE]),
        )
        baseline = data.draw(st.integers(0, 30000).map(lambda cents: Decimal(cents) / 100))
        credits = data.draw(st.lists(credit, max_size=8))
        shuffled = data.draw(st.permutations(credits))
        first, second = (
            judge([CoveredDebt(D(300), baseline, tuple(order))]) for order in (credits, shuffled)
        )
        self.assertEqual(first, second)
        received = sum((credit.amount for credit in credits), D(0))
        residual = max(D(300) + baseline - received, D(0))
        self.assertEqual(first.left, min(residual, D(300)))
        counted = credits_since(credits, baseline, day(0))
        notes = sum((c.amount for c in counted if c.kind == CREDIT_NOTE), D(0))
        paid = sum((c.amount for c in counted if c.kind == PAYMENT), D(0))
        for index, (amount, settled) in enumerate(zip(first.amounts, first.settled, strict=True)):
            # Cent by cent: this line's place in the plan, cut at the end by the credit notes.
            begin, end = D(100) * index, min(D(100) * (index + 1), max(D(300) - notes, D(0)))
            self.assertEqual(amount, max(end - begin, D(0)))
            self.assertEqual(settled.paid, max(min(paid, end) - begin, D(0)) if end > begin else 0)

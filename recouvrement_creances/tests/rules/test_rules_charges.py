from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...rules.charges import CANCELLED, ItemFacts, Judgement, item_charges, share_indemnity
from ...rules.indemnity import DUE_AFTER_OPENING, NOT_LATE
from ...rules.interest import find_double_interest
from ...rules.interest_terms import CREDIT_NOTE, Movement
from .common import RATES, TRIED, D

FACTS = ItemFacts(D("1000.00"), date(2026, 9, 30), date(2026, 8, 31), "professional")


def total(facts, as_of):
    return item_charges(facts, as_of, RATES).interest.total


@tagged("post_install", "-at_install")
class TestRulesCharges(BaseCase):
    """What is claimable of an item: by its debtor's law, less what was claimed."""

    def test_what_was_claimed_is_cut_out_to_the_day(self):
        claimed = replace(FACTS, claimed=((date(2026, 10, 1), date(2026, 10, 31)),))
        segments = item_charges(claimed, date(2026, 12, 1), RATES).interest.segments
        self.assertEqual([(one.start, one.days) for one in segments], [(date(2026, 11, 1), 31)])

    def test_claim_in_the_middle_leaves_both_ends(self):
        claimed = replace(FACTS, claimed=((date(2026, 10, 11), date(2026, 10, 20)),))
        segments = item_charges(claimed, date(2026, 10, 31), RATES).interest.segments
        self.assertEqual([one.days for one in segments], [10, 11])

    def test_insolvency_stops_older_debts_only(self):
        opening = date(2026, 10, 11)
        self.assertEqual(
            total(replace(FACTS, insolvency_date=opening), date(2026, 12, 1)),
            total(FACTS, date(2026, 10, 10)),
        )
        younger = replace(FACTS, insolvency_date=opening, issued_on=opening)
        self.assertEqual(total(younger, date(2026, 12, 1)), total(FACTS, date(2026, 12, 1)))

    def test_proceedings_that_ended_leave_no_indemnity_of_what_fell_due_meanwhile(self):
        period = (date(2026, 9, 15), date(2026, 11, 10))
        facts = replace(FACTS, ended_proceedings=(period,))
        charges = item_charges(facts, date(2026, 11, 30), RATES)
        self.assertEqual([one.start for one in charges.interest.segments], [date(2026, 11, 11)])
        self.assertEqual((charges.indemnity, charges.indemnity_reason), (0, DUE_AFTER_OPENING))
        # Due before the opening, or after the end: nothing forbade to pay in time.
        for start, end in ((date(2026, 10, 1), period[1]), (period[0], date(2026, 9, 29))):
            paid_freely = replace(FACTS, ended_proceedings=((start, end),))
            self.assertTrue(item_charges(paid_freely, date(2026, 11, 30), RATES).indemnity)
        younger = replace(facts, issued_on=period[0])
        self.assertEqual(total(younger, date(2026, 11, 30)), total(FACTS, date(2026, 11, 30)))

    def test_payment_put_off_by_a_year_bears_interest_in_insolvency(self):
        opening, as_of = date(2026, 10, 11), date(2026, 12, 1)
        for issued, stops in ((date(2025, 9, 30), False), (date(2025, 10, 1), True)):
            with self.subTest(issued=issued):
                facts = replace(FACTS, issued_on=issued, insolvency_date=opening)
                until = date(2026, 10, 10) if stops else as_of
                self.assertEqual(total(facts, as_of), total(FACTS, until))
                ended = replace(FACTS, issued_on=issued, ended_proceedings=((opening, as_of),))
                self.assertEqual(total(ended, as_of), total(FACTS, until))

    def test_credit_note_after_payments_in_time_makes_no_late_invoice(self):
        paid = Movement(FACTS.due_date, D("900.00"))
        credited = Movement(date(2026, 11, 15), D("100.00"), CREDIT_NOTE)
        facts = replace(FACTS, movements=(paid, credited), is_settled=True)
        charges = item_charges(facts, date(2026, 12, 1), RATES)
        self.assertEqual((charges.indemnity, charges.indemnity_reason), (0, NOT_LATE))
        late = replace(facts, movements=(replace(paid, day=date(2026, 10, 1)), credited))
        self.assertEqual(item_charges(late, date(2026, 12, 1), RATES).indemnity, D("40.00"))

    def test_invoice_that_a_credit_note_cancelled_owes_nothing(self):
        cancelled = Movement(date(2026, 11, 15), FACTS.principal, CREDIT_NOTE)
        facts = replace(FACTS, movements=(cancelled,), is_settled=True)
        charges = item_charges(facts, date(2026, 12, 1), RATES)
        self.assertEqual((charges.interest.segments, charges.indemnity), ((), 0))
        self.assertEqual(charges.indemnity_reason, CANCELLED)
        part = Movement(date(2026, 11, 10), FACTS.principal / 2, CREDIT_NOTE)
        rest = Movement(date(2026, 11, 15), FACTS.principal / 2)
        paid = replace(FACTS, movements=(part, rest), is_settled=True)
        self.assertTrue(item_charges(paid, date(2026, 12, 1), RATES).is_claimable)

    def test_contract_rate_is_for_professionals_only(self):
        for kind, rate in (("professional", "9.00"), ("public", "10.40")):
            with self.subTest(kind=kind):
                facts = replace(FACTS, debtor_kind=kind, contract_rate=D("9.00"))
                segments = item_charges(facts, date(2026, 10, 31), RATES).interest.segments
                self.assertEqual([one.rate for one in segments], [D(rate)])

    def test_floor_binds_agreed_rates_and_never_the_default(self):
        """H2 2024: three times the legal rate, 14.76, is more than ECB plus 10, 14.25."""
        due, as_of = date(2024, 6, 30), date(2024, 12, 31)
        facts = replace(FACTS, due_date=due, issued_on=due)
        default = item_charges(facts, as_of, RATES).interest
        self.assertEqual([one.rate for one in default.segments], [D("14.25")])
        self.assertFalse(default.warnings)
        agreed = item_charges(replace(facts, contract_rate=D("14.50")), as_of, RATES).interest
        self.assertEqual([one.rate for one in agreed.segments], [D("14.50")])
        (warning,) = agreed.warnings
        self.assertEqual((warning.code, warning.floor), ("below_floor", D("14.76")))
        enough = item_charges(replace(facts, contract_rate=D("14.76")), as_of, RATES).interest
        self.assertFalse(enough.warnings)

    def test_consumer_owes_nothing_before_a_notice_and_never_the_indemnity(self):
        facts = replace(FACTS, debtor_kind="consumer", owes_indemnity=True)
        self.assertFalse(item_charges(facts, date(2026, 12, 1), RATES).is_claimable)
        noticed = replace(facts, notice_date=date(2026, 10, 31))
        charges = item_charges(noticed, date(2026, 11, 30), RATES)
        # 30 days at 2.75 % on 1,000.
        self.assertEqual((charges.interest.total, charges.indemnity), (D("2.26"), 0))

    def test_judgement_takes_the_place_of_the_interest_before_it(self):
        facts = replace(
            FACTS,
            due_date=date(2025, 1, 31),
            judgement=Judgement(date(2025, 6, 30), enforceable_on=date(2025, 8, 15)),
        )
        segments = item_charges(facts, date(2025, 12, 31), RATES).interest.segments
        # 150 days of penalties; 107 days at the legal rate; five points more from the day after
        # two months: 77 days from 16 October.
        self.assertEqual(
            [(one.days, one.rate, one.amount) for one in segments],
            [
                (150, D("13.15"), D("54.04")),
                (107, D("2.76"), D("8.09")),
                (77, D("7.76"), D("16.37")),
            ],
        )
        self.assertEqual(segments[2].start, date(2025, 10, 16))
        self.assertEqual(find_double_interest(segments[:1], segments[1:]), [])

    def test_judgement_that_is_not_enforceable_bears_the_plain_rate(self):
        facts = replace(FACTS, due_date=date(2025, 1, 31), judgement=Judgement(date(2025, 6, 30)))
        segments = item_charges(facts, date(2025, 12, 31), RATES).interest.segments
        self.assertEqual([(one.days, one.rate) for one in segments[1:]], [(184, D("2.76"))])

    def test_judgement_also_ends_an_agreed_rate_and_a_consumers_interest(self):
        judgement = Judgement(date(2026, 10, 31))
        agreed = replace(FACTS, contract_rate=D("15.00"), judgement=judgement)
        segments = item_charges(agreed, date(2026, 11, 30), RATES).interest.segments
        self.assertEqual(
            [(one.days, one.rate) for one in segments], [(31, D("15.00")), (30, D("2.75"))]
        )
        consumer = replace(FACTS, debtor_kind="consumer", judgement=judgement)
        interest = item_charges(consumer, date(2026, 11, 30), RATES).interest
        self.assertEqual([(one.days, one.rate) for one in interest.segments], [(30, D("2.75"))])
        self.assertFalse(interest.warnings)

    def test_judgement_from_before_the_due_date_leaves_no_penalties(self):
        facts = replace(FACTS, judgement=Judgement(date(2026, 9, 1)))
        segments = item_charges(facts, date(2026, 10, 31), RATES).interest.segments
        self.assertEqual([(one.days, one.rate) for one in segments], [(31, D("2.75"))])

    def test_what_was_claimed_before_the_judgement_is_not_claimed_again(self):
        facts = replace(
            FACTS,
            judgement=Judgement(date(2026, 10, 10)),
            claimed=((date(2026, 10, 1), date(2026, 10, 20)),),
        )
        segments = item_charges(facts, date(2026, 10, 31), RATES).interest.segments
        self.assertEqual([(one.days, one.rate) for one in segments], [(11, D("2.75"))])

    @TRIED
    @given(st.integers(-60, 400), st.one_of(st.none(), st.integers(0, 200)), st.integers(0, 500))
    def test_no_day_bears_two_interests_and_none_is_lost(self, offset, delay, length):
        due = date(2025, 1, 31)
        start = due + timedelta(days=offset)
        enforceable = None if delay is None else start + timedelta(days=delay)
        facts = replace(FACTS, due_date=due, judgement=Judgement(start, enforceable))
        as_of = due + timedelta(days=length)
        days = [day for day, _base, _rate in self._list_days(item_charges(facts, as_of, RATES))]
        self.assertEqual(days, [due + timedelta(days=number + 1) for number in range(length)])

    def test_invoice_owes_one_indemnity_on_its_first_late_part(self):
        charges = item_charges(FACTS, date(2026, 12, 1), RATES)
        shared = share_indemnity(
            [
                (1, date(2026, 10, 31), charges),
                (1, date(2026, 9, 30), charges),
                (2, date.max, charges),
            ]
        )
        self.assertEqual([one.indemnity for one in shared], [0, D("40.00"), D("40.00")])

    @TRIED
    @given(
        st.lists(st.integers(1, 400), min_size=1, max_size=4, unique=True).map(sorted),
        st.lists(st.tuples(st.integers(-30, 400), st.integers(1, 400)), max_size=4),
    )
    def test_claims_one_after_the_other_add_up_to_the_days_of_one(self, ends, payments):
        """However a debt is claimed in steps, each day is claimed once, on the same base."""
        facts = replace(
            FACTS,
            due_date=date(2025, 6, 30),
            movements=tuple(
                Movement(date(2025, 6, 30) + timedelta(days=day), D(str(amount)))
                for day, amount in payments
            ),
        )
        last = date(2025, 6, 30) + timedelta(days=ends[-1])
        days = []
        claimed = ()
        for end in ends:
            as_of = date(2025, 6, 30) + timedelta(days=end)
            step = item_charges(replace(facts, claimed=claimed), as_of, RATES)
            days += self._list_days(step)
            if step.interest.segments:
                claimed = (*claimed, (step.interest.segments[0].start, as_of))
        self.assertEqual(days, self._list_days(item_charges(facts, last, RATES)))

    @staticmethod
    def _list_days(charges):
        return [
            (one.start + timedelta(days=number), one.base, one.rate)
            for one in charges.interest.segments
            for number in range(one.days)
        ]

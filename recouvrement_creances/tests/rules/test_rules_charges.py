from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...rules.charges import CANCELLED, ItemFacts, item_charges, share_indemnity
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

    def test_consumer_owes_nothing_before_a_notice_and_never_the_indemnity(self):
        facts = replace(FACTS, debtor_kind="consumer", owes_indemnity=True)
        self.assertFalse(item_charges(facts, date(2026, 12, 1), RATES).is_claimable)
        noticed = replace(facts, notice_date=date(2026, 10, 31))
        charges = item_charges(noticed, date(2026, 11, 30), RATES)
        # 30 days at 2.75 % on 1,000.
        self.assertEqual((charges.interest.total, charges.indemnity), (D("2.26"), 0))

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

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...rules.formal_notice import (
    ELECTRONIC,
    NoticeProof,
    electronic_notice_article,
    notice_state,
)
from .common import TRIED

# Monday 2 November 2026 posted, Wednesday 4 presented.
POSTED, PRESENTED = date(2026, 11, 2), date(2026, 11, 4)
PAPER = NoticeProof(sent_on=POSTED, presented_on=PRESENTED)


@tagged("post_install", "-at_install")
class TestRulesFormalNotice(BaseCase):
    """The period runs from the first presentation; only after it the next level."""

    def assert_code(self, code, proof, as_of, kind="professional", **options):
        self.assertEqual(notice_state(proof, kind, as_of, **options).code, code)

    def test_eight_days_for_a_professional(self):
        # 4 + 8 = Thursday 12 November, the last day; 13 is the first one for the next level.
        state = notice_state(PAPER, "professional", date(2026, 11, 12))
        self.assertEqual(state.code, "running")
        self.assertEqual((state.runs_from, state.ends_on), (PRESENTED, date(2026, 11, 12)))
        self.assertEqual(state.next_level_from, date(2026, 11, 13))
        self.assert_code("elapsed", PAPER, date(2026, 11, 13))

    def test_fifteen_days_for_a_consumer(self):
        # 4 + 15 = Thursday 19 November.
        state = notice_state(PAPER, "consumer", date(2026, 11, 19))
        self.assertEqual((state.code, state.ends_on), ("running", date(2026, 11, 19)))
        self.assert_code("elapsed", PAPER, date(2026, 11, 20), "consumer")

    def test_the_next_level_waits_for_the_end_of_a_week_end(self):
        # Presented Friday 6: the printed end is Saturday 14; Monday 16 counts still, Tuesday 17
        # the next level may come.
        proof = replace(PAPER, presented_on=date(2026, 11, 6))
        state = notice_state(proof, "professional", date(2026, 11, 16))
        self.assertEqual(state.ends_on, date(2026, 11, 14))
        self.assertEqual(state.next_level_from, date(2026, 11, 17))
        self.assertEqual(state.code, "running")

    def test_the_next_level_waits_for_the_end_of_a_holiday(self):
        # Presented Tuesday 3: the end is Wednesday 11 November, Armistice day.
        proof = replace(PAPER, presented_on=date(2026, 11, 3))
        state = notice_state(proof, "professional", POSTED, holidays={date(2026, 11, 11)})
        self.assertEqual(state.code, "awaiting_presentation")
        state = notice_state(
            proof, "professional", date(2026, 11, 4), holidays={date(2026, 11, 11)}
        )
        self.assertEqual(state.ends_on, date(2026, 11, 11))
        self.assertEqual(state.next_level_from, date(2026, 11, 13))

    def test_the_letter_may_give_more_days(self):
        state = notice_state(replace(PAPER, days=30), "professional", date(2026, 11, 12))
        self.assertEqual(state.ends_on, date(2026, 12, 4))

    def test_posting_alone_starts_nothing(self):
        proof = NoticeProof(sent_on=POSTED)
        self.assert_code("awaiting_presentation", proof, date(2027, 11, 2))

    def test_a_notice_that_was_not_sent_starts_nothing(self):
        self.assert_code("not_sent", NoticeProof(), PRESENTED)
        self.assert_code("not_sent", NoticeProof(sent_on=PRESENTED), POSTED)

    def test_a_letter_that_was_not_collected_or_refused_is_a_notice(self):
        for outcome in ("received", "not_collected", "refused"):
            with self.subTest(outcome=outcome):
                proof = replace(PAPER, outcome=outcome)
                self.assert_code("elapsed", proof, date(2026, 11, 13))

    def test_an_unknown_address_is_no_notice(self):
        proof = replace(PAPER, outcome="unknown_address")
        self.assert_code("undeliverable", proof, date(2027, 11, 13))

    # === ELECTRONIC === #

    def test_an_electronic_letter_counts_from_its_acceptance(self):
        # Told on the 4th, accepted on the 10th: 10 + 8 = 18 November.
        proof = NoticeProof(
            ELECTRONIC, POSTED, informed_on=PRESENTED, accepted_on=date(2026, 11, 10)
        )
        state = notice_state(proof, "professional", date(2026, 11, 18))
        self.assertEqual((state.code, state.ends_on), ("running", date(2026, 11, 18)))

    def test_an_electronic_letter_waits_fifteen_days_then_goes_on_paper(self):
        # Told on the 4th: the 5th is the first of fifteen days, the 19th the last.
        proof = NoticeProof(ELECTRONIC, POSTED, informed_on=PRESENTED)
        self.assert_code("awaiting_acceptance", proof, date(2026, 11, 19))
        self.assert_code("send_on_paper", proof, date(2026, 11, 20))

    def test_a_refused_electronic_letter_goes_on_paper_at_once(self):
        proof = NoticeProof(ELECTRONIC, POSTED, informed_on=PRESENTED, outcome="refused")
        self.assert_code("send_on_paper", proof, date(2026, 11, 5))

    def test_only_a_consumer_has_to_consent(self):
        self.assertTrue(electronic_notice_article("consumer", has_consent=False))
        self.assertFalse(electronic_notice_article("consumer", has_consent=True))
        self.assertFalse(electronic_notice_article("professional", has_consent=False))

    def test_what_makes_no_sense_is_refused(self):
        for proof, kind in (
            (replace(PAPER, form="fax"), "professional"),
            (replace(PAPER, outcome="lost"), "professional"),
            (replace(PAPER, days=0), "professional"),
            (PAPER, "company"),
        ):
            with self.subTest(proof=proof), self.assertRaises(ValueError):
                notice_state(proof, kind, PRESENTED)

    @TRIED
    @given(
        st.dates(date(2026, 1, 1), date(2027, 12, 31)),
        st.integers(1, 60),
        st.sets(st.dates(date(2026, 1, 1), date(2028, 3, 31)), max_size=20),
        st.integers(0, 120),
    )
    def test_dates_follow_each_other(self, presented, days, holidays, later):
        proof = NoticeProof(sent_on=presented, presented_on=presented, days=days)
        as_of = presented + timedelta(days=later)
        state = notice_state(proof, "consumer", as_of, holidays)
        self.assertLess(state.runs_from, state.ends_on)
        self.assertLess(state.ends_on, state.next_level_from)
        self.assertEqual(state.code == "elapsed", as_of >= state.next_level_from)
        last = state.next_level_from - timedelta(days=1)
        self.assertTrue(last.weekday() < 5 and last not in holidays)

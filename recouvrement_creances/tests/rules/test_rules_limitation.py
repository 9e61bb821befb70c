from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...rules.limitation import NATURES, alarm_dates, last_day, limitation
from ...rules.limitation_events import INTERRUPTIONS, SUSPENSIONS, WITHOUT_EFFECT, Event
from .common import TRIED

DUE = date(2024, 3, 31)
DAY = timedelta(days=1)

dates = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@st.composite
def events(draw):
    day = draw(dates)
    return Event(
        draw(st.sampled_from([*INTERRUPTIONS, *SUSPENSIONS, *WITHOUT_EFFECT])),
        day,
        draw(st.none() | st.integers(0, 900).map(lambda days: day + timedelta(days=days))),
        draw(st.sampled_from(["", "letter.pdf"])),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.sampled_from(["", "Manager"])),
    )


claims = st.tuples(
    st.sampled_from(NATURES), dates, st.none() | dates, st.lists(events(), max_size=5)
)


def proven(kind, day, until=None, **values):
    return Event(kind, day, until, "proof.pdf", **values)


@tagged("post_install", "-at_install")
class TestRulesLimitation(BaseCase):
    """The last day on which a claim can be brought to court, worked by hand."""

    def assert_possible(self, expected, nature, *found, refusal=None):
        claim = limitation(nature, DUE, events=found)
        self.assertEqual(claim.possible_date, expected)
        if refusal is not None:
            self.assertEqual(claim.steps[-1].refusal, refusal)
        return claim

    # === PERIODS === #

    def test_the_period_of_each_nature(self):
        for nature, expected in {
            "professional": date(2029, 3, 31),
            "civil": date(2029, 3, 31),
            "consumer": date(2026, 3, 31),
            "transport": date(2025, 3, 31),
            "residential_rent": date(2027, 3, 31),
            "telecommunications": date(2025, 3, 31),
            "insurance_premium": date(2026, 3, 31),
            "consumer_credit": date(2026, 3, 31),
            # From 1 January 2025, four whole years.
            "public": date(2028, 12, 31),
            "bill_of_exchange": date(2027, 3, 31),
            "cheque": date(2025, 3, 31),
            "title": date(2034, 3, 31),
        }.items():
            with self.subTest(nature=nature):
                claim = limitation(nature, DUE)
                self.assertEqual(claim.legal_date, expected)
                self.assertEqual(claim.possible_date, expected)
                self.assertTrue(claim.article)

    def test_a_public_debt_counts_whole_years_whatever_the_day(self):
        for due in (date(2022, 1, 1), date(2022, 12, 31)):
            self.assertEqual(last_day("public", due), date(2026, 12, 31))

    def test_the_end_of_february(self):
        self.assertEqual(last_day("consumer", date(2024, 2, 29)), date(2026, 2, 28))
        self.assertEqual(last_day("professional", date(2023, 2, 28)), date(2028, 2, 28))

    def test_it_is_not_put_off_to_a_working_day(self):
        # 31/01/2027 is a Sunday.
        self.assertEqual(last_day("consumer", date(2025, 1, 31)), date(2027, 1, 31))

    def test_the_earlier_of_performance_and_due_date_is_taken_and_shown(self):
        early = limitation("consumer", DUE, performed_on=date(2024, 2, 15))
        self.assertEqual((early.start, early.hypothesis), (date(2024, 2, 15), "performance"))
        self.assertEqual(early.legal_date, date(2026, 2, 15))
        late = limitation("consumer", DUE, performed_on=date(2024, 4, 15))
        self.assertEqual((late.start, late.hypothesis), (DUE, "due_date"))

    def test_an_unknown_nature_is_refused(self):
        with self.assertRaises(ValueError):
            limitation("gambling", DUE)

    # === INTERRUPTIONS === #

    def test_an_acknowledgement_starts_the_period_again_but_the_legal_date_stays(self):
        claim = self.assert_possible(
            date(2027, 6, 10), "consumer", proven("acknowledgement", date(2025, 6, 10)), refusal=""
        )
        self.assertEqual(claim.legal_date, date(2026, 3, 31))

    def test_an_event_counts_as_confirmed_only_when_somebody_confirmed_it(self):
        event = proven("acknowledgement", date(2025, 6, 10))
        self.assertEqual(
            limitation("consumer", DUE, events=[event]).confirmed_date, date(2026, 3, 31)
        )
        confirmed = replace(event, confirmed_by="Manager")
        self.assertEqual(
            limitation("consumer", DUE, events=[confirmed]).confirmed_date, date(2027, 6, 10)
        )

    def test_a_letter_never_interrupts(self):
        for kind in WITHOUT_EFFECT:
            with self.subTest(kind=kind):
                event = proven(kind, date(2025, 6, 10))
                self.assert_possible(date(2026, 3, 31), "consumer", event, refusal="no_effect")

    def test_a_request_for_an_order_does_not_interrupt_its_service_does(self):
        requested = proven("order_requested", date(2025, 6, 10))
        served = proven("order_served", date(2025, 8, 4))
        self.assert_possible(date(2027, 8, 4), "consumer", requested, served)

    def test_without_evidence_nothing_counts(self):
        event = Event("acknowledgement", date(2025, 6, 10))
        self.assert_possible(date(2026, 3, 31), "consumer", event, refusal="no_evidence")

    def test_a_payment_by_somebody_else_acknowledges_nothing(self):
        event = proven("partial_payment", date(2025, 6, 10), by_debtor=False)
        self.assert_possible(date(2026, 3, 31), "consumer", event, refusal="not_by_debtor")

    def test_a_dismissal_that_is_not_definitive_leaves_the_possible_date_alone(self):
        sure = proven("court_claim", date(2025, 6, 10), confirmed_by="Manager")
        for event, confirmed in (
            (sure, date(2030, 6, 10)),
            (replace(sure, is_doubtful=True), date(2029, 3, 31)),
        ):
            claim = self.assert_possible(date(2030, 6, 10), "professional", event)
            self.assertEqual(claim.confirmed_date, confirmed)

    def test_a_court_claim_that_was_withdrawn_is_void(self):
        event = proven("court_claim", date(2025, 6, 10), is_void=True)
        self.assert_possible(date(2026, 3, 31), "consumer", event, refusal="void")

    def test_a_court_claim_interrupts_until_its_end(self):
        event = proven("court_claim", date(2025, 6, 10), until=date(2026, 9, 1))
        self.assert_possible(date(2028, 9, 1), "consumer", event)

    def test_while_a_court_case_lasts_the_earliest_date_is_shown(self):
        event = proven("court_claim", date(2025, 6, 10))
        self.assert_possible(date(2027, 6, 10), "consumer", event)

    def test_a_declaration_interrupts_until_the_insolvency_is_closed(self):
        event = proven("insolvency_declaration", date(2025, 6, 10), until=date(2027, 1, 15))
        self.assert_possible(date(2032, 1, 15), "professional", event)

    def test_consumer_credit_is_not_interrupted_by_acknowledgement_but_by_a_claim(self):
        paid = proven("partial_payment", date(2025, 6, 10))
        self.assert_possible(
            date(2026, 3, 31), "consumer_credit", paid, refusal="credit_not_interrupted"
        )
        claim = proven("court_claim", date(2025, 6, 10))
        self.assert_possible(date(2027, 6, 10), "consumer_credit", claim)

    def test_what_comes_after_the_end_revives_nothing(self):
        self.assert_possible(
            date(2026, 3, 31),
            "consumer",
            proven("acknowledgement", date(2026, 4, 1)),
            refusal="too_late",
        )
        on_the_last_day = proven("acknowledgement", date(2026, 3, 31))
        self.assert_possible(date(2028, 3, 31), "consumer", on_the_last_day)

    def test_a_chain_of_interruptions(self):
        # 10/06/2025 moves the end to 10/06/2027; 01/06/2027 is still in time.
        first = proven("acknowledgement", date(2025, 6, 10))
        second = proven("enforcement", date(2027, 6, 1))
        self.assert_possible(date(2029, 6, 1), "consumer", second, first)

    def test_what_came_before_the_start_does_nothing(self):
        event = proven("acknowledgement", date(2024, 1, 10))
        self.assert_possible(date(2026, 3, 31), "consumer", event, refusal="before_start")

    def test_twenty_years_are_the_end(self):
        # Each acknowledgement comes in time; the third would lead to 2048.
        found = [proven("acknowledgement", date(year, 3, 1)) for year in (2029, 2033, 2038, 2043)]
        self.assert_possible(date(2044, 3, 31), "professional", *found)

    def test_an_interruption_of_a_public_debt_starts_again_with_the_next_year(self):
        event = proven("acknowledgement", date(2025, 6, 10))
        self.assert_possible(date(2029, 12, 31), "public", event)

    # === SUSPENSIONS === #

    def test_a_suspension_adds_its_days(self):
        # 1 to 30 September 2025, 30 days: 31/03/2026 + 30 = 30/04/2026.
        event = proven("force_majeure", date(2025, 9, 1), until=date(2025, 9, 30))
        self.assert_possible(date(2026, 4, 30), "consumer", event)

    def test_after_a_mediation_six_months_are_left(self):
        # 1 to 31 March 2026: 31 days lead to 1 May, six months after its end to 30 September.
        event = proven("mediation", date(2026, 3, 1), until=date(2026, 3, 31))
        self.assert_possible(date(2026, 9, 30), "consumer", event)

    def test_two_suspensions_at_a_time_count_once(self):
        # 1 to 20 and 11 to 30 September are together 30 days.
        one = proven("force_majeure", date(2025, 9, 1), until=date(2025, 9, 20))
        two = proven("expert_measure", date(2025, 9, 11), until=date(2025, 9, 30))
        self.assert_possible(date(2026, 4, 30), "consumer", two, one)

    def test_a_suspension_counts_only_after_the_interruption_that_it_meets(self):
        # The case ends on 1 September 2026: two years more, and 2 to 30 September, 29 days.
        case = proven("court_claim", date(2025, 6, 10), until=date(2026, 9, 1))
        stop = proven("force_majeure", date(2026, 8, 1), until=date(2026, 9, 30))
        self.assert_possible(date(2028, 9, 30), "consumer", case, stop)

    def test_one_more_event_never_makes_the_possible_date_earlier_than_the_confirmed_one(self):
        # Confirmed: 28/02/2026 and 6 days, 06/03/2026. With the court case: 05/03/2026, because
        # its two years have no 29 February in them.
        stop = proven(
            "force_majeure", date(2024, 2, 29), until=date(2024, 3, 5), confirmed_by="Manager"
        )
        case = proven("court_claim", date(2024, 2, 28), until=date(2024, 3, 5))
        claim = limitation("consumer", date(2024, 2, 28), events=[stop, case])
        self.assertEqual(claim.confirmed_date, date(2026, 3, 6))
        self.assertEqual(claim.possible_date, date(2026, 3, 6))

    def test_a_suspension_that_lasts_is_not_counted_on(self):
        event = proven("mediation", date(2025, 9, 1))
        self.assert_possible(date(2026, 3, 31), "consumer", event, refusal="still_running")

    def test_what_was_suspended_before_the_start_is_not_added(self):
        # 22 March to 9 April 2024: nine days after the due date of 31 March.
        event = proven("force_majeure", date(2024, 3, 22), until=date(2024, 4, 9))
        self.assert_possible(date(2026, 4, 9), "consumer", event)

    def test_consumer_credit_is_not_suspended(self):
        event = proven("mediation", date(2025, 9, 1), until=date(2025, 9, 30))
        self.assert_possible(
            date(2026, 3, 31), "consumer_credit", event, refusal="credit_not_suspended"
        )

    def test_what_makes_no_sense_is_refused(self):
        for event in (
            proven("dream", DUE),
            proven("mediation", DUE, until=date(2024, 1, 1)),
        ):
            with self.subTest(event=event), self.assertRaises(ValueError):
                limitation("consumer", DUE, events=[event])

    # === ALARMS AND EFFECT === #

    def test_alarms_of_a_long_period(self):
        self.assertEqual(
            alarm_dates("professional", date(2029, 3, 31)),
            [
                (12, date(2028, 3, 31)),
                (6, date(2028, 9, 30)),
                (3, date(2028, 12, 31)),
                (1, date(2029, 2, 28)),
            ],
        )

    def test_alarms_of_two_years_or_less_begin_at_six_months(self):
        for nature in ("consumer", "transport", "cheque"):
            months = [number for number, _day in alarm_dates(nature, date(2026, 3, 31))]
            self.assertEqual(months, [6, 3, 1])

    # === PROPERTIES === #

    @TRIED
    @given(claims)
    def test_the_dates_keep_their_order(self, facts):
        claim = limitation(*facts)
        self.assertLess(claim.start, claim.legal_date)
        self.assertLessEqual(claim.legal_date, claim.confirmed_date)
        self.assertLessEqual(claim.confirmed_date, claim.possible_date)
        reached = claim.legal_date
        for step in claim.steps:
            self.assertLessEqual(reached, step.date)
            reached = step.date

    @TRIED
    @given(claims)
    def test_events_never_move_the_legal_date_nor_does_their_order_matter(self, facts):
        nature, due, performed, found = facts
        claim = limitation(nature, due, performed, found)
        self.assertEqual(claim.legal_date, limitation(nature, due, performed).legal_date)
        other = limitation(nature, due, performed, sorted(found, key=lambda event: event.kind))
        self.assertEqual(claim.possible_date, other.possible_date)

    @TRIED
    @given(claims)
    def test_without_evidence_nothing_moves(self, facts):
        nature, due, performed, found = facts
        bare = [replace(event, evidence="") for event in found]
        claim = limitation(nature, due, performed, bare)
        self.assertEqual(claim.possible_date, claim.legal_date)

    @TRIED
    @given(st.sampled_from(NATURES), dates, dates)
    def test_a_later_start_never_ends_earlier(self, nature, one, other):
        early, late = sorted((one, other))
        self.assertLessEqual(last_day(nature, early), last_day(nature, late))

    @TRIED
    @given(st.sampled_from(NATURES), dates)
    def test_alarms_come_in_order_before_the_end(self, nature, day):
        alarms = [alarm for _months, alarm in alarm_dates(nature, day)]
        self.assertEqual(alarms, sorted(set(alarms)))
        self.assertLess(alarms[-1], day)

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...rules.deadline_rules import ALARMS, DEADLINES, alarms_of, compute_coded
from ...rules.delays import is_working_day
from ...rules.distances import ABROAD, DISTANCES, NEAR
from ...rules.parameters import CERTAINTIES, MissingLegalValue
from ...rules.places import find_place
from ...rules.procedural_deadlines import (
    DAYS,
    MONTHS,
    OPENING,
    UNITS,
    WORKING_DAYS,
    DeadlineRule,
    alarm_days,
    compute,
)
from .common import TRIED
from .deadline_cases import CASES

PLACES = {
    "paris": find_place("FR", "75001"),
    "strasbourg": find_place("FR", "67000"),
    "martinique": find_place("FR", "97200"),
}
days = st.dates(date(2015, 1, 1), date(2040, 12, 31))
rules = st.builds(
    DeadlineRule,
    unit=st.sampled_from(UNITS),
    count=st.integers(0, 40),
    before=st.booleans(),
    extend=st.booleans(),
    months_overseas=st.sampled_from((0, 1)),
    months_abroad=st.sampled_from((0, 2)),
)


def read_day(text):
    """Return the day of a cell, None for a dash."""
    return None if text == "-" else datetime.strptime(text, "%d/%m/%Y").date()


def read_cases():
    """Return the rows of the table: code, event, order, place, alarm, legal, why."""
    for line in CASES.strip().splitlines():
        code, event, order, where, alarm, legal, why = (cell.strip() for cell in line.split("|"))
        yield code, read_day(event), read_day(order), where, read_day(alarm), read_day(legal), why


@tagged("post_install", "-at_install")
class TestRulesProceduralDeadlines(BaseCase):
    """From an event to the last day: months by article 641, closed days by article 642."""

    def test_the_table_worked_out_by_hand(self):
        cases = list(read_cases())
        self.assertGreaterEqual(len(cases), 60)
        for code, event, order, where, alarm, legal, why in cases:
            with self.subTest(code=code, event=event, where=where, why=why):
                found, parameter = compute_coded(
                    code,
                    event,
                    PLACES.get(where, PLACES["paris"]).is_holiday,
                    regime_date=order,
                    distance=where if where in DISTANCES else NEAR,
                )
                self.assertEqual((found.alarm, found.legal), (alarm, legal))
                self.assertTrue(parameter.article)

    def test_the_order_says_which_regime_holds_not_its_service(self):
        service = date(2026, 10, 15)
        old, _article = compute_coded("order.enforcement", service, regime_date=date(2026, 8, 31))
        new, _article = compute_coded("order.enforcement", service, regime_date=date(2026, 9, 1))
        self.assertLess(old.legal, new.legal)

    def test_working_days_leave_out_what_is_closed(self):
        rule = DeadlineRule(WORKING_DAYS, 5)
        holiday = {date(2026, 5, 1), date(2026, 5, 8)}
        # From Thursday 30 April: 4, 5, 6, 7 May, then Monday 11.
        self.assertEqual(compute(rule, date(2026, 4, 30), holiday).legal, date(2026, 5, 11))
        back = DeadlineRule(WORKING_DAYS, 2, before=True)
        self.assertEqual(compute(back, date(2026, 5, 11), holiday).legal, date(2026, 5, 6))

    def test_the_day_of_the_event_does_not_count(self):
        found = compute(DeadlineRule(DAYS, 1), date(2026, 12, 1))
        self.assertEqual(found.legal, date(2026, 12, 2))

    def test_a_rule_that_counts_nothing_known_is_refused(self):
        for options in ({"unit": "weeks"}, {"purpose": "none"}, {"count": -1}):
            with self.subTest(**options), self.assertRaises(ValueError):
                DeadlineRule(**{"unit": DAYS, "count": 1, **options})
        with self.assertRaisesRegex(MissingLegalValue, "no.such"):
            compute_coded("no.such", date(2026, 1, 1))

    def test_every_rule_says_where_it_comes_from(self):
        for name, parameters in (DEADLINES | ALARMS).items():
            for parameter in parameters:
                with self.subTest(name=name):
                    self.assertTrue(parameter.article and parameter.source and parameter.unit)
                    # People read it as it stands, in whatever language.
                    self.assertNotRegex(parameter.article, r"\b(to|as|was|policy)\b")
                    self.assertIn(parameter.certainty, CERTAINTIES)

    def test_alarms_of_a_declaration_count_from_its_publication(self):
        published = date(2026, 11, 2)
        deadline, _parameter = compute_coded(
            "insolvency.declaration", published, PLACES["paris"].is_holiday
        )
        before, after = alarms_of("insolvency.declaration", published)
        # J+7, J+30, J+45, J+55; the deadline itself is Saturday 2 January, so Monday 4.
        self.assertEqual(
            alarm_days(deadline, published, before, after),
            (date(2026, 11, 9), date(2026, 12, 2), date(2026, 12, 17), date(2026, 12, 27)),
        )
        self.assertEqual(deadline.legal, date(2027, 1, 4))

    def test_who_declares_from_abroad_hears_of_the_last_days_too(self):
        published = date(2026, 11, 2)
        deadline, _parameter = compute_coded(
            "insolvency.declaration", published, PLACES["paris"].is_holiday, distance=ABROAD
        )
        days = alarm_days(deadline, published, *alarms_of("insolvency.declaration", published))
        self.assertEqual(deadline.legal, date(2027, 3, 2))
        self.assertEqual(
            days[4:],
            (date(2027, 1, 31), date(2027, 2, 15), date(2027, 2, 23), date(2027, 3, 1)),
        )

    def test_alarms_before_the_event_are_left_out(self):
        deadline = compute(DeadlineRule(DAYS, 15), date(2026, 12, 1))
        self.assertEqual(
            alarm_days(deadline, date(2026, 12, 1), (30, 15, 7, 1)),
            (date(2026, 12, 1), date(2026, 12, 9), date(2026, 12, 15)),
        )

    @TRIED
    @given(rules, days, st.sampled_from(DISTANCES))
    def test_the_alarm_never_comes_after_the_last_day(self, rule, event, distance):
        holidays = PLACES["paris"].is_holiday
        found = compute(rule, event, holidays, distance)
        self.assertLessEqual(found.alarm, found.legal)
        self.assertTrue(is_working_day(found.alarm, holidays))
        if not rule.extend or rule.before:
            self.assertEqual(found.legal, found.counted)

    @TRIED
    @given(days, st.integers(1, 24))
    def test_nothing_is_opened_on_the_other_partys_last_day(self, event, months):
        holidays = PLACES["paris"].is_holiday
        limit = compute(DeadlineRule(MONTHS, months), event, holidays)
        opening = compute(DeadlineRule(MONTHS, months, purpose=OPENING), event, holidays)
        self.assertGreater(opening.legal, limit.legal)
        self.assertGreaterEqual(opening.alarm, opening.legal)

    @TRIED
    @given(days, days)
    def test_a_later_event_never_ends_earlier(self, one, other):
        early, late = sorted((one, other))
        holidays = PLACES["paris"].is_holiday
        for rule in (DeadlineRule(MONTHS, 3), DeadlineRule(DAYS, 15)):
            self.assertLessEqual(
                compute(rule, early, holidays).legal, compute(rule, late, holidays).legal
            )

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import holidays
import pytz

from odoo.tests import BaseCase, tagged

from ...rules.contact_times import (
    Contact,
    Limits,
    NoLawfulMoment,
    default_limits,
    find_block,
    next_lawful_moment,
)

PARIS = ZoneInfo("Europe/Paris")
# Monday 16 to Sunday 22 November 2026: a week without a holiday.
MONDAY = date(2026, 11, 16)
CONSUMER = Contact("consumer", "call", PARIS)
OFFICE = Contact("professional", "call", PARIS)


def at(day, hour, minute=0, zone=PARIS):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


def on(*days):
    return tuple(at(day, 11) for day in days)


def days_before(*counts):
    return on(*(MONDAY - timedelta(days=count) for count in counts))


@tagged("post_install", "-at_install")
class TestRulesContactTimes(BaseCase):
    """Hours, days and caps: what is refused, with which rule, and when it may be."""

    def assert_rule(self, rule, moment, contact):
        block = find_block(moment, contact)
        self.assertEqual(block.rule if block else None, rule)
        if block:
            # The policy's own spacing leans on no text.
            self.assertEqual(bool(block.article), rule != "spacing")

    def assert_next(self, expected, moment, contact):
        self.assertEqual(next_lawful_moment(moment, contact), expected)

    # === HOURS === #

    def test_the_hours_of_a_consumer(self):
        for hour, minute, rule in (
            (9, 59, "outside_hours"),
            (10, 0, None),
            (12, 59, None),
            (13, 0, "outside_hours"),
            (13, 59, "outside_hours"),
            (14, 0, None),
            (19, 59, None),
            (20, 0, "outside_hours"),
        ):
            with self.subTest(hour=hour, minute=minute):
                self.assert_rule(rule, at(MONDAY, hour, minute), CONSUMER)

    def test_the_hours_of_professionals_and_public_bodies(self):
        for kind in ("professional", "public"):
            contact = replace(OFFICE, debtor_kind=kind)
            self.assert_rule("outside_hours", at(MONDAY, 7, 59), contact)
            self.assert_rule(None, at(MONDAY, 8), contact)
            self.assert_rule(None, at(MONDAY, 13), contact)
            self.assert_rule("outside_hours", at(MONDAY, 20), contact)

    def test_no_contact_at_the_week_end(self):
        for offset in (5, 6):
            self.assert_rule("weekend", at(MONDAY + timedelta(days=offset), 11), OFFICE)

    def test_what_is_read_later_may_leave_at_any_hour(self):
        sunday = MONDAY + timedelta(days=6)
        for channel in ("letter", "registered_letter"):
            self.assert_rule(None, at(sunday, 3), replace(CONSUMER, channel=channel))
        for channel in ("call", "sms", "email", "visit", "meeting"):
            self.assert_rule("weekend", at(sunday, 11), replace(CONSUMER, channel=channel))

    def test_work_inside_the_company_reaches_nobody(self):
        task = Contact("consumer", "task", PARIS, history=days_before(0, 0, 1, 2))
        self.assert_rule(None, at(MONDAY + timedelta(days=6), 3), task)

    # === HOLIDAYS === #

    def test_a_public_holiday_is_refused_and_named(self):
        armistice = date(2026, 11, 11)
        contact = replace(OFFICE, holidays={armistice})
        block = find_block(at(armistice, 11), contact)
        self.assertEqual((block.rule, block.value), ("public_holiday", armistice))
        self.assert_next(at(date(2026, 11, 12), 8), at(armistice, 11), contact)

    def test_good_friday_is_one_in_alsace_moselle_only(self):
        good_friday = date(2026, 4, 3)
        for subdivision, rule in (("57", "public_holiday"), (None, None)):
            calendar = holidays.country_holidays("FR", subdiv=subdivision)
            self.assert_rule(rule, at(good_friday, 11), replace(OFFICE, holidays=calendar))

    def test_the_end_of_slavery_is_one_in_reunion_only(self):
        day, zone = date(2027, 12, 20), ZoneInfo("Indian/Reunion")
        contact = Contact("professional", "call", zone)
        reunion = holidays.country_holidays("FR", subdiv="974")
        france = holidays.country_holidays("FR")
        moment = at(day, 11, zone=zone)
        self.assert_rule("public_holiday", moment, replace(contact, holidays=reunion))
        self.assert_rule(None, moment, replace(contact, holidays=france))

    # === TIME ZONES === #

    def test_the_clock_is_the_debtor_s(self):
        # 15:00 in Paris is 10:00 in Martinique (winter: UTC+1 and UTC-4), 18:00 in La Réunion and
        # 1:00 on Tuesday in Nouméa.
        moment = at(MONDAY, 15)
        for zone, rule in (
            ("America/Martinique", None),
            ("Indian/Reunion", None),
            ("Pacific/Noumea", "outside_hours"),
        ):
            with self.subTest(zone=zone):
                self.assert_rule(rule, moment, replace(CONSUMER, zone=ZoneInfo(zone)))
        self.assert_rule(
            "outside_hours",
            at(MONDAY, 14, 59),
            replace(CONSUMER, zone=ZoneInfo("America/Martinique")),
        )

    def test_it_may_be_sunday_there_already(self):
        # Friday 20:00 in Paris is Saturday 6:00 in Nouméa.
        friday = MONDAY + timedelta(days=4)
        noumea = replace(OFFICE, zone=ZoneInfo("Pacific/Noumea"))
        self.assert_rule("weekend", at(friday, 20), noumea)
        # Monday 8:00 in Nouméa is Sunday 22:00 in Paris.
        self.assert_next(at(MONDAY + timedelta(days=6), 22), at(friday, 20), noumea)

    def test_clocks_change_in_the_night_to_sunday(self):
        # 29 March 2026: Friday 20:00 is UTC+1, Monday 10:00 is UTC+2: 61 hours, not 62.
        friday = at(date(2026, 3, 27), 20)
        found = next_lawful_moment(friday, CONSUMER)
        self.assertEqual(found, at(date(2026, 3, 30), 10))
        self.assertEqual(found.utcoffset(), timedelta(hours=2))
        elapsed = found.astimezone(timezone.utc) - friday.astimezone(timezone.utc)
        self.assertEqual(elapsed, timedelta(hours=61))

    def test_a_moment_without_time_zone_is_refused(self):
        with self.assertRaises(ValueError):
            find_block(datetime(2026, 11, 16, 11), CONSUMER)

    def test_a_zone_of_pytz_is_refused(self):
        # It would give Paris nine minutes of 1891.
        contact = replace(CONSUMER, zone=pytz.timezone("Europe/Paris"))
        with self.assertRaises(ValueError):
            next_lawful_moment(at(MONDAY, 8), contact)

    # === CAPS === #

    def test_once_a_day(self):
        contact = replace(OFFICE, history=days_before(0))
        self.assert_rule("daily_cap", at(MONDAY, 15), contact)
        self.assert_next(at(MONDAY + timedelta(days=1), 8), at(MONDAY, 15), contact)

    def test_three_times_in_seven_days(self):
        # Contacts 6, 4 and 1 days ago; tomorrow the first one is 7 days old.
        contact = replace(OFFICE, history=days_before(6, 4, 1))
        self.assert_rule("weekly_cap", at(MONDAY, 15), contact)
        self.assert_next(at(MONDAY + timedelta(days=1), 8), at(MONDAY, 15), contact)

    def test_four_times_in_thirty_days_for_consumers_only(self):
        history = days_before(29, 20, 15, 10)
        self.assert_rule("monthly_cap", at(MONDAY, 15), replace(CONSUMER, history=history))
        self.assert_rule(None, at(MONDAY, 15), replace(OFFICE, history=history))
        self.assert_rule(
            None, at(MONDAY, 15), replace(CONSUMER, history=days_before(30, 20, 15, 10))
        )

    def test_letters_count_and_are_capped(self):
        letter = Contact("consumer", "letter", PARIS, history=days_before(0))
        self.assert_rule("daily_cap", at(MONDAY, 23), letter)
        self.assert_next(at(MONDAY + timedelta(days=1), 0), at(MONDAY, 23), letter)

    def test_the_policy_s_limits_come_on_top(self):
        contact = replace(OFFICE, history=days_before(6), limits=Limits(days_between=7))
        self.assert_rule("spacing", at(MONDAY, 15), contact)
        self.assert_next(at(MONDAY + timedelta(days=1), 8), at(MONDAY, 15), contact)
        self.assert_rule(
            None, at(MONDAY, 15), replace(contact, limits=Limits(per_week=9, days_between=6))
        )

    def test_a_policy_cannot_loosen_the_limits(self):
        loose = Limits(per_day=9, per_week=9, per_month=99)
        law = default_limits("consumer", MONDAY)
        self.assertEqual(law.stricter(loose), law)
        self.assertEqual(loose.stricter(law), law)

    def test_what_is_planned_for_later_days_does_not_count_later_today_does(self):
        tomorrow = replace(OFFICE, history=days_before(-1), limits=Limits(days_between=7))
        self.assert_rule(None, at(MONDAY, 9), tomorrow)
        self.assert_rule("daily_cap", at(MONDAY, 9), replace(OFFICE, history=days_before(0)))

    def test_the_day_of_a_contact_is_the_debtor_s_day(self):
        # Sunday 22:00 UTC was Monday 9:00 in Nouméa: the contact of Monday has taken place.
        noumea = ZoneInfo("Pacific/Noumea")
        past = datetime(2026, 11, 15, 22, tzinfo=timezone.utc)
        contact = Contact("consumer", "call", noumea, history=(past,))
        self.assert_rule("daily_cap", at(MONDAY, 15, zone=noumea), contact)

    # === NEXT === #

    def test_a_lawful_moment_is_its_own_next(self):
        moment = datetime(2026, 11, 16, 9, 30, 15, tzinfo=timezone.utc)
        found = next_lawful_moment(moment, CONSUMER)
        self.assertEqual(found, moment)
        self.assertEqual(found.tzinfo, PARIS)

    def test_lunch_is_waited_for(self):
        self.assert_next(at(MONDAY, 14), at(MONDAY, 13, 1), CONSUMER)

    def test_the_evening_waits_for_the_morning_and_friday_for_monday(self):
        self.assert_next(at(MONDAY + timedelta(days=1), 10), at(MONDAY, 20), CONSUMER)
        self.assert_next(
            at(MONDAY + timedelta(days=7), 10), at(MONDAY + timedelta(days=4), 20), CONSUMER
        )

    def test_limits_that_forbid_everything_are_named(self):
        with self.assertRaisesRegex(NoLawfulMoment, "call to a consumer"):
            next_lawful_moment(at(MONDAY, 11), replace(CONSUMER, limits=Limits(per_day=0)))

    def test_unknown_kinds_and_channels_are_refused(self):
        for contact in (
            replace(CONSUMER, debtor_kind="company"),
            replace(CONSUMER, channel="pigeon"),
        ):
            with self.subTest(contact=contact), self.assertRaises(ValueError):
                find_block(at(MONDAY, 11), contact)

from datetime import date, datetime, timedelta, timezone
from random import Random
from zoneinfo import ZoneInfo

from odoo.tests import BaseCase, tagged

from ...rules.contact_times import Contact, Limits, find_block, next_lawful_moment

COMBINATIONS = 10_000
SEARCHES = 1_000
WALKED = 250

ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Paris",
        "America/Martinique",
        "America/Cayenne",
        "America/Miquelon",
        "Indian/Reunion",
        "Indian/Mayotte",
        "Pacific/Noumea",
        "Pacific/Tahiti",
        "Pacific/Wallis",
        "Europe/Berlin",
    )
]
HOLIDAYS = (
    {date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25)},
    {date(2026, 4, 3), date(2026, 4, 6), date(2026, 12, 25), date(2026, 12, 26)},
    {date(2026, 3, 31), date(2026, 10, 26), date(2026, 11, 11)},
)


def naive_answer(moment, kind, channel, zone, history, holidays, limits):
    """Say whether a contact is lawful: the rules read once more, in the plainest way."""
    if channel == "task":
        return True
    there = moment.astimezone(zone)
    if channel in ("call", "sms", "email", "visit", "meeting"):
        if there.strftime("%A") in ("Saturday", "Sunday"):
            return False
        if there.date() in holidays:
            return False
        hour = there.hour
        if kind == "consumer" and hour not in (10, 11, 12, 14, 15, 16, 17, 18, 19):
            return False
        if kind != "consumer" and not 8 <= hour <= 19:
            return False
    today = there.date().toordinal()
    dates = [past.astimezone(zone).date().toordinal() for past in history]
    on_day = dates.count(today)
    in_week = sum(dates.count(today - back) for back in range(7))
    in_month = sum(dates.count(today - back) for back in range(30))
    day_cap, week_cap, month_cap, between = limits
    if on_day >= min(1, day_cap) or in_week >= min(3, week_cap):
        return False
    if in_month >= (min(4, month_cap) if kind == "consumer" else month_cap):
        return False
    return not any(0 <= today - past < between for past in dates)


class Combinations:
    """Random debtors, moments, channels and histories, the same ones at every run."""

    def __init__(self, seed):
        self.random = Random(seed)

    def moment(self):
        # Around the clock changes of March and October as often as elsewhere.
        start = self.random.choice(
            [datetime(2026, 1, 1), datetime(2026, 3, 26), datetime(2026, 10, 22)]
        )
        seconds = self.random.randrange(60 * 60 * 24 * self.random.choice([7, 330]))
        moment = start.replace(tzinfo=timezone.utc) + timedelta(seconds=seconds)
        return moment.astimezone(self.random.choice(ZONES))

    def draw(self):
        """Return (moment, what both readings of the rules are given)."""
        moment = self.moment()
        history = [
            moment
            - timedelta(hours=self.random.randrange(-30, 24 * self.random.choice([2, 9, 45])))
            for _contact in range(self.random.choice([0, 0, 1, 1, 2, 3, 5]))
        ]
        limits = self.random.choice([None, (9, 2, 3, 0), (1, 1, 99, 7), (9, 9, 99, 3)])
        return moment, {
            "kind": self.random.choice(["professional", "consumer", "public"]),
            "channel": self.random.choice(
                ["call", "sms", "email", "visit", "meeting", "letter", "registered_letter", "task"]
            ),
            "zone": self.random.choice(ZONES),
            "history": history,
            "holidays": self.random.choice(HOLIDAYS),
            "limits": limits or (99, 99, 99, 0),
        }

    def contact(self, facts):
        """Return what our own rules take; holidays as a set or as a function."""
        day_cap, week_cap, month_cap, between = facts["limits"]
        holidays = facts["holidays"]
        return Contact(
            facts["kind"],
            facts["channel"],
            facts["zone"],
            tuple(facts["history"]),
            self.random.choice([holidays, holidays.__contains__]),
            Limits(day_cap, week_cap, month_cap, between),
        )


@tagged("post_install", "-at_install")
class TestRulesContactTimesRandom(BaseCase):
    """No unlawful contact, none wrongly refused: against a reading that shares no code."""

    def test_ten_thousand_combinations(self):
        draws = Combinations(19)
        lawful = 0
        for number in range(COMBINATIONS):
            moment, facts = draws.draw()
            expected = naive_answer(moment, **facts)
            block = find_block(moment, draws.contact(facts))
            if (block is None) != expected:
                self.fail(f"{number}: {moment} {facts}: {block}, naive reading: {expected}")
            lawful += expected
        # Both answers have to be tried often enough.
        self.assertGreater(lawful, COMBINATIONS // 10)
        self.assertGreater(COMBINATIONS - lawful, COMBINATIONS // 10)

    def test_the_next_moment_is_lawful_idempotent_and_never_earlier(self):
        draws = Combinations(64)
        for _number in range(SEARCHES):
            moment, facts = draws.draw()
            contact = draws.contact(facts)
            found = next_lawful_moment(moment, contact)
            self.assertTrue(naive_answer(found, **facts), (moment, facts, found))
            self.assertGreaterEqual(found.timestamp(), moment.timestamp())
            self.assertEqual(next_lawful_moment(found, contact).timestamp(), found.timestamp())
            self.assertEqual(found.tzinfo, facts["zone"])
            if naive_answer(moment, **facts):
                self.assertEqual(found.timestamp(), moment.timestamp())

    def test_no_lawful_moment_is_passed_over(self):
        # Walk from the moment to what was found, half an hour at a time: all of it is unlawful.
        draws = Combinations(641)
        for _number in range(WALKED):
            moment, facts = draws.draw()
            found = next_lawful_moment(moment, draws.contact(facts)).astimezone(timezone.utc)
            step = moment.astimezone(timezone.utc)
            while step < found:
                self.assertFalse(naive_answer(step, **facts), (moment, facts, step, found))
                step += timedelta(minutes=30)

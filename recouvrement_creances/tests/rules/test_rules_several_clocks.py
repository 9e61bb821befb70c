from datetime import datetime, timedelta, timezone
from random import Random
from zoneinfo import ZoneInfo

from odoo.tests import BaseCase, tagged

from ...rules.contact_times import (
    Contact,
    Limits,
    NoLawfulMoment,
    closing_moment,
    find_block,
    next_lawful_moment,
)
from ...rules.places import find_place


def utc(*parts):
    """Return an aware moment in UTC."""
    return datetime(*parts, tzinfo=timezone.utc)


@tagged("post_install", "-at_install")
class TestRulesSeveralClocks(BaseCase):
    """Where nobody knows which of a country's clocks is the debtor's, each of them counts."""

    def _contact(self, country, kind="professional", channel="email", postcode="", **values):
        place = find_place(country, postcode)
        zones = {"zone": place.clock, "other_zones": place.other_clocks}
        return Contact(kind, channel, **{**zones, **values})

    def test_quebec_is_not_called_by_the_clock_of_newfoundland_alone(self):
        contact = self._contact("CA", channel="call")
        # 8:30 in St John's is 7:00 in Montreal and 4:00 in Vancouver.
        self.assertEqual(find_block(utc(2026, 3, 17, 11), contact).rule, "outside_hours")
        # 13:30 in St John's, 9:00 in Vancouver; Yukon has the same clock as Vancouver in summer.
        self.assertIsNone(find_block(utc(2026, 3, 17, 16), contact))

    def test_next_moment_is_right_on_every_clock(self):
        contact = self._contact("CA")
        moment = next_lawful_moment(utc(2026, 3, 17, 1), contact)
        # Eight o'clock in Vancouver, the last one to open.
        self.assertEqual(moment, utc(2026, 3, 17, 15))

    def test_next_moment_is_the_first_one(self):
        """No quarter of an hour before it would do, wherever the search begins."""
        chance = Random(7)
        for country in ("CA", "US", "AU", "BR", "ID", "MX", "RU"):
            for _time in range(3):
                contact = self._contact(
                    country,
                    history=(utc(2026, 5, chance.randrange(1, 20), 12),),
                    limits=Limits(days_between=chance.choice((None, 3))),
                )
                start = utc(2026, 5, chance.randrange(1, 25), chance.randrange(24))
                found = next_lawful_moment(start, contact).astimezone(timezone.utc)
                self.assertIsNone(find_block(found, contact))
                earlier = start
                while earlier < found:
                    self.assertIsNotNone(find_block(earlier, contact), (country, earlier, found))
                    earlier += timedelta(minutes=15)

    def test_consumer_somewhere_in_russia_has_no_common_hour(self):
        with self.assertRaises(NoLawfulMoment):
            next_lawful_moment(utc(2026, 3, 17, 8), self._contact("RU", kind="consumer"))

    def test_letters_do_not_wait_for_clocks(self):
        contact = self._contact("RU", kind="consumer", channel="letter")
        self.assertIsNone(find_block(utc(2026, 3, 15, 23), contact))

    def test_islands_have_the_clock_of_their_postcode(self):
        for country, postcode, clock in (
            ("ES", "35001", "Atlantic/Canary"),
            ("ES", "38 001", "Atlantic/Canary"),
            ("ES", "28001", "Europe/Madrid"),
            ("PT", "9000-018", "Atlantic/Madeira"),
            ("PT", "9500-150", "Atlantic/Azores"),
            ("PT", "1000-001", "Europe/Lisbon"),
        ):
            with self.subTest(postcode=postcode):
                place = find_place(country, postcode)
                self.assertEqual((place.zone, place.other_zones), (clock, ()))

    def test_without_postcode_spain_has_all_its_clocks(self):
        self.assertEqual(len(find_place("ES").other_zones), 2)

    def test_noted_zone_is_the_only_one(self):
        place = find_place("CA", zone="America/Toronto")
        self.assertEqual((place.zone, place.other_zones), ("America/Toronto", ()))

    # === THE END OF THE HOURS === #

    def test_hours_close_at_eight_in_the_evening(self):
        contact = self._contact("FR")
        self.assertEqual(closing_moment(utc(2026, 3, 17, 9), contact), utc(2026, 3, 17, 19))

    def test_hours_of_consumers_close_at_noon_as_well(self):
        contact = self._contact("FR", kind="consumer")
        self.assertEqual(closing_moment(utc(2026, 3, 17, 10), contact), utc(2026, 3, 17, 12))

    def test_hours_close_with_the_first_clock(self):
        contact = self._contact("ES")
        self.assertEqual(closing_moment(utc(2026, 3, 17, 10), contact), utc(2026, 3, 17, 19))

    def test_closed_hours_close_at_once(self):
        night = utc(2026, 3, 17, 22)
        self.assertEqual(closing_moment(night, self._contact("FR")), night)

    def test_letters_never_close(self):
        self.assertIsNone(
            closing_moment(utc(2026, 3, 17, 9), self._contact("FR", channel="letter"))
        )

    # === WHOSE RULE === #

    def test_policys_own_limits_have_no_article(self):
        history = (utc(2026, 3, 16, 9),)
        contact = Contact(
            "professional", "email", ZoneInfo("UTC"), history, limits=Limits(days_between=3)
        )
        block = find_block(utc(2026, 3, 17, 9), contact)
        self.assertEqual((block.rule, block.article), ("spacing", ""))
        again = find_block(utc(2026, 3, 16, 10), contact)
        self.assertEqual((again.rule, bool(again.article)), ("daily_cap", True))

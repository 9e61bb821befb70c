from datetime import date

from odoo.tests import BaseCase, tagged

from ...rules.neutral_words import find_revealing
from ...rules.places import find_place


@tagged("post_install", "-at_install")
class TestRulesPlaces(BaseCase):
    """Whose clock and which holidays count; what an onlooker may read."""

    def test_overseas_postcodes_have_their_own_clock(self):
        for postcode, zone in (
            ("97110", "America/Guadeloupe"),
            ("97133", "America/St_Barthelemy"),
            ("97150", "America/Marigot"),
            ("97200", "America/Martinique"),
            ("97300", "America/Cayenne"),
            ("97400", "Indian/Reunion"),
            ("97500", "America/Miquelon"),
            ("97600", "Indian/Mayotte"),
            ("98600", "Pacific/Wallis"),
            ("98800", "Pacific/Noumea"),
            ("20000", "Europe/Paris"),
        ):
            with self.subTest(postcode=postcode):
                self.assertEqual(find_place("FR", postcode, "Europe/Paris").zone, zone)

    def test_noted_zone_counts_where_a_country_has_several(self):
        self.assertEqual(find_place("US", zone="America/Los_Angeles").zone, "America/Los_Angeles")
        self.assertEqual(find_place("", zone="Asia/Tokyo").zone, "Asia/Tokyo")
        self.assertEqual(find_place("", default_zone="Europe/Paris").zone, "Europe/Paris")

    def test_alsace_and_moselle_have_two_holidays_more(self):
        for postcode, has_them in (
            ("67000", True),
            ("68100", True),
            ("57000", True),
            ("54000", False),
        ):
            place = find_place("FR", postcode)
            for day in (date(2026, 4, 3), date(2026, 12, 26)):
                self.assertIs(place.is_holiday(day), has_them, (postcode, day))

    def test_abolition_of_slavery_is_a_holiday_where_it_happened(self):
        self.assertTrue(find_place("FR", "97200").is_holiday(date(2026, 5, 22)))
        self.assertFalse(find_place("FR", "97400").is_holiday(date(2026, 5, 22)))

    def test_country_without_calendar_has_no_holiday(self):
        self.assertFalse(find_place("XX").is_holiday(date(2026, 1, 1)))

    def test_words_that_tell_of_a_debt(self):
        for text in (
            "Mise en demeure",
            "Dernier RAPPEL",
            "Facture impayée",
            "Votre règlement",
            "You owe 1 200,50 €",
            "Overdue invoice",
            "Payment reminder",
        ):
            with self.subTest(text=text):
                self.assertTrue(find_revealing(text))

    def test_neutral_words(self):
        for text in (
            "Votre compte client chez Atelier Beaumont (DR/2026/00042)",
            "Please contact us about your customer account",
            "",
        ):
            with self.subTest(text=text):
                self.assertEqual(find_revealing(text), [])

from odoo.tests import BaseCase, tagged

from ...rules.french_days import as_written


@tagged("post_install", "-at_install")
class TestFrenchDays(BaseCase):
    """In French the first of a month is an ordinal, and no other day is."""

    def test_the_first_of_a_month(self):
        for text, lang, expected in (
            ("1 décembre 2026", "fr_FR", "1er décembre 2026"),
            ("1 avril 2026", "fr_BE", "1er avril 2026"),
            ("lundi 1 juin 2026", "fr_FR", "lundi 1er juin 2026"),
            ("11 décembre 2026", "fr_FR", "11 décembre 2026"),
            ("21 août 2026", "fr_FR", "21 août 2026"),
            ("2 mai 2021", "fr_FR", "2 mai 2021"),
            ("1er mai 2026", "fr_FR", "1er mai 2026"),
            ("December 1, 2026", "en_US", "December 1, 2026"),
            ("1 December 2026", "en_GB", "1 December 2026"),
            ("1. Dezember 2026", "de_DE", "1. Dezember 2026"),
            ("", "fr_FR", ""),
        ):
            with self.subTest(text=text, lang=lang):
                self.assertEqual(as_written(text, lang), expected)

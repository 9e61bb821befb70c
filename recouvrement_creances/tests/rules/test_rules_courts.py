from odoo.tests import BaseCase, tagged

from ...rules.competence import COMMERCIAL, JUDICIAL
from ...rules.courts import find_named, list_courts, spread


@tagged("post_install", "-at_install")
class TestRulesCourts(BaseCase):
    """The table of courts, and how a table by postcode is read into it."""

    def test_the_table_holds_every_court_once(self):
        courts = list_courts()
        kinds = [court.kind for court in courts]
        # As many as the law has; of the commercial ones seven are overseas.
        self.assertEqual((kinds.count(JUDICIAL), kinds.count(COMMERCIAL)), (164, 134 + 7))
        self.assertEqual(len({court.name for court in courts}), len(courts))
        for court in courts:
            with self.subTest(court=court.name):
                self.assertTrue(court.prefixes)
                for prefix in court.prefixes:
                    self.assertRegex(prefix, r"^\d{2,5}$")

    def test_a_town_belongs_to_one_court_of_a_kind(self):
        for kind in (COMMERCIAL, JUDICIAL):
            own = [
                prefix
                for court in list_courts()
                if court.kind == kind
                for prefix in court.prefixes
                if len(prefix) > 3
            ]
            self.assertEqual(len(own), len(set(own)))

    def test_a_court_is_known_by_what_registers_call_it(self):
        names = {court.seat: court.name for court in list_courts() if court.kind == COMMERCIAL}
        for text, seat in {
            "GREFFE DU TRIBUNAL DE COMMERCE DE NANTERRE": "Nanterre",
            "Greffe du Tribunal des Activités Économiques de Paris": "Paris",
            "LE HAVRE": "Le Havre",
            "LILLE METROPOLE": "Lille",
            "ROMANS": "Romans-sur-Isère",
            "VILLEFRANCHE-TARARE": "Villefranche-sur-Saône",
            "EVRY": "Évry-Courcouronnes",
            "SAINT-DENIS-DE-LA-REUNION": "Saint-Denis de La Réunion",
            "LA ROCHELLE": "La Rochelle",
            "LA ROCHE-SUR-YON": "La Roche-sur-Yon",
            "MONT DE MARSAN": "Mont-de-Marsan",
        }.items():
            with self.subTest(text=text):
                self.assertEqual(find_named(text, names), seat)
        for text in ("", "Tribunal de commerce", "Saint", "Londres"):
            with self.subTest(text=text):
                self.assertIsNone(find_named(text, names))

    def test_a_shared_postcode_stands_with_both_and_a_department_with_all(self):
        found = spread(
            {"lyon": {"69001", "69210"}, "tarare": {"69170", "69210"}, "cayenne": {"97300"}}
        )
        self.assertEqual(
            found,
            {
                "lyon": ["69", "69001", "69210"],
                "tarare": ["69", "69170", "69210"],
                "cayenne": ["973"],
            },
        )

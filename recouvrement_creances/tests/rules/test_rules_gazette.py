import json
from datetime import date

from odoo.tests import BaseCase, tagged

from ...rules.gazette import BadNotice, is_insolvency, read_notice

RECORD = {
    "id": "A202600100001",
    "dateparution": "2026-03-13",
    "registre": ["552100554", "552 100 554"],
}


def read(judgement=None, **values):
    """Return the notice of a record with a judgement."""
    return read_notice({**RECORD, "jugement": json.dumps(judgement or {}), **values})


@tagged("post_install", "-at_install")
class TestRulesGazette(BaseCase):
    """What notices say: of any shape that the open data have, and of none."""

    def test_nature_says_the_kind_and_the_effect(self):
        for nature, kind, effect in (
            ("Jugement d'ouverture de liquidation judiciaire", "liquidation", "opening"),
            ("Jugement d’ouverture d’une procédure de sauvegarde", "safeguard", "opening"),
            (
                "Jugement d'ouverture d'une procédure de redressement judiciaire",
                "reorganisation",
                "opening",
            ),
            ("Jugement prononçant la liquidation judiciaire", "liquidation", "conversion"),
            ("Jugement de conversion en liquidation judiciaire", "liquidation", "conversion"),
            ("Jugement arrêtant le plan de redressement", "reorganisation", "plan"),
            ("Dépôt de l'état des créances", "", "claim_state"),
            ("Jugement de clôture pour insuffisance d'actif", "", "closing"),
            ("Rétablissement personnel sans liquidation", "personal_recovery", "other"),
            ("Autre avis", "", "other"),
        ):
            with self.subTest(nature=nature):
                notice = read({"nature": nature})
                self.assertEqual((notice.kind, notice.effect), (kind, effect))

    def test_what_opens_proceedings_after_a_plan_is_no_plan(self):
        for nature, kind, effect in (
            ("Jugement modifiant le plan de continuation", "", "plan"),
            (
                "Jugement prononçant la résolution du plan de redressement et la liquidation "
                "judiciaire",
                "liquidation",
                "opening",
            ),
            (
                "Jugement de liquidation judiciaire après plan de redressement judiciaire",
                "liquidation",
                "opening",
            ),
            (
                "Jugement de résolution du plan de sauvegarde et d'ouverture d'un redressement",
                "reorganisation",
                "opening",
            ),
            ("Jugement prononçant la résolution du plan de sauvegarde", "safeguard", "other"),
            (
                "Jugement rejetant le plan de redressement et prononçant la liquidation judiciaire",
                "liquidation",
                "conversion",
            ),
            (
                "Jugement arrêtant le plan de cession dans la liquidation judiciaire",
                "liquidation",
                "plan",
            ),
        ):
            with self.subTest(nature=nature):
                notice = read({"nature": nature})
                self.assertEqual((notice.kind, notice.effect), (kind, effect))

    def test_type_says_what_becomes_of_the_earlier_notice(self):
        for values, found in (
            ({"typeavis": "annonce"}, "initial"),
            ({"typeavis": "rectificatif", "typeavis_lib": "Avis rectificatif"}, "rectification"),
            ({"typeavis": "annulation", "typeavis_lib": "Avis d'annulation"}, "cancellation"),
            ({}, "initial"),
        ):
            with self.subTest(values=values):
                self.assertEqual(read(**values).type, found)

    def test_parts_come_as_text_or_as_objects(self):
        judgement = {"nature": "ouverture", "date": "6 mars 2026"}
        former = {"numeroAnnonce": 12, "dateParution": "2026-03-01"}
        for convert in (json.dumps, dict):
            with self.subTest(convert=convert):
                notice = read_notice(
                    {
                        **RECORD,
                        "jugement": convert(judgement),
                        "parutionavisprecedent": convert(former),
                    }
                )
                self.assertEqual(notice.judgement_date, date(2026, 3, 6))
                self.assertEqual(notice.former_number, "12")
                self.assertEqual(notice.former_on, date(2026, 3, 1))

    def test_sirens_are_told_apart(self):
        for registre, found in (
            (["552100554", "552 100 554"], ("552100554",)),
            ("552 100 554,552100554", ("552100554",)),
            (["RCS", "552100554", "732829320"], ("552100554", "732829320")),
        ):
            with self.subTest(registre=registre):
                self.assertEqual(read(registre=registre).sirens, found)

    def test_anything_may_be_missing_but_who_and_when(self):
        notice = read_notice(RECORD)
        self.assertEqual((notice.effect, notice.kind, notice.judgement_date), ("other", "", None))
        for name in RECORD:
            with self.subTest(name=name), self.assertRaisesRegex(BadNotice, name):
                read_notice({**RECORD, name: None})
        for record in (None, [], "text", {}):
            with self.subTest(record=record), self.assertRaises(BadNotice):
                read_notice(record)

    def test_broken_parts_are_no_reason_to_stop(self):
        notice = read_notice({**RECORD, "jugement": "{broken", "parutionavisprecedent": [1]})
        self.assertEqual((notice.nature, notice.former_number), ("", ""))

    def test_other_families_are_no_concern(self):
        self.assertFalse(is_insolvency({"familleavis": "vente"}))
        self.assertTrue(is_insolvency({"familleavis": "collective"}))
        self.assertFalse(is_insolvency("text"))

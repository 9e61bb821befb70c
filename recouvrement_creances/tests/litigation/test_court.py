import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ...models.litigation.collection_court import COURT_KINDS
from ...models.litigation.collection_procedure import PROCEDURE_KINDS
from ...models.litigation.collection_procedure_step import STEP_EVENTS
from ...models.litigation.deadline_labels import RULE_LABELS
from ...rules.competence import COURTS, PROCEDURES
from ...rules.deadline_rules import DEADLINES
from ...rules.transitions import PROCEEDING
from .common import LitigationCommon


@tagged("post_install", "-at_install")
class TestCourt(LitigationCommon):
    """Courts by place, and procedures that can be walked to their end."""

    def test_lists_of_names_agree_with_the_rules(self):
        self.assertEqual({code for code, _label in RULE_LABELS}, DEADLINES.keys())
        self.assertEqual({kind for kind, _label in PROCEDURE_KINDS}, set(PROCEDURES))
        self.assertLessEqual(set(COURTS), {kind for kind, _label in COURT_KINDS})
        events = {event for row in PROCEEDING.values() for event in row}
        # Where a settlement is taken up again, what follows from a dismissal, a hearing on the
        # opposition to a title, and a service that is recorded late are no steps of their own.
        derived = {"hear_opposition", "serve_late"} | {
            event
            for event in events
            if event.startswith("back_to_") or event.endswith("_dismissed")
        }
        events -= derived
        self.assertEqual({event for event, _label in STEP_EVENTS}, events | {"note"})

    def test_the_longest_postcode_finds_the_court(self):
        courts = self.root["collection.court"]
        courts.search([]).action_archive()
        wide, narrow = courts.create(
            [
                {"name": "TC Rouen", "kind": "commercial", "postcodes": "76"},
                {"name": "TAE Le Havre", "kind": "commercial", "postcodes": "7660, 7662"},
            ]
        )
        self.assertEqual(courts._find_for("commercial", "76 600"), narrow)
        self.assertEqual(courts._find_for("commercial", "76000"), wide)
        self.assertFalse(courts._find_for("commercial", "13001"))
        self.assertFalse(courts._find_for("commercial", ""))
        self.assertFalse(courts._find_for(None, "75002"))

    def test_every_department_finds_its_courts(self):
        courts = self.root["collection.court"]
        for department in (*range(1, 20), *range(21, 96), 971, 972, 973, 974, 976, 200, 202):
            postcode = f"{department:02d}".ljust(5, "9")
            with self.subTest(postcode=postcode):
                self.assertTrue(courts._find_candidates("judicial", postcode))
                kind = "chamber" if department in (57, 67, 68) else "commercial"
                self.assertTrue(courts._find_candidates(kind, postcode))

    def test_where_cantons_decide_the_towns_of_the_courts_find_their_own(self):
        courts = self.root["collection.court"]
        for kind, postcode, name in (
            ("commercial", "69003", "Tribunal des activités économiques de Lyon"),
            ("commercial", "69400", "Tribunal de commerce de Villefranche-sur-Saône-Tarare"),
            ("commercial", "02000", "Tribunal de commerce de Saint-Quentin"),
            ("judicial", "02000", "Tribunal judiciaire de Laon"),
            ("commercial", "25200", "Tribunal de commerce de Belfort"),
            ("chamber", "67000", "Tribunal judiciaire de Strasbourg"),
            ("protection", "68100", "Tribunal judiciaire de Mulhouse"),
            ("commercial", "97200", "Tribunal mixte de commerce de Fort-de-France"),
        ):
            with self.subTest(postcode=postcode):
                self.assertEqual(courts._find_for(kind, postcode).name, name)
        self.assertFalse(courts._find_for("commercial", "69170"))
        self.assertEqual(len(courts._find_candidates("commercial", "69170")), 2)

    def test_the_proceeding_names_the_courts_among_which_to_choose(self):
        self.debtor.zip = "69170"
        proceeding = self._sue()
        self.assertFalse(proceeding.court_id)
        note = proceeding.competence_note
        self.assertIn("Tarare, Tribunal des activités économiques de Lyon", note)

    def test_the_table_is_added_once_and_what_was_changed_in_it_stays(self):
        courts = self.root["collection.court"]
        lyon = courts._find_for("commercial", "69003")
        lyon.write({"name": "TAE Lyon", "postcodes": "69", "phone": "04 00 00 00 00"})
        courts._find_for("commercial", "75001").active = False
        self.assertFalse(courts._add_known())
        self.assertEqual(lyon.postcodes, "69")
        self.assertFalse(courts._find_for("commercial", "75001"))

    def _take_in(self, text, user=None, **vals):
        dialogs = self.env["collection.court.import"].with_user(user or self.manager)
        content = base64.b64encode(text.encode("cp1252"))
        dialog = dialogs.create({"file": content, "file_name": "table.csv", **vals})
        dialog.action_apply()
        return dialog

    def test_a_table_by_postcode_chooses_where_the_department_does_not(self):
        dialog = self._take_in(
            "Code postal;Commune;Greffe\n"
            "69170;Tarare;VILLEFRANCHE-TARARE\n"
            "69400;Villefranche-sur-Saône;VILLEFRANCHE-TARARE\n"
            "69001;Lyon;LYON\n"
            "69210;L'Arbresle;LYON\n"
            "69210;Savigny;VILLEFRANCHE-TARARE\n"
            "1000;Bourg-en-Bresse;BOURG-EN-BRESSE\n"
            ";Nowhere;LYON\n"
            "99999;Elsewhere;GRAY\n"
        )
        courts = self.root["collection.court"]
        self.assertIn("Villefranche", courts._find_for("commercial", "69170").name)
        self.assertIn("Lyon", courts._find_for("commercial", "69001").name)
        self.assertEqual(courts._find_for("commercial", "01000").city, "Bourg-en-Bresse")
        # A postcode of two towns with a court each, or of none, is for a person to choose.
        self.assertEqual(len(courts._find_candidates("commercial", "69210")), 2)
        self.assertEqual(len(courts._find_candidates("commercial", "69431")), 2)
        self.assertIn("GRAY", dialog.result)
        self.assertIn("3 courts", dialog.result)
        # The others are as they were.
        self.assertEqual(courts._find_for("commercial", "75001").postcodes, "75")

    def test_what_is_no_table_of_courts_is_refused(self):
        with self.assertRaisesRegex(UserError, "Greffe"):
            self._take_in("Code postal;Commune\n69170;Tarare\n")
        with self.assertRaises(AccessError):
            self._take_in("Code postal;Greffe\n69170;LYON\n", self.accountant)

    def test_the_form_proposes_items_amount_and_court(self):
        self._overdue_invoice(90, 5000, partner=self.debtor)
        self._decide()
        form = Form(
            self.env["collection.proceeding"]
            .with_user(self.accountant)
            .with_context(default_case_id=self._case(self.debtor).id)
        )
        form.procedure_id = self._procedure("order_commercial")
        self.assertEqual(form.amount_claimed, 5000)
        self.assertEqual(form.court_id.name, "Tribunal des activités économiques de Paris")
        self.assertIn("L721-3", form.competence_note)
        self.assertEqual(form.save().state, "draft")

    def test_a_consumer_is_sued_before_the_judicial_court(self):
        self.debtor.collection_debtor_kind = "consumer"
        proceeding = self._sue(procedure="summons")
        self.assertEqual(proceeding.court_id.kind, "judicial")
        self.assertIn("CPC 750-1", proceeding.competence_note)

    def test_who_is_no_trader_is_not_brought_before_the_commercial_court(self):
        proceeding = self._sue(procedure="summons")
        self.assertIn("is no trader", proceeding.competence_note)
        self.debtor.collection_trader = "no"
        other = self._sue(procedure="summons")
        self.assertEqual(other.court_id.kind, "judicial")
        self.assertNotIn("is no trader", other.competence_note)
        found = self.procedures._find_for("payment_order", self.debtor)
        self.assertEqual(found, self._procedure("order_civil"))
        self.assertFalse(self._sue(procedure="small_claims").competence_note)

    def test_what_is_not_open_to_a_debtor_is_said(self):
        self.assertIn("2026-307", self._sue(procedure="small_claims").competence_note)

    def test_every_procedure_ends_and_every_step_can_be_reached(self):
        for procedure in self.procedures.search([]):
            steps = procedure.step_ids
            reached, waiting = set(), ["draft"]
            while waiting:
                state = waiting.pop()
                reached.add(state)
                events = set(steps.mapped("event")) & PROCEEDING[state].keys()
                waiting += {PROCEEDING[state][event] for event in events} - reached
            possible = {event for state in reached for event in PROCEEDING[state]} | {"note"}
            with self.subTest(procedure=procedure.name):
                self.assertIn("closed", reached)
                self.assertLessEqual(set(steps.mapped("event")), possible | {"resume_title"})

    def test_what_a_step_closes_another_one_opens(self):
        for procedure in self.procedures.search([]):
            lines = procedure.step_ids.deadline_ids
            opens = lines.filtered(lambda line: line.effect.startswith("opens"))
            opened = set(opens.mapped("rule_code"))
            with self.subTest(procedure=procedure.name):
                self.assertLessEqual(set(lines.mapped("rule_code")), opened)

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
        self.assertEqual({event for event, _label in STEP_EVENTS}, events | {"note"})

    def test_the_longest_postcode_finds_the_court(self):
        courts = self.root["collection.court"]
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

    def test_a_chamber_is_found_at_its_judicial_court(self):
        court = self.root["collection.court"].create(
            {"name": "TJ Strasbourg", "kind": "judicial", "postcodes": "67"}
        )
        self.assertEqual(court._find_for("chamber", "67000"), court)
        self.assertEqual(court._find_for("protection", "67000"), court)

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
            opened = set(lines.filtered(lambda line: line.effect == "opens").mapped("rule_code"))
            with self.subTest(procedure=procedure.name):
                self.assertLessEqual(set(lines.mapped("rule_code")), opened)

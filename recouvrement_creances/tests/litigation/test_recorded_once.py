from datetime import timedelta

import psycopg2

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import TODAY
from .insolvency_common import OPENED, InsolvencyCommon


@tagged("post_install", "-at_install")
class TestRecordedOnce(InsolvencyCommon):
    """Who records what is there already is told of it in words, before the database is asked."""

    def _file(self, **values):
        return self._record(judgement_date=False, publication_date=False, **values)

    def test_a_second_insolvency_names_the_one_that_runs(self):
        self._owe()
        record = self._record()
        with self.assertRaisesRegex(ValidationError, "Open that record") as caught:
            self._record(kind="liquidation")
        told = str(caught.exception)
        self.assertIn(record.display_name, told)
        self.assertIn(f"{OPENED:%m/%d/%Y}", told)
        self.assertIn("a manager closes it first", told)

    def test_it_is_told_in_a_form_and_in_the_language_of_the_user(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self.root["ir.module.module"]._load_module_terms(["recouvrement_creances"], ["fr_FR"])
        self._owe()
        self._record()
        self.accountant.sudo().lang = "fr_FR"
        insolvencies = self.root["collection.insolvency"].with_user(self.accountant)
        form = Form(insolvencies.with_context(lang="fr_FR", default_company_id=self.company.id))
        form.partner_id = self.debtor
        form.kind = "liquidation"
        with self.assertRaisesRegex(ValidationError, "Ouvrez cette fiche"):
            form.save()

    def test_what_was_asked_for_is_named_without_a_day(self):
        record = self._file()
        with self.assertRaisesRegex(ValidationError, "which were asked for") as caught:
            self._record()
        self.assertIn(record.display_name, str(caught.exception))

    def test_a_contact_of_the_debtor_is_the_debtor(self):
        self._record()
        contact = self._debtor("Desk", is_company=False, parent_id=self.debtor.id)
        with self.assertRaises(ValidationError):
            self._record(contact)

    def test_a_batch_is_asked_about_at_once(self):
        partners = [self._debtor(f"Debtor {number}") for number in range(3)]
        values = [
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "kind": "reorganisation",
                "judgement_date": OPENED,
            }
            for partner in partners
        ]
        insolvencies = self.root["collection.insolvency"].with_user(self.manager)
        with self.assertRaisesRegex(ValidationError, "entered twice"):
            insolvencies.create([*values, values[0]])
        insolvencies.create(values[1:2])
        with self.assertRaisesRegex(ValidationError, partners[1].name):
            insolvencies.create(values)
        self.assertEqual(len(insolvencies.create([values[0], values[2]])), 2)

    def test_a_conciliation_stands_beside_them_and_others_have_their_own(self):
        self._owe()
        ended = self._record(user=self.manager)
        ended._close("paid", TODAY, reason="BODACC")
        running = self._record()
        conciliation = self._record(kind="conciliation", publication_date=False)
        self._record(self._debtor("Another debtor"))
        self.assertEqual(set((running | conciliation).mapped("state")), {"open"})
        with self.assertRaises(ValidationError):
            self._record(kind="conciliation", publication_date=False)

    def test_what_has_ended_is_not_reopened_beside_what_runs(self):
        self._owe()
        ended = self._record(user=self.manager)
        ended._close("paid", TODAY, reason="BODACC")
        running = self._record()
        with self.assertRaisesRegex(ValidationError, "Open that record") as caught:
            self._step_of(ended, "reopening")
        self.assertIn(running.display_name, str(caught.exception))
        running.with_user(self.manager)._cancel("A namesake")
        self._step_of(ended, "reopening")
        self.assertEqual(ended.state, "open")

    def test_what_is_asked_for_does_not_become_a_second_one(self):
        asked = self._file(kind="conciliation")
        self._file()
        with self.assertRaisesRegex(ValidationError, "which were asked for"):
            asked.kind = "liquidation"

    def test_two_at_once_still_meet_in_the_index(self):
        record = self._record()
        insert = """
            INSERT INTO collection_insolvency (company_id, partner_id, kind, state)
                 VALUES (%s, %s, 'liquidation', 'open')
        """
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(insert, [self.company.id, record.partner_id.id])

    # === MERGED DEBTORS === #

    def _merge(self, source, destination):
        wizard = self.root["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | destination).ids, destination, extra_checks=False)

    def test_merged_debtors_without_an_open_case_keep_one_record_and_their_past(self):
        twin = self._debtor("Twin Debtor")
        kept = self._record()
        past = self._record(twin, user=self.manager)
        past._cancel("A namesake")
        double = self._record(twin)
        self._merge(twin, self.debtor)
        self.assertEqual((kept | past | double).exists(), kept | past | double)
        self.assertEqual((kept.state, past.state, double.state), ("open", "cancelled", "cancelled"))
        self.assertEqual((kept | past | double).partner_id, self.debtor)

    def test_what_stands_on_an_open_case_stays_as_debtors_are_merged(self):
        twin = self._debtor("Twin Debtor")
        self._owe(partner=twin)
        kept = self._record(twin)
        double = self._record()
        self._merge(twin, self.debtor)
        self.assertEqual((kept.state, double.state), ("open", "cancelled"))
        self.assertEqual(kept.partner_id, self.debtor)

    # === COURTS, PROCEDURES, DECLARATIONS === #

    def test_a_court_is_in_the_list_once(self):
        courts = self.root["collection.court"].with_user(self.manager)
        court = courts.create({"name": "Cour de Rungis", "kind": "commercial"})
        with self.assertRaisesRegex(ValidationError, "change that line") as caught:
            courts.create([{"name": "Cour de Lille"}, {"name": "Cour de Rungis"}])
        self.assertIn("Cour de Rungis", str(caught.exception))
        courts.create({"name": "Cour de Rungis", "kind": "judicial"})
        other = courts.create({"name": "Cour de Lille"})
        with self.assertRaisesRegex(ValidationError, "in the list already"):
            other.name = "Cour de Rungis"
        court.active = False
        with self.assertRaisesRegex(ValidationError, "restore it"):
            courts.create({"name": "Cour de Rungis"})
        court.write({"name": "Cour de Rungis", "kind": "commercial"})

    def test_a_step_opens_a_deadline_once(self):
        step = self._procedure("summons").step_ids.filtered("deadline_ids")[:1]
        line = step.deadline_ids[:1]
        values = {"step_id": step.id, "rule_code": line.rule_code, "effect": line.effect}
        with self.assertRaisesRegex(ValidationError, "has this already") as caught:
            line.with_user(self.manager).create(values)
        self.assertIn(line.display_name, str(caught.exception))

    def test_a_declaration_that_is_prepared_twice_at_once_meets_in_its_record(self):
        self._owe()
        record = self._record()
        query = "SELECT ctid::text FROM collection_insolvency WHERE id = %s"
        self.env.flush_all()
        self.env.cr.execute(query, [record.id])
        before = self.env.cr.fetchone()
        declarations = self.env["collection.insolvency.declaration"].with_user(self.accountant)
        first = declarations._prepare_for(record)
        self.env.cr.execute(query, [record.id])
        self.assertNotEqual(self.env.cr.fetchone(), before)
        self.assertEqual(declarations._prepare_for(record), first)

    def test_a_deadline_that_runs_is_not_opened_again(self):
        self._owe()
        record = self._record()
        running = record.deadline_ids.filtered(lambda one: one.state == "open")[:1]
        again = record._open_deadlines([running.rule_code], running.event_date)
        self.assertEqual(again, running)
        later = running.event_date + timedelta(days=1)
        self.assertNotEqual(record._open_deadlines([running.rule_code], later), running)

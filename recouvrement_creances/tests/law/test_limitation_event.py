from datetime import date, timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..common import TODAY
from .common import LimitationCommon


@tagged("post_install", "-at_install")
class TestLimitationEvent(LimitationCommon):
    """What interrupts or suspends is noted with its evidence, and nothing else."""

    # === EVENTS === #

    def test_an_acknowledgement_moves_the_possible_date_and_the_legal_date_stays(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        event = self._note(item, day=date(2025, 6, 10), user=self.collector)
        self.assertDates(item, date(2026, 3, 31), possible=date(2027, 6, 10))
        self.assertIn("until 06/10/2027 (C. civ. 2240), to confirm", item.limitation_explanation)
        event.with_user(self.manager).action_confirm()
        self.assertDates(item, date(2026, 3, 31), date(2027, 6, 10), date(2027, 6, 10))
        self.assertEqual(event.confirmed_by_id, self.manager)
        self.assertIn(f"confirmed by {self.manager.name}", item.limitation_explanation)

    def test_only_managers_confirm(self):
        event = self._note(self._claim(date(2024, 3, 31), self.consumer))
        for persona in ("collector", "accountant"):
            with self.assertRaisesRegex(AccessError, "Only a manager"):
                event.with_user(self.personas[persona]).action_confirm()

    def test_what_does_not_interrupt_is_refused_with_its_article(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        for kind, article in {
            "reminder": "2240 à 2244",
            "registered_letter": "20-23.204",
            "order_requested": "CPC 1411",
        }.items():
            with self.subTest(kind=kind), self.assertRaisesRegex(UserError, article):
                self._note(item, kind)
        self.assertFalse(self.events.search([("item_ids", "in", item.ids)]))

    def test_what_does_not_count_is_refused_with_its_reason(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        for values, text in (
            ({"attachment_ids": self.env["ir.attachment"]}, "attach a file"),
            ({"by_debtor": False}, "2240"),
            ({"day": date(2024, 1, 10)}, "before the period began"),
            ({"day": TODAY + timedelta(days=1)}, "once it has happened"),
        ):
            with self.subTest(text=text), self.assertRaisesRegex(UserError, text):
                self._note(item, **values)
        old = self._claim(date(2023, 3, 31), self._debtor("Too Old", is_company=False))
        with self.assertRaisesRegex(UserError, "does not begin again.*2251"):
            self._note(old, day=date(2025, 4, 1))

    def test_consumer_credit_is_not_interrupted_by_acknowledgement(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        item.move_id.collection_claim_nature = "consumer_credit"
        with self.assertRaisesRegex(UserError, "R312-35"):
            self._note(item)
        self._note(item, "court_claim", date(2025, 6, 10))
        self.assertDates(item, date(2026, 3, 31), possible=date(2027, 6, 10))

    def test_a_court_claim_counts_from_its_end_once_that_is_noted(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        event = self._note(item, "court_claim", date(2025, 6, 10))
        self.assertDates(item, date(2026, 3, 31), possible=date(2027, 6, 10))
        event._say("end", date(2025, 9, 1))
        self.assertDates(item, date(2026, 3, 31), possible=date(2027, 9, 1))
        self.assertFalse(event.may_end)

    def test_a_court_claim_that_failed_has_interrupted_nothing(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        event = self._note(item, "court_claim", date(2025, 6, 10))
        event.action_confirm()
        event._say("void", note="Withdrawn")
        self.assertDates(item, date(2026, 3, 31))
        self.assertEqual(event.state, "void")
        self.assertIn("2243", item.limitation_explanation)
        with self.assertRaisesRegex(UserError, "counts no more"):
            event.action_confirm()

    def test_a_suspension_moves_the_date_once_its_end_is_noted(self):
        item = self._claim(date(2024, 4, 30), self.consumer)
        event = self._note(item, "mediation", date(2026, 2, 1))
        self.assertDates(item, date(2026, 4, 30))
        event._say("end", date(2026, 3, 3))
        # 1 February to 3 March are 31 days; six months after the end is later (2238).
        self.assertDates(item, date(2026, 4, 30), possible=date(2026, 9, 3))

    def test_a_mistake_is_cancelled_and_kept(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        event = self._note(item, day=date(2025, 6, 10))
        with self.assertRaisesRegex(UserError, "Say why"):
            event._say("cancellation", note=" ")
        event._say("cancellation", note="Signed by somebody else")
        self.assertDates(item, date(2026, 3, 31))
        self.assertEqual(event.state, "cancelled")
        self.assertEqual(event.follow_up_ids.note, "Signed by somebody else")

    def test_an_event_bears_on_its_items_alone(self):
        one = self._claim(date(2024, 3, 31), self.consumer)
        other = self._claim(date(2024, 3, 31), self.consumer)
        self._note(one, day=date(2025, 6, 10))
        self.assertDates(one, date(2026, 3, 31), possible=date(2027, 6, 10))
        self.assertDates(other, date(2026, 3, 31))

    def test_dates_follow_a_correction_of_the_nature(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        self._note(item, day=date(2025, 6, 10))
        item.move_id.collection_claim_nature = "civil"
        self.assertDates(item, date(2029, 3, 31), possible=date(2030, 6, 10))

    def test_after_a_silent_correction_the_legal_date_stands_until_the_day_s_work(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        self._note(item, day=date(2025, 6, 10)).action_confirm()
        item.move_id.delivery_date = date(2024, 3, 20)
        self.assertDates(item, date(2026, 3, 20))
        self.root["collection.limitation"]._watch(self.company, TODAY)
        self.assertDates(item, date(2026, 3, 20), date(2027, 6, 10), date(2027, 6, 10))

    def test_what_was_noted_never_changes(self):
        event = self._note(self._claim(date(2024, 3, 31), self.consumer))
        with self.assertRaisesRegex(UserError, "stays as it is"):
            event.sudo().note = "other"
        with self.assertRaisesRegex(UserError, "is kept"):
            event.sudo().unlink()
        for statement in (
            "UPDATE collection_limitation_event SET date = '2020-01-01' WHERE id = %s",
            "DELETE FROM collection_limitation_event WHERE id = %s",
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(psycopg2.Error, "neither changed"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [event.id])
        with self.assertRaisesRegex(UserError, "part of the evidence"):
            event.attachment_ids.sudo().raw = b"other"

    def test_collectors_note_on_cases_of_their_own(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        self._note(item, user=self.collector)
        item.case_id.user_id = self.personas["other_collector"]
        with self.assertRaises(AccessError):
            self._note(item, "enforcement", user=self.collector)
        with self.assertRaises(AccessError):
            self._note(item, user=self.personas["reader"])

    def test_nobody_takes_a_file_of_others_as_a_proof(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        secret = self.root["ir.attachment"].create(
            {"name": "secret", "raw": b"x", "res_model": "res.company", "res_id": self.company.id}
        )
        with self.assertRaises(AccessError):
            self._note(item, user=self.collector, attachment_ids=secret.with_user(self.collector))

    # === PAYMENTS === #

    def test_part_payments_are_proposed_and_never_counted_by_themselves(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        with freeze_time("2025-06-10 09:00:00"):
            payment = self._pay(item.move_id, 100)
        self._decide()
        self.assertDates(item, date(2026, 3, 31))
        case = item.case_id.with_user(self.collector)
        self.assertEqual(case.limitation_payment_count, 1)
        wizard = (
            self.env["collection.limitation.note"]
            .with_user(self.collector)
            .create({"case_id": case.id, "kind": "partial_payment"})
        )
        self.assertEqual(wizard.payment_ids.amount, 100)
        with self.assertRaisesRegex(UserError, "Tick"):
            wizard.action_apply()
        wizard.payment_ids.is_chosen = True
        wizard.action_apply()
        self.assertTrue(payment)
        self.assertEqual(case.limitation_event_ids.kind, "partial_payment")
        self.assertDates(item, date(2026, 3, 31), possible=date(2027, 6, 10))
        case.invalidate_recordset()
        self.assertFalse(case.limitation_payment_count)

    def test_a_payment_that_nobody_made_proves_nothing(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        line = {
            "is_chosen": True,
            "item_id": item.id,
            "payment_reference": "BNK1/2025/00001",
            "date": date(2025, 6, 10),
            "by_debtor": True,
        }
        wizard = (
            self.env["collection.limitation.note"]
            .with_user(self.collector)
            .create(
                {
                    "case_id": item.case_id.id,
                    "kind": "partial_payment",
                    "payment_ids": [Command.create(line)],
                }
            )
        )
        with self.assertRaisesRegex(UserError, "no part payment of the ledger"):
            wizard.action_apply()

    def test_the_evidence_of_another_case_proves_nothing(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        other = self._claim(date(2024, 3, 31), self.business)
        with self._mail_server():
            self._run()
        evidence = other.case_id.evidence_ids[:1]
        self.assertTrue(evidence)
        with self.assertRaisesRegex(UserError, "evidence of this case"):
            self._note(item, attachment_ids=self.env["ir.attachment"], evidence_id=evidence.id)

    def test_a_credit_note_is_no_payment(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        refund = self._create_invoice_one_line(
            move_type="out_refund",
            price_unit=100,
            tax_ids=[],
            partner_id=self.consumer,
            invoice_date=TODAY,
            post=True,
        )
        lines = (item.move_id + refund).line_ids
        lines.filtered(lambda line: line.account_id.account_type == "asset_receivable").reconcile()
        self.assertLess(item.amount_residual, 1000)
        self.assertFalse(item.case_id.limitation_payment_count)

    # === DIALOG === #

    def test_the_dialog_shows_what_would_move_and_notes_it(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        wizard = (
            self.env["collection.limitation.note"]
            .with_user(self.manager)
            .create({"case_id": item.case_id.id, "date": date(2025, 6, 10)})
        )
        self.assertEqual(wizard.item_ids.ids, item.ids)
        self.assertIn("03/31/2026 → 06/10/2027; legal date unchanged", wizard.preview)
        wizard.kind = "registered_letter"
        self.assertIn("20-23.204", wizard.refusal)
        with self.assertRaisesRegex(UserError, "20-23.204"):
            wizard.action_apply()
        wizard.kind = "acknowledgement"
        wizard.attachment_ids = [Command.set(self._scan().ids)]
        wizard.action_apply()
        self.assertDates(item, date(2026, 3, 31), date(2027, 6, 10), date(2027, 6, 10))

    def test_a_collector_s_tick_confirms_nothing(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        wizard = (
            self.env["collection.limitation.note"]
            .with_user(self.collector)
            .create(
                {
                    "case_id": item.case_id.id,
                    "date": date(2025, 6, 10),
                    "is_confirmed": True,
                    "attachment_ids": [Command.set(self._scan(self.collector).ids)],
                }
            )
        )
        wizard.action_apply()
        self.assertDates(item, date(2026, 3, 31), possible=date(2027, 6, 10))

    def test_events_follow_their_items_to_another_case(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        other = self._claim(date(2024, 3, 31), self._debtor("Twin", is_company=False))
        event = self._note(item, day=date(2025, 6, 10))
        item.sudo().case_id = other.case_id
        self.assertEqual(other.case_id.limitation_event_ids, event)

from datetime import date, timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ...rules.retention import is_expired
from .common import LONG_AGO, NOTE, PurgeCommon


@tagged("post_install", "-at_install")
class TestPurge(PurgeCommon):
    """Closed cases lose what they say of people once their period is over, and no sooner."""

    def _erase_by_hand(self, evidence, purge):
        """Try what the purge does, in SQL, whatever its conditions say."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE collection_evidence
               SET payload = '', subject = NULL, body = NULL, recipient = NULL, author = NULL,
                   transport_reference = NULL, erased_on = CURRENT_DATE, purge_id = %s
             WHERE id = %s
            """,
            [purge.id, evidence.id],
        )

    def _assert_refused(self, evidence, purge):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.Error, "neither changed nor deleted"),
            self.env.cr.savepoint(),
        ):
            self._erase_by_hand(evidence, purge)

    # === PROPOSAL === #

    def test_proposal_names_what_would_go_and_why_and_erases_nothing(self):
        case = self._old_case(note=NOTE)
        purge = self._propose()
        line = purge.line_ids
        self.assertEqual((line.case_id, line.has_notes), (case, True))
        self.assertEqual(line.evidence_count, len(case.evidence_ids))
        self.assertEqual(line.kept_until, date(2015, 3, 15))
        self.assertIn("60 months", line.why)
        self.assertEqual(case.evidence_ids.filtered("erased_on"), case.evidence_ids.browse())
        self.assertIn(NOTE, case.hold_ids.mapped("note"))

    def test_open_and_recent_cases_are_not_proposed(self):
        self._old_case()
        recent = self._old_case(self.partner_b)
        recent.closed_on = fields.Date.today() - timedelta(days=365)
        self._overdue_invoice(6, partner=self._debtor("Open debtor"))
        self._decide()
        self.assertEqual(self._propose().line_ids.case_id.partner_id, self.partner_a)

    def test_legal_hold_keeps_a_case_and_is_counted(self):
        case = self._old_case().with_user(self.manager)
        case.write({"legal_hold": True, "legal_hold_reason": "Claim announced"})
        purge = self._propose()
        self.assertFalse(purge.line_ids)
        self.assertEqual(purge.held_count, 1)
        with self.assertRaises(UserError):
            purge.action_execute()
        case.legal_hold = False
        self.assertEqual(self._propose().line_ids.case_id, case)
        self.assertEqual(
            self._logs("legal_hold").mapped("result"), ["Claim announced", "Legal hold ended"]
        )

    def test_legal_hold_needs_a_reason_and_a_manager(self):
        case = self._old_case()
        with self.assertRaises(ValidationError):
            case.with_user(self.manager).legal_hold = True
        for name in ("collector", "accountant"):
            case.user_id = self.personas["collector"]
            with self.subTest(role=name), self.assertRaises(AccessError):
                case.with_user(self.personas[name]).write(
                    {"legal_hold": True, "legal_hold_reason": "x"}
                )

    # === EXECUTION === #

    def test_purge_erases_what_is_said_of_people_and_the_chain_still_holds(self):
        case = self._old_case(note=NOTE)
        case.message_post(body=NOTE)
        seals = case.evidence_ids.mapped("content_hash")
        purge = self._propose()
        purge.action_execute()
        self.env.invalidate_all()
        self.assertEqual((purge.state, purge.executed_by_id), ("done", self.manager))
        for record in case.evidence_ids:
            self.assertEqual(record.payload, "")
            self.assertFalse(record.subject or record.body or record.recipient or record.author)
            self.assertEqual((record.purge_id, bool(record.erased_on)), (purge, True))
        self.assertEqual(case.evidence_ids.mapped("content_hash"), seals)
        self.assertFalse(any(case.hold_ids.mapped("note") + case.action_ids.mapped("note")))
        self.assertFalse(any(case.action_ids.mapped("recipient")))
        self.assertFalse(case.message_ids)
        self.assertFalse(case.activity_ids)
        self.assertTrue(case.purged_on)
        self.assertFalse(self.root["collection.evidence"]._find_break(self.company))
        log = self._logs("purge")
        self.assertEqual((log.author, log.detail), (self.manager.name, case.name))
        self.env.cr.execute(
            "SELECT COUNT(*) FROM collection_evidence e WHERE to_jsonb(e)::text LIKE %s",
            [f"%{NOTE}%"],
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))
        self.assertFalse(self._propose().line_ids)

    def _note_proofs(self, case):
        """Note an acknowledgement and a judgement, each with a scan; return both and the scans."""
        kept_by = {"res_model": "collection.case", "res_id": case.id}
        files = self.root["ir.attachment"].create(
            [{"name": name, "raw": name.encode(), **kept_by} for name in ("owned.pdf", "court.pdf")]
        )
        event = self.root["collection.limitation.event"]._append(
            {
                "company_id": case.company_id.id,
                "case_id": case.id,
                "kind": "acknowledgement",
                "date": LONG_AGO,
                "item_ids": [Command.set(case.item_ids.ids)],
                "attachment_ids": [Command.set(files[0].ids)],
                "note": NOTE,
            }
        )
        judgement = self.root["collection.judgement"].create(
            {
                "name": "TJ Lyon 10/00123",
                "case_id": case.id,
                "item_ids": [Command.set(case.item_ids.ids)],
                "date": LONG_AGO,
                "attachment_ids": [Command.set(files[1].ids)],
            }
        )
        return event, judgement, files

    def test_purge_takes_the_proofs_of_limitation_and_judgements(self):
        case = self._old_case()
        event, judgement, files = self._note_proofs(case)
        other = self._note_proofs(self._old_case(self.partner_b))[0]
        other.case_id.with_user(self.manager).write(
            {"legal_hold": True, "legal_hold_reason": "Claim announced"}
        )
        self._propose().action_execute()
        self.env.invalidate_all()
        self.assertFalse(files.exists())
        self.assertFalse(event.note or event.attachment_ids or judgement.attachment_ids)
        self.assertEqual((event.date, event.item_ids), (LONG_AGO, case.item_ids))
        self.assertEqual((other.note, len(other.attachment_ids)), (NOTE, 1))

    def test_note_of_an_event_is_taken_off_by_a_purge_alone(self):
        event = self._note_proofs(self._old_case())[0]
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.Error, "neither changed nor deleted"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE collection_limitation_event SET note = NULL WHERE id = %s", [event.id]
            )

    def test_chain_goes_on_after_a_purge_and_names_changes_of_erased_records(self):
        case = self._old_case()
        self._propose().action_execute()
        self._overdue_invoice(6, partner=self.partner_b)
        with self._mail_server():
            self._run()
        find = self.root["collection.evidence"]._find_break
        self.assertFalse(find(self.company))
        erased = case.evidence_ids.sorted("position")[0]
        for column in ("payload_hash", "content_hash"):
            with self.subTest(column=column), self.env.cr.savepoint() as savepoint:
                self._tamper(
                    f"UPDATE collection_evidence SET {column} = 'x' WHERE id = %s", erased.id
                )
                self.assertEqual(find(self.company), erased)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_erased_record_is_never_written_again(self):
        case = self._old_case()
        purge = self._propose()
        purge.action_execute()
        self._assert_refused(case.evidence_ids[0], purge)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.Error),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE collection_evidence SET payload = '{}', erased_on = NULL WHERE id = %s",
                [case.evidence_ids[0].id],
            )

    def test_documents_stay_for_their_longer_period(self):
        case = self._old_case(with_file=True)
        moved = fields.Date.today() - timedelta(days=7 * 365)
        # Seven years ago: the period of the case is over, that of its documents is not.
        self._tamper(
            "UPDATE collection_evidence SET occurred_at = %s WHERE case_id = %s",
            f"{moved} 09:00:00",
            case.id,
        )
        case.closed_on = moved
        purge = self._propose()
        posted = case.evidence_ids.filtered("attachment_ids")
        self.assertEqual(purge.line_ids.evidence_count, len(case.evidence_ids - posted))
        purge.action_execute()
        self.env.invalidate_all()
        self.assertEqual(case.evidence_ids.filtered(lambda record: not record.erased_on), posted)
        self.assertEqual(posted.attachment_ids.raw, b"%PDF-1.4 letter")

    def test_documents_go_after_their_period_with_their_files(self):
        case = self._old_case(with_file=True)
        file = case.evidence_ids.attachment_ids
        purge = self._propose()
        self.assertEqual(purge.line_ids.file_count, 1)
        purge.action_execute()
        self.env.invalidate_all()
        self.assertFalse(file.exists())
        self.assertTrue(all(case.evidence_ids.mapped("erased_on")))

    def test_case_that_went_to_court_is_kept_longer(self):
        case = self._old_case(kind="handover")
        for years, expected in ((9, False), (11, True)):
            moved = fields.Date.today() - timedelta(days=years * 366)
            case.closed_on = moved
            self._tamper(
                "UPDATE collection_evidence SET occurred_at = %s WHERE case_id = %s",
                f"{moved} 09:00:00",
                case.id,
            )
            with self.subTest(years=years):
                self.assertEqual(bool(self._propose().line_ids), expected)

    def test_case_that_was_left_out_is_kept(self):
        self._old_case()
        kept = self._old_case(self.partner_b)
        purge = self._propose()
        purge.line_ids.filtered(lambda line: line.case_id == kept).action_toggle()
        purge.action_execute()
        self.assertFalse(any(kept.evidence_ids.mapped("erased_on")))
        self.assertFalse(kept.purged_on)
        self.assertEqual(self._logs("purge").detail, self._case().name)

    def test_case_opened_or_held_since_the_proposal_is_kept(self):
        reopened, held = self._old_case(), self._old_case(self.partner_b)
        purge = self._propose()
        self.assertEqual(len(purge.line_ids), 2)
        reopened.write({"is_open": True, "closed_on": False})
        held.with_user(self.manager).write({"legal_hold": True, "legal_hold_reason": "Claim"})
        purge.action_execute()
        self.assertFalse(any((reopened | held).evidence_ids.mapped("erased_on")))

    # === WHO === #

    def test_only_managers_purge(self):
        self._old_case()
        purge = self._propose()
        for name in ("reader", "collector", "accountant", "finance_director"):
            user = self.personas[name]
            with self.subTest(role=name), self.assertRaises(AccessError):
                purge.with_user(user).action_execute()
            with self.subTest(role=name), self.assertRaises(AccessError):
                self.purges.with_user(user).action_propose_new()

    def test_purge_is_carried_out_once_and_stays(self):
        self._old_case()
        purge = self._propose()
        purge.action_execute()
        with self.assertRaises(UserError):
            purge.action_execute()
        with self.assertRaises(UserError):
            purge.unlink()
        with self.assertRaises(UserError):
            purge.line_ids.action_toggle()
        cancelled = self._propose()
        cancelled.action_cancel()
        self.assertEqual(cancelled.state, "cancelled")

    # === THE DATABASE DECIDES === #

    def test_database_refuses_to_erase_what_is_not_due(self):
        case = self._old_case()
        evidence = case.evidence_ids[0]
        purge = self._propose()
        self._assert_refused(evidence, purge)  # not carried out
        purge._apply_event("execute")
        recent = fields.Date.today() - timedelta(days=30)
        for name, values in (
            ("open", {"is_open": True, "closed_on": False}),
            ("held", {"legal_hold": True, "legal_hold_reason": "x"}),
            ("closed lately", {"closed_on": recent}),
        ):
            with self.subTest(case=name), self.env.cr.savepoint() as savepoint:
                case.write(values)
                self._assert_refused(evidence, purge)
                savepoint.rollback()
                self.env.invalidate_all()
        self._erase_by_hand(evidence, purge)

    def test_closing_day_in_the_past_does_not_open_the_door_for_recent_evidence(self):
        self._overdue_invoice(6)
        with self._mail_server():
            self._run()
        case = self._case()
        case.write({"is_open": False, "closed_on": LONG_AGO})
        purge = self._propose()
        purge._apply_event("execute")
        self._assert_refused(case.evidence_ids[0], purge)

    def test_database_refuses_an_erasure_that_changes_anything_else(self):
        case = self._old_case()
        purge = self._propose()
        purge._apply_event("execute")
        self.env.flush_all()
        for change in ("content_hash = 'x'", "kind = 'failed'", "position = 99", "body = 'x'"):
            with (
                self.subTest(change=change),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.Error),
                self.env.cr.savepoint(),
            ):
                cleared = "payload = '', subject = NULL, recipient = NULL, author = NULL"
                body = "" if change.startswith("body") else ", body = NULL"
                self.env.cr.execute(
                    f"UPDATE collection_evidence SET {cleared}{body}, transport_reference = NULL, "
                    f"erased_on = CURRENT_DATE, purge_id = %s, {change} WHERE id = %s",
                    [purge.id, case.evidence_ids[0].id],
                )

    def test_periods_below_two_years_are_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error), self.env.cr.savepoint():
            self.company.sudo().collection_retention_case_months = 12
            self.env.flush_all()

    def test_database_counts_as_the_rule_does(self):
        """The same days before and after each period, in Python and in PostgreSQL."""
        case = self._old_case(with_file=True)
        self.env.cr.execute("SELECT CURRENT_DATE")
        (today,) = self.env.cr.fetchone()
        with freeze_time(today.isoformat()):
            checked = set()
            for months in (24, 60, 120, 132):
                for offset in (-32, -1, 0, 1, 2, 32):
                    closed = fields.Date.subtract(today, months=months) + timedelta(days=offset)
                    case.closed_on = closed
                    self.env.flush_all()
                    for record in case.evidence_ids:
                        self.env.cr.execute(
                            "SELECT collection_evidence_is_expired(%s)", [record.id]
                        )
                        expected = is_expired(
                            today,
                            closed,
                            record.occurred_at.date(),
                            bool(record.attachment_ids),
                            False,
                            self.company._get_retention(),
                        )
                        self.assertEqual(self.env.cr.fetchone(), (expected,), (months, offset))
                        checked.add(expected)
        self.assertEqual(checked, {True, False})

import uuid
from contextlib import contextmanager
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestConcurrency(CollectionCommon):
    """Two processes at once do the work of one, whichever comes first."""

    @contextmanager
    def _process(self):
        """Yield the environment of another process: its own connection and transaction."""
        with self.registry.cursor() as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {})
            cursor.rollback()

    @contextmanager
    def _refused(self, error):
        with mute_logger("odoo.sql_db"), self.assertRaises(error), self.env.cr.savepoint():
            yield

    # === KEYS === #

    def test_debtor_has_one_open_case(self):
        self._overdue_invoice(6)
        self._decide()
        with self._refused(psycopg2.errors.UniqueViolation):
            self.root["collection.case"].create(
                {"company_id": self.company.id, "partner_id": self.partner_a.id}
            )
        self._case().is_open = False
        self.env.flush_all()
        self.root["collection.case"].create(
            {"company_id": self.company.id, "partner_id": self.partner_a.id}
        )

    def test_journal_item_is_followed_once(self):
        invoice = self._overdue_invoice(6)
        self._decide()
        item = self._item(invoice)
        with self._refused(psycopg2.errors.UniqueViolation):
            item.create({"move_line_id": item.move_line_id.id, "case_id": item.case_id.id})

    def test_step_is_done_once_in_a_round(self):
        self._overdue_invoice(6)
        self.root["collection.run"].create({"company_id": self.company.id}).action_propose()
        action = self._case().action_ids
        values = {
            "company_id": self.company.id,
            "case_id": action.case_id.id,
            "channel": "email",
            "cycle": action.cycle,
            "step_id": action.step_id.id,
        }
        with self._refused(psycopg2.errors.UniqueViolation):
            action.create(values)
        action.create({**values, "cycle": action.cycle + 1})
        action.create({**values, "step_id": False})
        action.create({**values, "step_id": False})

    def test_item_stands_once_on_a_message(self):
        self._overdue_invoice(6)
        self.root["collection.run"].create({"company_id": self.company.id}).action_propose()
        line = self._case().action_ids.line_ids
        with self._refused(psycopg2.errors.UniqueViolation):
            line.create({"action_id": line.action_id.id, "item_id": line.item_id.id})

    def test_second_insertion_of_the_same_round_inserts_nothing(self):
        self._overdue_invoice(6)
        run = self.root["collection.run"].create({"company_id": self.company.id})
        run.action_propose()
        before = self._case().action_ids
        self.root["collection.proposal"]._propose(run)
        self.assertEqual(self._case().action_ids, before)

    # === LOCKS === #

    def test_second_run_at_once_is_refused(self):
        run = self.root["collection.run"].create({"company_id": self.company.id})
        with self._process() as other:
            other.cr.execute(
                "SELECT pg_advisory_xact_lock(hashtext('collection.run'), %s)", [self.company.id]
            )
            with self.assertRaisesRegex(UserError, "Another run"):
                run.action_propose()
        run.action_propose()
        self.assertEqual(run.state, "proposed")

    def test_run_of_another_company_goes_on_meanwhile(self):
        run = self.root["collection.run"].create({"company_id": self.company.id})
        with self._process() as other:
            other["collection.run"].new(
                {"company_id": self.root.ref("base.main_company").id}
            )._lock_company()
            run.action_propose()
        self.assertEqual(run.state, "proposed")

    def test_evidence_of_one_company_is_appended_by_one_process_at_a_time(self):
        company = self.root.ref("base.main_company")
        with self._process() as first, self._process() as second:
            first["collection.evidence.chain"]._extend(company, ["one"])
            second.cr.execute("SET LOCAL lock_timeout = '200ms'")
            with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.LockNotAvailable):
                second["collection.evidence.chain"]._extend(company, ["two"])

    # === SHARED WORK === #

    def _commit_run(self):
        """Commit a run with two confirmed actions, for other connections to see."""
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            company = env.ref("base.main_company")
            partner = env["res.partner"].create({"name": f"Concurrent {uuid.uuid4()}"})
            case = env["collection.case"].create(
                {"company_id": company.id, "partner_id": partner.id, "opened_on": TODAY}
            )
            run = env["collection.run"].create({"company_id": company.id})
            values = {
                "company_id": company.id,
                "case_id": case.id,
                "run_id": run.id,
                "channel": "task",
                "state": "confirmed",
            }
            env["collection.action"]._with_door().create([values, values])
            self.addCleanup(self._delete_run, run.id, case.id, partner.id)
            return run.id

    def _delete_run(self, run_id, case_id, partner_id):
        with self.registry.cursor() as cursor:
            for query, identifier in (
                ("DELETE FROM collection_action WHERE run_id = %s", run_id),
                ("DELETE FROM collection_run WHERE id = %s", run_id),
                (
                    "DELETE FROM mail_message WHERE model = 'collection.run' AND res_id = %s",
                    run_id,
                ),
                (
                    "DELETE FROM mail_followers WHERE res_model = 'collection.case' "
                    "AND res_id = %s",
                    case_id,
                ),
                (
                    "DELETE FROM mail_message WHERE model = 'collection.case' AND res_id = %s",
                    case_id,
                ),
                ("DELETE FROM collection_case WHERE id = %s", case_id),
                (
                    "DELETE FROM mail_message WHERE model = 'res.partner' AND res_id = %s",
                    partner_id,
                ),
                ("DELETE FROM res_partner WHERE id = %s", partner_id),
            ):
                cursor.execute(query, [identifier])

    def _claim(self, env, run_id):
        return env["collection.executor"]._claim_chunk(SQL("run_id = %s", run_id))

    def test_two_senders_of_one_run_share_its_contacts(self):
        run_id = self._commit_run()
        with self._process() as first, self._process() as second:
            claimed = self._claim(first, run_id)
            self.assertEqual(len(claimed), 2)
            self.assertFalse(self._claim(second, run_id))
            first.cr.rollback()
            self.assertEqual(self._claim(second, run_id).ids, claimed.ids)

    def test_debtor_is_written_to_by_one_process_at_a_time(self):
        run_id = self._commit_run()
        with self._process() as first, self._process() as second:
            actions = self._claim(second, run_id)
            first["collection.case"].browse(actions.case_id.ids).try_lock_for_update()
            second["collection.executor"]._execute_chunk(actions, actions.company_id)
            self.assertEqual(actions.mapped("state"), ["confirmed"] * 2)
            first.cr.rollback()
            second["collection.executor"]._execute_chunk(actions, actions.company_id)
            self.assertNotIn("confirmed", actions.mapped("state"))

    def test_what_another_process_holds_back_is_no_progress(self):
        run_id = self._commit_run()
        with self._process() as first, self._process() as second:
            executor = second["collection.executor"]
            held = self._claim(second, run_id)
            first["collection.case"].browse(held.case_id.ids).try_lock_for_update()
            with patch.object(type(executor), "_checkpoint") as checkpoint:
                executor._execute_claims(SQL("run_id = %s", run_id))
            # Those inside a chunk tell the scheduler nothing.
            told = [call.args for call in checkpoint.mock_calls if call.args]
            self.assertEqual(told, [(0,)])

    def test_what_another_process_has_committed_meanwhile_is_read_anew(self):
        run_id = self._commit_run()
        with self._process() as first, self._process() as second:
            actions = self._claim(second, run_id)
            theirs = first["collection.action"].browse(actions.ids)
            kept = first["collection.executor"]._keep_free_debtors(theirs)
            self.assertEqual(kept, theirs)
            first.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                second["collection.executor"]._execute_chunk(actions, actions.company_id)

    def test_run_that_two_processes_end_at_once_did_not_fail(self):
        self._overdue_invoice(6)
        run = self.root["collection.run"].create({"company_id": self.company.id})
        run.action_propose()
        executor = type(self.root["collection.executor"])
        genuine, conflicts = executor._commit, [psycopg2.errors.SerializationFailure()]

        def commit(service):
            if conflicts and run.state == "done":
                raise conflicts.pop()
            return genuine(service)

        def repeat(_executor, work):
            # As outside of tests: what was written is taken back before it begins again.
            try:
                with self.env.cr.savepoint():
                    return work()
            except psycopg2.OperationalError:
                self.env.invalidate_all()
                return work()

        run._apply_event("start")
        with (
            patch.object(executor, "_commit", commit),
            patch.object(executor, "_execute_run", return_value=0),
            patch.object(executor, "_repeat_on_conflict", repeat),
        ):
            self.root["collection.executor"]._cron_send()
        self.assertFalse(conflicts)
        self.assertEqual((run.state, run.error), ("done", False))

    def test_contacts_that_another_process_took_up_do_not_fail_the_run(self):
        self._overdue_invoice(6)
        run = self.root["collection.run"].create({"company_id": self.company.id})
        run.action_propose()
        executor = type(self.root["collection.executor"])
        genuine, conflicts = executor._claim_chunk, [psycopg2.errors.SerializationFailure()]

        def claim(service, *arguments):
            if conflicts:
                raise conflicts.pop()
            return genuine(service, *arguments)

        def repeat(_executor, work):
            try:
                return work()
            except psycopg2.OperationalError:
                return work()

        run.action_ids._apply_event("confirm")
        run._apply_event("start")
        with (
            self._mail_server() as sink,
            patch.object(executor, "_claim_chunk", claim),
            patch.object(executor, "_repeat_on_conflict", repeat),
        ):
            self.root["collection.executor"]._cron_send()
        self.assertFalse(conflicts)
        self.assertEqual((run.state, len(sink.messages)), ("done", 1))

    def test_run_that_others_get_in_the_way_of_goes_on_later(self):
        run = self.root["collection.run"].create({"company_id": self.company.id})
        run.action_propose()
        run._apply_event("start")
        executor = type(self.root["collection.executor"])
        conflict = psycopg2.errors.SerializationFailure()
        with (
            patch.object(executor, "_execute_run", side_effect=conflict),
            patch.object(executor, "_wake_sender") as wake,
        ):
            self.root["collection.executor"]._cron_send()
        self.assertEqual((run.state, run.error), ("running", False))
        wake.assert_called()

    def test_what_has_left_is_decided_on_though_somebody_gets_in_the_way(self):
        invoice = self._overdue_invoice(6)
        run = self.root["collection.run"].create({"company_id": self.company.id})
        run.action_propose()
        executor = type(self.root["collection.executor"])
        decision = type(self.root["collection.decision"])
        genuine, conflicts = decision._decide, [psycopg2.errors.SerializationFailure()]

        def decide(service, *arguments, **options):
            if conflicts and run.action_ids.state == "sent":
                raise conflicts.pop()
            return genuine(service, *arguments, **options)

        def repeat(_executor, work):
            # As outside of tests, which do not begin again.
            try:
                return work()
            except psycopg2.OperationalError:
                return work()

        with (
            self._mail_server() as sink,
            patch.object(decision, "_decide", decide),
            patch.object(executor, "_repeat_on_conflict", repeat),
        ):
            run.action_send()
        self.assertFalse(conflicts)
        self.assertEqual(len(sink.messages), 1)
        self.assertEqual(self._item(invoice).verdict, "too_soon")

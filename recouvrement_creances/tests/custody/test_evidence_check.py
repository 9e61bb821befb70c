import subprocess
import tracemalloc
from collections import Counter

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CustodyCommon


@tagged("post_install", "-at_install")
class TestEvidenceCheck(CustodyCommon):
    """The check says which record of which case does not fit, and why."""

    def setUp(self):
        super().setUp()
        self._overdue_invoice(6, amount=1000)
        with self._mail_server():
            self._run()
        self.case = self._case()
        self.posted = self._attach(self.case)
        self.evidence = self.case.evidence_ids.sorted("position")
        self.check = self.root["collection.evidence.check"]

    def _breaks(self):
        found = list(self.check._walk(self.company))
        return [(one["position"], one["case"], one["kind"]) for one in found]

    def test_whole_chain_counts_what_it_saw(self):
        counts = Counter()
        self.assertFalse(list(self.check._walk(self.company, counts)))
        self.assertEqual((counts["records"], counts["files"], counts["erased"]), (3, 1, 0))

    def test_company_without_evidence_is_in_order(self):
        other = self.setup_other_company()["company"]
        self.assertFalse(self.check._check(other).is_alarm)

    def test_each_kind_of_change_is_named_for_what_it_is(self):
        first, second, third = self.evidence
        other = self.root["ir.attachment"].create({"name": "letter.pdf", "raw": b"forged"})
        update = "UPDATE collection_evidence SET "
        for query, arguments, expected in (
            (f"{update}payload = payload || ' ' WHERE id = %s", [second.id], "payload_hash"),
            (f"{update}previous_hash = 'x' WHERE id = %s", [second.id], "previous_hash"),
            (f"{update}content_hash = 'x' WHERE id = %s", [second.id], "content_hash"),
            (f"{update}author = 'x' WHERE id = %s", [second.id], "shown"),
            ("DELETE FROM collection_evidence WHERE id = %s", [first.id], "gap"),
        ):
            with self.subTest(query=query), self.env.cr.savepoint() as savepoint:
                self._tamper(query, *arguments)
                self.assertIn((2, self.case.name, expected), self._breaks())
                savepoint.rollback()
                self.env.invalidate_all()
        for query, arguments, expected in (
            (
                "UPDATE ir_attachment SET store_fname = %s, db_datas = %s WHERE id = %s",
                [other.store_fname, other.db_datas or None, third.attachment_ids.id],
                "file",
            ),
            (
                "UPDATE ir_attachment SET store_fname = 'ab/missing', db_datas = NULL "
                "WHERE id = %s",
                [third.attachment_ids.id],
                "file",
            ),
        ):
            with self.subTest(query=query), self.env.cr.savepoint() as savepoint:
                self._tamper(query, *arguments)
                self.assertEqual(self._breaks(), [(3, self.case.name, expected)])
                savepoint.rollback()
                self.env.invalidate_all()
        with self.env.cr.savepoint() as savepoint:
            self._tamper("DELETE FROM collection_evidence WHERE id = %s", third.id)
            self.assertEqual(self._breaks(), [(2, self.case.name, "end")])
            savepoint.rollback()

    def test_one_change_is_named_once_and_the_walk_goes_on(self):
        self._tamper(
            "UPDATE collection_evidence SET author = 'x' WHERE id IN %s",
            (self.evidence[0].id, self.evidence[2].id),
        )
        self.assertEqual([(row[0], row[2]) for row in self._breaks()], [(1, "shown"), (3, "shown")])

    def test_change_made_in_the_past_with_all_seals_recomputed_leaves_another_end(self):
        """Whoever recomputes everything changes the last seal, which exports have carried out."""
        before = self.evidence[-1].content_hash
        chain, previous = self.root["collection.evidence.chain"], ""
        for evidence in self.evidence:
            payload = evidence.payload.replace("1000", "10")
            payload_hash = chain._hash_payload(payload)
            seal = chain._seal(previous, payload_hash)
            self._tamper(
                "UPDATE collection_evidence SET payload = %s, payload_hash = %s, "
                "previous_hash = %s, content_hash = %s WHERE id = %s",
                payload,
                payload_hash,
                previous,
                seal,
                evidence.id,
            )
            previous = seal
        self.assertNotEqual(previous, before)
        self.assertIn("end", [row[2] for row in self._breaks()])

    # === BUTTON AND SCHEDULED CHECK === #

    def test_manager_gets_the_result_and_the_log_keeps_it(self):
        manager = self.personas["manager"]
        checks = self.check.with_user(manager).with_context(allowed_company_ids=self.company.ids)
        action = checks._check_by_hand(self.company)
        log = self.root[action["res_model"]].browse(action["res_id"]).with_user(manager)
        self.assertEqual((log.author, log.is_alarm), (manager.name, False))
        self.assertIn("3 records, 1 files", log.result)
        self._tamper(
            "UPDATE collection_evidence SET author = 'x' WHERE id = %s", self.evidence[1].id
        )
        action = checks._check_by_hand(self.company)
        log = self.root[action["res_model"]].browse(action["res_id"])
        self.assertTrue(log.is_alarm)
        self.assertIn(f"Record 2 (id {self.evidence[1].id}, case {self.case.name})", log.detail)
        self.assertIn("“author”", log.detail)

    def test_others_do_not_check(self):
        for name in ("reader", "collector", "accountant", "finance_director"):
            with self.subTest(role=name), self.assertRaises(AccessError):
                self.check.with_user(self.personas[name])._check_by_hand(self.company)

    def test_weekly_check_leaves_one_task_for_a_manager_when_it_is_broken(self):
        cron = self.root.ref("recouvrement_creances.ir_cron_check_evidence")
        task = self.root.ref("recouvrement_creances.mail_activity_type_evidence")
        tasks = [("activity_type_id", "=", task.id)]
        cron.ir_actions_server_id.run()
        self.assertFalse(self.root["mail.activity"].search(tasks))
        self._tamper(
            "UPDATE collection_evidence SET author = 'x' WHERE id = %s", self.evidence[1].id
        )
        for _week in range(2):
            cron.ir_actions_server_id.run()
        activity = self.root["mail.activity"].search(tasks)
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.personas["manager"])
        self.assertEqual(activity.res_model, "collection.custody.log")
        self.assertTrue(self.root["collection.custody.log"].browse(activity.res_id).is_alarm)

    def test_log_is_neither_changed_nor_deleted(self):
        log = self.check._check(self.company)
        self.env.flush_all()
        for record in (log, log.with_user(self.env.ref("base.user_admin"))):
            with self.assertRaises(UserError):
                record.write({"result": "x"})
            with self.assertRaises(UserError):
                record.unlink()
        for query in (
            "UPDATE collection_custody_log SET is_alarm = TRUE WHERE id = %s",
            "DELETE FROM collection_custody_log WHERE id = %s",
        ):
            with (
                self.subTest(query=query),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(Exception, "neither changed nor deleted"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, [log.id])

    # === MEMORY === #

    def test_memory_does_not_grow_with_the_chain(self):
        """2500 records take no more than 500, within a tolerance."""

        def peak_of_walk():
            self.env.flush_all()
            self.env.invalidate_all()
            tracemalloc.start()
            self.assertFalse(list(self.check._walk(self.company)))
            _now, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            return peak

        action = self.case.action_ids.sorted("id")[0]
        notes = self.root["collection.evidence"]
        for _turn in range(5):
            notes._note(action.concat(*[action] * 99), "failed", {"reason": "x" * 500})
        peak_of_walk()  # what is loaded once and for all
        small = peak_of_walk()
        for _turn in range(20):
            notes._note(action.concat(*[action] * 99), "failed", {"reason": "x" * 500})
        self.assertLess(peak_of_walk(), small * 1.5)

    # === COMMAND LINE === #

    def test_command_is_found_by_odoo(self):
        from odoo.cli.command import find_command

        command = find_command("collection_check")
        self.assertEqual(command.name, "collection_check")
        self.assertIn("-d DATABASE", command.run.__doc__)

    def test_standard_tools_compute_a_seal(self):
        record = self.evidence[1]
        for text, expected in (
            (record.payload, record.payload_hash),
            (f"{record.previous_hash}\n{record.payload_hash}", record.content_hash),
        ):
            result = subprocess.run(
                ["sha256sum"], input=text.encode(), capture_output=True, check=True
            )
            self.assertEqual(result.stdout.split()[0].decode(), expected)

import json

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestEvidence(CollectionCommon):
    """What was said to a debtor stays as it was said, whoever wants it otherwise."""

    def setUp(self):
        super().setUp()
        self.invoice = self._overdue_invoice(6, amount=1000)
        with self._mail_server():
            self._run()
        self.case = self._case()
        self.evidence = self.case.evidence_ids.sorted("position")
        self.prepared = self.evidence.filtered(lambda evidence: evidence.kind == "prepared")

    def _attach(self):
        """Return a file that belongs to a new record of evidence, and that record."""
        file = self.root["ir.attachment"].create({"name": "letter.pdf", "raw": b"as sent"})
        action = self.case.action_ids
        evidence = self.root["collection.evidence"]._note(
            action, "posted", {"subject": "Letter"}, attachments={action: file}
        )
        return file, evidence

    # === CONTENT === #

    def test_sending_leaves_what_was_said_and_what_became_of_it(self):
        self.assertEqual(self.evidence.mapped("kind"), ["prepared", "sent"])
        facts = json.loads(self.prepared.payload)["facts"]
        self.assertEqual(facts["recipient"], "a@debtor.example")
        (item,) = facts["items"]
        self.assertEqual((item["number"], item["claimed"]), (self.invoice.name, 1000))
        self.assertEqual(facts["totals"][self.invoice.currency_id.name]["overdue"], 1000)
        sent = self.evidence - self.prepared
        self.assertEqual(sent.transport_reference, self.case.action_ids.mail_id.message_id)

    def test_what_was_sent_stays_when_everything_else_changes(self):
        payload, subject, body = (
            self.prepared.payload,
            self.prepared.subject,
            str(self.prepared.body),
        )
        name = self.partner_a.name
        self.assertIn(name, body)
        self.partner_a.write({"name": "Renamed", "email": "new@debtor.example"})
        self.template.write({"subject": "Something else", "body_html": "<p>Nothing.</p>"})
        self.policy.level_ids[0].name = "Renamed level"
        self._pay(self.invoice, 400)
        self.prepared.invalidate_recordset()
        self.assertEqual(self.prepared.payload, payload)
        self.assertEqual((self.prepared.subject, str(self.prepared.body)), (subject, body))
        self.assertEqual(self.prepared.recipient, "a@debtor.example")
        self.assertIn(name, self.prepared.payload)

    # === REFUSED BY THE ORM === #

    def test_nobody_changes_evidence_not_even_the_superuser(self):
        admin = self.env.ref("base.user_admin")
        for record in (self.prepared, self.prepared.with_user(admin), self.prepared.sudo()):
            for values in ({"subject": "x"}, {"payload": "{}"}, {"attachment_ids": [(5,)]}, {}):
                name = record.env.user.login
                with self.subTest(user=name, values=values), self.assertRaises(UserError):
                    record.write(values)

    def test_nobody_deletes_evidence_not_even_the_superuser(self):
        admin = self.env.ref("base.user_admin")
        for record in (self.prepared, self.prepared.with_user(admin), self.prepared.sudo()):
            with self.subTest(user=record.env.user.login), self.assertRaises(UserError):
                record.unlink()

    def test_evidence_keeps_its_case_and_contact(self):
        for record in (self.case, self.case.action_ids):
            with self.subTest(model=record._name), self.assertRaises(UserError):
                record.unlink()

    # === REFUSED BY THE DATABASE === #

    def test_database_refuses_change_deletion_and_truncation(self):
        self.env.flush_all()
        for query in (
            "UPDATE collection_evidence SET subject = 'x' WHERE id = %s",
            "UPDATE collection_evidence SET position = position + 100 WHERE id <> %s",
            "DELETE FROM collection_evidence WHERE id = %s",
            "TRUNCATE collection_evidence CASCADE",
            "DELETE FROM collection_action WHERE id IN "
            "(SELECT action_id FROM collection_evidence WHERE id = %s)",
            "DELETE FROM collection_case WHERE id IN "
            "(SELECT case_id FROM collection_evidence WHERE id = %s)",
        ):
            with (
                self.subTest(query=query),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.Error),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, [self.prepared.id] if "%s" in query else None)

    # === FILES === #

    def test_file_of_evidence_is_neither_changed_nor_deleted(self):
        file, _evidence = self._attach()
        for values in (
            {"raw": b"changed"},
            {"datas": b"Y2hhbmdlZA=="},
            {"db_datas": b"changed"},
            {"store_fname": "elsewhere"},
            {"name": "other.pdf"},
            {"res_id": 1},
            {"res_model": "res.partner"},
            {"type": "url", "url": "https://elsewhere.example"},
            {"url": "https://elsewhere.example"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                file.write(values)
        with self.assertRaises(UserError):
            file.unlink()
        self.assertEqual(file.raw, b"as sent")

    def test_database_keeps_the_files_of_evidence(self):
        file, evidence = self._attach()
        self.env.flush_all()
        link = "collection_evidence_ir_attachment_rel"
        for query, value in (
            (f"DELETE FROM {link} WHERE collection_evidence_id = %s", evidence.id),
            (f"UPDATE {link} SET ir_attachment_id = ir_attachment_id + 1 WHERE TRUE OR %s", True),
            (f"TRUNCATE {link}", None),
            ("DELETE FROM ir_attachment WHERE id = %s", file.id),
        ):
            with (
                self.subTest(query=query),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.Error),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, [value] if "%s" in query else None)

    def test_file_whose_link_was_cut_by_the_owner_of_the_database_is_missed(self):
        _file, evidence = self._attach()
        link = "collection_evidence_ir_attachment_rel"
        self.env.flush_all()
        self.env.cr.execute(f"ALTER TABLE {link} DISABLE TRIGGER USER")
        self.env.cr.execute(f"DELETE FROM {link} WHERE collection_evidence_id = %s", [evidence.id])
        self.env.cr.execute(f"ALTER TABLE {link} ENABLE TRIGGER USER")
        self.env.invalidate_all()
        self.assertEqual(self.root["collection.evidence"]._find_break(self.company), evidence)

    def test_other_files_stay_free(self):
        file = self.root["ir.attachment"].create({"name": "note.txt", "raw": b"note"})
        file.write({"raw": b"changed", "name": "other.txt"})
        file.unlink()

    def test_invoice_whose_copy_was_sent_goes_back_to_draft(self):
        step = self._make_policy([(5, "email")], confirm=False).level_ids.step_ids
        step.attach_invoices = True
        step.level_id.policy_id.with_user(self.personas["manager"]).action_confirm()
        invoice = self._overdue_invoice(6, partner=self.partner_b)
        invoice.sudo().collection_policy_id = step.level_id.policy_id
        self.root["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": b"%PDF-1.4 legal",
                "res_model": "account.move",
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
                "mimetype": "application/pdf",
            }
        )
        invoice.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])
        with self._mail_server() as sink:
            self._run()
        (file,) = sink.to("b@debtor.example")[0].iter_attachments()
        self.assertEqual(file.get_content(), b"%PDF-1.4 legal")
        invoice.button_draft()
        self.assertEqual(invoice.state, "draft")
        files = self._case(self.partner_b).evidence_ids.attachment_ids
        self.assertEqual(files.mapped("raw"), [b"%PDF-1.4 legal"])

    # === CHAIN === #

    def _tamper(self, query, *arguments):
        """Change evidence the way only the owner of the database can."""
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE collection_evidence DISABLE TRIGGER USER")
        self.env.cr.execute(query, arguments)
        self.env.cr.execute("ALTER TABLE collection_evidence ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def _find_break(self):
        return self.root["collection.evidence"]._find_break(self.company)

    def test_chain_holds_over_many_records(self):
        self._overdue_invoice(6, partner=self.partner_b)
        with self._mail_server(), self.on(1):
            self._run()
        self.assertFalse(self._find_break())
        positions = self.root["collection.evidence"].search(
            [("company_id", "=", self.company.id)], order="position"
        )
        self.assertEqual(positions.mapped("position"), [1, 2, 3, 4])

    def test_changed_content_is_named(self):
        self._tamper(
            "UPDATE collection_evidence SET payload = replace(payload, '1000', '10') WHERE id = %s",
            self.prepared.id,
        )
        self.assertEqual(self._find_break(), self.prepared)

    def test_changed_column_is_named_although_the_content_is_whole(self):
        for column in ("subject", "body", "recipient", "author", "transport_reference"):
            with self.subTest(column=column), self.env.cr.savepoint() as savepoint:
                self._tamper(
                    f"UPDATE collection_evidence SET {column} = 'forged' WHERE id = %s",
                    self.prepared.id,
                )
                self.assertEqual(self._find_break(), self.prepared)
                savepoint.rollback()
        with self.env.cr.savepoint() as savepoint:
            self._tamper(
                "UPDATE collection_evidence SET kind = 'acknowledged' WHERE id = %s",
                self.prepared.id,
            )
            self.assertEqual(self._find_break(), self.prepared)
            savepoint.rollback()

    def test_recomputed_hash_of_one_record_breaks_at_the_next(self):
        chain = self.root["collection.evidence.chain"]
        forged = self.prepared.payload.replace("1000", "10")
        payload_hash = chain._hash_payload(forged)
        self._tamper(
            "UPDATE collection_evidence SET payload = %s, payload_hash = %s, content_hash = %s "
            "WHERE id = %s",
            forged,
            payload_hash,
            chain._seal("", payload_hash),
            self.prepared.id,
        )
        self.assertTrue(self._find_break())

    def test_record_taken_out_of_the_middle_is_noticed(self):
        self._tamper("DELETE FROM collection_evidence WHERE id = %s", self.prepared.id)
        self.assertEqual(self._find_break(), self.evidence - self.prepared)

    def test_records_taken_off_the_end_are_noticed(self):
        last = self.evidence[-1]
        self._tamper("DELETE FROM collection_evidence WHERE id = %s", last.id)
        self.assertEqual(self._find_break(), self.prepared)

    def test_next_record_goes_on_with_the_chain(self):
        self._tamper(
            "UPDATE collection_evidence SET content_hash = 'forged' WHERE id = %s",
            self.prepared.id,
        )
        action = self.case.action_ids
        self.root["collection.evidence"]._note(action, "failed", {"reason": "later"})
        self.assertEqual(self._find_break(), self.prepared)

    def test_changed_file_breaks_the_chain(self):
        file, evidence = self._attach()
        other = self.root["ir.attachment"].create({"name": "forged.pdf", "raw": b"forged"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = %s, db_datas = %s, checksum = %s WHERE id = %s",
            [other.store_fname, other.db_datas or None, other.checksum, file.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._find_break(), evidence)

    def test_author_is_the_person_who_acted(self):
        action = self.case.action_ids.with_user(self.collector)
        evidence = action.env["collection.evidence"]._note(action, "outcome", {"note": TODAY})
        self.assertEqual(evidence.author, self.collector.name)
        self.assertEqual(json.loads(evidence.payload)["facts"]["note"], str(TODAY))

import base64
import io
import json
import zipfile

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import CustodyCommon


@tagged("post_install", "-at_install")
class TestPersonExport(CustodyCommon, HttpCase):
    """A person gets to read what is held about him, and nothing of anybody else."""

    def setUp(self):
        super().setUp()
        self.manager = self.personas["manager"]
        self.person = self._debtor(
            "Jeanne Petit", is_company=False, phone="+33 6 11 22 33 44", street="1 rue Basse"
        )
        self.contact = self.root["res.partner"].create(
            {
                "name": "Paul Martin",
                "parent_id": self.person.id,
                "type": "other",
                "email": "paul@elsewhere.example",
                "phone": "+33 6 99 88 77 66",
            }
        )
        self._overdue_invoice(6, partner=self.person)
        self._overdue_invoice(6, partner=self.partner_b)
        with self._mail_server():
            self._run()
        self.case = self._case(self.person)
        self._log_call(
            self.case, "Her friend Paul Martin (paul@elsewhere.example, 0699887766) answered."
        )
        self._hold(self.case, note="Waits for her salary", date_end="2026-04-01")
        said = "She will call again."
        self.case.with_user(self.collector).message_post(body=said)
        self._attach(self.case)

    def _export(self, partner=None, user=None):
        exports = self.root["collection.person.export"].with_user(user or self.manager)
        exports = exports.with_context(allowed_company_ids=self.company.ids)
        file, _name = exports._export((partner or self.person).with_env(exports.env))
        with file:
            return zipfile.ZipFile(io.BytesIO(file.read()))

    def _texts(self, archive):
        return "\n".join(
            archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith((".json", ".html"))
        )

    def test_answer_holds_what_is_kept_about_the_person(self):
        archive = self._export()
        content = json.loads(archive.read("data.json"))
        self.assertEqual(content["person"]["email"], self.person.email)
        (case,) = content["cases"]
        self.assertEqual(case["reference"], self.case.name)
        self.assertEqual(len(case["invoices"]), 1)
        self.assertEqual(case["holds"][0]["note"], "Waits for her salary")
        self.assertEqual(len(case["evidence"]), len(self.case.evidence_ids))
        self.assertIn("She will call again.", [row["text"] for row in case["messages"]])
        self.assertTrue([name for name in archive.namelist() if name.startswith("documents/")])

    def _note_claims(self):
        """Note an acknowledgement, a judgement and a waiver on the person's case."""
        item = self.case.open_item_ids[:1]
        files = self.root["ir.attachment"].create(
            [{"name": name, "raw": name.encode()} for name in ("owned.pdf", "court.pdf")]
        )
        self.root["collection.limitation.event"]._note(
            self.case,
            item,
            "acknowledgement",
            item.due_date,
            by_debtor=True,
            attachment_ids=files[0],
            note="Signed in front of Paul Martin",
        )
        self.root["collection.judgement"].create(
            {
                "name": "TJ Lyon 26/00123",
                "case_id": self.case.id,
                "item_ids": [Command.set(item.ids)],
                "date": item.due_date,
                "attachment_ids": [Command.set(files[1].ids)],
            }
        )
        reason = self.root.ref("recouvrement_creances.collection_reason_waiver_gesture")
        self.root["collection.waiver"].with_user(self.personas["accountant"]).create(
            {
                "case_id": self.case.id,
                "item_ids": [Command.set(item.ids)],
                "reason_id": reason.id,
                "share": "amount",
                "amount": 10.0,
                "means": "write_off",
                "note": "Lost her work",
            }
        )

    def test_answer_holds_judgements_events_and_waivers(self):
        self._note_claims()
        archive = self._export()
        (case,) = json.loads(archive.read("data.json"))["cases"]
        self.assertEqual(case["judgements"][0]["reference"], "TJ Lyon 26/00123")
        self.assertEqual(case["limitation_events"][0]["note"], "Signed in front of [third party]")
        self.assertEqual(case["waivers"][0]["why"], "Lost her work")
        page = archive.read("what-we-hold-about-you.html").decode()
        for text in ("TJ Lyon 26/00123", "owned.pdf", "Lost her work"):
            self.assertIn(text, page)
        names = " ".join(archive.namelist())
        self.assertIn("owned.pdf", names)
        self.assertIn("court.pdf", names)

    def test_answer_tells_of_the_consent_to_electronic_letters(self):
        self.person.write(
            {
                "collection_electronic_consent_proof": base64.b64encode(b"signed"),
                "collection_electronic_consent_on": "2026-01-08",
            }
        )
        content = json.loads(self._export().read("data.json"))
        self.assertEqual(content["person"]["agreed_to_electronic_letters"], "2026-01-08")

    def test_page_says_the_same_to_read(self):
        archive = self._export()
        page = archive.read("what-we-hold-about-you.html").decode()
        for text in (self.case.name, "Waits for her salary", "She will call again.", "article 15"):
            self.assertIn(text, page)

    def test_third_parties_are_left_out(self):
        texts = self._texts(self._export())
        for other in (
            "Paul Martin",
            "paul@elsewhere.example",
            "0699887766",
            "+33 6 99 88 77 66",
            self.collector.name,
            self.partner_b.name,
            "b@debtor.example",
        ):
            with self.subTest(other=other):
                self.assertNotIn(other, texts)
        self.assertIn("[third party]", texts)

    def test_third_parties_who_were_archived_or_stand_deeper_are_left_out(self):
        deeper = self.root["res.partner"].create(
            {
                "name": "Lucie Renaud",
                "parent_id": self.contact.id,
                "phone": "+33 6 55 44 33 22",
            }
        )
        self.root["collection.hold"].search([("case_id", "=", self.case.id)])[
            :1
        ].note = "Lucie Renaud (0655443322), Paul Martin and Camille Ancien know of it."
        former = new_test_user(
            self.root, login="former", groups="base.group_user", name="Camille Ancien"
        )
        self.root["mail.message"].create(
            {
                "model": "collection.case",
                "res_id": self.case.id,
                "body": "Camille Ancien called.",
                "author_id": former.partner_id.id,
                "message_type": "comment",
            }
        )
        former.active = False
        (deeper | self.contact).active = False
        texts = self._texts(self._export())
        self.assertIn("know of it", texts)
        for other in ("Lucie Renaud", "0655443322", "Paul Martin", "Camille Ancien"):
            with self.subTest(other=other):
                self.assertNotIn(other, texts)

    def test_contact_of_a_debtor_reads_only_what_was_said_to_that_person(self):
        archive = self._export(self.contact)
        (case,) = json.loads(archive.read("data.json"))["cases"]
        self.assertNotIn("invoices", case)
        self.assertNotIn("holds", case)
        self.assertFalse(case["contacts"] or case["evidence"])
        self.assertFalse([name for name in archive.namelist() if name.startswith("documents/")])

    def test_person_without_a_case_gets_an_answer_too(self):
        archive = self._export(self._debtor("Nobody Known", is_company=False))
        self.assertEqual(json.loads(archive.read("data.json"))["cases"], [])
        self.assertIn("No collection case is kept about you", self._texts(archive))

    def test_answer_is_logged(self):
        self._export()
        log = self._logs("access")
        self.assertEqual((log.author, log.company_id), (self.manager.name, self.company))
        self.assertIn("Jeanne Petit", log.about)
        self.assertEqual(len(log.file_hash), 64)

    def test_only_managers_answer(self):
        for name in ("reader", "collector", "accountant", "finance_director", "invoicing"):
            user = self.personas[name]
            with self.subTest(role=name):
                with self.assertRaises(AccessError):
                    self.person.with_user(user).action_export_collection_access()
                with self.assertRaises(AccessError):
                    self._export(user=user)

    def test_button_downloads_over_http(self):
        action = self.person.with_user(self.manager).action_export_collection_access()
        self.authenticate(self.manager.login, self.manager.login)
        answer = self.url_open(action["url"])
        self.assertEqual(answer.status_code, 200)
        self.assertIn("data.json", zipfile.ZipFile(io.BytesIO(answer.content)).namelist())

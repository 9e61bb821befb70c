import re
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged

from ..common import TODAY
from .common import PortalCommon
from .test_portal_attack import NASTY

PDF = b"%PDF-1.4\n%%EOF\n"
SCRIPTS = ("<script>alert", "<img src=x", "<svg onload")


@tagged("post_install", "-at_install")
class TestPortalDispute(PortalCommon):
    """A debtor disputes an invoice or says that it has paid, with files."""

    def setUp(self):
        super().setUp()
        self._open()

    def _dispute(self, files=None, **data):
        category = self.root["collection.dispute.category"]._get_of_kind("quality")
        values = {
            "item": self._item_ids(self.invoice),
            "category": category.id,
            "description": "Two boxes were broken",
            **data,
        }
        response = self._post("/dispute", values, files)
        self.env.invalidate_all()
        return response

    def _disputes(self):
        return self.root["collection.dispute"].search([("case_id", "=", self.case.id)])

    def test_debtor_disputes_a_part_with_a_file(self):
        files = [("file", ("../broken box.pdf", PDF, "text/html"))]
        response = self._dispute(files, amount="250")
        self.assertIn('role="status"', response.text)
        dispute = self._disputes()
        self.assertRecordValues(
            dispute,
            [
                {
                    "how": "portal",
                    "description": "Two boxes were broken",
                    "raised_by_id": self.partner_a.id,
                    "amount": 250,
                }
            ],
        )
        file = self.root["ir.attachment"].search(
            [("res_model", "=", "collection.dispute"), ("res_id", "=", dispute.id)]
        )
        self.assertRecordValues(
            file, [{"name": "broken box.pdf", "mimetype": "application/pdf", "raw": PDF}]
        )
        self.assertIn("250.00", self._get().text)
        self.assertEqual(dispute.document_ids, file)

    def test_all_files_arrive_where_the_request_begins_again(self):
        refused = []

        def conflict_once(this, *args, **kwargs):
            if not refused:
                refused.append(this)
                raise ConcurrencyError("Somebody else was faster")
            return original(this, *args, **kwargs)

        disputes = self.registry["collection.dispute"]
        original = disputes._open
        files = [("file", (f"box {number}.pdf", PDF)) for number in range(3)]
        with patch.object(disputes, "_open", conflict_once), patch("time.sleep"):
            self._dispute(files)
        self.assertTrue(refused)
        self.assertEqual(self._disputes().document_ids.mapped("raw"), [PDF] * 3)

    def test_debtor_sees_and_downloads_what_he_handed_in_with_the_dispute(self):
        self._dispute([("file", ("broken box.pdf", PDF))])
        dispute = self._disputes()
        path = f"/dispute/{dispute.id}/file/{dispute.document_ids.id}"
        page = self._get("/dispute").text
        self.assertIn("broken box.pdf", page)
        self.assertIn(f"{self.base}{path}", page)
        self.assertEqual(self._get(path).content, PDF)
        other_base = f"/my/collection/{self.other_case.id}"
        self._open(self.other_case)
        self.assertNotEqual(self.url_open(f"{other_base}{path}").content, PDF)
        self.assertEqual(self._attempts()[:1].event, "foreign")

    def test_what_is_disputed_as_a_whole_is_neither_ticked_nor_disputed_again(self):
        self._dispute()
        tick = r'<input[^>]*name="item"[^>]*value="%s"[^>]*>'
        item, other = self._item(self.invoice).id, self._item(self.recent).id
        for path in ("/promise", "/schedule", "/pay"):
            with self.subTest(path=path):
                page = self._get(path).text
                self.assertNotIn("checked=", re.search(tick % item, page)[0])
                self.assertIn("checked=", re.search(tick % other, page)[0])
        self.assertIn("of which disputed", self._get().text)
        page = self._get("/dispute").text
        self.assertFalse(re.search(tick % item, page))
        self.assertTrue(re.search(tick % other, page))

    def test_file_that_a_colleague_joined_stays_inside(self):
        file = self.root["ir.attachment"].create(
            {"name": "our view.pdf", "raw": PDF, "mimetype": "application/pdf"}
        )
        category = self.root["collection.dispute.category"]._get_of_kind("quality")
        dispute = self.root["collection.dispute"]._open(
            self.case, [(self._item(self.invoice), 0)], category, "By phone", file, how="call"
        )
        self.assertEqual(dispute.document_ids, file)
        self.assertNotIn("our view.pdf", self._get("/dispute").text)
        path = f"/dispute/{dispute.id}/file/{file.id}"
        self.assertEqual(self._get(path).status_code, 403)

    def test_files_that_are_not_taken(self):
        for name, content, message in (
            ("page.pdf", b"<html><script>alert(1)</script>", "is not taken"),
            ("macro.docm", b"PK\x03\x04", "is not taken"),
            ("drawing.svg", b"<svg onload='alert(1)'/>", "is not taken"),
            ("large.pdf", PDF + b"x" * (10 * 1024 * 1024), "too large"),
        ):
            with self.subTest(name=name):
                response = self._dispute([("file", (name, content))])
                self.assertEqual(response.status_code, 200)
                self.assertIn(message, response.text)
                self.assertFalse(self._disputes())
                self.assertEqual(self._attempts()[:1].event, "invalid")
        files = [("file", (f"{number}.pdf", PDF)) for number in range(6)]
        self.assertIn("5 files at most", self._dispute(files).text)
        self.assertFalse(
            self.root["ir.attachment"].search(
                [("res_model", "=", "collection.case"), ("res_id", "=", self.case.id)]
            )
        )

    def test_wrong_disputes_are_explained(self):
        for data in (
            {"description": ""},
            {"category": ""},
            {"category": "99999999"},
            {"category": "1 OR 1=1"},
            {"amount": "5000"},
            {"item": self._item_ids(self.invoice, self.recent), "amount": "10"},
        ):
            with self.subTest(data=data):
                response = self._dispute(**data)
                self.assertEqual(response.status_code, 200)
                self.assertIn('role="alert"', response.text)
                self.assertFalse(self._disputes())

    def test_mistake_in_a_message_is_shown_on_a_page_that_has_other_languages(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self._dispute()
        response = self._post(f"/dispute/{self._disputes().id}", {"message": ""}, source="/dispute")
        self.assertIn('role="alert"', response.text)
        # The address of the form itself takes forms only.
        self.assertIn(f'href="/fr{self.base}/dispute"', response.text)
        self.assertEqual(self.url_open(f"/fr{self.base}/dispute").status_code, 200)

    def test_texts_of_a_dispute_are_shown_as_text(self):
        for text in NASTY:
            response = self._dispute(description=text, amount="1")
            for part in SCRIPTS:
                self.assertNotIn(part, response.text)
        dispute = self._disputes()[:1]
        for text in NASTY:
            response = self._post(f"/dispute/{dispute.id}", {"message": text}, source="/dispute")
            for part in SCRIPTS:
                self.assertNotIn(part, response.text)

    def test_debtor_and_owner_write_to_each_other(self):
        self._dispute()
        dispute = self._disputes()
        note, question = "He always says so", "Send us a picture please"
        dispute.message_post(body=note, subtype_xmlid="mail.mt_note")
        dispute.message_post(
            body=question,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        text = self._get("/dispute").text
        self.assertIn("Send us a picture please", text)
        self.assertNotIn("He always says so", text)
        self._post(f"/dispute/{dispute.id}", {"message": "Here it is"}, source="/dispute")
        self.env.invalidate_all()
        message = dispute.message_ids[:1]
        self.assertIn("Here it is", str(dispute.message_ids.mapped("body")))
        self.assertIn("Here it is", self._get("/dispute").text)
        self.assertTrue(message)

    def test_debtor_downloads_the_files_that_were_sent_to_him(self):
        self._dispute()
        dispute, words = self._disputes(), "See the file"
        for subtype, name in (
            ("mail.mt_comment", "proof of delivery.pdf"),
            ("mail.mt_note", "us.pdf"),
        ):
            dispute.message_post(
                body=words,
                message_type="comment",
                subtype_xmlid=subtype,
                attachments=[(name, PDF)],
            )
        sent, inside = (
            dispute.message_ids.attachment_ids.filtered(lambda file, own=name: file.name == own)
            for name in ("proof of delivery.pdf", "us.pdf")
        )
        page = self._get("/dispute").text
        self.assertIn("proof of delivery.pdf", page)
        self.assertNotIn("us.pdf", page)
        path = f"/dispute/{dispute.id}/file"
        response = self._get(f"{path}/{sent.id}")
        self.assertEqual(response.content, PDF)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        other = self.root["collection.dispute"]._open(
            self.other_case,
            [(self._item(self.other_invoice), 0)],
            dispute.category_id,
            "Of another debtor",
        )
        for file_path in (
            f"{path}/{inside.id}",
            f"/dispute/{other.id}/file/{sent.id}",
            f"{path}/{2**31}",
            f"/dispute/{2**40}/file/{sent.id}",
        ):
            with self.subTest(path=file_path):
                self.assertEqual(self._get(file_path).status_code, 403)
        self.assertEqual(self._attempts()[:1].event, "foreign")

    def test_only_files_with_a_content_of_their_own_are_offered(self):
        self._dispute()
        dispute, words = self._disputes(), "See the files"
        message = dispute.message_post(
            body=words,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[("proof of delivery.pdf", PDF)],
        )
        owner = {"res_model": dispute._name, "res_id": dispute.id}
        others = self.root["ir.attachment"].create(
            [
                {"name": "shared folder", "type": "url", "url": "https://files.example", **owner},
                {"name": "nothing.pdf", "raw": b"", **owner},
            ]
        )
        message.sudo().attachment_ids |= others
        page = self._get("/dispute").text
        self.assertIn("proof of delivery.pdf", page)
        for file in others:
            self.assertNotIn(file.name, page)
            self.assertNotIn(f"/file/{file.id}", page)
        self.assertEqual(dispute._get_conversation_files().mapped("raw"), [PDF])

    def test_disputes_of_another_debtor_are_closed(self):
        category = self.root["collection.dispute.category"]._get_of_kind("other")
        other = self.root["collection.dispute"]._open(
            self.other_case, [(self._item(self.other_invoice), 0)], category, "Secret of another"
        )
        self.assertNotIn("Secret of another", self._get("/dispute").text)
        response = self._post(f"/dispute/{other.id}", {"message": "x"}, source="/dispute")
        self.assertEqual(response.status_code, 403)
        self.assertFalse(other.message_ids.filtered(lambda message: str(message.body) == "x"))

    def test_debtor_says_that_it_has_paid(self):
        response = self._post(
            "/paid",
            {
                "item": self._item_ids(self.invoice),
                "date": (TODAY - timedelta(days=3)).isoformat(),
                "reference": "VIR 42",
            },
            [("file", ("proof.png", b"\x89PNG\r\n\x1a\n", "image/png"))],
        )
        self.assertIn('role="status"', response.text)
        self.env.invalidate_all()
        dispute = self._disputes()
        self.assertEqual(dispute.kind, "already_paid")
        self.assertIn("VIR 42", dispute.description)
        without = {"item": self._item_ids(self.recent), "date": TODAY.isoformat()}
        self.assertIn("Join a proof", self._post("/paid", without).text)
        later = (TODAY + timedelta(days=3)).isoformat()
        response = self._post("/paid", {"item": self._item_ids(self.recent), "date": later})
        self.assertIn('role="alert"', response.text)

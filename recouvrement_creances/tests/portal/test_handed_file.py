import hashlib
import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..litigation.handover_common import HandoverCommon
from .common import CSRF


@tagged("post_install", "-at_install")
class TestHandedFile(HandoverCommon, HttpCase):
    """The lawyer's link: it shows one file, takes an answer, expires, is taken back."""

    def setUp(self):
        super().setUp()
        self.handover = self._transmit()
        self.link = self.handover.link_ids
        self.page = f"/collection/handed/{self.link.id}"

    def _path(self, link):
        """Return what the partner opens, without the server's address."""
        return "/collection/file/" + link._get_url().rpartition("/")[2]

    def _open(self, link=None):
        self.authenticate(None, None)
        return self.url_open(self._path(link or self.link))

    def _answer(self, **data):
        token = CSRF.search(self.url_open(self.page).text)
        return self.url_open(
            f"{self.page}/answer", data={"csrf_token": token[1] if token else "", **data}
        )

    def _last(self):
        self.env.invalidate_all()
        return self.root["collection.portal.attempt"].search([], limit=1)

    def test_the_link_opens_one_file_and_leaves_the_address(self):
        response = self._open()
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.url.endswith(self.page))
        self.assertIn(self.debtor.name, response.text)
        self.assertIn(self.handover.file_hash, response.text)
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(
            (self._last().event, self._last().case_id), ("opened", self.handover.case_id)
        )
        file = self.url_open(f"{self.page}/file.zip")
        self.assertEqual(hashlib.sha256(file.content).hexdigest(), self.handover.file_hash)
        self.assertTrue(self.link.opened_at and self.link.downloaded_at)

    def test_a_refusal_speaks_the_language_of_who_had_the_link(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self.lawyer.lang = "fr_FR"
        self.link._revoke()
        self.assertIn('"lang": "fr_FR"', self._open().text)
        self.lawyer.lang = "en_US"
        self.assertIn('"lang": "en_US"', self._open().text)
        self.authenticate(None, None)
        unknown = self.url_open("/collection/file/abcd", headers={"Accept-Language": "fr"})
        self.assertEqual(unknown.status_code, 403)
        self.assertIn('"lang": "fr_FR"', unknown.text)

    def test_it_shows_that_file_only(self):
        other = self._transmit(
            self._approve(self._request(self._prepare(self._overdue_item(partner=self.partner_b))))
        )
        self._open()
        for path in (
            f"/collection/handed/{other.link_ids.id}",
            f"/collection/handed/{other.link_ids.id}/file.zip",
            f"/my/collection/{self.handover.case_id.id}",
            f"/my/collection/{other.case_id.id}",
        ):
            with self.subTest(path=path):
                self.assertEqual(self.url_open(path).status_code, 403)
        own = self.url_open(f"/recouvrement_creances/handover/{self.handover.id}/file.zip")
        self.assertIn("/web/login", own.url)
        # Nor does the debtor's page open with it, nor this page with the debtor's link.
        token = self.link._get_url().rpartition("/")[2]
        self.assertEqual(self.url_open(f"/c/{token}").status_code, 403)
        debtors = self.handover.case_id._get_portal_access()._get_url().rpartition("/")[2]
        self.assertEqual(self.url_open(f"/collection/file/{debtors}").status_code, 403)

    def test_without_the_link_nothing_opens(self):
        self.authenticate(None, None)
        for path in (
            self.page,
            f"{self.page}/file.zip",
            "/collection/file/abcd",
            f"{self.page}999",
        ):
            with self.subTest(path=path):
                response = self.url_open(path)
                self.assertEqual(response.status_code, 403)
                self.assertNotIn(self.debtor.name, response.text)

    def test_it_expires(self):
        self._open()
        self.link.sudo().expires_at = fields.Datetime.now() - timedelta(minutes=1)
        self.env.flush_all()
        self.assertEqual(self.url_open(self.page).status_code, 403)
        response = self._open()
        self.assertEqual(response.status_code, 403)
        self.assertIn("has expired", response.text)
        self.assertEqual(self._last().event, "expired")

    def test_it_is_revoked_at_once(self):
        self._open()
        self.link.with_user(self.collector).action_revoke()
        self.env.flush_all()
        self.assertEqual(self.url_open(f"{self.page}/file.zip").status_code, 403)
        self.assertEqual(self._open().status_code, 403)
        self.assertEqual(self._last().event, "revoked")
        self.handover.action_send_link()
        self.env.flush_all()
        newest = self.handover.link_ids.filtered(lambda link: link.state == "valid")
        self.assertEqual(self._open(newest).status_code, 200)

    def test_guesses_are_limited(self):
        self.authenticate(None, None)
        answers = [self.url_open(f"/collection/file/guess{n}") for n in range(25)]
        self.assertEqual({answer.status_code for answer in answers}, {403, 429})
        self.assertIn("Too many attempts", answers[-1].text)
        # The log tells guesses apart, and keeps no token.
        self.assertEqual(
            set(self.root["collection.portal.attempt"].search([]).mapped("detail")),
            {"/collection/file/gues"},
        )

    def test_a_page_that_this_browser_did_not_open_is_refused_and_logged(self):
        self.authenticate(None, None)
        for page in (self.page, f"{self.page}/file.zip"):
            with self.subTest(page=page):
                response = self.url_open(page)
                self.assertEqual(response.status_code, 403)
                self.assertIn("opened in another browser", response.text)
                attempt = self._last()
                self.assertEqual(
                    (attempt.event, attempt.detail, attempt.case_id),
                    ("foreign", f"file link {self.link.id}", self.handover.case_id),
                )
        self.assertEqual(self.url_open("/collection/handed/999999999999").status_code, 403)

    def test_the_partner_takes_it_on(self):
        self._open()
        self.assertIn("noted that you take", self._answer(answer="accept", note="Monday").text)
        self.env.invalidate_all()
        self.assertEqual((self.handover.state, self.handover.answer_note), ("accepted", "Monday"))
        self.assertEqual(self.url_open(f"{self.page}/file.zip").status_code, 200)

    def test_his_answer_comes_from_him_by_an_address_of_ours(self):
        self.company.sudo().collection_email = "collection@company.example"
        self.env.flush_all()
        before = self.root["mail.message"].search([])
        self._open()
        self._answer(answer="accept", note="Monday")
        self.env.invalidate_all()
        told = self.root["mail.message"].search([]) - before
        told = told.filtered(lambda one: "takes it on" in (one.body or "") and one.subject)
        self.assertEqual(told.author_id, self.lawyer)
        self.assertEqual(told.email_from, "collection@company.example")
        self.assertIn(self.collector.partner_id, told.notified_partner_ids)

    def test_a_file_made_anew_is_told_and_dated(self):
        first = self.handover.file_hash
        before = self.root["mail.mail"].search([])
        self._pay(self.handover.item_ids.move_id, 100)
        self.handover.invalidate_recordset()
        self.handover.action_build_file()
        self.assertNotEqual(self.handover.file_hash, first)
        mail = self.root["mail.mail"].search([]) - before
        self.assertEqual(mail.recipient_ids, self.lawyer)
        self.assertIn(self.handover.file_hash, mail.body_html)
        self.assertIn(self.handover.file_hash, str(self.handover.message_ids.mapped("body")))
        self.env.flush_all()
        self.assertIn("File made on", self._open().text)

    def test_the_partner_declines_with_a_reason(self):
        self._open()
        self.assertIn("say why", self._answer(answer="decline").text)
        answer = self._answer(answer="decline", note="<script>alert(1)</script> Conflict")
        self.assertIn("Thank you", answer.text)
        self.env.invalidate_all()
        self.assertEqual(self.handover.state, "declined")
        again = self._open()
        self.assertEqual((again.status_code, self.url_open(self.page).status_code), (403, 403))
        self.assertIn("You have declined", again.text)
        self.assertNotIn("withdrawn by its sender", again.text)
        self.assertNotIn("<script>alert", str(self.handover.message_ids.mapped("body")))

    @mute_logger("odoo.http")
    def test_a_forged_form_and_a_colleague_answer_nothing(self):
        self._open()
        forged = self.url_open(f"{self.page}/answer", data={"answer": "accept"})
        self.assertEqual(forged.status_code, 400)
        self.authenticate(self.collector.login, self.collector.login)
        self.url_open(self._path(self.link))
        self.assertEqual(self._answer(answer="accept").status_code, 403)
        self.env.invalidate_all()
        self.assertEqual(self.handover.state, "transmitted")

    def test_who_may_see_the_handover_downloads_its_file(self):
        self.authenticate(self.director.login, self.director.login)
        path = f"/recouvrement_creances/handover/{self.handover.id}/file.zip"
        self.assertEqual(
            hashlib.sha256(self.url_open(path).content).hexdigest(), self.handover.file_hash
        )

    def test_a_file_that_is_not_what_was_written_reaches_nobody(self):
        self._open()
        self.handover.sudo().file_hash = hashlib.sha256(b"what was written").hexdigest()
        self.env.flush_all()
        own = f"/recouvrement_creances/handover/{self.handover.id}/file.zip"
        logger = "odoo.addons.recouvrement_creances.controllers.handed_file"
        for path, user in ((f"{self.page}/file.zip", None), (own, self.director.login)):
            with self.subTest(path=path), self.assertLogs(logger, "ERROR"):
                if user:
                    self.authenticate(user, user)
                response = self.url_open(path)
                self.assertEqual(response.status_code, 409)
                self.assertIn("The file is not the one that was", response.text)
        self.assertFalse(self.link.downloaded_at)

    @mute_logger("odoo.http")
    def test_the_administrator_changes_no_decision_over_the_network(self):
        decision = self.handover.decision_ids[-1]
        self.env.flush_all()
        self.authenticate("admin", "admin")
        for model, method, args in (
            (decision._name, "write", [[decision.id], {"note": "Other"}]),
            (decision._name, "unlink", [[decision.id]]),
            (self.handover._name, "write", [[self.handover.id], {"decision_note": "Other"}]),
            (self.handover._name, "write", [[self.handover.id], {"state": "approved"}]),
            (self.handover._name, "unlink", [[self.handover.id]]),
        ):
            answer = self.url_open(
                f"/web/dataset/call_kw/{model}/{method}",
                data=json.dumps(
                    {"params": {"model": model, "method": method, "args": args, "kwargs": {}}}
                ),
                headers={"Content-Type": "application/json"},
            ).json()
            with self.subTest(model=model, method=method):
                self.assertIn("error", answer)
        self.env.invalidate_all()
        self.assertEqual((decision.note, self.handover.decision_note), ("Agreed", "Agreed"))

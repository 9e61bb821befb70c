from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.service import model as service_model
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from ...controllers.portal_visit import FORM_LOCK
from ...models.portal.collection_portal_attempt import MOST_ACTS, MOST_OPENINGS, MOST_REFUSALS
from ...rules.portal_tokens import show_token
from .common import CSRF, PortalCommon

NASTY = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'; DROP TABLE collection_case; --",
    "{{ 7*7 }}<t t-out='request.env'/>",
    "%0d%0aSet-Cookie: a=b",
    "zero\0byte",
)


@tagged("post_install", "-at_install")
class TestPortalAttack(PortalCommon):
    """What must be refused, is refused, is logged, and changes nothing."""

    def test_guessed_links_open_nothing(self):
        for token in ("x", show_token("a" * 24), f"link-{self._access(self.case).id}", "%27--"):
            with self.subTest(token=token):
                response = self.url_open(f"/c/{token}")
                self.assertEqual(response.status_code, 403)
                self.assertEqual(self._attempts()[:1].event, "unknown")
        self.assertEqual(self._get().status_code, 403)

    def test_too_many_attempts_are_not_answered(self):
        for _attempt in range(MOST_REFUSALS):
            self.assertEqual(self.url_open("/c/guess").status_code, 403)
        self.assertEqual(self.url_open("/c/guess").status_code, 429)
        # Not even the right link: who guesses is not told that he has found one.
        response = self.url_open(self._path(self.case))
        self.assertEqual(response.status_code, 429)
        self.assertNotIn(self.invoice.name, response.text)
        self.assertEqual(len(self._attempts("limited")), 1)
        with self.on(1):
            self.assertEqual(self.url_open(self._path(self.case)).status_code, 200)

    def test_too_many_forms_are_not_read(self):
        self._open()
        page = self._post("/contact", {"city": "Town"})
        self.assertEqual(page.status_code, 200)
        for _form in range(MOST_ACTS - 1):
            self.root["collection.portal.attempt"].create(
                {
                    "occurred_at": self._attempts()[:1].occurred_at,
                    "event": "acted",
                    "case_id": self.case.id,
                }
            )
        response = self._post("/contact", {"city": "Other Town"})
        self.assertEqual(response.status_code, 429)
        self.env.invalidate_all()
        self.assertEqual(self.case.contact_change_ids.mapped("city"), ["Town"])

    def test_link_of_one_debtor_opens_nothing_of_another(self):
        self._open(self.other_case)
        for path in ("", "/pay", "/documents", "/contact", f"/invoice/{self.invoice.id}.pdf"):
            with self.subTest(path=path):
                response = self._get(path)
                self.assertEqual(response.status_code, 403)
                self.assertNotIn(self.invoice.name, response.text)
                attempt = self._attempts()[:1]
                self.assertEqual((attempt.event, attempt.case_id), ("foreign", self.case))

    def test_forms_of_another_debtor_are_refused(self):
        self._open(self.other_case)
        source = f"/my/collection/{self.other_case.id}/contact"
        mark = self.url_open(source).text.split('name="csrf_token" value="')[1].split('"')[0]
        for path in ("/contact", "/pay"):
            response = self.url_open(
                f"{self.base}{path}", data={"csrf_token": mark, "city": "Elsewhere"}
            )
            self.assertEqual(response.status_code, 403)
        self.env.invalidate_all()
        self.assertFalse(self.case.contact_change_ids)

    def test_items_of_another_debtor_are_refused(self):
        self._open()
        for item_id in (*self._item(self.other_invoice).ids, 0, "1 OR 1=1", "-1", "9" * 40):
            with self.subTest(item_id=item_id):
                response = self._post("/pay", {"item": [item_id]})
                self.assertEqual(response.status_code, 403)
                self.assertEqual(self._attempts()[:1].event, "foreign")

    def test_forms_without_the_pages_mark_are_refused(self):
        self._open()
        with mute_logger("odoo.http"):
            response = self.url_open(f"{self.base}/contact", data={"city": "Elsewhere"})
        self.assertEqual(response.status_code, 400)
        self.env.invalidate_all()
        self.assertFalse(self.case.contact_change_ids)

    def test_forms_are_never_sent_by_an_address(self):
        self._open()
        response = self._get("/contact?city=Elsewhere&street=x")
        self.assertEqual(response.status_code, 200)
        self.assertNotIn('value="Elsewhere"', response.text)
        self.env.invalidate_all()
        self.assertFalse(self.case.contact_change_ids)

    def test_every_text_is_shown_as_text(self):
        self._open()
        for text in NASTY:
            with self.subTest(text=text):
                response = self._post(
                    "/contact", {"street": text, "city": text, "zip": text, "street2": text}
                )
                self.assertEqual(response.status_code, 200)
                for part in ("<script>alert", "<img src=x", "<svg onload", "49<", "odoo.api"):
                    self.assertNotIn(part, response.text)
        self.env.invalidate_all()
        self.assertEqual(len(self.case.contact_change_ids), len(NASTY))

    def test_wrong_input_is_shown_as_text_too(self):
        self._open()
        for text in NASTY:
            response = self._post("/contact", {"email": text, "phone": text})
            for part in ("<script>alert", "<img src=x", "<svg onload"):
                self.assertNotIn(part, response.text)
            response = self._post("/pay", {"amount": text, "item": self._item_ids(self.invoice)})
            for part in ("<script>alert", "<img src=x", "<svg onload"):
                self.assertNotIn(part, response.text)

    def test_page_says_nothing_that_an_address_puts_into_it(self):
        self._open()
        text = self._get("?done=<script>alert(1)</script>").text
        self.assertNotIn("<script>alert", text)
        self.assertNotIn("Thank you", text)

    def test_parameters_are_no_sql(self):
        self._open()
        for path in (
            "/invoice/1;DROP%20TABLE%20res_users.pdf",
            "/sent/1%20OR%201=1.pdf",
            "/invoice/99999999.pdf",
            f"/sent/{10**20}.pdf",
            f"/schedule/{10**20}/agreement.pdf",
        ):
            with self.subTest(path=path):
                self.assertIn(self._get(path).status_code, (403, 404))

    def test_filters_of_an_address_are_no_sql(self):
        self._open()
        shown = self._get().text
        for query in (
            "?done=payment'; DELETE FROM collection_portal_access; --",
            "?sortby=id; DROP TABLE collection_case&filterby=1) OR (1=1&search=%25' OR '1'='1",
            "?case_id=0 OR 1=1&partner_id=1&domain=[]&limit=100000&order=id",
        ):
            with self.subTest(query=query):
                response = self._get(query)
                self.assertEqual(response.status_code, 200)
                self.assertNotIn(self.other_invoice.name, response.text)
                self.assertEqual(
                    response.text.count(self.invoice.name), shown.count(self.invoice.name)
                )
        self.env.invalidate_all()
        self.assertTrue(self._access(self.case).exists())

    def test_number_that_no_case_can_have_is_refused_like_any_other(self):
        self._open()
        for number in (0, 99_999_999, 2**31, 10**20):
            with self.subTest(number=number):
                response = self.url_open(f"/my/collection/{number}")
                self.assertEqual(response.status_code, 403)
                self.assertEqual(self._attempts()[:1].event, "foreign")

    def test_token_stands_in_no_line_of_the_log(self):
        token = self._path(self.case).rpartition("/")[2]
        for _attempt in range(MOST_REFUSALS):
            self.url_open("/c/guess")
        self.assertEqual(self.url_open(f"/c/{token}").status_code, 429)
        self._access(self.case)._revoke()
        with self.on(1):
            self.assertEqual(self.url_open(f"/c/{token}").status_code, 403)
        self.assertEqual(self._attempts()[:1].event, "revoked")
        for line in self._attempts():
            self.assertNotIn(token[:9], line.detail or "")

    def test_link_that_is_opened_without_end_is_not_answered(self):
        self._open()
        values = {"event": "opened", "access_id": self._access(self.case).id}
        moment = self._attempts()[:1].occurred_at
        self.root["collection.portal.attempt"].create(
            [{**values, "occurred_at": moment} for _opening in range(MOST_OPENINGS)]
        )
        self.assertEqual(self.url_open(self._path(self.case)).status_code, 429)
        self.assertEqual(self._attempts()[:1].event, "limited")
        with self.on(1):
            self.assertEqual(self._open().status_code, 200)

    def test_expired_link_closes_every_page_and_form(self):
        self._open()
        mark = CSRF.search(self._get("/contact").text)[1]
        self._access(self.case).expires_at = fields.Datetime.now() - timedelta(seconds=1)
        for path in ("", "/pay", "/promise", "/schedule", "/dispute", "/paid", "/documents"):
            with self.subTest(path=path):
                response = self._get(path)
                self.assertEqual(response.status_code, 403)
                self.assertNotIn(self.invoice.name, response.text)
                self.assertEqual(self._attempts()[:1].event, "foreign")
        for path in ("/pay", "/promise", "/schedule", "/dispute", "/paid", "/contact"):
            with self.subTest(form=path):
                data = {"csrf_token": mark, "item": self._item_ids(self.invoice), "city": "X"}
                response = self.url_open(f"{self.base}{path}", data=data)
                self.assertEqual(response.status_code, 403)
        self.env.invalidate_all()
        self.assertFalse(self.case.contact_change_ids)

    def test_too_large_a_form_is_refused(self):
        self._open()
        for path, size in (("/contact", 3), ("/pay", 3), ("/close", 3), ("/dispute", 31)):
            with self.subTest(path=path):
                data = {"city": "x" * (size * 1024 * 1024)}
                response = self._post(path, data, source="/contact")
                self.assertEqual(response.status_code, 413)
        self.env.invalidate_all()
        self.assertFalse(self.case.contact_change_ids)

    def test_second_click_waits_for_the_first(self):
        self._open()
        with (
            db_connect(get_db_name()).cursor() as first,
            patch.object(service_model, "MAX_TRIES_ON_CONCURRENCY_FAILURE", 1),
            mute_logger("odoo.http"),
        ):
            first.execute("SELECT pg_advisory_xact_lock(%s, %s)", [FORM_LOCK, self.case.id])
            self.assertEqual(self._post("/contact", {"city": "Town"}).status_code, 500)
            self.env.invalidate_all()
            self.assertFalse(self.case.contact_change_ids)
        self.assertEqual(self._post("/contact", {"city": "Town"}).status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(len(self.case.contact_change_ids), 1)

    def test_addresses_of_one_subscriber_count_together(self):
        attempts = self.root["collection.portal.attempt"]
        for number in range(MOST_REFUSALS):
            visitor = {"ip": f"2001:db8:1:2::{number:x}", "user_agent": "", "user_id": False}
            attempts._note("unknown", visitor)
        self.assertTrue(attempts._is_limited("2001:db8:1:2:ffff::1"))
        self.assertFalse(attempts._is_limited("2001:db8:1:3::1"))
        self.assertFalse(attempts._is_limited("192.0.2.1"))

    def test_session_of_before_the_link_is_given_up(self):
        self.authenticate(None, None)
        before = self.opener.cookies["session_id"]
        self.url_open(self._path(self.case))
        self.assertNotEqual(self.opener.cookies["session_id"], before)

from datetime import timedelta
from unittest.mock import patch

from lxml import html

from odoo.tests import tagged

from ...models.portal import collection_portal_attempt
from ..common import TODAY
from .common import PortalCommon

MARKUP = "\"><script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)>'"
CODE = "'; DROP TABLE collection_case; --{{ 7*7 }}${7*7}<t t-out='request.env'/>%0d%0aX: y\0"
# What stands in a page only where a text became part of it.
BROKEN_OUT = ("<script>alert", "<img src=x", "<svg onload", "<t t-out", "odoo.api.Environment")
PDF = b"%PDF-1.4\n%%EOF\n"
TYPES = ("text", "email", "tel", "number", "date", "hidden", "textarea", "select", "checkbox")
CHOSEN = ("item", "charge")


@tagged("post_install", "-at_install")
class TestPortalFields(PortalCommon):
    """Whatever is put into whichever field of whichever form stays a text, or is refused.

    The forms are read from the pages, so that a field that is added is tried too.
    """

    def setUp(self):
        super().setUp()
        self._open()
        self.root["res.lang"]._activate_lang("fr_FR")
        self.policy.sudo().write(
            {
                "promise_longest_days": 60,
                "schedule_longest_months": 12,
                "schedule_least_instalment": 50,
            }
        )
        # More is tried here than one debtor may hand in within an hour.
        self.startPatcher(patch.object(collection_portal_attempt, "MOST_ACTS", 10_000))

    # === FORMS === #

    def _get_forms(self, path):
        """Return the forms of a page, without the one that closes it."""
        page = html.fromstring(self._get(path).text)
        forms = page.xpath("//form[starts-with(@action, '/') and @method='post']")
        return [form for form in forms if not form.get("action").endswith("/close")]

    def _get_fields(self, form):
        """Return the names of the fields that somebody may put a text into."""
        fields = [field for field in form.inputs if field.name and field.name != "csrf_token"]
        for field in fields:
            kind = field.get("type") or field.tag
            self.assertIn(kind, (*TYPES, "file"), f"{field.name} is of an unknown kind")
        return sorted({field.name for field in fields if field.get("type") != "file"})

    def _fill(self, form):
        """Return what somebody who means well would send."""
        values = {"csrf_token": form.fields["csrf_token"]}
        day = (TODAY + timedelta(days=10)).isoformat()
        known = {
            "item": self._item_ids(self.recent),
            "date": (TODAY if form.action.endswith("/paid") else TODAY + timedelta(days=9)),
            "first_date": day,
            "count": "3",
            "agreed": "1",
            "typed_amount": "one thousand dollars",
            "signer_name": "Alice Debtor",
            "description": "Two boxes were broken",
            "message": "Here it is",
            "reference": "VIR 42",
        }
        for field in form.inputs:
            if field.tag == "select":
                values[field.name] = field.value or field.value_options[-1]
            elif field.name in known:
                values[field.name] = known[field.name]
            elif field.get("type") in ("text", "email", "tel") or field.tag == "textarea":
                values[field.name] = field.value or ""
        return values

    def _try_page(self, path, ending=None):
        """Put each text into each field of the forms of a page; return how many were tried."""
        tried = 0
        for form in self._get_forms(path):
            if ending and not form.get("action").endswith(ending):
                continue
            has_files = bool(form.xpath(".//input[@type='file']"))
            for name in self._get_fields(form):
                for text in (MARKUP, CODE):
                    files = [("file", (f"{text}.pdf", PDF))] if has_files else None
                    with self.subTest(action=form.get("action"), field=name, text=text):
                        self._try(form, {**self._fill(form), name: text}, files)
                        tried += 1
        return tried

    def _try(self, form, values, files):
        before = self._attempts()[:1].id
        response = self.url_open(form.get("action"), data=values, files=files)
        self.assertIn(response.status_code, (200, 403))
        self.assertShowsTexts(response)
        events = self._attempts().filtered(lambda attempt: attempt.id > before).mapped("event")
        if response.status_code == 403:
            self.assertEqual(events[0], "foreign")
        elif html.fromstring(response.text).xpath("//*[@role='alert']"):
            self.assertEqual(events[0], "invalid")
        else:
            self.assertIn(events[0], ("acted", "handed_in"))

    def assertShowsTexts(self, response):
        """Fail when a page contains what was typed as a part of itself."""
        for part in BROKEN_OUT:
            self.assertNotIn(part, response.text)
        self.assertNotIn("49", html.fromstring(response.text).xpath("string(//h1)"))

    def assertNothingBroken(self):
        """Fail when a page, or what colleagues read, contains a typed text as markup."""
        for path in ("", "/pay", "/promise", "/schedule", "/dispute", "/paid", "/contact"):
            self.assertShowsTexts(self._get(path))
        self.env.invalidate_all()
        messages = self.root["mail.message"].search([("body", "ilike", "alert(1)")])
        for body in messages.mapped("body"):
            for part in BROKEN_OUT:
                self.assertNotIn(part, body)
        for note in self.root["mail.activity"].search([("note", "ilike", "alert(1)")]):
            for part in BROKEN_OUT:
                self.assertNotIn(part, note.note)
        self.assertTrue(self.case.exists())

    # === PAGES === #

    def test_payment_and_promise(self):
        self.assertGreaterEqual(self._try_page("/pay"), 2 * 2)
        self.assertGreaterEqual(self._try_page("/promise"), 2 * 5)
        self.assertFalse(
            self.root["payment.transaction"].search([("collection_case_id", "=", self.case.id)])
        )
        self.assertNothingBroken()

    def test_disputes(self):
        self.assertGreaterEqual(self._try_page("/dispute", "/dispute"), 2 * 4)
        self.assertGreaterEqual(self._try_page("/paid"), 2 * 4)
        disputes = self.root["collection.dispute"].search([("case_id", "=", self.case.id)])
        self.assertTrue(disputes)
        self.assertEqual(self._try_page("/dispute", f"/{disputes[:1].id}"), 2)
        messages = str(disputes[:1].message_ids.mapped("body"))
        self.assertIn("&lt;script&gt;alert(1)", messages)
        files = self.root["ir.attachment"].search([("res_model", "=", "collection.dispute")])
        for name in files.mapped("name"):
            self.assertNotRegex(name, r"[<>\"/\\]")
        self.assertNothingBroken()

    def test_schedule_and_signature(self):
        self.assertGreaterEqual(self._try_page("/schedule"), 2 * 4)
        self.root["collection.schedule"].search([("case_id", "=", self.case.id)])._cancel("Tried")
        schedule = self.root["collection.schedule"]._propose(
            self.case,
            self._item(self.invoice),
            count=4,
            first_date=TODAY + timedelta(days=15),
        )
        schedule._submit()
        self.assertEqual(schedule.state, "proposed")
        self.assertGreaterEqual(self._try_page("/schedule", "/sign"), 2 * 4)
        self.env.invalidate_all()
        # The amount in words is right while the name is tried: a name is a text.
        self.assertIn("script", schedule.signer_name)
        self.assertEqual(schedule.typed_amount, "one thousand dollars")
        self.assertNothingBroken()

    def test_address(self):
        self.assertGreaterEqual(self._try_page("/contact"), 2 * 8)
        self.env.invalidate_all()
        self.assertTrue(self.case.contact_change_ids)
        self.assertRecordValues(
            self.partner_a, [{"street": "1 Old Street", "city": "Lyon", "lang": "en_US"}]
        )
        self.assertNothingBroken()

from datetime import timedelta

from lxml import html

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import TODAY
from .common import PortalCommon

PAGES = (
    "",
    "/pay",
    "/promise",
    "/schedule",
    "/dispute",
    "/paid",
    "/documents",
    "/contact",
    "/help",
)


@tagged("post_install", "-at_install")
class TestPortalPage(PortalCommon):
    """What a debtor sees: its account, its papers, in its language; nothing of others."""

    def test_account_shows_what_is_open_and_overdue(self):
        self._pay(self.invoice, 200)
        self._open()
        text = self._get().text
        for expected in (self.invoice.name, self.recent.name, "1,300.00", "800.00", "40 days late"):
            self.assertIn(expected, text)
        self.assertNotIn(self.other_invoice.name, text)

    def test_account_shows_how_charges_are_worked_out(self):
        self._open()
        text = self._get().text
        self.assertIn("Late-payment interest so far", text)
        self.assertIn("Fixed indemnity for recovery costs", text)

    def test_nothing_internal_is_shown(self):
        note = "He lies, said the neighbour"
        self.case.message_post(body=note)
        self.case.nonpayment_reason_id = self.root["collection.reason"].search(
            [("usage", "=", "nonpayment")], limit=1
        )
        self._open()
        for path in PAGES:
            with self.subTest(path=path):
                text = self._get(path).text
                for hidden in (
                    "neighbour",
                    self.case.nonpayment_reason_id.name,
                    "Level +",
                    "priority",
                    self.partner_b.name,
                ):
                    self.assertNotIn(hidden, text)

    def test_page_of_a_french_debtor_is_french(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self.partner_a.lang = "fr_FR"
        response = self._open()
        self.assertIn("/fr/my/collection/", response.url)
        self.assertRegex(response.text, r'<html[^>]* lang="fr-FR"')
        self.assertIn("Mon compte", response.text)

    def test_language_can_be_chosen_without_a_script(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        text = self._open().text
        self.assertIn(f'href="/fr/my/collection/{self.case.id}"', text)

    def test_every_page_can_be_used_without_seeing_it(self):
        self.policy.sudo().write({"schedule_longest_months": 12, "schedule_least_instalment": 50})
        self._open()
        self._post(
            "/schedule",
            {
                "item": self._item_ids(self.invoice),
                "count": "3",
                "first_date": (TODAY + timedelta(days=15)).isoformat(),
            },
        )
        # A second offer stands beside the first one: its fields are its own.
        second = self.root["collection.schedule"]._propose(
            self.case,
            self._item(self.recent),
            count=2,
            first_date=TODAY + timedelta(days=15),
        )
        second._submit()
        for path in PAGES:
            page = html.fromstring(self._get(path).text)
            main = page.xpath("//div[contains(@class, 'o_collection_portal')]")[0]
            with self.subTest(path=path):
                self.assertEqual(page.get("lang"), "en-US")
                self.assertTrue(page.xpath("//title[contains(., '–')]"))
                self.assertEqual(len(main.xpath(".//h1")), 1)
                self.assertEqual(len(main.xpath(".//a[@aria-current='page']")), 1)
                ids = page.xpath("//@id")
                self.assertEqual(len(ids), len(set(ids)), sorted(ids))
                labels = set(main.xpath(".//label/@for"))
                fields = main.xpath(".//select|.//textarea|.//input[not(@type='hidden')]")
                self.assertLessEqual({field.get("id") for field in fields}, labels)
                for control in main.xpath(".//button|.//a"):
                    self.assertTrue(control.text_content().strip(), html.tostring(control))
        self.assertEqual(self._get("/schedule").text.count('name="typed_amount"'), 2)

    def test_page_of_a_large_account_takes_no_more_queries(self):
        self._count_queries()
        few = self._count_queries()
        for number in range(10):
            self._overdue_invoice(5 + number, amount=100.0)
        self._decide()
        self.assertLessEqual(self._count_queries(), few)

    def _count_queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        page = self.root["collection.portal.page"]
        account = page._get_account(self.root["collection.case"].browse(self.case.id), TODAY)
        self.assertTrue(account["charge_by_item"])
        return self.env.cr.sql_log_count - before

    # === DOCUMENTS === #

    def test_debtor_downloads_its_invoice(self):
        self._open()
        response = self._get(f"/invoice/{self.invoice.id}.pdf")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")

    def test_debtor_does_not_download_the_invoice_of_another(self):
        self._open()
        response = self._get(f"/invoice/{self.other_invoice.id}.pdf")
        self.assertEqual(response.status_code, 403)
        self.assertEqual(self._attempts()[:1].event, "foreign")

    def test_letter_is_shown_once_it_was_posted(self):
        policy = self._make_policy([(5, "letter")], name="Letters")
        self.partner_a.with_company(self.company).sudo().write({"collection_policy_id": policy.id})
        self.partner_a.sudo().write({"zip": "69001"})
        self._run()
        letter = self.case.action_ids.filtered(lambda action: action.channel == "letter")
        self._open()
        self.assertNotIn(letter.attachment_id.name, self._get("/documents").text)
        path = f"/sent/{letter.attachment_id.id}.pdf"
        self.assertEqual(self._get(path).status_code, 403)
        self.root["collection.channel.letter"]._post(letter, self.company._collection_today())
        self.assertIn(letter.attachment_id.name, self._get("/documents").text)
        self.assertEqual(self._get(path).content[:5], b"%PDF-")

    # === WHO === #

    def test_portal_user_of_the_debtor_needs_no_link(self):
        contact = self._debtor("Buyer", parent_id=self.partner_a.id, is_company=False)
        new_test_user(
            self.root,
            login="collection_debtor",
            groups="base.group_portal",
            partner_id=contact.id,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.authenticate("collection_debtor", "collection_debtor")
        response = self.url_open("/my/collection")
        self.assertIn(self.invoice.name, response.text)
        other = self.url_open(f"/my/collection/{self.other_case.id}")
        self.assertEqual(other.status_code, 403)
        self.assertNotIn(self.other_invoice.name, other.text)

    def test_colleague_sees_the_page_and_sends_nothing(self):
        self.authenticate(self.collector.login, self.collector.login)
        page = self._get("/contact")
        self.assertIn("You see the page as the debtor does", page.text)
        response = self._post("/contact", {"city": "Elsewhere"})
        self.assertEqual(response.status_code, 403)
        self.assertFalse(self.case.contact_change_ids)

    def test_colleague_with_the_debtors_link_is_still_a_colleague(self):
        self.authenticate(self.collector.login, self.collector.login)
        self.url_open(self._path(self.case))
        self.assertIn("You see the page as the debtor does", self._get("/contact").text)

    def test_stranger_sees_nothing(self):
        self.authenticate(None, None)
        response = self._get()
        self.assertEqual(response.status_code, 403)
        self.assertNotIn(self.invoice.name, response.text)

    def test_page_can_be_closed(self):
        self._open()
        self._post("/close", source="")
        self.assertEqual(self._get().status_code, 403)

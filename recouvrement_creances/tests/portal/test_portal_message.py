from email import message_from_bytes
from email.message import EmailMessage
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.sms.tools.sms_api import SmsApi

from .common import PortalCommon

# What fits into one SMS, in the alphabet that telephones share.
ONE_SMS = 160
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


@tagged("post_install", "-at_install")
class TestPortalMessage(PortalCommon):
    """The link in what leaves and in what comes back: its secret is the debtor's alone."""

    def _receive(self, text="", page="", files=()):
        """Let the debtor answer the reminder of its case; return the message that is kept."""
        with self._mail_server():
            self._run()
        sent = self.case.action_ids.mail_id[:1]
        answer = EmailMessage()
        answer["From"] = "a@debtor.example"
        answer["To"] = "collection@company.example"
        answer["Subject"] = "Re: reminder"
        answer["Message-Id"] = "<answer@debtor.example>"
        answer["In-Reply-To"] = sent.message_id
        answer.set_content(text)
        if page:
            answer.add_alternative(page, subtype="html")
        for name, content in files:
            kind = {"maintype": "text", "subtype": "html"} if isinstance(content, bytes) else {}
            answer.add_attachment(content, filename=name, **kind)
        self.root["mail.thread"].message_process(False, answer.as_bytes())
        return self.root["mail.message"].search([("message_id", "=", "<answer@debtor.example>")])

    # === WHAT COMES BACK === #

    def test_answer_that_quotes_the_link_is_kept_without_its_token(self):
        access = self._access(self.case)
        url, token = access._get_url(), access._make_token()
        groups = url.rpartition("/")[2]
        wrapped = f"https://safe.example/?url={url.replace(':', '%3A').replace('/', '%2F')}&x=1"
        message = self._receive(
            f"I pay on Friday.\n> {url}\n",
            f"<p>I pay on Friday.</p><blockquote><a href='{url}'>page</a> "
            f"<a href='{wrapped}'>page</a> {token} {groups.upper()}</blockquote>",
            [("quoted.txt", f"See {url} please")],
        )
        self.assertEqual((message.model, message.res_id), ("collection.case", self.case.id))
        self.assertIn("I pay on Friday", message.body)
        self.assertIn(f"link-{access.id}", message.body)
        file = message.attachment_ids.raw.decode()
        self.assertIn("please", file)
        for kept in (message.body, message.preview, file):
            plain = kept.lower().replace("-", "")
            self.assertNotIn(token, plain)

    def test_mail_that_is_attached_is_kept_without_the_token(self):
        access = self._access(self.case)
        token, url = access._make_token(), access._get_url()
        quoted = EmailMessage()
        quoted["Subject"] = "Rappel"
        quoted.set_content(f"Voilà {url}", cte="base64")
        quoted.add_alternative(f"<a href='{url}'>Voilà</a>", subtype="html", cte="base64")
        files = [("Rappel.eml", quoted), ("page.html", f"<a href='{url}'>é</a>".encode())]
        message = self._receive("Two files", files=files)
        named = {file.name: file.raw for file in message.attachment_ids}
        self.assertLessEqual({"Rappel.eml", "page.html"}, named.keys())
        parts = message_from_bytes(named["Rappel.eml"]).walk()
        texts = [part.get_payload(decode=True) for part in parts]
        texts = [text.decode() for text in texts if text]
        self.assertEqual(sum(f"link-{access.id}" in text for text in texts), 2)
        self.assertIn(f"link-{access.id}", named["page.html"].decode())
        for kept in (message.body, *texts, *(raw.decode() for raw in named.values())):
            self.assertNotIn(token, kept.lower().replace("-", ""))

    def test_answer_with_a_broken_line_is_kept_without_the_token(self):
        access = self._access(self.case)
        url = access._get_url()
        half = len(url) - 14
        message = self._receive(f"Yes\n> {url[:half]}\n> {url[half:]}\n")
        self.assertIn("Yes", message.body)
        self.assertNotIn(url[half:], message.body)
        self.assertIn(f"link-{access.id}", message.body)

    def test_words_that_are_no_token_stay(self):
        other = "abcd-efgh-ijkl-mnop-qrst-uvwx"
        message = self._receive(f"Our order {other}, {'a' * 24}")
        self.assertIn(other, message.body)
        self.assertIn("a" * 24, message.body)

    def test_link_that_a_debtor_pastes_into_a_form_is_kept_without_its_token(self):
        self._open()
        access = self._access(self.case)
        category = self.root["collection.dispute.category"]._get_of_kind("quality")
        data = {
            "item": self._item_ids(self.invoice),
            "category": category.id,
            "description": f"I got {access._get_url()} twice",
        }
        self._post("/dispute", data)
        dispute = self.root["collection.dispute"].search([("case_id", "=", self.case.id)])
        self.assertIn(f"link-{access.id} twice", dispute.description)

    # === WHAT LEAVES === #

    def test_colleagues_who_write_about_the_case_get_no_token(self):
        access = self._access(self.case)
        colleague = self.personas["manager"]
        colleague.notification_type = "email"
        words = f"Look: {access._get_unsigned_url()}"
        with self._mail_server() as sink:
            self.case.with_user(self.collector).message_post(
                body=words,
                partner_ids=colleague.partner_id.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        mails = sink.to(colleague.email)
        self.assertTrue(mails)
        for mail in mails:
            text = mail.get_body(("html",)).get_content()
            self.assertIn(f"link-{access.id}", text)
            self.assertNotIn(access._get_url(), text)

    # === SMS === #

    def _send_sms(self):
        """Send the company's SMS to the debtor; return what the gateway gets."""
        text = self.root.ref("recouvrement_creances.sms_template_reminder")
        policy = self._make_policy([(5, "sms", {"sms_template_id": text.id})], name="SMS")
        self.partner_a.with_company(self.company).sudo().collection_policy_id = policy
        self.partner_b.with_company(self.company).sudo().collection_policy_id = policy
        received = []

        def contact(api, endpoint, params, timeout=15):
            for message in params["messages"]:
                received.extend((message["content"], number) for number in message["numbers"])
            return [{"uuid": number["uuid"], "state": "success"} for _text, number in received]

        with patch.object(SmsApi, "_contact_iap", contact):
            self._run()
        return {number["number"]: content for content, number in received}

    def test_sms_carries_the_link_of_its_own_debtor(self):
        sent = self._send_sms()
        for partner, case in ((self.partner_a, self.case), (self.partner_b, self.other_case)):
            access = self._access(case)
            self.assertIn(access._get_url(), sent[partner.phone])
            action = case.action_ids.filtered(lambda each: each.channel == "sms")
            self.assertEqual(action.state, "sent")
            for kept in (action.sms_id.body, *action.evidence_ids.mapped("payload")):
                self.assertNotIn(access._get_url(), kept)
            self.assertIn(access._get_unsigned_url(), action.sms_id.body)
        response = self.url_open("/c/" + sent[self.partner_a.phone].rpartition("/")[2])
        self.assertIn(self.invoice.name, response.text)

    def test_sms_stays_one_and_neutral_in_both_languages(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self.root["ir.config_parameter"].set_param("web.base.url", "https://compta.acme.example")
        self.company.sudo().write({"name": "Atelier Acme", "phone": "01 23 45 67 89"})
        # A consumer: whoever sees the screen of the telephone learns nothing.
        (self.partner_a | self.partner_b).is_company = False
        self.partner_b.lang = "fr_FR"
        sent = self._send_sms()
        self.assertEqual(len(sent), 2)
        self.assertIn("merci de nous contacter", sent[self.partner_b.phone])
        for text in sent.values():
            self.assertLessEqual(len(text), ONE_SMS, text)
            self.assertLessEqual(set(text), GSM)

    def test_company_that_sends_no_links_sends_none_by_sms(self):
        self.company.sudo().collection_portal_link = False
        text = self._send_sms()[self.partner_a.phone]
        self.assertNotIn("/c/", text)
        self.assertTrue(text.endswith(f"{self.case.name}."), text)

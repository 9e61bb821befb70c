from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalAccess(PortalCommon):
    """The links: what is kept of them, how long they open, who takes them back."""

    def test_link_opens_the_page_and_leaves_the_address(self):
        response = self._open()
        self.assertEqual(response.status_code, 200)
        self.assertIn(f"/my/collection/{self.case.id}", response.url)
        self.assertIn(self.invoice.name, response.text)
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(self._attempts()[:1].event, "opened")
        self.assertEqual(self._attempts()[:1].access_id, self._access(self.case))

    def test_token_is_kept_nowhere(self):
        access = self._access(self.case)
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM collection_portal_access WHERE id = %s", [access.id])
        kept = " ".join(map(str, self.env.cr.fetchone()))
        self.assertNotIn(access._make_token(), kept)
        for name in ("token_hash", "seed"):
            with self.assertRaises(AccessError):
                access.with_user(self.collector).read([name])

    def test_messages_carry_one_link_that_each_prolongs(self):
        access = self._access(self.case)
        with self.on(10):
            self.assertEqual(self._access(self.case), access)
            self.assertEqual(access.expires_at.date(), fields.Date.today() + timedelta(days=90))

    def test_sent_mail_has_the_token_and_what_is_kept_has_not(self):
        with self._mail_server() as sink:
            self._run()
        access = self._access(self.case)
        body = sink.to("a@debtor.example")[0].get_body(("html",)).get_content()
        self.assertIn(access._get_url(), body)
        for kept in (
            *self.case.evidence_ids.mapped("body"),
            *self.case.evidence_ids.mapped("payload"),
            *self.case.action_ids.mail_id.mapped("body_html"),
        ):
            self.assertNotIn(access._get_url(), kept or "")
        mail = self.case.action_ids.mail_id
        self.assertIn(access._get_unsigned_url(), mail.body_html)

    def test_mail_of_one_case_never_signs_the_link_of_another(self):
        other = self._access(self.other_case)
        mail = self.root["mail.mail"].create(
            {
                "model": "collection.case",
                "res_id": self.case.id,
                "body_html": f"<a href='{other._get_unsigned_url()}'>x</a>",
            }
        )
        self.assertNotIn(other._get_url(), mail._prepare_outgoing_body())

    def test_company_may_leave_the_link_out(self):
        self.company.collection_portal_link = False
        with self._mail_server() as sink:
            self._run()
        body = sink.to("a@debtor.example")[0].get_body(("html",)).get_content()
        self.assertNotIn("/c/", body)
        self.assertFalse(self.root["collection.portal.access"].search([("id", "=", 0)]))
        self.assertFalse(self.case.portal_access_ids)

    def test_letter_carries_the_link_and_a_picture_of_it(self):
        policy = self._make_policy([(5, "letter")], name="Letters")
        self.partner_a.with_company(self.company).sudo().collection_policy_id = policy
        self._run()
        letter = self.case.action_ids.filtered(lambda action: action.channel == "letter")
        values = self.root["report.recouvrement_creances.letter"]._get_report_values(letter.ids)
        (document,) = values["documents"]
        self.assertEqual(document["portal_url"], self._access(self.case)._get_url())
        self.assertTrue(document["portal_qr_code"].startswith("data:image/png;base64,"))

    def test_template_may_name_the_link(self):
        self.template.body_html = "<p>See <a t-att-href='object.portal_url'>this page</a>.</p>"
        with self._mail_server() as sink:
            self._run()
        body = sink.to("a@debtor.example")[0].get_body(("html",)).get_content()
        self.assertEqual(body.count(self._access(self.case)._get_url()), 2)

    def test_expired_link_opens_nothing_and_the_next_message_has_another(self):
        path = self._path(self.case)
        access = self._access(self.case)
        access.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        response = self.url_open(path)
        self.assertEqual(response.status_code, 403)
        self.assertNotIn(self.invoice.name, response.text)
        self.assertEqual(self._attempts()[:1].event, "expired")
        self.assertNotEqual(self._access(self.case), access)
        self.assertEqual(self.url_open(path).status_code, 403)

    def test_collector_revokes_a_link_at_once(self):
        self._open()
        self.assertEqual(self._get().status_code, 200)
        access = self._access(self.case)
        access.with_user(self.collector).action_revoke()
        self.assertRecordValues(access, [{"state": "revoked", "revoked_by_id": self.collector.id}])
        # The page that is open closes too.
        self.assertEqual(self._get().status_code, 403)

    def test_who_may_not_work_on_the_case_revokes_nothing(self):
        access = self._access(self.case)
        for persona in ("reader", "other_collector"):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                access.with_user(self.personas[persona]).action_revoke()
        self.assertEqual(access.state, "valid")

    def test_links_and_visits_are_history(self):
        access = self._access(self.case)
        self._open()
        with self.assertRaises(UserError):
            access.unlink()
        with self.assertRaises(UserError):
            self._attempts().unlink()
        with self.assertRaises(UserError):
            self._attempts().write({"ip": "127.0.0.2"})

    def test_visits_are_forgotten_after_a_year(self):
        self._open()
        with self.on(370):
            self.root["collection.portal.attempt"]._gc_attempts()
        self.assertFalse(self._attempts())

    def test_link_of_a_closed_case_opens_the_debtors_next_one(self):
        access = self._access(self.case)
        self._pay(self.invoice)
        self._pay(self.recent)
        self._decide()
        self.assertFalse(self.case.is_open)
        self._overdue_invoice(3, amount=70.0)
        self._decide()
        self.assertNotEqual(self._case(), self.case)
        self.assertEqual(access._get_case(), self._case())

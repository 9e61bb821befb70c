from datetime import timedelta

from odoo.tests import tagged

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestNoticeRetried(CollectionCommon):
    """A formal notice that is written anew counts the days that its own text gives."""

    def test_emailed_notice_counts_the_days_of_its_latest_text(self):
        ladder = self._make_policy([(5, "email", {"mode": "confirm"})])
        level = ladder.level_ids
        level.write({"is_formal_notice": True, "notice_days": 10})
        self.company.sudo().collection_policy_id = ladder
        self.template.body_html = "<p>Pay within <t t-out='object.given_period'/>.</p>"
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
            notice = self._case().action_ids
            notice.with_user(self.collector).action_confirm()
            self.assertEqual(notice.notice_days, 10)
            self.root["collection.action"]._note_bounce(notice.case_id, notice.recipient)
            self.assertEqual(notice.state, "failed")
            level.notice_days = 21
            self.partner_a.email = "other@debtor.example"
            with self.on(1):
                notice.with_user(self.collector).action_retry()
        (message,) = sink.to("other@debtor.example")
        self.assertIn("twenty-one days", message.get_body(("html",)).get_content())
        self.assertEqual((notice.state, notice.notice_days), ("sent", 21))
        self.assertEqual(notice.notice_ends_on, TODAY + timedelta(days=1 + 21))

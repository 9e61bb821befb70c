from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .common import NOW, ChargeCommon


@tagged("post_install", "-at_install")
class TestChargeBlock(ChargeCommon):
    """Formal notices and statements of account say what late payment has cost so far."""

    def setUp(self):
        super().setUp()
        self.invoice = self._invoice(1000, date(2026, 9, 30))
        policy = self._make_policy(
            [(5, "letter"), (30, "registered_letter", {"mode": "confirm"})], confirm=False
        )
        self.reminder, self.notice = policy.level_ids
        self.notice.is_formal_notice = True

    def _print(self, level, report="letter"):
        item = self._item(self.invoice)
        action = self.root["collection.action"].create(
            {
                "company_id": self.company.id,
                "case_id": item.case_id.id,
                "channel": level.step_ids.channel,
                "level_id": level.id,
                "step_id": level.step_ids.id,
                "date_planned": NOW,
                "line_ids": [Command.create({"item_id": item.id, "level_id": level.id})],
            }
        )
        html, _kind = self.root["ir.actions.report"]._render_qweb_html(
            f"recouvrement_creances.collection_{report}_report", action.ids
        )
        return html.decode()

    def test_formal_notice_shows_interest_by_period_and_the_indemnity(self):
        html = self._print(self.notice)
        self.assertIn("10/01/2026 to 12/01/2026", html)
        self.assertIn("12.40", html)
        self.assertIn("61.06", html)

    def test_reminder_does_not(self):
        self.assertNotIn("Late-payment charges on", self._print(self.reminder))

    def test_statement_of_account_shows_them(self):
        self.assertIn("61.06", self._print(self.reminder, "statement"))

    def test_what_was_claimed_is_not_shown_again(self):
        self._claim()
        self.assertNotIn("Late-payment charges on", self._print(self.notice))

    def test_consumer_is_told_of_no_cost(self):
        self.debtor.collection_debtor_kind = "consumer"
        self.assertNotIn("Late-payment charges on", self._print(self.notice))

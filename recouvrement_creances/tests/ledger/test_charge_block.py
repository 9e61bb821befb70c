from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.contact.collection_action_charges import MOST_EXPLAINED
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

    def _action(self, level, items=None):
        items = items or self._item(self.invoice)
        return self.root["collection.action"].create(
            {
                "company_id": self.company.id,
                "case_id": items.case_id.id,
                "channel": level.step_ids.channel,
                "level_id": level.id,
                "step_id": level.step_ids.id,
                "date_planned": NOW,
                "line_ids": [
                    Command.create({"item_id": item.id, "level_id": level.id}) for item in items
                ],
            }
        )

    def _print(self, level, report="letter", items=None):
        action = self._action(level, items)
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

    # === WHAT CANNOT BE COMPUTED === #

    def _forget_rate(self):
        """Forget the ECB rate that the invoice's interest needs."""
        self.root["collection.rate"].search(
            [("kind", "=", "ecb"), ("date_start", ">=", "2026-07-01")]
        ).unlink()

    def test_statement_says_what_is_not_computed_and_what_is_missing(self):
        later = self._invoice(500, date(2026, 6, 15))
        self._forget_rate()
        items = self._item(self.invoice) | self._item(later)
        html = self._print(self.reminder, "statement", items)
        self.assertIn("Not computed:", html)
        self.assertIn("07/01/2026 is missing", html)
        self.assertNotIn("A manager enters it", html)

    def test_formal_notice_does_not_leave_without_its_charges(self):
        action = self._action(self.notice)
        action._check_charges_known()
        self._forget_rate()
        with self.assertRaisesRegex(UserError, "07/01/2026 is missing"):
            self.root["collection.channel.registered_letter"]._prepare(action, NOW)
        self.assertFalse(action.attachment_id)

    def test_many_items_keep_their_sums_and_say_where_the_detail_is(self):
        for _index in range(MOST_EXPLAINED):
            self._invoice(1000, date(2026, 9, 30))
        items = self.root["collection.item"].search([("case_id", "=", self._case(self.debtor).id)])
        self.assertEqual(len(items), MOST_EXPLAINED + 1)
        for report, level in (("letter", self.notice), ("statement", self.reminder)):
            with self.subTest(report=report):
                html = self._print(level, report, items)
                self.assertIn("671.66", html)  # 11 x 61.06
                self.assertEqual(html.count("21.06"), MOST_EXPLAINED + 1)
                self.assertIn("at your disposal", html)
                self.assertNotIn("10/01/2026 to 12/01/2026", html)

    def test_long_computation_stands_on_pages_of_its_own(self):
        charges = "odoo.addons.recouvrement_creances.models.contact.collection_action_charges"
        second = self._invoice(1000, date(2026, 9, 29))
        items = self._item(self.invoice) | self._item(second)
        with patch(f"{charges}.CHARGE_LINES_ON_PAGE", 1):
            html = self._print(self.reminder, "statement", items)
        self.assertIn("share is annexed", html)
        self.assertEqual(html.count("Charges not claimed yet, without VAT"), 1)
        self.assertEqual(html.count("Late-payment charges on"), 3)

    # === REMINDERS === #

    def test_reminder_states_what_is_due_by_law_so_far(self):
        html = self._print(self.reminder)
        self.assertIn("Late-payment charges due by law on 12/01/2026", html)
        for part in ("12.40 %", "21.06", "40 euros per invoice", "in all", "61.06"):
            self.assertIn(part, html)

    def test_reminder_names_what_is_not_computed(self):
        self._forget_rate()
        self.assertIn(f"not computed yet for {self.invoice.name}", self._print(self.reminder))

    def test_reminder_of_a_consumer_states_none(self):
        self.debtor.collection_debtor_kind = "consumer"
        self.assertNotIn("Late-payment charges", self._print(self.reminder))

    def test_email_states_them_too(self):
        self.reminder.step_ids.channel = "email"
        action = self._action(self.reminder)
        action.write({"partner_id": self.debtor.id, "recipient": "late@debtor.example"})
        sentences = action._get_charge_sentences()
        mail = self.root["collection.channel.email"]._prepare_mail(
            action, "Your account", "<p>Hello</p>", action._get_statement(), sentences[action]
        )
        self.assertIn("Late-payment charges due by law on 12/01/2026", mail["body_html"])

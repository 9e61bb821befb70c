import json
from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestUndatedItem(CollectionCommon):
    """A receivable entered by hand without a due date is due on its accounting date."""

    def _entry(self, days_ago, amount=700.0, partner=None):
        """Return the receivable line of an entry by hand that gives no due date."""
        receivable = self.company_data["default_account_receivable"]
        entry = self.root["account.move"].create(
            {
                "move_type": "entry",
                "date": TODAY - timedelta(days=days_ago),
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": (partner or self.partner_a).id,
                            "name": "Opening balance",
                            "debit": amount,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data["default_account_revenue"].id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        line = entry.line_ids.filtered("partner_id")[0]
        self.assertFalse(line.date_maturity)
        # Odoo leaves such entries out of the follow-up until somebody takes them in.
        self._decide()
        self._item(entry).with_user(self.personas["accountant"]).action_include()
        return entry

    def test_item_is_overdue_from_the_day_after_its_accounting_date(self):
        late, fresh, today = self._entry(6), self._entry(2), self._entry(0)
        self._decide()
        self.assertVerdict(late, "remind", next_date=TODAY - timedelta(days=1))
        self.assertVerdict(fresh, "too_soon", next_date=TODAY + timedelta(days=3))
        self.assertVerdict(today, "not_due", next_date=TODAY + timedelta(days=5))
        days = [self._item(entry).days_overdue for entry in (late, fresh, today)]
        self.assertEqual(days, [6, 2, 0])

    def test_case_counts_it_as_overdue(self):
        self._entry(6)
        self._entry(0, amount=50)
        self._decide()
        case = self._case()
        self.assertEqual((case.amount_open, case.amount_overdue), (750, 700))
        self.assertEqual((case.oldest_due_date, case.days_overdue), (TODAY - timedelta(days=6), 6))

    def test_item_is_reminded_of_with_its_date(self):
        entry = self._entry(6)
        with self._mail_server() as sink:
            self._run()
        html = sink.messages[0].get_body(("html",)).get_content()
        self.assertIn(entry.name, html)
        self.assertIn("03/10/2026", html)
        self.assertIn("700.00", html)
        self.assertEqual(self._item(entry).level_id.number, 1)
        sent = self._case().evidence_ids.filtered(lambda evidence: evidence.kind == "prepared")
        (row,) = json.loads(sent.payload)["facts"]["items"]
        self.assertEqual((row["due_date"], row["days_overdue"]), ("2026-03-10", 6))

    def test_item_is_announced_before_its_date(self):
        self.company.collection_policy_id = self._make_policy([(-7, "email"), (5, "email")])
        coming = self._entry(-3)
        with self._mail_server() as sink:
            run = self._run()
        self.assertEqual((run.action_ids.state, len(sink.messages)), ("sent", 1))
        self.assertIn(coming.name, sink.messages[0].get_body(("html",)).get_content())

    def test_what_waited_past_its_date_announces_it_no_more(self):
        self.company.collection_policy_id = self._make_policy([(-7, "email"), (5, "email")])
        self._entry(-3)
        run = self.root["collection.run"].create({"company_id": self.company.id})
        run.action_propose()
        self.assertEqual(run.action_ids.state, "proposed")
        with self._mail_server() as sink, self.on(4):
            run.action_send()
        self.assertEqual((run.action_ids.state, sink.messages), ("cancelled", []))

    def test_item_that_waits_stands_on_the_message_of_another(self):
        undated = self._entry(3)
        late = self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
        html = sink.messages[0].get_body(("html",)).get_content()
        for move in (undated, late):
            self.assertIn(move.name, html)
        self.assertIn("1,700.00", html)
        self.assertFalse(self._item(undated).level_id)

    def test_item_that_is_not_due_stands_on_none(self):
        undated = self._entry(0)
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
        self.assertNotIn(undated.name, sink.messages[0].get_body(("html",)).get_content())

    def test_letter_shows_it_and_asks_for_it(self):
        undated = self._entry(6)
        late = self._overdue_invoice(9)
        self._decide()
        action = self.root["collection.run"]._propose_for(self._case()).action_ids
        (block,) = self.root["collection.correspondence"]._get_frame(action)["blocks"]
        rows = {row["number"]: row["due_date"] for row in block["rows"]}
        self.assertEqual(rows[undated.name], TODAY - timedelta(days=6))
        self.assertIn(late.name, rows)
        self.assertEqual((block["due"], block["overdue"]), (1700, 1700))

    def test_old_item_is_taken_over_by_its_age(self):
        undated = self._entry(16)
        self.root["collection.takeover"].with_user(self.personas["manager"]).create(
            {}
        ).action_apply()
        self.assertEqual(self._item(undated).level_id.delay_days, 15)

    def test_schedule_covers_it_in_the_order_of_its_date(self):
        early, undated, late = self._entry(30), self._entry(9), self._overdue_invoice(20)
        self._decide()
        case = self._case().with_user(self.collector)
        schedule = case.env["collection.schedule"]._propose(
            case, case.open_item_ids, count=3, first_date=TODAY + timedelta(days=30)
        )
        covers = schedule.item_line_ids.sorted("sequence")
        self.assertEqual(covers.item_id.move_id.ids, (early + late + undated).ids)
        self.assertEqual(covers[0].due_date, TODAY - timedelta(days=30))

    def test_debtors_page_shows_it_in_the_order_of_its_date(self):
        early, undated, late = self._entry(30), self._entry(9), self._overdue_invoice(20)
        self._decide()
        account = self.root["collection.portal.page"]._get_account(self._case(), TODAY)
        shown = [row["move_id"] for row in account["blocks"][0]["rows"]]
        self.assertEqual(shown, (early + late + undated).ids)

    def test_handover_takes_what_is_overdue_of_them(self):
        early, today, late = self._entry(30), self._entry(0), self._overdue_invoice(20)
        self._decide()
        items = self._case().with_user(self.collector)._get_handover_items()
        self.assertEqual(items.sudo().move_id.ids, (early + late).ids)
        self.assertNotIn(self._item(today), items)

    def test_oldest_debt_is_covered_by_credits_first(self):
        undated = self._entry(20)
        late = self._overdue_invoice(6)
        self._create_invoice_one_line(
            move_type="out_refund",
            price_unit=700,
            tax_ids=[],
            partner_id=self.partner_a,
            invoice_date=TODAY,
            post=True,
        )
        self._decide()
        self.assertVerdict(undated, "covered")
        self.assertVerdict(late, "remind")

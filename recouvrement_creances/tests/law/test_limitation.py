import random
from datetime import date, datetime, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ...rules.limitation import NATURES, Limitation, limitation, standing
from ..common import TODAY
from .common import LimitationCommon

SEED = 20260316


@tagged("post_install", "-at_install")
class TestLimitation(LimitationCommon):
    """Each item shows until when it can be brought to court, and why."""

    # === NATURE AND START === #

    def test_the_kind_of_debtor_gives_the_period(self):
        for partner, due, nature, legal in (
            (self.business, date(2024, 3, 31), "professional", date(2029, 3, 31)),
            (self.consumer, date(2024, 3, 31), "consumer", date(2026, 3, 31)),
            (self.consumer, date(2024, 2, 29), "consumer", date(2026, 2, 28)),
            (self.public, date(2022, 3, 15), "public", date(2026, 12, 31)),
            (self.public, date(2022, 1, 1), "public", date(2026, 12, 31)),
        ):
            with self.subTest(nature=nature, due=due):
                item = self._claim(due, partner)
                self.assertEqual(item.limitation_nature, nature)
                self.assertEqual(item.limitation_start, due)
                self.assertEqual(item.limitation_hypothesis, "due_date")
                self.assertDates(item, legal)

    def test_every_nature_chosen_on_the_invoice_gives_its_own_period(self):
        item = self._claim(date(2024, 3, 31))
        for nature, legal in {
            "professional": date(2029, 3, 31),
            "civil": date(2029, 3, 31),
            "consumer": date(2026, 3, 31),
            "transport": date(2025, 3, 31),
            "residential_rent": date(2027, 3, 31),
            "telecommunications": date(2025, 3, 31),
            "insurance_premium": date(2026, 3, 31),
            "consumer_credit": date(2026, 3, 31),
            "public": date(2028, 12, 31),
            "bill_of_exchange": date(2027, 3, 31),
            "cheque": date(2025, 3, 31),
        }.items():
            with self.subTest(nature=nature):
                item.move_id.collection_claim_nature = nature
                self.assertDates(item, legal)

    def test_a_title_counts_from_its_own_day(self):
        item = self._claim(date(2024, 3, 31))
        with self.assertRaisesRegex(ValidationError, "its own day"):
            item.move_id.collection_claim_nature = "title"
        item.move_id.write(
            {"collection_claim_nature": "title", "collection_claim_start": date(2025, 10, 2)}
        )
        self.assertEqual(item.limitation_hypothesis, "chosen")
        self.assertDates(item, date(2035, 10, 2))

    def test_the_invoice_comes_before_the_debtor_and_the_debtor_before_its_kind(self):
        item = self._claim(date(2025, 3, 31), self.business)
        self.business.with_company(self.company).collection_claim_nature = "transport"
        self.assertDates(item, date(2026, 3, 31))
        item.move_id.collection_claim_nature = "residential_rent"
        self.assertDates(item, date(2028, 3, 31))

    def test_the_nature_chosen_for_a_debtor_is_that_of_one_company(self):
        other = self.setup_other_company()["company"]
        self.business.with_company(other).collection_claim_nature = "transport"
        item = self._claim(date(2025, 3, 31), self.business)
        self.assertDates(item, date(2030, 3, 31))

    def test_an_earlier_delivery_is_the_start(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        item.move_id.delivery_date = date(2024, 2, 15)
        item.invalidate_recordset()
        self.assertEqual(item.limitation_start, date(2024, 2, 15))
        self.assertEqual(item.limitation_hypothesis, "performance")
        self.assertDates(item, date(2026, 2, 15))
        self.assertIn("02/15/2024, the delivery", item.limitation_explanation)
        item.move_id.delivery_date = date(2024, 4, 15)
        self.assertDates(item, date(2026, 3, 31))

    def test_the_query_gives_the_dates_of_the_rules(self):
        dice = random.Random(SEED)
        partners = [self.business, self.consumer, self.public]
        for number in range(40):
            due = TODAY - timedelta(days=dice.randint(-400, 4000))
            self._overdue_invoice((TODAY - due).days, partner=partners[number % 3])
        self._decide()
        items = self.root["collection.item"].search([("company_id", "=", self.company.id)])
        for item in items:
            move = item.move_id
            if dice.random() < 0.5:
                move.delivery_date = item.due_date + timedelta(days=dice.randint(-90, 30))
            if dice.random() < 0.6:
                nature = dice.choice([one for one in NATURES if one != "title"])
                move.collection_claim_nature = nature
        items.invalidate_recordset()
        for item in items:
            claim = limitation(
                item.limitation_nature, item.due_date, item.move_id.delivery_date or None
            )
            found = Limitation(
                item.limitation_nature,
                item.limitation_start,
                item.limitation_hypothesis,
                item.limitation_date,
                item.limitation_possible_date,
                item.limitation_confirmed_date,
                claim.article,
            )
            self.assertEqual(found, claim)
            self.assertEqual(item.limitation_state, standing(claim, TODAY))
            self.assertIn(claim.article, item.limitation_explanation)
        self.assertGreater(len(set(items.mapped("limitation_nature"))), 7)

    # === SEARCHING === #

    def test_items_are_found_and_sorted_by_their_dates(self):
        late = self._claim(date(2024, 8, 31), self.consumer)
        soon = self._claim(date(2024, 3, 31), self.consumer)
        far = self._claim(date(2024, 3, 31), self.business)
        items = self.root["collection.item"]
        mine = [("id", "in", (late + soon + far).ids)]
        self.assertEqual(items.search(mine, order="limitation_date"), soon + late + far)
        self.assertEqual(items.search(mine, order="limitation_date desc"), far + late + soon)
        for domain, found in (
            ([("limitation_date", "<=", "today +1m")], soon),
            ([("limitation_date", "<=", "today +6m")], soon + late),
            ([("limitation_date", "=", date(2026, 3, 31))], soon),
            ([("limitation_date", "!=", date(2026, 3, 31))], late + far),
            ([("limitation_date", "=", False)], items),
            ([("limitation_nature", "=", "professional")], far),
            ([("limitation_state", "in", ("near",))], soon + late),
            ([("limitation_state", "!=", "near")], far),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(items.search(domain + mine), found.sorted("id").sorted("due_date"))
        groups = items._read_group(mine, ["limitation_state"], ["__count"])
        self.assertEqual(dict(groups), {"near": 2, "running": 1})

    def test_invoices_show_the_date_and_are_found_by_it(self):
        item = self._claim(date(2024, 3, 31), self.consumer)
        move = item.move_id.with_user(self.personas["invoicing"])
        self.assertEqual(move.collection_limitation_date, date(2026, 3, 31))
        self.assertEqual(move.collection_limitation_state, "near")
        found = move.search([("collection_limitation_date", "<=", "today +1m")])
        self.assertEqual(found, move)

    def test_dates_cost_the_same_for_many_items(self):
        def count(number):
            items = self.root["collection.item"].search(
                [("company_id", "=", self.company.id)], limit=number
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            items.mapped("limitation_date")
            items.mapped("limitation_possible_date")
            return self.env.cr.sql_log_count - before

        for index in range(12):
            self._overdue_invoice(400 + index)
        self._decide()
        count(1)
        self.assertEqual(count(2), count(12))

    # === WHAT FOLLOWS === #

    def test_a_consumer_is_asked_for_nothing_after_the_end(self):
        item = self._claim(date(2024, 3, 15), self.consumer)
        self.assertEqual(item.limitation_state, "expired")
        self.assertEqual(item.verdict, "time_barred")
        on_its_last_day = self._claim(TODAY - timedelta(days=730), self.consumer)
        self.assertEqual(on_its_last_day.limitation_date, TODAY)
        self.assertEqual(on_its_last_day.verdict, "remind")
        with self._mail_server() as sink:
            self._run()
        self.assertEqual(len(sink.messages), 1)
        text = sink.messages[0].as_string()
        self.assertNotIn(item.move_id.name, text)

    def test_what_bars_sooner_than_the_due_date_says_is_found_in_the_whole_ledger(self):
        """A run reads invoices of those items only that can be old enough."""
        recent = TODAY - timedelta(days=40)
        delivered, titled, plain = (self._claim(recent, self.consumer) for _ in range(3))
        delivered.move_id.delivery_date = date(2024, 3, 10)
        titled.move_id.write(
            {"collection_claim_start": date(2015, 3, 10), "collection_claim_nature": "title"}
        )
        other = self._debtor("Carried", is_company=False)
        other.with_company(self.company).collection_claim_nature = "transport"
        carried = self._claim(TODAY - timedelta(days=370), other)
        self._decide()
        for item in (delivered, titled, carried):
            self.assertEqual(item.verdict, "time_barred", item.move_id.name)
        self.assertEqual(plain.verdict, "remind")

    def test_a_possible_date_lifts_no_block_a_confirmed_one_does(self):
        item = self._claim(date(2024, 3, 10), self.consumer)
        event = self._note(item, day=date(2025, 6, 10), user=self.collector)
        self.assertEqual(item.limitation_state, "uncertain")
        self.assertEqual(item.verdict, "time_barred")
        event.with_user(self.manager).action_confirm()
        self.assertEqual(item.limitation_state, "kept")
        self.assertEqual(item.verdict, "remind")

    def test_a_professional_and_a_public_body_are_warned_of_only(self):
        for partner in (self.business, self.public):
            item = self._claim(date(2020, 3, 15), partner)
            self.assertEqual(item.limitation_state, "expired")
            self.assertEqual(item.verdict, "remind")
            self.assertEqual(item.case_id.limitation_passed_count, 1)
            self.assertFalse(item.case_id.limitation_barred_count)

    def test_a_corrected_nature_lifts_the_block_at_once(self):
        item = self._claim(date(2024, 3, 10), self.consumer)
        self.assertEqual(item.verdict, "time_barred")
        item.move_id.collection_claim_nature = "residential_rent"
        self.assertEqual(item.verdict, "remind")
        self.consumer.with_company(self.company).collection_claim_nature = "transport"
        item.move_id.collection_claim_nature = False
        self.assertEqual(item.verdict, "time_barred")

    def test_a_contact_by_hand_is_refused_when_all_is_time_barred(self):
        item = self._claim(date(2024, 3, 15), self.consumer)
        guard = self.root["collection.guard"]
        asked = self.root["collection.action"], item.case_id, "call", datetime(2026, 3, 16, 10)
        refusal = guard._find_block(*asked)
        self.assertIn("L218-2", refusal.text)
        self.assertTrue(refusal.is_final)
        reason = self.root["collection.reason"].search([("usage", "=", "override")], limit=1)
        for user in (self.manager, self.collector):
            asking = guard.with_user(user)
            with self.subTest(user=user.login), self.assertRaisesRegex(UserError, "^Everything"):
                asking._check(*asked, reason)
        self._claim(TODAY - timedelta(days=40), self.consumer)
        self.assertFalse(guard._find_block(*asked))

    # === WHAT IS PRINTED === #

    def _print(self, report, items):
        """Return a document about items as HTML."""
        self.cycle = getattr(self, "cycle", 0) + 1
        action = self.root["collection.action"].create(
            {
                "company_id": self.company.id,
                "case_id": items.case_id.id,
                "channel": "letter",
                "cycle": self.cycle,
                "level_id": self.policy.level_ids[0].id,
                "step_id": self.policy.level_ids[0].step_ids.id,
                "date_planned": TODAY,
                "line_ids": [
                    Command.create({"item_id": item.id, "level_id": self.policy.level_ids[0].id})
                    for item in items
                ],
            }
        )
        html, _kind = self.root["ir.actions.report"]._render_qweb_html(
            f"recouvrement_creances.collection_{report}_report", action.ids
        )
        return html.decode()

    def test_what_is_time_barred_is_not_printed_to_a_consumer(self):
        old = self._claim(date(2024, 3, 15), self.consumer, amount=1234)
        recent = self._claim(TODAY - timedelta(days=40), self.consumer, amount=777)
        for report in ("statement", "letter"):
            html = self._print(report, old | recent)
            with self.subTest(report=report):
                self.assertIn(recent.move_id.name, html)
                self.assertIn("777.00", html)
                self.assertNotIn(old.move_id.name, html)
                self.assertNotIn("2,011.00", html)

    def test_nothing_is_printed_when_everything_is_time_barred(self):
        old = self._claim(date(2024, 3, 15), self.consumer)
        for report in ("statement", "letter"):
            with self.subTest(report=report), self.assertRaisesRegex(UserError, "L218-2"):
                self._print(report, old)

    def test_a_professional_reads_his_old_invoices(self):
        old = self._claim(date(2020, 3, 15), self.business)
        self.assertIn(old.move_id.name, self._print("statement", old))

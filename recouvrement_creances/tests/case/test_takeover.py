from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestTakeover(CollectionCommon):
    """A company that starts places its old items on the ladder, and nobody hears of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policy = cls._make_policy(
            [
                (-7, "email"),
                (5, "email"),
                (15, "email"),
                (30, "letter", {"mode": "confirm"}),
            ]
        )
        policy.level_ids[-1].is_formal_notice = True
        cls.company.collection_policy_id = policy
        cls.invoices = {
            days: cls._overdue_invoice(days, partner=cls._debtor(f"Late {days}"))
            for days in (-3, 2, 5, 16, 400)
        }

    def _takeover(self, **values):
        return self.root["collection.takeover"].with_user(self.personas["manager"]).create(values)

    def _levels(self):
        return {
            days: self._item(invoice).level_id.delay_days if self._item(invoice).level_id else None
            for days, invoice in self.invoices.items()
        }

    def test_items_are_placed_by_age_below_the_formal_notice(self):
        with self._mail_server() as sink:
            self._takeover().action_apply()
        self.assertFalse(sink.messages)
        self.assertEqual(self._levels(), {-3: None, 2: -7, 5: 5, 16: 15, 400: 15})

    def test_formal_notice_counts_as_sent_when_one_says_so(self):
        self._takeover(keep_formal_notice=False).action_apply()
        self.assertEqual(self._levels(), {-3: None, 2: -7, 5: 5, 16: 15, 400: 30})

    def test_nobody_is_contacted_and_nothing_is_proven(self):
        before = self.root["collection.evidence"].search_count([])
        self._takeover().action_apply()
        self.assertFalse(self.root["collection.action"].search([]))
        self.assertEqual(self.root["collection.evidence"].search_count([]), before)
        self.assertFalse(self._case(self.invoices[16].partner_id).last_contact_date)

    def test_wait_for_the_next_level_counts_from_the_chosen_day(self):
        self._takeover(counted_from=TODAY - timedelta(days=4)).action_apply()
        self.assertVerdict(self.invoices[400], "too_soon", next_date=TODAY + timedelta(days=11))

    def test_first_run_sends_only_what_is_new(self):
        self._takeover().action_apply()
        with self._mail_server() as sink:
            self._run()
            self.assertEqual(len(sink.messages), 1)
            with self.on(3):
                self._run()
        self.assertEqual(
            [message["X-Envelope-To"] for message in sink.messages],
            ["late.-3@debtor.example", "late.2@debtor.example"],
        )

    def test_preview_says_what_will_happen(self):
        form = Form(self.root["collection.takeover"].with_user(self.personas["manager"]))
        self.assertEqual(form.item_count, 4)
        takeover = form.save()
        shown = {line.level_id.delay_days: line.item_count for line in takeover.line_ids}
        self.assertEqual(shown, {-7: 1, 5: 1, 15: 2})
        self.assertEqual(sum(takeover.line_ids.mapped("amount")), 4000)
        told = takeover.action_apply()["params"]
        self.assertIn("4", told["message"])
        self.assertEqual(told["next"]["res_model"], "collection.item")
        levels = [level for level in self._levels().values() if level is not None]
        self.assertEqual({level: levels.count(level) for level in levels}, shown)

    def test_items_that_were_contacted_stay_where_they_are(self):
        with self._mail_server():
            self._run()
        self.assertEqual(self._levels()[400], 5)
        self._takeover().action_apply()
        self.assertEqual(self._levels()[400], 5)

    def test_second_takeover_places_nothing(self):
        self._takeover().action_apply()
        before = self._levels()
        second = self._takeover(counted_from=TODAY - timedelta(days=100))
        self.assertEqual(second.item_count, 0)
        second.action_apply()
        self.assertEqual(self._levels(), before)
        self.assertEqual(self._item(self.invoices[5]).last_contact_date, TODAY)

    def test_invoice_with_its_own_policy_is_placed_on_that_ladder(self):
        own = self._make_policy([(100, "email"), (300, "email")])
        self.invoices[400].sudo().collection_policy_id = own
        self._takeover().action_apply()
        self.assertEqual(self._item(self.invoices[400]).level_id, own.level_ids[1])

    def test_only_a_manager_takes_over(self):
        with self.assertRaises(AccessError):
            self.root["collection.takeover"].with_user(self.personas["accountant"]).create({})
        with self.assertRaises(AccessError):
            self._takeover().with_user(self.personas["accountant"]).action_apply()

    def test_other_company_is_left_alone(self):
        other = self.setup_other_company()["company"]
        self._takeover().action_apply()
        self.assertFalse(self.root["collection.item"].search([("company_id", "=", other.id)]))

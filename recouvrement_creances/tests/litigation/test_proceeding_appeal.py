from datetime import date, datetime, timedelta

from odoo.tests import tagged

from ..common import TODAY
from .common import LitigationCommon

HEARING = datetime(2027, 3, 15, 9, 0)
TODAY_AT_THREE = datetime(2026, 3, 16, 15, 0)


@tagged("post_install", "-at_install")
class TestProceedingAppeal(LitigationCommon):
    """What is dismissed, or granted in part: our own time to appeal, and who decides what next."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The company of the tests has its seat abroad, where deadlines are longer.
        cls.company.partner_id.sudo().write(
            {"country_id": cls.root.ref("base.fr").id, "zip": "75001"}
        )

    def _heard(self, procedure="summons"):
        proceeding = self._sue(procedure=procedure)
        self._take(proceeding, "serve", procedure=procedure)
        self._take(proceeding, "file", procedure=procedure)
        return proceeding

    def test_a_claim_that_is_dismissed_may_be_appealed_against(self):
        proceeding = self._heard()
        self._take(proceeding, "reject", procedure="summons")
        own = self._deadline(proceeding, "judgement.own_appeal")
        self.assertEqual(
            (own.state, own.purpose, own.legal_date), ("open", "act", date(2026, 4, 16))
        )
        with self.on(25) as day:
            self.assertIn(own, self.root["collection.deadline"]._warn(self.company, day))
        self._take(proceeding, "appeal", procedure="summons")
        self.assertEqual(own.state, "done")

    def test_an_interim_order_is_appealed_against_within_fifteen_days(self):
        proceeding = self._heard("interim")
        self._take(proceeding, "reject", procedure="interim")
        own = self._deadline(proceeding, "interim.own_appeal")
        self.assertEqual((own.state, own.legal_date), ("open", date(2026, 3, 31)))

    def test_what_a_european_judge_dismisses_after_an_opposition_may_be_appealed_against(self):
        proceeding = self._sue(procedure="european_order")
        for key in ("file", "grant", "serve", "oppose", "hear"):
            self._take(proceeding, key, procedure="european_order", hearing=TODAY_AT_THREE)
        self._take(proceeding, "dismiss", procedure="european_order")
        own = self._deadline(proceeding, "judgement.own_appeal")
        self.assertEqual((own.state, own.legal_date), ("open", date(2026, 4, 16)))

    def test_what_is_granted_in_part_only_may_be_appealed_against(self):
        for granted, count in ((5000, 0), (4000, 1)):
            with self.subTest(granted=granted):
                proceeding = self._heard()
                self._take(proceeding, "judge", procedure="summons", amount_granted=granted)
                codes = proceeding.deadline_ids.mapped("rule_code")
                self.assertEqual(codes.count("judgement.own_appeal"), count)

    def test_a_request_that_is_refused_has_no_appeal(self):
        proceeding = self._sue()
        self._take(proceeding, "file")
        self._take(proceeding, "reject")
        self.assertFalse(self._deadline(proceeding, "judgement.own_appeal"))
        # An ordinary action remains open: nobody found that nothing is due.
        self.assertEqual(proceeding.hold_id.state, "released")

    def test_who_was_found_to_owe_nothing_is_not_reminded(self):
        proceeding = self._heard()
        self._take(proceeding, "reject", procedure="summons")
        self.assertEqual(proceeding.hold_id.state, "open")
        self.assertEqual(proceeding.item_ids.verdict, "handed_over")
        self.assertEqual(proceeding.activity_ids.user_id, self.manager)
        close = self._take(
            proceeding.with_user(self.manager),
            "close",
            procedure="summons",
            reason="The credit note follows",
        )
        self.assertEqual(proceeding.hold_id.state, "released")
        self.assertEqual(proceeding.item_ids.verdict, "held")
        self.assertIn("credit note", proceeding.activity_ids.summary)
        proceeding.with_user(self.manager)._undo_step(close, "We appeal")
        self.assertEqual(proceeding.item_ids.verdict, "handed_over")

    def test_an_interim_order_says_nothing_of_the_debt(self):
        proceeding = self._heard("interim")
        self._take(proceeding, "reject", procedure="interim")
        self.assertEqual(proceeding.hold_id.state, "released")

    def test_what_was_dismissed_on_appeal_stays_held(self):
        proceeding = self._heard()
        for key in ("judge", "appeal", "appeal_overturn"):
            self._take(proceeding, key, procedure="summons", amount_granted=5000)
        self.assertEqual((proceeding.state, proceeding.hold_id.state), ("rejected", "open"))
        self.assertIn("in cassation", str(proceeding.activity_ids.mapped("summary")))
        cassation = self._deadline(proceeding, "judgement.cassation")
        self.assertEqual(cassation.legal_date, date(2026, 5, 18))

    def test_what_was_granted_on_appeal_is_no_judgement_of_the_first_court(self):
        granted = {"amount_granted": 5000, "grants_legal_interest": True, "number": "26/123"}
        first = self._heard()
        first.court_id = self.root["collection.court"].search([], limit=1)
        self._take(first, "judge", procedure="summons", **granted)
        self.assertEqual(first.judgement_id.name, f"{first.court_id.name} 26/123")
        second = self._heard()
        self._take(second, "reject", procedure="summons")
        self._take(second, "appeal", procedure="summons")
        self._take(second, "appeal_judge", procedure="summons", **granted)
        self.assertEqual(second.judgement_id.name, "Court of appeal 26/123")

    def test_a_summons_is_filed_by_the_rules_of_its_court(self):
        expected = {"professional": ("summons.filing", 8), "consumer": ("summons.filing_civil", 15)}
        for kind, (code, days) in expected.items():
            self.debtor.collection_debtor_kind = kind
            proceeding = self._sue(procedure="summons")
            self._take(proceeding, "date", procedure="summons", hearing=HEARING)
            filing = self._deadline(proceeding, code)
            with self.subTest(kind=kind):
                self.assertEqual(filing.counted_date, HEARING.date() - timedelta(days=days))
                self._take(proceeding, "serve", procedure="summons")
                filed = proceeding.procedure_id.step_ids.filtered(
                    lambda step: "summons.filing" in step._get_codes("closes")
                )
                proceeding._record_step(filed, TODAY, self._paper())
                self.assertEqual(filing.state, "done")

    def test_enforcement_counts_from_the_service_whoever_received_it(self):
        proceeding = self._sue()
        self._take(proceeding, "file", TODAY - timedelta(days=20))
        self._take(proceeding, "grant", TODAY - timedelta(days=20))
        served = TODAY - timedelta(days=10)
        self._take(proceeding, "serve", served, counts_from=TODAY)
        self.assertEqual(self._deadline(proceeding, "order.opposition").event_date, TODAY)
        self.assertEqual(self._deadline(proceeding, "order.enforcement").event_date, served)
        for procedure in ("order_commercial", "order_civil"):
            self.assertIn("Deadlines count from", self._step("serve", procedure).hint)

from datetime import timedelta

from odoo.tests import Form, tagged

from ..common import TODAY
from .insolvency_common import InsolvencyCommon


@tagged("post_install", "-at_install")
class TestInsolvencyAgain(InsolvencyCommon):
    """A debtor that is insolvent once more owes in the second what the first has not taken."""

    def _ended(self):
        """Return a liquidation that has barred an invoice, and what was owed since."""
        self.barred = self._owe(200, 1000)
        first = self._record(
            kind="liquidation",
            user=self.manager,
            judgement_date=TODAY - timedelta(days=160),
            publication_date=TODAY - timedelta(days=150),
        )
        first._close("insufficient", TODAY - timedelta(days=100), reason="BODACC")
        self.since = self._owe(60, 2000)
        return first

    def test_what_is_barred_is_no_debt_of_the_second(self):
        first = self._ended()
        second = self._record(kind="liquidation", user=self.manager)
        self.assertEqual(second._find_earlier(), self._item(self.since))
        self.assertEqual((second.amount_earlier, second.amount_later), (2000, 0))
        self.assertEqual(
            second.hold_ids._filter_borne(second.case_id.item_ids), self._item(self.since)
        )
        second.action_list_claims()
        self.assertEqual(second.claim_ids.item_id, self._item(self.since))
        lines = self._declare(second).line_ids
        self.assertEqual(lines.item_id, self._item(self.since))
        self.assertVerdict(self.barred, "insolvency")
        self.assertVerdict(self.since, "insolvency")
        self.assertEqual(first._find_barred(), self._item(self.barred))
        second._close("insufficient", TODAY, reason="BODACC")
        self.assertEqual(first._find_barred(), self._item(self.barred))
        self.assertEqual(second._find_barred(), self._item(self.since))

    def test_a_first_that_freed_the_debtor_bars_nothing(self):
        earlier = self._owe(200, 1000)
        first = self._record(
            kind="liquidation",
            user=self.manager,
            judgement_date=TODAY - timedelta(days=160),
            publication_date=TODAY - timedelta(days=150),
        )
        first._close("overturned", TODAY - timedelta(days=100), reason="Appeal")
        second = self._record(kind="liquidation", user=self.manager)
        self.assertEqual(second._find_earlier(), self._item(earlier))

    def test_a_mistaken_second_leaves_the_case_at_the_first(self):
        self._ended()
        second = self._record(kind="liquidation", user=self.manager)
        self.assertEqual(second.case_id.stage_kind, "insolvency")
        second._cancel("A namesake")
        self.assertEqual(second.case_id.stage_kind, "insolvency")
        self.assertVerdict(self.barred, "insolvency")
        self.assertVerdict(self.since, "remind")

    # === COMPANIES AND CONSUMERS === #

    def test_a_company_is_not_over_indebted_without_a_warning(self):
        self._owe()
        form = Form(
            self.root["collection.insolvency"]
            .with_user(self.accountant)
            .with_context(default_partner_id=self.debtor.id)
        )
        form.kind = "liquidation"
        self.assertFalse(form.is_professional_consumer)
        form.kind = "overindebtedness"
        self.assertTrue(form.is_professional_consumer)
        self.assertFalse(self._consumer().is_professional_consumer)
        arch = self.root["collection.insolvency"].get_view()["arch"]
        self.assertIn("not is_professional_consumer", arch)

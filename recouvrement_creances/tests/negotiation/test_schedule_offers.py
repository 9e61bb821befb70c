from odoo.exceptions import UserError
from odoo.tests import tagged

from .schedule_common import SCAN, ScheduleCommon


@tagged("post_install", "-at_install")
class TestScheduleOffers(ScheduleCommon):
    """A debtor may be offered several plans; he agrees to one of them."""

    def _sign(self, schedule):
        schedule.sudo()._sign("", self._words(schedule), "Jeanne Payeur", "192.0.2.1", "Browser")

    def _get_live(self):
        return self._schedules().search(
            [("case_id", "=", self.case.id), ("state", "in", ("signed", "running", "late"))]
        )

    def test_signature_of_one_offer_withdraws_the_others(self):
        chosen, other = self._proposed(count=3), self._proposed(count=6)
        self._sign(chosen)
        self.assertEqual((chosen.state, other.state), ("running", "cancelled"))
        self.assertIn(chosen.name, other.end_note)
        with self.assertRaisesRegex(UserError, "only a proposed schedule"):
            self._sign(other)
        self.assertEqual(self._get_live(), chosen)

    def test_offer_of_other_debts_stays(self):
        chosen = self._proposed(items=self.items[:1], count=3)
        other = self._proposed(items=self.items[1:], count=3)
        self._sign(chosen)
        self.assertEqual(other.state, "proposed")
        self._sign(other)
        self.assertEqual(self._get_live(), chosen | other)

    def test_draft_of_debts_that_were_agreed_on_is_not_offered(self):
        draft = self._draft(count=6)
        self._sign(self._proposed(count=3))
        self.assertEqual(draft.state, "draft")
        with self.assertRaisesRegex(UserError, "is covered by"):
            draft.action_submit()

    def test_one_of_two_new_versions_replaces_the_plan(self):
        first = self._signed(count=3)
        chosen = self._proposed(previous=first, count=4)
        other = self._proposed(previous=first, count=6)
        self._sign(chosen)
        self.assertEqual((first.state, other.state), ("cancelled", "cancelled"))
        self.assertEqual(self._get_live(), chosen)

    def test_charges_stand_in_one_plan_only(self):
        charge = self._claim()
        first = self._proposed(items=self.items[:1], count=3, charges=charge)
        draft = self._draft(items=self.items[1:], count=3, charges=charge)
        first._sign_on_paper(first.case_id.company_id._collection_today(), "Jeanne Payeur", SCAN)
        with self.assertRaisesRegex(UserError, "is covered by"):
            draft.action_submit()

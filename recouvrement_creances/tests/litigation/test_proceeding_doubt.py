from datetime import datetime, timedelta

from odoo.tests import tagged

from ..common import TODAY
from .common import LitigationCommon

HEARING = datetime(2027, 3, 15, 9, 0)
FIVE_YEARS = TODAY.replace(year=TODAY.year + 5)


@tagged("post_install", "-at_install")
class TestProceedingDoubt(LitigationCommon):
    """A claim that is dismissed interrupts limitation until the dismissal is definitive (2243)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The company of the tests has its seat abroad, where deadlines are longer.
        cls.company.partner_id.sudo().write(
            {"country_id": cls.root.ref("base.fr").id, "zip": "75001"}
        )

    def _dismissed(self, invoice=None, procedure="summons"):
        """Return a proceeding whose claim, confirmed to interrupt limitation, was dismissed."""
        proceeding = self._sue(invoice, procedure=procedure)
        self._take(proceeding, "serve", procedure=procedure)
        claim = proceeding.event_ids.limitation_event_id
        claim.with_user(self.manager).action_confirm()
        self.assertDates(proceeding, FIVE_YEARS, FIVE_YEARS)
        self._take(proceeding, "file", procedure=procedure)
        self._take(proceeding, "reject", procedure=procedure)
        return proceeding

    def assertDates(self, proceeding, confirmed, possible):
        item = proceeding.item_ids
        item.invalidate_recordset()
        self.assertEqual(
            (item.limitation_confirmed_date, item.limitation_possible_date), (confirmed, possible)
        )

    def _legal(self, proceeding):
        return proceeding.item_ids.limitation_date

    def _claim_states(self, proceeding):
        claims = proceeding.event_ids.limitation_event_id
        claims.invalidate_recordset()
        return claims.mapped("state"), any(claims.mapped("is_doubtful"))

    def _warn(self, day):
        return self.root["collection.deadline"]._warn(self.company, day)

    def test_while_an_appeal_is_possible_nobody_counts_on_the_interruption(self):
        proceeding = self._dismissed()
        legal = self._legal(proceeding)
        self.assertDates(proceeding, legal, FIVE_YEARS)
        self.assertEqual(self._claim_states(proceeding), (["confirmed"], True))
        self.assertIn("2243", str(proceeding.message_ids.mapped("body")))
        self.assertIn("2243", proceeding.activity_ids.note)
        self.assertIn("definitive", proceeding.item_ids.limitation_explanation)

    def test_past_the_earlier_date_it_is_uncertain(self):
        invoice = self._overdue_invoice(365 * 5 - 20, 5000, partner=self.debtor)
        proceeding = self._dismissed(invoice)
        with self.on(25):
            item = proceeding.item_ids
            item.invalidate_recordset()
            self.assertEqual(item.limitation_state, "uncertain")

    def test_the_alarm_stands_on_the_date_without_it(self):
        # Part of it was acknowledged; that alone is what one may count on.
        invoice = self._overdue_invoice(365 * 5 + 200, 5000, partner=self.debtor)
        proceeding = self._sue(invoice, procedure="summons")
        item = proceeding.item_ids
        note = self.root["collection.limitation.event"]._note(
            item.case_id,
            item,
            "acknowledgement",
            TODAY - timedelta(days=365 * 4 + 200),
            by_debtor=True,
            attachment_ids=self._paper(user=self.root.user),
        )
        note.action_confirm()
        self._take(proceeding, "serve", procedure="summons")
        proceeding.event_ids.limitation_event_id.with_user(self.manager).action_confirm()
        alarms = self.root["collection.limitation.alarm"]
        alarms._raise_alarms(self.company, TODAY)
        self.assertFalse(alarms.search([("item_id", "=", item.id)]))
        for key in ("file", "reject"):
            self._take(proceeding, key, procedure="summons")
        alarms._raise_alarms(self.company, TODAY)
        found = alarms.search([("item_id", "=", item.id)])
        self.assertEqual(set(found.mapped("date")), {item.limitation_confirmed_date})
        self.assertLess(item.limitation_confirmed_date, FIVE_YEARS)

    def test_once_nobody_has_appealed_in_time_it_has_interrupted_nothing(self):
        proceeding = self._dismissed()
        legal = self._legal(proceeding)
        with self.on(31) as day:
            self._warn(day)
            self.assertDates(proceeding, legal, FIVE_YEARS)
        with self.on(32) as day:
            self._warn(day)
            self.assertEqual(self._claim_states(proceeding), (["void"], False))
            self.assertDates(proceeding, legal, legal)

    def test_an_appeal_in_time_that_is_recorded_late_keeps_it(self):
        proceeding = self._dismissed()
        legal = self._legal(proceeding)
        with self.on(32) as day:
            self._warn(day)
            self._take(proceeding, "appeal", TODAY, procedure="summons", hearing=HEARING)
            self.assertDates(proceeding, legal, FIVE_YEARS)

    def test_what_is_granted_on_appeal_is_sure_again(self):
        proceeding = self._dismissed()
        self._take(proceeding, "appeal", procedure="summons", hearing=HEARING)
        with self.on(40) as day:
            self._warn(day)
            self.assertEqual(self._claim_states(proceeding), (["confirmed"], True))
            self._take(proceeding, "hear", day, procedure="summons", hearing=HEARING)
            self._take(proceeding, "appeal_judge", day, procedure="summons", amount_granted=5000)
        self.assertEqual(self._claim_states(proceeding), (["confirmed"], False))
        self.assertDates(proceeding, FIVE_YEARS, FIVE_YEARS)

    def test_what_is_dismissed_on_appeal_too_has_interrupted_nothing(self):
        proceeding = self._dismissed()
        legal = self._legal(proceeding)
        self._take(proceeding, "appeal", procedure="summons", hearing=HEARING)
        self._take(proceeding, "hear", procedure="summons", hearing=HEARING)
        overturn = self._take(proceeding, "appeal_overturn", procedure="summons")
        self.assertDates(proceeding, legal, legal)
        proceeding.with_user(self.manager)._undo_step(overturn, "Another case")
        # Noted anew, it has to be confirmed anew.
        self.assertDates(proceeding, legal, FIVE_YEARS)

    def test_closing_a_dismissed_one_makes_it_definitive(self):
        proceeding = self._dismissed()
        legal = self._legal(proceeding)
        close = self._take(proceeding, "close", procedure="summons")
        self.assertDates(proceeding, legal, legal)
        proceeding.with_user(self.manager)._undo_step(close, "We appeal")
        self.assertDates(proceeding, legal, FIVE_YEARS)

    def test_a_dismissal_that_is_taken_back_leaves_no_doubt(self):
        proceeding = self._dismissed()
        reject = proceeding._get_last_decision()
        proceeding.with_user(self.manager)._undo_step(reject, "Another case")
        self.assertDates(proceeding, FIVE_YEARS, FIVE_YEARS)

    def test_an_interim_order_has_its_own_time(self):
        proceeding = self._dismissed(procedure="interim")
        legal = self._legal(proceeding)
        self.assertDates(proceeding, legal, FIVE_YEARS)
        with self.on(16) as day:
            self._warn(day)
            self.assertDates(proceeding, legal, legal)

    def test_a_withdrawal_has_interrupted_nothing_at_once(self):
        proceeding = self._sue(procedure="summons")
        self._take(proceeding, "serve", procedure="summons")
        self._take(proceeding, "withdraw", procedure="summons")
        legal = self._legal(proceeding)
        self.assertDates(proceeding, legal, legal)

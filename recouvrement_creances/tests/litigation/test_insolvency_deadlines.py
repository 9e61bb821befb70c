from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY
from .insolvency_common import OPENED, PUBLISHED, InsolvencyCommon

LATER = "insolvency.later_debts_liquidation"
STAY = "overindebtedness.stay"
DECLARATION = "insolvency.declaration"


@tagged("post_install", "-at_install")
class TestInsolvencyDeadlines(InsolvencyCommon):
    """Which day each deadline of proceedings counts from, and who hears of it when."""

    def _running(self, record, code):
        return record.deadline_ids.filtered(
            lambda one: one.rule_code == code and one.state == "open"
        )

    # === LIQUIDATION === #

    def test_liquidation_gives_six_months_for_later_debts(self):
        self._owe()
        record = self._record(kind="liquidation")
        # Published on 13 March; 13 September is a Sunday (C. com. L641-13).
        self.assertEqual(self._running(record, LATER).legal_date, date(2026, 9, 14))
        record.kind = "reorganisation"
        self.assertEqual(self._state(record, LATER), ["dropped"])

    def test_converted_proceedings_count_from_their_conversion(self):
        self._owe()
        record = self._record()
        self.assertFalse(self._state(record, LATER))
        self._step_of(record, "conversion")
        record.court_id = self.root["collection.court"].create(
            {"name": "TC Test", "kind": "commercial", "zip": "75001"}
        )
        record.retains_title = True
        self.assertEqual(self._running(record, LATER).event_date, TODAY)

    # === DECLARATION === #

    def test_letter_to_an_ordinary_creditor_gives_no_more_time(self):
        self._owe()
        record = self._record(notified_on=TODAY)
        self.assertEqual(self._running(record, DECLARATION).event_date, PUBLISHED)
        record.security = "Pledge of the business of 4 March 2024"
        self.assertEqual(self._running(record, DECLARATION).event_date, TODAY)
        record.security = False
        self.assertEqual(self._running(record, DECLARATION).event_date, PUBLISHED)
        record.notified_on = PUBLISHED - timedelta(days=2)
        self.assertEqual(self._running(record, DECLARATION).event_date, record.notified_on)

    def test_a_secured_creditor_may_have_declared_before_he_was_told(self):
        self._owe()
        record = self._record(notified_on=TODAY, security="Pledge of 4 March 2024")
        deadline, declared = self._running(record, DECLARATION), PUBLISHED + timedelta(days=1)
        self.assertEqual(deadline.event_date, TODAY)
        self.assertEqual(record._find_first_day(deadline), record.judgement_date)
        with self.assertRaisesRegex(UserError, "cannot have been done before"):
            self._close_by_hand(deadline, record.judgement_date - timedelta(days=1))
        self._close_by_hand(deadline, declared)
        self.assertEqual((deadline.state, deadline.closed_on), ("done", declared))

    def _close_by_hand(self, deadline, day):
        self.env["collection.deadline.closing"].with_user(self.accountant).create(
            {
                "deadline_id": deadline.id,
                "date": day,
                "attachment_ids": [(6, 0, self._paper().ids)],
            }
        ).action_apply()

    def test_who_has_four_months_hears_of_the_last_days(self):
        self._owe()
        deadline = self._running(self._record(is_creditor_abroad=True), DECLARATION)
        self.assertEqual(deadline.legal_date, date(2026, 7, 13))
        days = []
        while deadline.next_alarm_date:
            day = deadline.next_alarm_date
            days.append(day)
            with self.on((day - TODAY).days):
                self.root["collection.deadline"]._warn(self.company, day)
        self.assertEqual([(day - PUBLISHED).days for day in days[:4]], [7, 30, 45, 55])
        self.assertEqual(
            days[4:], [date(2026, 6, 13), date(2026, 6, 28), date(2026, 7, 6), date(2026, 7, 12)]
        )

    # === OVER-INDEBTEDNESS === #

    def test_stay_of_a_consumer_is_over_after_two_years(self):
        consumer = self._debtor("Household", is_company=False)
        self._owe(partner=consumer)
        record = self._record(consumer, kind="overindebtedness", publication_date=False)
        deadline = self._running(record, STAY)
        self.assertEqual((deadline.event_date, deadline.purpose), (OPENED, "opening"))
        self.assertEqual(deadline.legal_date, date(2028, 3, 7))
        self._step_of(record, "measures")
        self._step_of(record, "plan_failed")
        record.judgement_date = OPENED - timedelta(days=1)
        self.assertEqual(self._state(record, STAY), ["dropped"])

    def test_stay_moves_with_the_admission(self):
        consumer = self._debtor("Household", is_company=False)
        self._owe(partner=consumer)
        record = self._record(consumer, kind="overindebtedness", publication_date=False)
        record.judgement_date = OPENED - timedelta(days=1)
        self.assertEqual(self._running(record, STAY).legal_date, date(2028, 3, 6))

from datetime import date

from odoo.tests import freeze_time, tagged

from .common import NOW, ChargeCommon


@tagged("post_install", "-at_install")
class TestInterestStops(ChargeCommon):
    """What stops interest for a time: proceedings that have ended, in any case of the debtor."""

    def _open_insolvency(self, case, day, **vals):
        return self._hold(
            case,
            kind="insolvency",
            date_start=day,
            **{"review_date": date(2027, 6, 1), **vals},
        )

    def _days(self, invoice, as_of=NOW):
        """Return [(first day, last day)] of the segments that bear interest."""
        segments = self._charged(invoice, as_of).charges.interest.segments
        return [(segment.start, segment.end) for segment in segments]

    def test_proceedings_whose_hold_ran_out_stop_interest_until_its_end_only(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        hold = self._open_insolvency(
            self._case(self.debtor), date(2026, 10, 20), date_end=date(2026, 11, 10)
        )
        before, after = (date(2026, 10, 1), date(2026, 10, 19)), (date(2026, 11, 11), NOW)
        # Its last day has passed, the run that notes it has not come yet.
        self.assertEqual(self._days(invoice), [before, after])
        self.root["collection.hold"]._expire(self.company, NOW)
        self.assertEqual(hold.state, "expired")
        self.assertEqual(self._days(invoice), [before, after])

    def test_released_proceedings_stop_interest_until_their_release(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        hold = self._open_insolvency(self._case(self.debtor), date(2026, 10, 20))
        with freeze_time("2026-11-15 09:00:00"):
            hold.with_user(self.personas["manager"]).action_release()
        self.assertEqual(
            self._days(invoice),
            [(date(2026, 10, 1), date(2026, 10, 19)), (date(2026, 11, 16), NOW)],
        )

    def test_hold_released_on_its_first_day_was_a_mistake(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        hold = self._open_insolvency(self._case(self.debtor), NOW)
        hold.with_user(self.personas["manager"]).action_release()
        self.assertEqual(self._days(invoice), [(date(2026, 10, 1), NOW)])

    def test_ended_proceedings_leave_younger_debts_alone(self):
        self._invoice(1000, date(2026, 9, 30))
        younger = self._invoice(1000, date(2026, 10, 31), issued=date(2026, 10, 25))
        self._open_insolvency(
            self._case(self.debtor), date(2026, 10, 20), date_end=date(2026, 11, 10)
        )
        self.assertEqual(self._days(younger), [(date(2026, 11, 1), NOW)])

    def test_proceedings_bear_on_the_debtors_closed_cases_too(self):
        paid = self._invoice(1000, date(2026, 9, 30))
        self._pay_on(paid, date(2026, 11, 20))
        self.root["collection.refresh"]._refresh(self.company, NOW)
        former = self._case(self.debtor)
        self.assertFalse(former.is_open)
        self._invoice(500, date(2026, 11, 5))
        case = self._case(self.debtor)
        self.assertNotEqual(case, former)
        self._open_insolvency(case, date(2026, 10, 20))
        self.assertEqual(self._days(paid), [(date(2026, 10, 1), date(2026, 10, 19))])

    def test_proceedings_of_one_debtor_leave_others_alone(self):
        other = self._debtor("Another Payer")
        invoice = self._invoice(1000, date(2026, 9, 30), partner=other)
        self._invoice(1000, date(2026, 9, 30))
        self._open_insolvency(self._case(self.debtor), date(2026, 10, 20))
        self.assertEqual(self._days(invoice), [(date(2026, 10, 1), NOW)])

from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import NOW, ChargeCommon


@tagged("post_install", "-at_install")
class TestInterestStops(ChargeCommon):
    """What stops interest for a time: proceedings that have ended, and what a manager grants."""

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

    def test_proceedings_do_not_run_out_by_themselves(self):
        self._invoice(1000, date(2026, 9, 30))
        case = self._case(self.debtor)
        with self.assertRaisesRegex(ValidationError, "until they are closed"):
            self._open_insolvency(case, date(2026, 10, 20), date_end=date(2026, 12, 10))

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
        hold = self._open_insolvency(self._case(self.debtor), date(2026, 10, 20))
        with freeze_time("2026-11-10 09:00:00"):
            hold.action_release()
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

    # === A MANAGER SAYS BY WHICH RIGHT === #

    def _grant_grace(self, user=None, **vals):
        """Hold the case from 11 to 20 November without interest, as a manager."""
        reason = self.root["collection.reason"].search([("usage", "=", "hold")], limit=1)
        with freeze_time("2026-11-11 09:00:00"):
            return (
                self.root["collection.hold"]
                .with_user(user or self.personas["manager"])
                .create(
                    {
                        "case_id": self._case(self.debtor).id,
                        "reason_id": reason.id,
                        "date_start": date(2026, 11, 11),
                        "date_end": date(2026, 11, 20),
                        "stops_interest": True,
                        "interest_ground": "C. civ. 1343-5",
                        **vals,
                    }
                )
            )

    def test_hold_stops_contacts_not_interest(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        self._grant_grace(stops_interest=False, interest_ground=False)
        self.assertEqual(self._days(invoice), [(date(2026, 10, 1), NOW)])

    def test_judges_grace_stops_interest_for_its_days(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        self._grant_grace()
        expected = [(date(2026, 10, 1), date(2026, 11, 10)), (date(2026, 11, 21), NOW)]
        self.assertEqual(self._days(invoice), expected)
        # 41 days and 11 days of 1,000 at 12.40 %.
        self.assertEqual([row[3] for row in self._segments(invoice)], ["13.93", "3.74"])
        self.root["collection.hold"]._expire(self.company, NOW)
        self.assertEqual(self._days(invoice), expected)

    def test_released_grace_stops_interest_until_its_release(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        hold = self._grant_grace()
        with freeze_time("2026-11-15 09:00:00"):
            hold.action_release()
        self.assertEqual(
            self._days(invoice),
            [(date(2026, 10, 1), date(2026, 11, 10)), (date(2026, 11, 16), NOW)],
        )

    def test_grace_on_one_item_leaves_the_others_alone(self):
        held, other = self._invoice(1000, date(2026, 9, 30)), self._invoice(5, date(2026, 9, 30))
        self._grant_grace(line_ids=[Command.create({"item_id": self._item(held).id})])
        self.assertEqual(len(self._days(held)), 2)
        self.assertEqual(self._days(other), [(date(2026, 10, 1), NOW)])

    # === WHAT CHANGES CASE === #

    def _assert_kept_its_grace(self, invoice):
        self.assertEqual(
            self._days(invoice),
            [(date(2026, 10, 1), date(2026, 11, 10)), (date(2026, 11, 21), NOW)],
        )

    def _let_payment_bounce(self, invoice):
        """Pay an invoice, let a later one open a case of its own, and take the payment back."""
        self._pay_on(invoice, date(2026, 11, 25))
        self._expire_and_refresh()
        later = self._invoice(500, date(2026, 9, 30))
        case = self._case(self.debtor)
        receivable = self._item(invoice).move_line_id
        entry = receivable.matched_credit_ids.credit_move_id.move_id
        receivable.remove_move_reconcile()
        entry.button_draft()
        self._expire_and_refresh()
        self.assertEqual((self._item(invoice) | self._item(later)).case_id, case)
        return later

    def _expire_and_refresh(self):
        self.root["collection.hold"]._expire(self.company, NOW)
        self.root["collection.refresh"]._refresh(self.company, NOW)

    def test_grace_on_an_item_stays_when_it_changes_case(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        hold = self._grant_grace(line_ids=[Command.create({"item_id": self._item(invoice).id})])
        later = self._let_payment_bounce(invoice)
        self.assertNotEqual(self._item(invoice).case_id, hold.case_id)
        self._assert_kept_its_grace(invoice)
        self.assertEqual(self._days(later), [(date(2026, 10, 1), NOW)])

    def test_grace_on_a_case_stays_with_its_items_when_they_change_case(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        hold = self._grant_grace()
        later = self._let_payment_bounce(invoice)
        self.assertEqual(hold.line_ids.item_id, self._item(invoice))
        self._assert_kept_its_grace(invoice)
        self.assertEqual(self._days(later), [(date(2026, 10, 1), NOW)])

    def test_grace_stays_with_the_items_of_merged_debtors(self):
        self._check_joined(
            lambda other: (
                self.root["base.partner.merge.automatic.wizard"]
                .create({})
                ._merge((other | self.debtor).ids, other, extra_checks=False)
            )
        )

    def test_grace_stays_with_the_items_of_a_debtor_that_got_a_parent(self):
        self._check_joined(
            lambda other: self.debtor.write({"parent_id": other.id, "is_company": False})
        )

    def _check_joined(self, join):
        """Check that grace bears on what it did, once the debtor has become part of another."""
        other = self._debtor("Another Payer")
        own = self._invoice(700, date(2026, 9, 30), partner=other)
        invoice = self._invoice(1000, date(2026, 9, 30))
        self._grant_grace()
        self.root["collection.hold"]._expire(self.company, NOW)
        join(other)
        self._expire_and_refresh()
        self.assertEqual(self._item(invoice).case_id, self._item(own).case_id)
        self._assert_kept_its_grace(invoice)
        self.assertEqual(self._days(own), [(date(2026, 10, 1), NOW)])

    def test_ended_grace_of_the_parent_does_not_spread_to_who_joins_it(self):
        self._invoice(1000, date(2026, 9, 30))
        self._grant_grace()
        self._expire_and_refresh()
        joining = self._debtor("Another Payer")
        invoice = self._invoice(700, date(2026, 9, 30), partner=joining)
        joining.write({"parent_id": self.debtor.id, "is_company": False})
        self._expire_and_refresh()
        self.assertEqual(self._item(invoice).case_id, self._case(self.debtor))
        self.assertEqual(self._days(invoice), [(date(2026, 10, 1), NOW)])

    def test_only_a_manager_stops_interest(self):
        self._invoice(1000, date(2026, 9, 30))
        collector = self.collector
        with self.assertRaisesRegex(AccessError, "Only a manager stops interest"):
            self._grant_grace(collector)
        hold = self._grant_grace()
        with freeze_time("2026-11-12 09:00:00"):
            for vals in ({"date_end": date(2026, 12, 31)}, {"stops_interest": False}):
                with (
                    self.subTest(vals=vals),
                    self.assertRaisesRegex(AccessError, "Only a manager stops interest"),
                ):
                    hold.with_user(collector).write(vals)
            with self.assertRaisesRegex(AccessError, "Only a manager ends"):
                hold.with_user(collector).action_release()

    def test_grace_wants_its_ground(self):
        self._invoice(1000, date(2026, 9, 30))
        with self.assertRaisesRegex(ValidationError, "by which right"):
            self._grant_grace(interest_ground=" ")

    def test_proceedings_need_no_ground_of_their_own(self):
        self._invoice(1000, date(2026, 9, 30))
        with self.assertRaisesRegex(ValidationError, "L622-28"):
            self._grant_grace(
                self.root.user, kind="insolvency", date_end=False, review_date=date(2026, 12, 1)
            )

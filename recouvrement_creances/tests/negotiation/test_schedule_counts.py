from datetime import date

from odoo.tests import freeze_time, tagged

from .schedule_common import FIRST, ScheduleCommon

FEW, MANY = 20, 200
# Odoo itself writes so many rows with one statement.
ROWS_OF_AN_UPDATE = 100
# Schedules, their messages in the chatter, and what these show of the change.
KINDS_OF_ROWS = 3


@tagged("post_install", "-at_install")
class TestScheduleCounts(ScheduleCommon):
    """Judging costs a fixed number of statements, however many schedules there are."""

    def _make_schedules(self, number, name):
        """Return schedules in effect, put there without documents: only the judgement counts."""
        invoices = self.env["account.move"]
        for index in range(number):
            debtor = self._debtor(f"{name} {index}")
            invoices |= self._create_invoice_one_line(
                price_unit=300,
                tax_ids=[],
                partner_id=debtor,
                invoice_date=date(2026, 10, 31),
                invoice_date_due=date(2026, 10, 31),
                invoice_payment_term_id=False,
                post=True,
            )
        self.root["collection.refresh"]._refresh(self.company, date(2026, 12, 1))
        schedules = self.root["collection.schedule"]
        for invoice in invoices:
            case = self._case(invoice.partner_id)
            schedules |= schedules._propose(case, case.open_item_ids, count=3, first_date=FIRST)
        schedules._apply_event("offer")
        schedules._apply_event("sign", {"date_start": date(2026, 12, 1)})
        schedules._hold_contacts(date(2026, 12, 1))
        return schedules

    def _count(self, day):
        """Return the statements that a day's judgement takes, with a cold cache."""
        self.env.cr.precommit.run()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        with freeze_time(day.isoformat() + " 09:00:00"):
            self.root["collection.settlement"]._judge_due(self.company, day)
            # What waits for the end of the transaction belongs to it: Odoo's tracking does.
            self.env.cr.precommit.run()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_judging_many_costs_the_same_as_judging_few(self):
        few = self._make_schedules(FEW, "Few")
        begun = self._count(date(2027, 1, 7))
        late = self._count(date(2027, 1, 8))
        again = self._count(date(2027, 1, 9))
        # A statement more for each further hundred schedules, and of their messages and tracks.
        more = KINDS_OF_ROWS * (MANY // ROWS_OF_AN_UPDATE - 1)
        self.assertEqual(set(few.mapped("state")), {"late"})
        few.action_cancel()
        many = self._make_schedules(MANY, "Many")
        self.assertLessEqual(self._count(date(2027, 1, 7)), begun + more)
        self.assertLessEqual(self._count(date(2027, 1, 8)), late + more)
        self.assertEqual(set(many.mapped("state")), {"late"})
        self.assertLessEqual(self._count(date(2027, 1, 9)), again)
        track = many[:1].message_ids.tracking_value_ids
        self.assertEqual((track.old_value_char, track.new_value_char), ("Signed", "Late"))

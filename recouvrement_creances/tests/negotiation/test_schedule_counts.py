from datetime import date

from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .schedule_common import FIRST, ScheduleCommon

# Odoo itself writes a hundred rows with one statement: up to there nothing may cost more.
FEW, MANY = 20, 100


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

    def _count_life(self, schedules):
        """Return [(state, statements)] of each judgement of schedules that nobody pays."""
        counts = []

        def count(day):
            statements = self._count(day)
            (state,) = set(schedules.mapped("state"))
            counts.append((state, statements))

        count(date(2027, 1, 8))
        count(date(2027, 1, 9))
        # As if all invoices were cancelled, and back: nothing is owed, then all of it again.
        self._set_invoices(schedules, "cancel")
        count(date(2027, 1, 11))
        self._set_invoices(schedules, "posted")
        count(date(2027, 1, 12))
        self._give_notices(schedules, date(2027, 1, 15))
        count(date(2027, 2, 1))
        return counts

    def _set_invoices(self, schedules, state):
        self.env.flush_all()
        lines = schedules.item_line_ids.item_id.move_line_id
        self.env.cr.execute(
            SQL(
                "UPDATE account_move_line SET parent_state = %s WHERE id IN %s",
                state,
                tuple(lines.ids),
            )
        )
        self.env.invalidate_all()

    def _give_notices(self, schedules, day):
        """Let a notice of each schedule have left, whose period is over by the end of January."""
        actions = self.root["collection.action"]._with_door()
        actions.create(
            [
                {
                    **schedule._prepare_contact(schedule._get_first_late(), "notice"),
                    "date_planned": day,
                    "state": "sent",
                    "next_level_from": date(2027, 2, 1),
                }
                for schedule in schedules
            ]
        )

    def test_judging_many_costs_the_same_as_judging_few(self):
        few = self._count_life(self._make_schedules(FEW, "Few"))
        schedules = self._make_schedules(MANY, "Many")
        many = self._count_life(schedules)
        states = [state for state, _statements in many]
        self.assertEqual(states, ["late", "late", "completed", "late", "broken"])
        for (state, expected), (_state, statements) in zip(few, many, strict=True):
            with self.subTest(state=state):
                self.assertLessEqual(statements, expected)
        tracks = schedules[:1].message_ids.tracking_value_ids.sorted("id")
        self.assertEqual(
            tracks.mapped("new_value_char"), ["Late", "Completed", "Late", "Broken off"]
        )
        tasks = schedules.case_id.activity_ids.filtered(lambda task: "broken" in task.summary)
        self.assertEqual(len(tasks), MANY)

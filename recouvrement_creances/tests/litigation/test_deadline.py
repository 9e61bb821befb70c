from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..common import TODAY
from .common import LitigationCommon


@tagged("post_install", "-at_install")
class TestDeadline(LitigationCommon):
    """Deadlines: opened by the law of the day, told of in time, closed with proof only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deadlines = cls.root["collection.deadline"]

    def _open(self, code="judgement.default", day=TODAY, proceeding=None):
        """Return a deadline of a proceeding: by default six months from 16/03/2026."""
        proceeding = proceeding or self._sue()
        return proceeding.sudo()._open_deadlines([code], day)

    def _tasks(self, deadline):
        return {(task.user_id, task.date_deadline, task.summary) for task in deadline.activity_ids}

    # === WHOSE === #

    def test_it_is_said_whose_period_it_is(self):
        proceeding = self._sue()
        for code, party in (
            ("order.service", "us"),
            ("order.opposition", "debtor"),
            ("order.clerk_notice", "court"),
            ("order.enforcement", False),
        ):
            with self.subTest(code=code):
                self.assertEqual(self._open(code, proceeding=proceeding).party, party)
        # The heading says so of nobody: part of them are other people's.
        self.assertNotIn("Act", self.deadlines._fields["alarm_date"].string)

    # === OPENING === #

    def test_the_alarm_stands_on_the_unextended_day_and_the_legal_day_beside_it(self):
        deadline = self._open(day=date(2025, 8, 31))
        # Six months after 31 August is 28 February, a Saturday: Friday 27, legally Monday 2.
        self.assertRecordValues(
            deadline,
            [
                {
                    "counted_date": date(2026, 2, 28),
                    "alarm_date": date(2026, 2, 27),
                    "legal_date": date(2026, 3, 2),
                    "article": "CPC 478",
                    "purpose": "act",
                    "state": "open",
                    "user_id": self.collector.id,
                    "case_id": self._case(self.debtor).id,
                }
            ],
        )

    def test_the_holidays_are_those_of_the_court(self):
        proceeding = self._sue()
        court = self.root["collection.court"].create(
            {"name": "TJ Strasbourg", "kind": "judicial", "zip": "67000"}
        )
        paris = self._open("order.lawyer", date(2026, 12, 11), proceeding)
        proceeding.sudo().court_id = court
        strasbourg = self._open("order.opposition_costs", date(2026, 12, 11), proceeding)
        # Saturday 26 December in both; Christmas is a Friday.
        self.assertEqual(paris.alarm_date, date(2026, 12, 24))
        self.assertEqual(strasbourg.legal_date, date(2026, 12, 28))

    def test_a_debtor_abroad_has_two_months_more_to_oppose(self):
        at_home = self._open("order.opposition")
        self.debtor.country_id = self.root.ref("base.be")
        abroad = self._open(
            "order.opposition",
            proceeding=self._sue(self._overdue_invoice(60, 9, partner=self.debtor)),
        )
        self.assertEqual(at_home.legal_date, date(2026, 4, 16))
        self.assertEqual(abroad.legal_date, date(2026, 6, 16))

    def test_a_debtor_overseas_has_a_month_more_unless_the_court_is_there(self):
        self.debtor.write({"zip": "97400", "city": "Saint-Denis"})
        there = self._sue()
        court = self.root["collection.court"]
        there.sudo().court_id = court.create({"name": "TMC Test", "postcodes": "974"})
        here = self._sue(self._overdue_invoice(60, 9, partner=self.debtor))
        here.sudo().court_id = court.create({"name": "TAE Test", "zip": "75001"})
        days = [self._open("order.opposition", proceeding=one).legal_date for one in (there, here)]
        self.assertEqual(days, [date(2026, 4, 16), date(2026, 5, 18)])

    def test_a_foreign_creditor_has_two_months_more_to_declare(self):
        self.company.partner_id.sudo().country_id = self.root.ref("base.be")
        deadline = self._open("insolvency.declaration", date(2026, 2, 16))
        self.assertEqual(deadline.legal_date, date(2026, 6, 16))

    def test_the_same_deadline_is_not_opened_twice(self):
        deadline = self._open()
        proceeding = self.root["collection.proceeding"].browse(deadline.source_id)
        self.assertEqual(self._open(proceeding=proceeding), deadline)

    def test_an_unknown_rule_is_refused_by_name(self):
        with self.assertRaisesRegex(UserError, "no.such.rule"):
            self._open("no.such.rule")

    # === ALARMS === #

    def test_alarms_come_closer_and_go_up_to_the_manager(self):
        # Legal day 16 September 2026: alarms 30, 15, 7 days and 1 day before.
        deadline = self._open()
        expected = [
            (date(2026, 8, 16), None, None),
            (date(2026, 8, 17), date(2026, 9, 1), False),
            (date(2026, 9, 1), date(2026, 9, 9), False),
            (date(2026, 9, 9), date(2026, 9, 15), True),
            (date(2026, 9, 15), False, True),
        ]
        for day, following, escalated in expected:
            with self.subTest(day=day), freeze_time(f"{day} 09:00:00"):
                told = self.deadlines._warn(self.company, day)
                self.assertEqual(bool(told), following is not None)
                if told:
                    self.assertEqual(deadline.next_alarm_date, following)
                    self.assertEqual(deadline.is_escalated, escalated)
                    people = self.collector | (self.manager if escalated else self.env["res.users"])
                    self.assertEqual(deadline.activity_ids.user_id, people)
                    self.assertEqual(len(deadline.activity_ids), len(people))
                self.assertFalse(self.deadlines._warn(self.company, day), "told twice")
        (text,) = set(deadline.activity_ids.mapped("summary"))
        self.assertIn("09/16/2026", text)

    def test_a_missed_day_of_the_job_is_caught_up_by_one_alarm(self):
        deadline = self._open()
        self.deadlines._warn(self.company, date(2026, 9, 10))
        self.assertEqual(deadline.next_alarm_date, date(2026, 9, 15))
        self.assertTrue(deadline.is_escalated)
        self.assertEqual(len(deadline.activity_ids), 2)

    def test_what_is_missed_is_said_to_person_and_manager_and_may_still_be_closed(self):
        deadline = self._open()
        self.deadlines._warn(self.company, date(2026, 9, 16))
        self.assertEqual(deadline.state, "open")
        self.deadlines._warn(self.company, date(2026, 9, 17))
        self.assertEqual(deadline.state, "missed")
        self.assertEqual(deadline.activity_ids.user_id, self.collector | self.manager)
        self.assertIn("missed", deadline.activity_ids[0].summary)
        deadline._close(date(2026, 9, 17), reason="Notified in time, noted late")
        self.assertEqual(deadline.state, "done")
        self.assertFalse(deadline.activity_ids)

    def test_somebody_elses_time_passes_by_itself(self):
        deadline = self._open("order.opposition")
        self.deadlines._warn(self.company, date(2026, 4, 16))
        self.assertEqual(deadline.state, "open")
        self.deadlines._warn(self.company, date(2026, 4, 17))
        self.assertEqual(deadline.state, "elapsed")
        self.assertEqual(deadline.activity_ids.user_id, self.collector)

    def test_what_has_to_wait_is_announced_on_its_day(self):
        deadline = self._open("order.enforcement")
        self.assertEqual(deadline.legal_date, date(2026, 4, 17))
        self.assertFalse(self.deadlines._warn(self.company, date(2026, 4, 16)))
        self.deadlines._warn(self.company, date(2026, 4, 17))
        self.assertEqual(deadline.state, "elapsed")
        self.assertIn("from 04/17/2026 on", deadline.activity_ids.summary)

    def test_alarms_of_a_declaration_count_from_the_publication(self):
        deadline = self._open("insolvency.declaration")
        self.assertEqual(deadline.next_alarm_date, date(2026, 3, 23))

    def test_many_deadlines_are_told_of_in_as_many_statements_as_few(self):
        def count(number):
            proceeding = self._sue(self._overdue_invoice(30, 10 + number, partner=self.debtor))
            for index in range(number):
                # On 10 September those of the last days come near, the earlier ones are missed.
                self._open(day=fields.Date.subtract(TODAY, days=index), proceeding=proceeding)
                self._open("order.opposition", TODAY + timedelta(days=index), proceeding)
                self._open("order.enforcement", TODAY + timedelta(days=index), proceeding)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            told = self.deadlines._warn(self.company, date(2026, 9, 10))
            self.env.flush_all()
            self.assertEqual(len(told), 3 * number)
            self.assertEqual(set(told.mapped("state")), {"open", "missed", "elapsed"})
            return self.env.cr.sql_log_count - before

        count(8)
        # No more than fit into one INSERT of Odoo.
        self.assertLessEqual(count(16), count(8))

    def test_the_scheduled_action_looks_at_each_company(self):
        deadline = self._open(day=date(2025, 8, 31))
        cron = self.root.ref("recouvrement_creances.ir_cron_warn_deadlines")
        self.assertEqual(
            (cron.model_id.model, cron.code), ("collection.deadline", "model._cron_warn()")
        )
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(deadline.state, "missed")

    # === CLOSING === #

    def _dialog(self, deadline, user=None, **vals):
        dialogs = self.env["collection.deadline.closing"].with_user(user or self.accountant)
        return dialogs.create({"deadline_id": deadline.id, **vals})

    def test_a_deadline_closes_with_its_document(self):
        deadline = self._open()
        paper = self._paper("act.pdf")
        self._dialog(deadline, attachment_ids=[(6, 0, paper.ids)]).action_apply()
        self.assertRecordValues(
            deadline,
            [{"state": "done", "closed_on": TODAY, "closed_by_id": self.accountant.id}],
        )
        self.assertEqual(deadline.attachment_ids, paper)
        with self.assertRaisesRegex(UserError, "part of the evidence"):
            paper.with_user(self.manager).unlink()

    def test_a_deadline_does_not_close_for_nothing(self):
        deadline = self._open()
        for vals in ({}, {"way": "drop"}, {"way": "drop", "reason": "  "}):
            with self.subTest(**vals), self.assertRaises(UserError):
                self._dialog(deadline, **vals).action_apply()
        with self.assertRaises(ValidationError):
            deadline._apply_event("close")
        self._dialog(deadline, way="drop", reason="Never served").action_apply()
        self.assertEqual((deadline.state, deadline.closing_reason), ("dropped", "Never served"))

    def test_what_has_to_wait_is_not_closed_before(self):
        deadline = self._open("order.enforcement")
        with self.assertRaisesRegex(UserError, "04/17/2026.*CPC 1422"):
            self._dialog(deadline, attachment_ids=[(6, 0, self._paper().ids)]).action_apply()

    def test_nothing_is_done_before_what_its_deadline_counts_from_nor_ahead(self):
        deadline = self._open()
        paper = [(6, 0, self._paper().ids)]
        for days, words in ((-1, "counts from 03/16/2026"), (1, "once it has taken place")):
            dialog = self._dialog(deadline, date=TODAY + timedelta(days=days), attachment_ids=paper)
            with self.subTest(days=days), self.assertRaisesRegex(UserError, words):
                dialog.action_apply()
        self._dialog(deadline, date=TODAY, attachment_ids=paper).action_apply()
        self.assertEqual((deadline.state, deadline.closed_on), ("done", TODAY))

    def test_what_counts_back_from_a_hearing_is_done_before_it(self):
        deadline = self._open("summons.service", TODAY + timedelta(days=90))
        paper = [(6, 0, self._paper().ids)]
        self._dialog(deadline, date=TODAY, attachment_ids=paper).action_apply()
        self.assertEqual(deadline.state, "done")

    def test_an_appeal_may_come_before_the_notification_but_not_before_the_judgement(self):
        proceeding = self._sue(procedure="summons")
        judged = TODAY - timedelta(days=10)
        for key in ("serve", "file", "reject"):
            self._take(proceeding, key, judged, procedure="summons")
        self._take(proceeding, "notify", procedure="summons")
        own = proceeding.deadline_ids.filtered(
            lambda one: one.rule_code == "judgement.own_appeal" and one.state == "open"
        )
        self.assertEqual(own.event_date, TODAY)
        paper = [(6, 0, self._paper().ids)]
        early = self._dialog(own, date=judged - timedelta(days=1), attachment_ids=paper)
        with self.assertRaisesRegex(UserError, "cannot have been done before"):
            early.action_apply()
        self._dialog(own, date=judged, attachment_ids=paper).action_apply()
        self.assertEqual(own.state, "done")

    def test_deadlines_are_not_written_by_hand(self):
        deadline = self._open()
        for persona in ("collector", "accountant", "manager"):
            mine = deadline.with_user(self.personas[persona])
            with self.subTest(persona=persona):
                with self.assertRaises(AccessError):
                    mine.write({"alarm_date": date(2030, 1, 1)})
                with self.assertRaises(AccessError):
                    mine.create({"case_id": deadline.case_id.id})
        with self.assertRaises(AccessError):
            self._dialog(deadline, self.personas["reader"], way="drop", reason="No").action_apply()
        with self.assertRaisesRegex(UserError, "history"):
            deadline.unlink()

    def test_a_colleagues_deadline_is_not_closed(self):
        deadline = self._open()
        deadline.case_id.sudo().user_id = self.personas["other_collector"]
        with self.assertRaises(AccessError):
            self._dialog(deadline, self.collector, way="drop", reason="Not mine").action_apply()

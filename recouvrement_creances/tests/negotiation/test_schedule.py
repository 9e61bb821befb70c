from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .schedule_common import FIRST, SCAN, ScheduleCommon


@tagged("post_install", "-at_install")
class TestSchedule(ScheduleCommon):
    """A schedule is planned, approved where it must be, offered and signed."""

    def _amounts(self, schedule):
        return [(line.due_date.isoformat(), line.amount) for line in schedule._get_lines()]

    def test_draft_has_lines_that_add_up(self):
        schedule = self._draft(count=7, down_payment=100, down_payment_date=date(2026, 12, 10))
        self.assertEqual(schedule.amount_total, 900)
        self.assertEqual(
            self._amounts(schedule)[:2], [("2026-12-10", 100.0), ("2027-01-05", 114.28)]
        )
        self.assertEqual(self._amounts(schedule)[-1], ("2027-07-05", 114.32))
        self.assertEqual(
            [(line.name, line.amount) for line in schedule.item_line_ids],
            [(self.old.name, 600.0), (self.young.name, 300.0)],
        )

    def test_lines_by_hand_that_do_not_add_up_are_refused(self):
        lines = [(FIRST, 450.0, "instalment"), (date(2027, 2, 5), 449.99, "instalment")]
        with self.assertRaisesRegex(UserError, "add up to .*899.99"):
            self._draft(lines=lines)
        lines[1] = (date(2027, 2, 5), 450.0, "instalment")
        self.assertEqual(len(self._draft(lines=lines).instalment_ids), 2)

    def test_mistyped_years_are_refused(self):
        with self.assertRaisesRegex(UserError, "check the dates"):
            self._draft(first_date=date(9999, 12, 31))
        lines = [(FIRST, 450.0, "instalment"), (date(9999, 12, 31), 450.0, "instalment")]
        with self.assertRaisesRegex(UserError, "check the dates"):
            self._draft(lines=lines)

    def test_within_the_limits_it_is_offered_at_once(self):
        schedule = self._proposed()
        self.assertFalse(schedule._check_limits())
        self.assertTrue(schedule.agreement_id.raw.startswith(b"%PDF"))
        self.assertFalse(schedule.hold_id)
        # What the debtor was offered stays as it was.
        with self.assertRaisesRegex(UserError, "part of the evidence"):
            schedule.agreement_id.with_user(self.personas["manager"]).write({"raw": b"Other"})

    def test_above_the_limits_a_manager_approves(self):
        schedule = self._draft(count=13)
        self.assertRegex(schedule.limit_text, "lasts 14 months; the policy allows 12")
        schedule.action_submit()
        self.assertEqual(schedule.state, "to_approve")
        self.assertTrue(
            schedule.activity_ids.user_id.has_group("recouvrement_creances.group_manager")
        )
        with self.assertRaises(AccessError):
            schedule._decide("approve")
        schedule.with_user(self.personas["manager"])._decide("approve")
        self.assertEqual(schedule.state, "proposed")
        self.assertTrue(schedule.agreement_id)
        self.assertEqual(schedule.decided_by_id, self.personas["manager"])

    def test_one_payment_after_a_long_wait_needs_an_approval(self):
        far = self._draft(count=1, first_date=date(2027, 11, 1))
        self.assertRegex(far.limit_text, "Nothing is paid for 11 months; the policy allows 3")
        gap = [(FIRST, 450.0, "instalment"), (date(2027, 5, 5), 450.0, "instalment")]
        self.assertRegex(self._draft(lines=gap).limit_text, "Nothing is paid for 4 months")
        far.action_submit()
        self.assertEqual(far.state, "to_approve")
        self.assertFalse(self._draft(count=3, frequency="quarter")._check_limits())
        self.policy.schedule_wait_months = 0
        self.assertFalse(self._draft(count=1, first_date=date(2027, 11, 1))._check_limits())

    def test_longer_ones_are_for_the_finance_director(self):
        schedule = self._draft(count=18, amount=None)
        schedule.action_submit()
        with self.assertRaises(AccessError):
            schedule.with_user(self.personas["manager"])._decide("approve")
        schedule.with_user(self.personas["finance_director"])._decide("approve")
        self.assertEqual(schedule.state, "proposed")

    def test_nobody_approves_his_own_schedule(self):
        schedule = self._draft("manager", count=13)
        schedule.action_submit()
        with self.assertRaisesRegex(AccessError, "own request"):
            schedule._decide("approve")

    def test_small_instalments_need_an_approval_but_not_the_rest(self):
        self.assertRegex("\n".join(self._draft(amount=40)._check_limits()), "smallest instalment")
        self.assertFalse(self._draft(amount=120, items=self.items)._check_limits())

    def test_refused_draft_goes_back_to_who_asked_and_can_be_changed(self):
        schedule = self._draft(count=13)
        schedule.action_submit()
        boss = schedule.with_user(self.personas["manager"])
        with self.assertRaisesRegex(UserError, "Say why"):
            boss._decide("refuse", " ")
        boss._decide("refuse", "Ask for a down payment")
        self.assertEqual(
            (schedule.state, schedule.decision_note), ("draft", "Ask for a down payment")
        )
        task = schedule.activity_ids
        self.assertEqual((task.user_id, task.summary[:7]), (self.collector, "Refused"))
        self.assertIn("Ask for a down payment", task.note)
        self._draft(count=6, schedule=schedule)
        schedule.action_submit()
        self.assertEqual((schedule.state, len(schedule.instalment_ids)), ("proposed", 6))
        self.assertFalse(schedule.activity_ids)

    def test_offer_that_is_taken_back_leaves_no_paper_to_sign(self):
        schedule = self._proposed()
        paper = schedule.agreement_id
        schedule.action_revise()
        self.assertEqual(schedule.state, "draft")
        with self.assertRaisesRegex(UserError, "when the schedule is proposed"):
            schedule.action_print()
        self._draft(count=6, schedule=schedule)
        schedule.action_submit()
        self.assertTrue(schedule.agreement_id)
        self.assertNotEqual(schedule.agreement_id, paper)

    def test_who_asked_is_told_of_the_approval_until_it_is_signed(self):
        schedule = self._draft(count=13)
        schedule.action_submit()
        schedule.with_user(self.personas["manager"])._decide("approve")
        self.assertEqual(schedule.activity_ids.user_id, self.collector)
        schedule._sign_on_paper(date(2026, 12, 1), "Jeanne Payeur", SCAN)
        self.assertFalse(schedule.activity_ids)

    def test_task_is_not_the_administrators_while_somebody_else_may_decide(self):
        administrator = self.root.ref("base.user_admin")
        administrator.group_ids += self.root.ref("recouvrement_creances.group_manager")
        administrator.company_ids += self.company
        self.assertLess(administrator.id, self.personas["manager"].id)
        schedule = self._draft(count=13)
        schedule.action_submit()
        self.assertEqual(schedule.activity_ids.user_id, self.personas["manager"])

    def test_who_made_a_schedule_does_not_approve_what_a_colleague_submits(self):
        schedule = self._draft("manager", count=13)
        schedule.with_user(self.collector).action_submit()
        own = schedule.with_user(self.personas["manager"])
        self.assertFalse(own.can_decide)
        self.assertNotEqual(schedule.activity_ids.user_id, self.personas["manager"])
        with self.assertRaisesRegex(AccessError, "own request"):
            own._decide("approve")

    def test_what_makes_no_schedule_is_refused(self):
        with self.assertRaisesRegex(UserError, "Choose the documents"):
            self._draft(items=self.items.browse())
        other = self._debtor("Somebody Else")
        self._invoice(50, date(2026, 10, 1), partner=other)
        foreign = self._case(other).open_item_ids
        with self.assertRaisesRegex(UserError, "one debtor's case"):
            self._draft(items=self.items | foreign)
        self._pay_on(self.young, date(2026, 12, 1))
        with self.assertRaisesRegex(UserError, "Nothing is due of"):
            self._draft()

    def test_items_are_covered_by_one_live_schedule(self):
        first = self._signed()
        with self.assertRaisesRegex(UserError, f"covered by {first.name}"):
            self._draft()

    def test_plan_touches_schedules_of_its_own_case_only(self):
        other = self._debtor("Somebody Else")
        self._invoice(500, date(2026, 10, 1), partner=other)
        self.root["collection.decision"]._decide(self.company, date(2026, 12, 1))
        case = self._case(other)
        foreign = self._draft("manager", case=case, items=case.open_item_ids)
        case.user_id = self.personas["manager"]
        dialogs = self.env["collection.schedule.plan"].with_user(self.collector)
        for name in ("schedule_id", "previous_id"):
            dialog = dialogs.create(
                {"case_id": self.case.id, "item_ids": [Command.set(self.items.ids)]}
            )
            dialog[name] = foreign
            dialog.item_ids = self.items
            with self.subTest(name=name), self.assertRaisesRegex(UserError, "this case only"):
                dialog.action_apply()
        self.assertEqual((foreign.case_id, foreign.amount_total), (case, 500))

    def test_second_offer_is_not_signed_beside_the_first(self):
        first, second = self._proposed(), self._proposed(count=2)
        first.sudo()._sign("", self._words(first), "Jeanne Payeur")
        with self.assertRaisesRegex(UserError, "only a proposed schedule"):
            second.sudo()._sign("", self._words(second), "Jeanne Payeur")
        with self.assertRaisesRegex(UserError, "only a proposed schedule"):
            second._sign_on_paper(date(2026, 12, 1), "Jeanne Payeur", SCAN)
        self.assertEqual((first.state, second.state), ("running", "cancelled"))
        self.assertIn(first.name, second.end_note)

    def test_charges_stand_in_one_schedule_in_effect(self):
        charge = self._claim()
        first = self._signed(charges=charge)
        self._invoice(100, date(2026, 11, 1))
        with self.assertRaisesRegex(UserError, f"covered by {first.name}"):
            self._draft(items=self.case.open_item_ids - self.items, charges=charge)

    def test_consumer_pays_nothing_for_time(self):
        self.debtor.collection_debtor_kind = "consumer"
        schedule = self._draft(interest_clause="maintained")
        self.assertEqual((schedule.interest_clause, schedule.cure_days), ("waived", 30))
        with self.assertRaises(ValidationError):
            schedule.sudo().interest_clause = "maintained"

    def test_others_do_not_work_on_the_schedule(self):
        schedule = self._draft()
        for persona in ("reader", "other_collector", "finance_director"):
            with self.subTest(persona=persona), self.assertRaises(AccessError):
                schedule.with_user(self.personas[persona]).action_submit()
        with self.assertRaises(AccessError):
            schedule.amount_total = 1

    def test_paper_signature_puts_it_into_effect(self):
        schedule = self._proposed()
        schedule._sign_on_paper(date(2026, 11, 30), "Jeanne Payeur", SCAN)
        self.assertEqual((schedule.state, schedule.signature_kind), ("running", "paper"))
        self.assertEqual(schedule.date_start, date(2026, 11, 30))
        self.assertEqual(schedule.signed_agreement_id.raw, SCAN)
        self.assertEqual(schedule.hold_id.kind, "schedule")
        self.assertEqual(schedule.hold_id.line_ids.item_id, self.items)
        self.assertEqual(set(self.items.mapped("verdict")), {"schedule"})

    def test_paper_is_a_document_of_the_past(self):
        schedule = self._proposed()
        for scan, day, text in (
            (b"<html><script>", date(2026, 12, 1), "PDF, PNG or JPEG"),
            (SCAN, date(2026, 12, 2), "today at the latest"),
        ):
            with self.subTest(text=text), self.assertRaisesRegex(UserError, text):
                schedule._sign_on_paper(day, "Jeanne Payeur", scan)
        self.assertEqual(schedule.state, "proposed")

    def test_new_version_replaces_the_one_in_effect(self):
        former = self._signed()
        self._pay_schedule(former, 300, FIRST)
        second = self._proposed(previous=former, count=6, first_date=date(2027, 2, 5))
        self.assertEqual((second.amount_total, second.version), (600, 2))
        self.assertEqual(second.name, f"{former.name}/v2")
        self.assertEqual(former.state, "running")
        second.sudo()._sign("", self._words(second), "Jeanne Payeur")
        self.assertEqual((former.state, second.state), ("cancelled", "running"))
        self.assertEqual((former.hold_id.state, second.hold_id.state), ("released", "open"))
        self.assertEqual(len(former.instalment_ids), 3)
        self.assertEqual(former.ended_on, date(2026, 12, 1))

    def test_cancelled_schedule_lets_contacts_go_on(self):
        schedule = self._signed()
        with self.assertRaisesRegex(AccessError, "is signed"):
            schedule.action_cancel()
        schedule.with_user(self.personas["manager"]).action_cancel()
        self.assertEqual((schedule.state, schedule.hold_id.state), ("cancelled", "released"))
        self._decide()
        self.assertNotIn("schedule", self.items.mapped("verdict"))

    def test_hold_of_a_schedule_is_not_released_by_hand(self):
        schedule = self._signed()
        with self.assertRaisesRegex(UserError, "belongs to"):
            schedule.hold_id.with_user(self.collector).action_release()

    def test_schedules_are_not_deleted(self):
        schedule = self._draft()
        with self.assertRaisesRegex(UserError, "history"):
            schedule.sudo().unlink()

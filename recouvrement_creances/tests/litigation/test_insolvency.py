from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import TODAY
from .insolvency_common import OPENED, PUBLISHED, InsolvencyCommon


@tagged("post_install", "-at_install")
class TestInsolvency(InsolvencyCommon):
    """Recording an insolvency stops at once what the law stops, and nothing else."""

    # === AT ONCE === #

    def test_recording_holds_the_earlier_debts_at_once(self):
        invoice = self._owe()
        record = self._record()
        self.assertEqual((record.state, record.case_id), ("open", self._case(self.debtor)))
        self.assertVerdict(invoice, "insolvency")
        self.assertRecordValues(
            record.hold_ids,
            [
                {
                    "kind": "insolvency",
                    "date_start": OPENED,
                    "arose_before": OPENED,
                    "date_end": False,
                    "state": "open",
                }
            ],
        )
        self.assertEqual(record.case_id.stage_kind, "insolvency")

    def test_next_run_contacts_nobody_of_that_debtor(self):
        self._owe()
        self._record()
        with self._mail_server() as sink:
            self._run()
        self.assertFalse([mail for mail in sink.messages if "sued" in str(mail).lower()])
        self.assertFalse(self._case(self.debtor).action_ids)

    def test_planned_contacts_are_cancelled(self):
        self._owe(32)
        self._owe(20)
        run = self.root["collection.run"]._propose_for(self._case(self.debtor))
        action = run.action_ids
        self.assertIn(action.state, ("proposed", "confirmed", "planned"))
        self._record()
        self.assertEqual(action.state, "cancelled")
        self.assertIn("nsolvency", action.failure_reason)

    def test_later_debts_go_on_being_collected(self):
        earlier, later = self._owe(), self._owe_later()
        record = self._record()
        self.assertVerdict(earlier, "insolvency")
        self.assertVerdict(later, "remind")
        self.assertEqual((record.amount_earlier, record.amount_later), (1000.0, 500.0))
        self._run()
        self.assertEqual(self._case(self.debtor).action_ids.line_ids.item_id, self._item(later))

    def test_earlier_debt_booked_afterwards_is_caught(self):
        self._owe()
        self._record()
        late = self._owe(6, invoice_date=OPENED - timedelta(days=1))
        self.assertVerdict(late, "insolvency")

    def test_delivery_says_when_a_debt_arose(self):
        delivered = self._owe(6, invoice_date=TODAY - timedelta(days=8))
        delivered.delivery_date = OPENED - timedelta(days=1)
        on_the_day = self._owe(6, invoice_date=OPENED - timedelta(days=20))
        on_the_day.delivery_date = OPENED
        self._record()
        self.assertVerdict(delivered, "insolvency")
        # The judgement takes effect at the first hour of its day.
        self.assertVerdict(on_the_day, "remind")

    def test_a_person_says_on_which_side_a_debt_is(self):
        invoice = self._owe_later()
        record = self._record()
        record.action_list_claims()
        claim = record.claim_ids
        self.assertFalse(claim.is_earlier)
        with self.assertRaisesRegex(ValidationError, "Say by what"):
            claim.write({"side": "earlier"})
        claim.write({"side": "earlier", "side_reason": "Delivered in February: CMR"})
        self.assertTrue(claim.is_earlier)
        self.assertVerdict(invoice, "insolvency")
        self.assertEqual(record.amount_later, 0)

    def test_interest_stops_by_the_day_of_the_delivery(self):
        invoice = self._owe(60)
        record = self._record()
        charges = self.root["collection.interest"]._compute_items(self._item(invoice), TODAY)
        segments = charges[self._item(invoice).id].charges.interest.segments
        self.assertEqual(segments[-1].end, OPENED - timedelta(days=1))
        record.action_list_claims()
        record.claim_ids.write({"side": "later", "side_reason": "Delivered since"})
        charges = self.root["collection.interest"]._compute_items(self._item(invoice), TODAY)
        segments = charges[self._item(invoice).id].charges.interest.segments
        self.assertEqual(segments[-1].end, TODAY)

    def test_calls_by_hand_are_refused_while_only_earlier_debts_are_due(self):
        self._owe()
        record = self._record()
        case = record.case_id
        guard = self.root["collection.guard"]
        self.assertTrue(guard._find_hold_reasons(case, self._now()))
        self._owe_later()
        self.assertFalse(guard._find_hold_reasons(case, self._now()))

    def test_credit_limit_forgets_earlier_debts(self):
        self._owe(60, 1000)
        self.company.sudo().account_use_credit_limit = True
        self.debtor.credit_limit = 800
        draft = self._create_invoice_one_line(
            price_unit=100, tax_ids=[], partner_id=self.debtor, post=False
        )
        self.assertTrue(draft.partner_credit_warning)
        self._record()
        draft.invalidate_recordset(["partner_credit_warning"])
        self.assertFalse(draft.partner_credit_warning)
        self._owe_later(900)
        draft.invalidate_recordset(["partner_credit_warning"])
        self.debtor.invalidate_recordset(["credit"])
        self.assertTrue(draft.partner_credit_warning)

    def test_agreements_on_earlier_debts_end(self):
        earlier, later = self._owe(), self._owe_later()
        case = self._case(self.debtor)
        promises = self.root["collection.promise"].create(
            [
                {
                    "case_id": case.id,
                    "item_ids": self._item(invoice).ids,
                    "date": TODAY + timedelta(days=3),
                    "amount": invoice.amount_residual,
                }
                for invoice in (earlier, later)
            ]
        )
        other = self._owe(50)
        schedule = (
            self.root["collection.schedule"]
            .with_user(self.accountant)
            ._propose(case, self._item(other), count=2, first_date=TODAY + timedelta(days=9))
        )
        self._record()
        self.assertEqual(promises.mapped("state"), ["withdrawn", "pending"])
        self.assertEqual(schedule.state, "cancelled")
        self.assertVerdict(earlier, "insolvency")

    def test_nothing_is_agreed_on_about_earlier_debts(self):
        earlier, later = self._owe(), self._owe_later()
        case = self._record().case_id

        def promise(invoice):
            return (
                self.root["collection.promise"]
                .with_user(self.accountant)
                .create(
                    {
                        "case_id": case.id,
                        "item_ids": self._item(invoice).ids,
                        "date": TODAY + timedelta(days=3),
                        "amount": invoice.amount_residual,
                    }
                )
            )

        with self.assertRaisesRegex(UserError, "is insolvent"):
            promise(earlier)
        self.assertEqual(promise(later).item_ids, self._item(later))
        items = self._item(earlier).with_user(self.accountant)
        with self.assertRaisesRegex(UserError, "is insolvent"):
            self.root["collection.schedule"].with_user(self.accountant)._propose(
                case, items, count=2
            )
        with self.assertRaisesRegex(UserError, "is insolvent"):
            self.root["collection.charge"].with_user(self.accountant)._claim(
                case, items, TODAY, TODAY
            )

    def _now(self):
        return self.root.cr.now()

    # === WITHOUT A CASE YET === #

    def test_debtor_without_a_case_is_caught_when_one_opens(self):
        record = self._record()
        self.assertFalse(record.case_id)
        late = self._owe(6, invoice_date=OPENED - timedelta(days=1))
        self.assertEqual(record.case_id, self._case(self.debtor))
        self.assertVerdict(late, "insolvency")
        self.assertEqual(self._state(record, "insolvency.declaration"), ["open"])

    # === WHAT IS ASKED FOR === #

    def test_nothing_stops_before_the_judgement(self):
        invoice = self._owe()
        record = self._record(judgement_date=False, publication_date=False)
        self.assertEqual(record.state, "filed")
        self.assertVerdict(invoice, "remind")
        record.judgement_date = OPENED
        self.assertEqual(record.state, "open")
        self.assertVerdict(invoice, "insolvency")

    def test_conciliation_stops_nobody(self):
        invoice = self._owe()
        record = self._record(kind="conciliation", publication_date=False)
        self.assertFalse(record.hold_ids)
        self.assertVerdict(invoice, "remind")

    def test_a_corrected_judgement_moves_the_hold(self):
        invoice = self._owe(6, invoice_date=TODAY - timedelta(days=8))
        record = self._record()
        self.assertVerdict(invoice, "remind")
        record.write({"judgement_date": TODAY - timedelta(days=5)})
        self.assertVerdict(invoice, "insolvency")

    # === DEADLINES === #

    def test_publication_opens_the_deadline_to_declare(self):
        self._owe()
        record = self._record()
        deadline = self._deadline(record, "insolvency.declaration")
        # Published on Friday 13 March 2026.
        self.assertEqual(PUBLISHED, date(2026, 3, 13))
        self.assertEqual(deadline.legal_date, date(2026, 5, 13))
        self.assertEqual(deadline.next_alarm_date, PUBLISHED + timedelta(days=7))
        relief = self._deadline(record, "insolvency.relief")
        self.assertEqual(relief.legal_date, date(2026, 9, 14))

    def test_alarms_come_on_the_seventh_thirtieth_and_following_days(self):
        self._owe()
        record = self._record()
        deadline = self._deadline(record, "insolvency.declaration")
        days = []
        for _alarm in range(4):
            day = deadline.next_alarm_date
            days.append((day - PUBLISHED).days)
            with self.on((day - TODAY).days):
                self.root["collection.deadline"]._warn(self.company, day)
                self.assertTrue(deadline.activity_ids)
        self.assertEqual(days, [7, 30, 45, 55])

    def test_creditor_abroad_has_two_months_more(self):
        self._owe()
        record = self._record(is_creditor_abroad=True)
        self.assertEqual(
            self._deadline(record, "insolvency.declaration").legal_date, date(2026, 7, 13)
        )

    def test_the_day_to_declare_moves_with_the_creditors_place(self):
        self._owe()
        record = self._record()
        record.is_creditor_abroad = True
        running = record.deadline_ids.filtered(
            lambda one: one.rule_code == "insolvency.declaration" and one.state == "open"
        )
        self.assertEqual(running.legal_date, date(2026, 7, 13))
        self.assertEqual(sorted(self._state(record, "insolvency.declaration")), ["dropped", "open"])

    def test_a_court_overseas_gives_a_creditor_of_the_mainland_two_months_more(self):
        self.company.partner_id.sudo().write(
            {"country_id": self.root.ref("base.fr").id, "zip": "75002"}
        )
        self._owe()
        record = self._record()
        record.court_id = self.root["collection.court"].create(
            {"name": "Tribunal mixte", "kind": "commercial", "postcodes": "972"}
        )
        self.assertTrue(record.is_creditor_abroad)
        running = record.deadline_ids.filtered(
            lambda one: one.rule_code == "insolvency.declaration" and one.state == "open"
        )
        self.assertEqual(running.legal_date, date(2026, 7, 13))

    def test_goods_under_retention_of_title_are_claimed_within_three_months(self):
        self._owe()
        record = self._record()
        self.assertFalse(self._deadline(record, "insolvency.goods"))
        record.retains_title = True
        self.assertEqual(self._deadline(record, "insolvency.goods").legal_date, date(2026, 6, 15))
        record.retains_title = False
        self.assertEqual(self._state(record, "insolvency.goods"), ["dropped"])

    def test_a_publication_of_another_day_moves_the_deadline(self):
        self._owe()
        record = self._record()
        record.with_user(self.manager).write(
            {"publication_date": TODAY, "publication_reason": "Another company's notice"}
        )
        self.assertEqual(sorted(self._state(record, "insolvency.declaration")), ["dropped", "open"])
        running = record.deadline_ids.filtered(lambda one: one.state == "open")
        self.assertEqual(set(running.mapped("event_date")), {TODAY})

    def test_steps_open_and_close_their_deadlines(self):
        self._owe()
        record = self._record()
        self._step_of(record, "contest")
        self.assertEqual(self._deadline(record, "insolvency.contest").legal_date, date(2026, 4, 15))
        self._step_of(record, "answer")
        self.assertEqual(self._state(record, "insolvency.contest"), ["done"])
        self._step_of(record, "plan")
        self.assertEqual((record.state, record.plan_date), ("plan", TODAY))
        self.assertEqual(
            self._deadline(record, "insolvency.later_debts").legal_date, date(2027, 3, 16)
        )
        self._step_of(record, "conversion")
        self.assertEqual((record.state, record.kind), ("open", "liquidation"))
        self.assertEqual(self._state(record, "insolvency.later_debts"), ["dropped"])
        self.assertEqual(self._state(record, "insolvency.later_debts_liquidation"), ["open"])

    def test_steps_need_their_document_and_their_order(self):
        self._owe()
        record = self._record()
        with self.assertRaisesRegex(UserError, "join the document"):
            record._record_step("contest", TODAY)
        with self.assertRaisesRegex(UserError, "does not follow"):
            self._step_of(record, "plan_failed")
        with self.assertRaisesRegex(UserError, "once it has taken place"):
            self._step_of(record, "contest", TODAY + timedelta(days=1))
        with self.assertRaisesRegex(UserError, "does not follow"):
            self._step_of(record, "measures")

    # === CONSUMERS === #

    def test_over_indebtedness_stops_demands_at_the_admission(self):
        consumer = self._debtor("Household", is_company=False)
        invoice = self._owe(partner=consumer)
        record = self._record(
            consumer, kind="overindebtedness", judgement_date=False, publication_date=False
        )
        self.assertVerdict(invoice, "remind")
        record.judgement_date = OPENED
        self.assertVerdict(invoice, "insolvency")
        self.assertEqual(record.deadline_ids.rule_code, "overindebtedness.stay")
        self._step_of(record, "claim_letter")
        self.assertEqual(
            self._deadline(record, "overindebtedness.claim").legal_date, date(2026, 4, 15)
        )
        self._step_of(record, "admission_letter")
        self.assertEqual(
            self._deadline(record, "overindebtedness.contest").legal_date, date(2026, 3, 31)
        )
        self._step_of(record, "claim_given")
        self.assertEqual(self._state(record, "overindebtedness.claim"), ["done"])
        self._step_of(record, "measures")
        self.assertEqual(record.state, "plan")
        self._step_of(record, "plan_failed")
        self._step_of(record, "recovery")
        self.assertEqual(record.kind, "personal_recovery")
        record.with_user(self.manager)._close("wiped_out", TODAY, reason="Judgement of 16 March")
        self.assertVerdict(invoice, "insolvency")

    # === END === #

    def test_only_a_manager_closes_and_with_a_reason(self):
        self._owe()
        record = self._record()
        with self.assertRaises(AccessError):
            record._close("paid", TODAY, reason="Plan carried out")
        with self.assertRaisesRegex(UserError, "Join the document"):
            record.with_user(self.manager)._close("paid", TODAY)

    def test_end_frees_what_may_be_asked_for_again(self):
        invoice = self._owe()
        record = self._record()
        record.with_user(self.manager)._close("overturned", TODAY, reason="Court of appeal")
        self.assertEqual((record.state, record.hold_ids.state), ("closed", "released"))
        self.assertVerdict(invoice, "remind")
        self.assertEqual(set(record.deadline_ids.mapped("state")), {"dropped"})
        with self.assertRaisesRegex(UserError, "history"):
            record.judgement_date = TODAY

    def test_insufficient_assets_leave_the_debt_held(self):
        invoice = self._owe()
        record = self._record(kind="liquidation")
        record.with_user(self.manager)._close("insufficient", TODAY, reason="Judgement")
        self.assertEqual(record.hold_ids.state, "open")
        self.assertVerdict(invoice, "insolvency")

    def test_a_mistake_is_undone(self):
        invoice = self._owe()
        record = self._record()
        record.with_user(self.manager)._cancel("A namesake")
        self.assertEqual(record.state, "cancelled")
        self.assertVerdict(invoice, "remind")
        self.assertEqual(self._record().state, "open")

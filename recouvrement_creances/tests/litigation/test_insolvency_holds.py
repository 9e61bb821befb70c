from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY
from .insolvency_common import OPENED, InsolvencyCommon


@tagged("post_install", "-at_install")
class TestInsolvencyHolds(InsolvencyCommon):
    """One record per debtor and company holds what it holds, and nobody does it otherwise."""

    # === HOLDS BY HAND === #

    def test_insolvency_is_not_held_by_hand_any_more(self):
        self._owe()
        case = self._case(self.debtor)
        reason = self.root["collection.reason"].search([("usage", "=", "hold")], limit=1)
        for user in (self.collector, self.manager):
            with self.assertRaisesRegex(UserError, "Record the insolvency on the case"):
                self.root["collection.hold"].with_user(user).create(
                    {
                        "case_id": case.id,
                        "kind": "insolvency",
                        "reason_id": reason.id,
                        "review_date": TODAY,
                    }
                )

    def test_its_hold_ends_with_the_record_only(self):
        self._owe()
        hold = self._record().hold_ids.with_user(self.manager)
        self.assertFalse(hold.can_end)
        with self.assertRaisesRegex(UserError, "belongs to insolvency"):
            hold.action_release()
        with self.assertRaisesRegex(UserError, "belongs to insolvency"):
            hold.date_end = TODAY
        with self.on(4000):
            self.root["collection.hold"]._expire(self.company, TODAY + timedelta(days=4000))
        self.assertEqual(hold.state, "open")

    # === THE GROUP === #

    def test_companies_that_share_insolvency_record_it_together(self):
        sister = self.setup_other_company(name="Sister company")["company"]
        stranger = self.root["res.company"].create({"name": "Stranger"})
        (self.company | sister).sudo().collection_shares_insolvency = True
        record = self._record()
        shared = record.sudo().shared_ids
        self.assertEqual(shared.company_id, sister)
        self.assertEqual((shared.state, shared.judgement_date), ("open", OPENED))
        record.judgement_date = OPENED - timedelta(days=1)
        self.assertEqual(shared.judgement_date, OPENED - timedelta(days=1))
        self.assertFalse(
            self.root["collection.insolvency"].search([("company_id", "=", stranger.id)])
        )

    def test_group_is_told_of_what_a_form_sends(self):
        sisters = self.root["res.company"].create([{"name": "Sister"}, {"name": "Brother"}])
        (self.company | sisters).sudo().collection_shares_insolvency = True
        record = self._record()
        administrator = self._debtor("Maître Petit")
        # As the web client does: days as texts, commands of links.
        record.write(
            {
                "judgement_date": str(OPENED - timedelta(days=1)),
                "administrator_ids": [[4, administrator.id]],
                "publication_number": "A202600054321",
            }
        )
        for shared in record.sudo().shared_ids:
            self.assertEqual(shared.judgement_date, OPENED - timedelta(days=1))
            self.assertEqual(shared.administrator_ids, administrator)
            self.assertEqual(shared.publication_number, "A202600054321")
        # Any of them tells the others.
        first, second = record.sudo().shared_ids
        first.write({"administrator_ids": [Command.unlink(administrator.id)]})
        self.assertFalse((record.sudo() | second).administrator_ids)

    def test_conciliation_stays_confidential(self):
        sister = self.root["res.company"].create({"name": "Sister"})
        (self.company | sister).sudo().collection_shares_insolvency = True
        self._owe()
        record = self._record(kind="conciliation", publication_date=False)
        self.assertFalse(record.sudo().shared_ids)
        insolvency = self.root["collection.insolvency"]
        self.assertFalse(insolvency._find_insolvent(self.debtor, self.company))
        # Proceedings that are public are the group's concern, whoever conciliates there.
        self._record(kind="conciliation", company_id=sister.id, user=self.root.user)
        public = self._record()
        self.assertEqual(public.sudo().shared_ids.company_id, sister)
        self.assertEqual(insolvency._find_insolvent(self.debtor, self.company), {self.debtor.id})

    def test_opening_ends_a_conciliation_and_leaves_its_record(self):
        self._owe()
        began = OPENED - timedelta(days=40)
        conciliation = self._record(
            kind="conciliation", judgement_date=began, publication_date=False
        )
        case = self._case(self.debtor)
        self.assertTrue(case.may_record_insolvency)
        self.assertNotIn("res_id", case.action_record_insolvency())
        with self.assertRaisesRegex(UserError, "recorded apart"):
            conciliation.kind = "reorganisation"
        asked_for = self._record(judgement_date=False, publication_date=False)
        self.assertEqual(conciliation.state, "open")
        asked_for.judgement_date = OPENED
        self.assertEqual(
            (conciliation.state, conciliation.closing_ground, conciliation.closed_on),
            ("closed", "followed", OPENED),
        )
        self.assertEqual((conciliation.kind, conciliation.judgement_date), ("conciliation", began))
        case.invalidate_recordset()
        self.assertEqual(case.insolvency_id, asked_for)
        self.assertEqual(case.action_record_insolvency()["res_id"], asked_for.id)
        self.assertEqual(case.stage_kind, "insolvency")

    # === AFTER THE END === #

    def _close(self, record, ground):
        record.with_user(self.manager)._close(ground, TODAY, reason="Judgement of today")
        # As in a process that starts now.
        self.env.registry.clear_cache()

    def test_what_the_law_has_taken_is_not_asked_for_after_the_end(self):
        self._owe()
        record = self._record(kind="liquidation")
        self._close(record, "insufficient")
        case, items = record.case_id, record.case_id.open_item_ids.with_user(self.accountant)
        guard = self.root["collection.guard"]
        self.assertIn(case, guard._find_hold_reasons(case, self.root.cr.now()))
        promise = {
            "case_id": case.id,
            "item_ids": items.ids,
            "date": TODAY + timedelta(days=3),
            "amount": 1000.0,
        }
        with self.assertRaisesRegex(UserError, "is insolvent"):
            self.root["collection.promise"].with_user(self.accountant).create(promise)
        with self.assertRaisesRegex(UserError, "is insolvent"):
            self.root["collection.charge"].with_user(self.accountant)._claim(
                case.with_user(self.accountant), items, TODAY, TODAY
            )

    def test_reopened_proceedings_hold_again(self):
        self._owe()
        record = self._record(kind="liquidation")
        self._close(record, "paid")
        insolvency = self.root["collection.insolvency"]
        self.assertFalse(insolvency._are_any_running())
        self._step_of(record, "reopening")
        self.assertEqual(record.state, "open")
        self.assertTrue(insolvency._are_any_running())

    # === TAKING STEPS BACK === #

    def test_a_plan_noted_by_mistake_is_taken_back(self):
        self._owe()
        record = self._record()
        contest = self._step_of(record, "contest")
        plan = self._step_of(record, "plan")
        self.assertEqual((record.state, record.plan_date), ("plan", TODAY))
        with self.assertRaisesRegex(AccessError, "Only a manager"):
            record._undo_step(plan, "Another debtor's")
        managed = record.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "followed on"):
            managed._undo_step(contest.with_user(self.manager), "Another debtor's")
        managed._undo_step(plan.with_user(self.manager), "Another debtor's")
        self.assertEqual((record.state, record.plan_date), ("open", False))
        self.assertEqual(self._state(record, "insolvency.later_debts"), ["dropped"])
        self.assertEqual(self._state(record, "insolvency.contest"), ["open"])
        self.assertTrue(plan.is_undone)
        self.assertEqual(plan.undone_by_ids.note, "Another debtor's")
        self._step_of(record, "plan")
        self.assertEqual(record.state, "plan")

    def test_a_conversion_and_a_reopening_are_taken_back(self):
        self._owe()
        record = self._record()
        converted = self._step_of(record, "conversion")
        self.assertEqual(record.kind, "liquidation")
        record.with_user(self.manager)._undo_step(converted, "A mistake")
        self.assertEqual((record.kind, record.state), ("reorganisation", "open"))
        self._close(record, "paid")
        reopened = self._step_of(record, "reopening")
        self.assertEqual(
            record.hold_ids.filtered(lambda hold: hold.state == "open").kind, "insolvency"
        )
        record.with_user(self.manager)._undo_step(reopened, "Of other proceedings")
        self.assertEqual((record.state, record.closing_ground), ("closed", "paid"))
        self.assertEqual(record.closed_on, TODAY)
        self.assertFalse(record.hold_ids.filtered(lambda hold: hold.state == "open"))

    # === DEADLINES === #

    def test_missed_deadline_of_a_wrong_day_does_not_block_the_right_one(self):
        self._owe()
        record = self._record(publication_date=OPENED)
        wrong = self._deadline(record, "insolvency.declaration")
        wrong.sudo()._apply_event("miss")
        record.with_user(self.manager).write(
            {"publication_date": TODAY, "publication_reason": "Another company's notice"}
        )
        self.assertEqual(sorted(self._state(record, "insolvency.declaration")), ["dropped", "open"])
        self.assertTrue(wrong.closing_reason)
        right = record.deadline_ids.filtered(lambda one: one.state == "open")
        self.assertEqual(set(right.mapped("event_date")), {TODAY})

    # === WHO === #

    def test_reader_sees_the_debts_and_lists_none(self):
        self._owe()
        record = self._record()
        reader = self.personas["reader"]
        record.with_user(reader).action_list_claims()
        self.assertFalse(record.sudo().claim_ids)
        record.action_list_claims()
        self.assertTrue(record.sudo().claim_ids)
        with self.assertRaises(AccessError):
            record.with_user(self.personas["invoicing"]).action_list_claims()

    # === ONCE === #

    def test_merged_debtors_keep_one_record(self):
        self._owe()
        other = self._debtor("Twin Debtor")
        invoice = self._owe(partner=other)
        record, double = self._record(), self._record(other)
        self.root["collection.case"]._join_debtors(other, self.debtor)
        self.assertEqual((record.state, double.state), ("open", "cancelled"))
        self._decide()
        self.assertEqual(double.case_id, record.case_id)
        self.assertTrue(invoice)

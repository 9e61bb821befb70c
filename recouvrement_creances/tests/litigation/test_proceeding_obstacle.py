from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import TODAY
from .handover_common import HandoverCommon

YESTERDAY = TODAY - timedelta(days=1)


@tagged("post_install", "-at_install")
class TestProceedingObstacle(HandoverCommon):
    """What goes to court was approved of, may go there, and is served in time."""

    def _open_without_approval(self):
        proceeding = self._sue()
        proceeding.sudo().without_handover_reason = False
        return proceeding

    def _start(self, handover=None):
        handover = handover or self._approve(self._request())
        handover.action_start_proceeding()
        return handover.proceeding_ids.with_user(self.accountant)

    # === APPROVAL === #

    def test_nothing_is_filed_that_nobody_approved_of(self):
        proceeding = self._open_without_approval()
        with self.assertRaisesRegex(AccessError, "Nobody has approved"):
            self._take(proceeding, "file")
        with self.assertRaisesRegex(AccessError, "Nobody has approved"):
            self._take(proceeding, "file", reason="It cannot wait")
        managed = proceeding.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "say why"):
            self._take(managed, "file")
        event = self._take(managed, "file", reason="Begun before the add-on")
        self.assertIn("Begun before", event.note)
        self.assertIn("Begun before", " ".join(proceeding.message_ids.mapped("body")))
        self.assertEqual(proceeding.without_handover_reason, "Begun before the add-on")
        self._take(proceeding, "grant")

    def test_a_prepared_proceeding_follows_the_route_that_was_approved_of(self):
        handover = self._approve(self._request())
        handover.action_start_proceeding()
        proceeding = handover.proceeding_ids
        self.assertEqual(proceeding.procedure_id.kind, "payment_order")
        handover.sudo()._ask_again()
        handover.with_user(self.director)._decide("refuse", "Rather a summons")
        handover.sudo().with_context(tracking_disable=True).write({"route_code": "summons"})
        handover.write({"note": "A summons"})
        with self.assertRaisesRegex(UserError, "changed, or was taken back"):
            self._take(proceeding.with_user(self.accountant), "file")
        handover.action_request()
        self._approve(handover)
        self.assertEqual(proceeding.procedure_id.kind, "summons")
        handover.action_start_proceeding()
        self.assertEqual(handover.proceeding_ids, proceeding)

    def test_a_draft_is_closed_without_any_approval(self):
        proceeding = self._open_without_approval()
        self._take(proceeding, "close")
        self.assertEqual(proceeding.state, "closed")

    def test_the_dialog_says_what_speaks_against_a_step(self):
        proceeding = self._open_without_approval()
        form = Form(
            self.env["collection.proceeding.step"]
            .with_user(self.manager)
            .with_context(default_proceeding_id=proceeding.id)
        )
        self.assertIn("Nobody has approved", form.obstacles)
        form.attachment_ids.add(self._paper(user=self.manager))
        form.reason = "Begun before the add-on"
        form.save().action_apply()
        self.assertEqual(proceeding.state, "filed")

    def test_the_dialog_asks_for_a_reason_those_alone_who_may_give_one(self):
        proceeding = self._open_without_approval()
        for user, may_explain in ((self.manager, True), (self.accountant, False)):
            dialog = self.env["collection.proceeding.step"].with_user(user)
            form = Form(dialog.with_context(default_proceeding_id=proceeding.id))
            with self.subTest(user=user.login):
                self.assertTrue(form.obstacles)
                self.assertEqual(form.may_explain, may_explain)
                if may_explain:
                    form.reason = "Begun before the add-on"
                else:
                    # Form refuses to fill in what the view does not show.
                    with self.assertRaises(AssertionError):
                        form.reason = "It cannot wait"

    def test_a_title_is_enforced_without_another_approval(self):
        first = self._sue()
        enforcement = self.root["collection.proceeding"]._open(
            first.case_id, first.item_ids, self._procedure("enforcement")
        )
        step = enforcement.procedure_id.step_ids.filtered(lambda one: one.event == "enforce")[:1]
        with self.assertRaisesRegex(AccessError, "Nobody has approved"):
            enforcement.with_user(self.accountant)._record_step(step, TODAY, self._paper())
        for key in ("file", "grant", "serve"):
            self._take(first, key)
        with self.on(90) as day:
            self._take(first, "entitle", day)
            enforcement.with_user(self.accountant)._record_step(step, day, self._paper())
        self.assertEqual(enforcement.state, "enforcement")

    def test_what_was_approved_of_is_what_goes_to_court(self):
        proceeding = self._start()
        values = (
            {"amount_claimed": 9000},
            {"principal_claimed": 4000},
            {"item_ids": [(6, 0, [])]},
            {"procedure_id": self._procedure("summons").id},
        )
        for vals in values:
            with self.subTest(**vals), self.assertRaisesRegex(UserError, "approved of"):
                proceeding.write(vals)
        self._take(proceeding, "file")
        self.assertEqual(proceeding.state, "filed")

    def test_what_was_taken_back_is_not_filed(self):
        handover = self._approve(self._request())
        proceeding = self._start(handover)
        handover._end("recall", "Paid by cheque")
        with self.assertRaisesRegex(AccessError, "taken back"):
            self._take(proceeding, "file")

    def test_what_was_paid_meanwhile_is_decided_on_again(self):
        handover = self._approve(self._request())
        self._pay(handover.item_ids.move_id, 4500)
        handover.invalidate_recordset()
        # The scheduled action has not run.
        self.assertFalse(handover.action_start_proceeding())
        self.assertEqual((handover.state, handover.round), ("requested", 2))
        self.assertFalse(handover.proceeding_ids)

    def test_who_has_the_file_stops_where_it_is_decided_on_again(self):
        handover = self._transmit()
        self._pay(handover.item_ids.move_id, 4500)
        handover.invalidate_recordset()
        handover.action_start_proceeding()
        self.assertEqual((handover.state, handover.link_ids.state), ("requested", "revoked"))
        subjects = self.root["mail.mail"].search([]).mapped("subject")
        self.assertIn("taken back", " ".join(subjects))
        self._approve(handover)
        self.assertEqual(handover.state, "approved")

    def test_a_handover_is_brought_to_court_once(self):
        handover = self._approve(self._request())
        proceeding = self._start(handover)
        handover.action_start_proceeding()
        self.assertEqual(handover.proceeding_ids, proceeding)
        self.assertFalse(handover.is_in_court)
        self._take(proceeding, "file")
        self.assertTrue(handover.is_in_court)
        with self.assertRaisesRegex(UserError, "running already"):
            handover.action_start_proceeding()

    def test_the_claim_is_what_the_file_says(self):
        handover = self._approve(self._request())
        proceeding = self._start(handover)
        statement = self.root["collection.legal.statement"]._prepare(handover.sudo(), TODAY)
        total = self.root["collection.legal.statement"]._get_total(statement)
        self.assertGreater(total, 5040)
        self.assertEqual((proceeding.principal_claimed, proceeding.amount_claimed), (5000, total))

    def test_a_draft_claims_what_was_approved_of_last(self):
        handover = self._approve(self._request())
        proceeding = self._start(handover)
        self._pay(handover.item_ids.move_id, 4000)
        handover.invalidate_recordset()
        with self.assertRaisesRegex(AccessError, "decided on again"):
            self._take(proceeding, "file")
        handover.action_start_proceeding()
        self._approve(handover)
        self.assertEqual(proceeding.principal_claimed, 1000)
        self._take(proceeding, "file")

    def test_what_was_paid_within_the_tolerance_is_not_claimed(self):
        self.company.collection_handover_tolerance = 10
        handover = self._approve(self._request())
        proceeding = self._start(handover)
        former = proceeding.amount_claimed
        self._pay(handover.item_ids.move_id, 400)
        handover.invalidate_recordset()
        file = self._take(proceeding, "file")
        self.assertEqual(proceeding.principal_claimed, 4600)
        self.assertAlmostEqual(proceeding.amount_claimed, former - 400)
        self.assertIn("instead of", str(proceeding.message_ids.mapped("body")))
        proceeding.with_user(self.manager)._undo_step(file, "Not filed")
        self.assertEqual((proceeding.principal_claimed, proceeding.amount_claimed), (5000, former))

    def test_a_claim_is_never_more_than_was_approved_of(self):
        self.company.collection_handover_tolerance = 10
        handover = self._prepare()
        item = handover.sudo().item_ids
        self._pay(item.move_id, 400)
        handover = self._approve(self._request(handover))
        proceeding = self._start(handover)
        approved = (proceeding.principal_claimed, proceeding.amount_claimed)
        self.assertEqual(approved[0], 4600)
        # The payment is returned.
        item.move_line_id.remove_move_reconcile()
        handover.invalidate_recordset()
        self._take(proceeding, "file")
        self.assertEqual((proceeding.principal_claimed, proceeding.amount_claimed), approved)

    def test_interest_is_that_of_the_day_on_which_it_is_asked_for(self):
        self.company.collection_handover_tolerance = 10
        handover = self._approve(self._request())
        proceeding = self._start(handover)
        self._pay(handover.item_ids.move_id, 400)
        with self.on(20):
            handover.invalidate_recordset()
            asked = type(handover)._prepare_claim
            days = []

            def prepare(records, day=None):
                days.append(day)
                return asked(records, day)

            with patch.object(type(handover), "_prepare_claim", prepare):
                self._take(proceeding, "file", TODAY)
        self.assertEqual(days, [TODAY])

    def test_what_asks_for_nothing_leaves_the_claim(self):
        self.company.collection_handover_tolerance = 10
        handover = self._approve(self._request())
        proceeding = self._start(handover)
        former = (proceeding.principal_claimed, proceeding.amount_claimed)
        self._pay(handover.item_ids.move_id, 400)
        handover.invalidate_recordset()
        self._take(proceeding, "close", reason="Given up")
        self.assertEqual((proceeding.principal_claimed, proceeding.amount_claimed), former)

    def test_what_was_paid_after_the_filing_was_still_claimed(self):
        proceeding = self._sue()
        self._pay(proceeding.item_ids.move_id, 400)
        self._take(proceeding, "file", YESTERDAY)
        self.assertEqual(proceeding.principal_claimed, 5000)

    def test_a_part_that_was_chosen_stays(self):
        proceeding = self._sue()
        proceeding.write({"principal_claimed": 3000, "amount_claimed": 3100})
        self._pay(proceeding.item_ids.move_id, 400)
        self._take(proceeding, "file")
        self.assertEqual((proceeding.principal_claimed, proceeding.amount_claimed), (3000, 3100))

    def test_without_a_handover_what_was_paid_is_left_out_too(self):
        proceeding = self._sue()
        proceeding.amount_claimed = 5100
        self._pay(proceeding.item_ids.move_id, 400)
        self._take(proceeding, "file")
        self.assertEqual((proceeding.principal_claimed, proceeding.amount_claimed), (4600, 4700))

    def test_nothing_is_filed_once_all_was_paid(self):
        proceeding = self._sue()
        self._pay(proceeding.item_ids.move_id, 5000)
        with self.assertRaisesRegex(UserError, "Nothing of it was due"):
            self._take(proceeding, "file")
        self._take(proceeding, "close")

    # === WHO HAS IT === #

    def test_the_partner_is_not_changed_under_who_decides(self):
        handover = self._prepare()
        handover.write({"agent_id": self.lawyer.id, "agent_kind": "lawyer"})
        self._request(handover)
        other = self.root["res.partner"].create({"name": "Other", "email": "o@other.example"})
        for vals in ({"agent_id": other.id}, {"agent_kind": "agency"}):
            with self.subTest(**vals), self.assertRaisesRegex(UserError, "Who decides has seen"):
                handover.write(vals)
        self._approve(handover)
        before = self.root["mail.mail"].search([])
        handover.agent_id = other
        told = self.root["mail.mail"].search([]) - before
        people = told.recipient_ids | told.mail_message_id.notified_partner_ids
        self.assertIn(self.director.partner_id, people)
        self.assertIn("approved for Maître Avocat", " ".join(handover.message_ids.mapped("body")))

    def test_a_route_has_its_kinds_of_partners(self):
        handover = self._approve(self._request())
        handover.write({"agent_id": self.lawyer.id, "agent_kind": "insurer"})
        with self.assertRaisesRegex(UserError, "not for this kind of partner"):
            handover.action_transmit()
        handover.agent_kind = "lawyer"
        handover.action_transmit()
        self.assertEqual(handover.state, "sending")

    # === TOO EARLY === #

    def test_the_first_step_is_not_of_before_the_approval(self):
        proceeding = self._start()
        with self.assertRaisesRegex(AccessError, "before its approval"):
            self._take(proceeding, "file", YESTERDAY, reason="Typed wrong")
        managed = proceeding.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "say why"):
            self._take(managed, "file", YESTERDAY)
        self._take(proceeding, "file", TODAY)
        self.assertEqual(proceeding.state, "filed")

    def test_what_is_asked_for_was_due(self):
        proceeding = self._sue(self._overdue_invoice(10, 5000, partner=self.debtor))
        early = TODAY - timedelta(days=20)
        with self.assertRaisesRegex(UserError, "not due yet"):
            self._take(proceeding, "file", early)
        self._take(proceeding, "file", early, reason="A loss of the term was claimed")
        self.assertEqual(proceeding.state, "filed")

    def test_no_hearing_and_no_time_comes_before_its_step(self):
        proceeding = self._sue()
        for key in ("file", "grant"):
            self._take(proceeding, key, YESTERDAY)
        with self.assertRaisesRegex(UserError, "cannot count from"):
            self._take(proceeding, "serve", TODAY, counts_from=YESTERDAY)
        self._take(proceeding, "serve", TODAY)
        self._take(proceeding, "oppose", TODAY)
        with self.assertRaisesRegex(UserError, "not held before"):
            self._take(proceeding, "hear", hearing=datetime.combine(YESTERDAY, time(9)))
        self._take(proceeding, "hear", hearing=datetime.combine(TODAY, time(9)))

    def test_no_time_counts_from_a_day_to_come_and_no_hearing_is_years_away(self):
        proceeding = self._sue()
        for key in ("file", "grant"):
            self._take(proceeding, key, YESTERDAY)
        with self.assertRaisesRegex(UserError, "to come"):
            self._take(proceeding, "serve", YESTERDAY, counts_from=TODAY + timedelta(days=1))
        self._take(proceeding, "serve", YESTERDAY, counts_from=TODAY)
        self._take(proceeding, "oppose", TODAY)
        with self.assertRaisesRegex(UserError, "more than five years"):
            self._take(proceeding, "hear", hearing=datetime(2031, 3, 17, 9))
        self._take(proceeding, "hear", hearing=datetime(2031, 3, 16, 9))

    # === TOO LATE === #

    def test_fees_that_came_too_late_are_no_fees(self):
        proceeding = self._sue()
        self._take(proceeding, "file", TODAY - timedelta(days=60))
        with self.assertRaisesRegex(UserError, "is void"):
            self._take(proceeding, "fees", TODAY)
        self._take(proceeding, "fees", TODAY - timedelta(days=50))
        self.assertEqual(self._deadline(proceeding, "order.fees").state, "done")

    def test_an_order_served_too_late_is_void(self):
        proceeding = self._sue()
        self._take(proceeding, "file", YESTERDAY)
        self._take(proceeding, "grant", YESTERDAY)
        service = self._deadline(proceeding, "order.service")
        late = date(2026, 9, 16)
        with self.on((late - TODAY).days) as day:
            self.root["collection.deadline"]._warn(self.company, day)
            self.assertEqual(service.state, "missed")
            with self.assertRaisesRegex(UserError, "is void"):
                self._take(proceeding, "serve", day)
            self._take(proceeding, "serve", day, reason="Served all the same")
        self.assertEqual((proceeding.state, service.state), ("served", "missed"))
        self.assertFalse(proceeding.event_ids.limitation_event_id)
        self.assertFalse(self._deadline(proceeding, "order.enforcement"))

    def test_what_was_served_in_time_is_recorded_later(self):
        proceeding = self._sue()
        self._take(proceeding, "file", YESTERDAY)
        self._take(proceeding, "grant", YESTERDAY)
        with self.on((date(2026, 9, 20) - TODAY).days) as day:
            self.root["collection.deadline"]._warn(self.company, day)
            self._take(proceeding, "serve", date(2026, 9, 15))
        self.assertEqual(self._deadline(proceeding, "order.service").state, "done")
        self.assertTrue(proceeding.event_ids.limitation_event_id)

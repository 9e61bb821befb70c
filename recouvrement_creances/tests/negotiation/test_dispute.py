from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import TODAY
from .common import DisputeCommon, day

WORDS = "We are looking into it"


@tagged("post_install", "-at_install")
class TestDispute(DisputeCommon):
    """What is disputed waits, the rest goes on; somebody answers, collection decides."""

    # === OPENING === #

    def test_only_what_is_disputed_is_held(self):
        dispute = self._open(300)
        hold = dispute.hold_id
        self.assertEqual((hold.kind, hold.state, hold.line_ids.amount), ("dispute", "open", 300))
        self.assertVerdict(self.invoice, "remind")
        self.assertVerdict(self.other, "remind")
        self._open(invoice=self.other)
        self.assertVerdict(self.other, "disputed")
        self.assertVerdict(self.invoice, "remind")

    def test_whole_item_is_held_whatever_it_owes(self):
        dispute = self._open()
        self.assertVerdict(self.invoice, "disputed")
        self.assertTrue(dispute.line_ids.is_whole)
        self.assertEqual((dispute.amount, dispute.hold_id.line_ids.amount), (1000, 0))
        self._pay(self.invoice, 400)
        self._decide()
        self.assertVerdict(self.invoice, "disputed")

    def test_owner_gets_a_task_until_the_deadline_of_the_category(self):
        dispute = self._open(300)
        self.assertEqual((dispute.owner_id, dispute.deadline), (self.sales, day(14)))
        self.assertEqual(dispute.name, f"LIT/{TODAY.year}/0001")
        task = dispute.activity_ids
        self.assertEqual((task.user_id, task.date_deadline), (self.sales, day(14)))
        self.assertEqual(dispute.hold_id.review_date, day(14))

    def test_without_an_owner_the_collector_looks_into_it(self):
        dispute = self._open(300, category=self._get_category("price"))
        self.assertEqual(dispute.owner_id, self.collector)

    def test_no_more_than_what_is_due_and_undisputed_is_disputed(self):
        with self.assertRaisesRegex(UserError, "no more than that"):
            self._open(1000.01)
        self._open(700)
        with self.assertRaisesRegex(UserError, "no more than that"):
            self._open(300.01)
        self.assertEqual(self._open().amount, 300)
        self.assertVerdict(self.invoice, "disputed")
        with self.assertRaisesRegex(UserError, "no more than that"):
            self._open(0.01)

    def test_items_of_another_debtor_are_not_disputed(self):
        foreign = self._overdue_invoice(20, partner=self.partner_b)
        self._decide()
        with self.assertRaisesRegex(UserError, "own debtor"):
            self._open(invoice=foreign)

    def test_dispute_notes_the_reason_for_not_paying(self):
        self._open(300, how="email")
        self.assertEqual(self.case.nonpayment_reason_id, self.category.nonpayment_reason_id)
        self.assertEqual(self.case.reason_note_ids.source, "email")

    def test_sensitive_words_are_flagged(self):
        self._open(300, description="La cliente est en arrêt maladie")
        flag = self.root["collection.note.flag"].search([("case_id", "=", self.case.id)])
        self.assertEqual((flag.place, flag.category), ("dispute", "health"))

    def test_dialog_opens_the_dispute_of_what_is_ticked(self):
        entries = self.root["collection.dispute.entry"].with_user(self.collector)
        with Form(entries.with_context(default_case_id=self.case.id)) as form:
            form.category_id = self.category.with_env(form._env)
            self.assertEqual(form.owner_id, self.sales.with_env(form._env))
            self.assertEqual(form.deadline, day(14))
            form.description = "Scratched"
            with form.line_ids.edit(0) as line:
                self.assertEqual(line.amount_due, 1000)
                line.is_chosen = True
                line.amount = 250
            form.deadline = day(3)
        action = form.record.action_apply()
        dispute = self.root["collection.dispute"].browse(action["res_id"])
        self.assertEqual((dispute.amount, dispute.deadline), (250, day(3)))
        self.assertEqual(dispute.line_ids.invoice_name, self.invoice.name)

    # === ANSWER === #

    def test_answer_goes_to_the_collector_who_decides(self):
        dispute = self._open(300)
        dispute.with_user(self.sales)._answer("unfounded", "Delivered as ordered")
        self.assertEqual((dispute.state, dispute.answer_opinion), ("answered", "unfounded"))
        self.assertEqual((dispute.answered_by_id, dispute.answered_on), (self.sales, TODAY))
        self.assertEqual(dispute.activity_ids.user_id, self.collector)
        self.assertVerdict(self.invoice, "remind")
        self.assertEqual(dispute.hold_id.state, "open")

    def test_answer_says_why(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self._open(300).with_user(self.sales)._answer("unfounded", "  ")

    def test_ticked_task_with_a_word_is_an_answer(self):
        dispute = self._open(300)
        task = dispute.activity_ids.with_user(self.sales)
        task.action_feedback(feedback="They signed without reservations")
        self.assertEqual((dispute.state, dispute.answer_opinion), ("answered", False))
        self.assertEqual(dispute.answer, "They signed without reservations")
        self.assertEqual(dispute.activity_ids.user_id, self.collector)

    def test_ticked_task_without_a_word_is_none(self):
        dispute = self._open(300)
        dispute.activity_ids.with_user(self.sales).action_feedback()
        self.assertEqual(dispute.state, "open")

    def test_answer_that_is_not_enough_goes_back(self):
        dispute = self._open(300)
        dispute.with_user(self.sales)._answer("founded", "Perhaps")
        dispute.with_user(self.collector).action_reopen()
        self.assertEqual((dispute.state, dispute.activity_ids.user_id), ("open", self.sales))

    # === DECISION === #

    def test_unfounded_dispute_lets_reminders_go_on(self):
        dispute = self._open()
        with self.on(4):
            self._decided(dispute, "unfounded")
            self.assertVerdict(self.invoice, "remind")
            with self._mail_server() as sink:
                self._run()
            self.assertEqual(len(sink.messages), 1)
        self.assertEqual((dispute.state, dispute.is_running), ("unfounded", False))
        self.assertEqual((dispute.days_to_decide, dispute.ended_on), (4, day(4)))
        self.assertEqual(dispute.hold_id.state, "released")
        self.assertEqual(dispute.hold_id.released_by_id, self.collector)
        self.assertFalse(dispute.activity_ids)

    def test_charges_of_an_unfounded_dispute_are_kept(self):
        self.partner_a.sudo().collection_debtor_kind = "professional"

        def charges():
            computed = self.case._compute_charged_items(day(30))
            return [(entry.charges.interest.total, entry.charges.indemnity) for entry in computed]

        before = charges()
        dispute = self._open()
        with self.on(10):
            self._decided(dispute, "unfounded")
            self.assertEqual(charges(), before)
        self.assertTrue(before[0][0])

    def test_founded_dispute_asks_for_a_credit_note(self):
        dispute = self._open(300)
        self._decided(dispute, "founded")
        self.assertEqual((dispute.state, dispute.amount_accepted), ("founded", 300))
        self.assertEqual((dispute.is_running, dispute.hold_id.state), (True, "open"))
        self.assertEqual(dispute.activity_ids.user_id, self.accountant)
        action = dispute.with_user(self.accountant).action_make_credit_note()
        reversals = self.root[action["res_model"]].with_user(self.accountant)
        reversal = Form(reversals.with_context(**action["context"])).save()
        self.assertEqual(reversal.move_ids, self.invoice)
        self.assertIn(dispute.name, reversal.reason)

    def test_partly_founded_dispute_lets_go_of_the_rest(self):
        dispute = self._open()
        self._decided(dispute, "partly_founded", {dispute.line_ids: 200})
        self.assertEqual(dispute.state, "partly_founded")
        self.assertEqual(dispute.hold_id.line_ids.amount, 200)
        self.assertVerdict(self.invoice, "remind")
        self.assertEqual(dispute.amount_accepted, 200)

    def test_part_is_more_than_nothing_and_less_than_all(self):
        dispute = self._open(300)
        for amount, words in ((0, "more than nothing"), (300, "less than all"), (301, "no more")):
            with self.subTest(amount=amount), self.assertRaisesRegex(UserError, words):
                self._decided(dispute, "partly_founded", {dispute.line_ids: amount})
        self.assertEqual(dispute.state, "open")

    def test_decision_may_be_corrected_until_the_credit_note(self):
        dispute = self._open(300)
        self._decided(dispute, "founded")
        self._decided(dispute, "unfounded")
        self.assertEqual((dispute.state, dispute.amount_accepted), ("unfounded", 0))
        self.assertEqual(dispute.hold_id.state, "released")
        with self.assertRaisesRegex(UserError, "is over"):
            self._decided(dispute, "founded")

    def test_decision_proposes_what_the_owner_thinks(self):
        dispute = self._open(300)
        dispute.with_user(self.sales)._answer("partly_founded", "One of the two")
        decisions = self.root["collection.dispute.decision"].with_user(self.collector)
        with Form(decisions.with_context(default_dispute_id=dispute.id)) as form:
            self.assertEqual(form.decision, "partly_founded")
            form.note = "One door"
            with form.line_ids.edit(0) as line:
                line.amount_accepted = 150
        form.record.action_apply()
        self.assertEqual((dispute.state, dispute.amount_accepted), ("partly_founded", 150))

    def test_cancelled_dispute_holds_nothing(self):
        dispute = self._open()
        dispute.with_user(self.collector).action_cancel()
        self.assertEqual(dispute.state, "cancelled")
        self.assertVerdict(self.invoice, "remind")

    # === CONVERSATION === #

    def test_debtor_reads_messages_and_never_notes(self):
        dispute = self._open(300)
        own = dispute.with_user(self.sales)
        own.message_post(body=WORDS, message_type="comment")
        said = own.message_post(
            body=WORDS,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        dispute.with_user(self.sales)._answer("unfounded", "They always complain")
        self.assertEqual(dispute._get_conversation(), said)
        self.assertEqual(dispute.conversation_ids, said)

    def test_reply_of_the_debtor_wakes_the_owner(self):
        dispute = self._open(300)
        dispute.with_user(self.collector).action_ask()
        self.assertEqual(dispute.state, "waiting")
        reply = dispute.message_post(
            body=WORDS,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.partner_a.id,
        )
        self.assertEqual((dispute.state, dispute.activity_ids.user_id), ("open", self.sales))
        self.assertIn(reply, dispute._get_conversation())

    def test_message_to_the_debtor_is_addressed(self):
        action = self._open(300).with_user(self.sales).action_write_to_debtor()
        self.assertEqual(action["context"]["default_partner_ids"], self.partner_a.ids)

    # === DOORS === #

    def test_hold_of_a_dispute_ends_with_it_only(self):
        hold = self._open(300).hold_id
        for user in (self.collector, self.manager):
            own = hold.with_user(user)
            self.assertFalse(own.can_end)
            with self.subTest(user=user.login), self.assertRaisesRegex(UserError, "decide the"):
                own.action_release()
            with self.assertRaisesRegex(UserError, "decide the"):
                own.line_ids.amount = 1

    def test_holds_for_disputes_are_not_made_by_hand(self):
        with self.assertRaisesRegex(UserError, "Open a dispute"):
            self.root["collection.hold"].with_user(self.manager).create(
                {
                    "case_id": self.case.id,
                    "kind": "dispute",
                    "reason_id": self.root.ref(
                        "recouvrement_creances.collection_reason_hold_dispute"
                    ).id,
                    "review_date": day(3),
                }
            )

    def test_what_the_buttons_write_is_not_written_by_hand(self):
        dispute = self._open(300).with_user(self.manager)
        for values in ({"amount": 1}, {"answer": "x"}, {"hold_id": False}, {"state": "cancelled"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                dispute.write(values)
        with self.assertRaises(UserError):
            dispute.sudo().unlink()

    def test_new_owner_gets_the_task_and_the_former_one_no_message(self):
        dispute = self._open(300)
        self.assertIn(self.sales.partner_id, dispute.message_partner_ids)
        dispute.with_user(self.collector).owner_id = self.accountant
        self.assertEqual(dispute.activity_ids.user_id, self.accountant)
        self.assertNotIn(self.sales.partner_id, dispute.message_partner_ids)

    def test_deadline_moves_the_review_of_the_hold(self):
        dispute = self._open(300)
        dispute.with_user(self.collector).deadline = day(30)
        self.assertEqual(dispute.hold_id.review_date, day(30))
        self.assertEqual(dispute.activity_ids.date_deadline, day(30))

import json
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import TODAY, CollectionCommon


def day(number):
    """Return the day so many days after TODAY."""
    return TODAY + timedelta(days=number)


@tagged("post_install", "-at_install")
class TestOutcome(CollectionCommon):
    """What a collector logs after a call decides how the case goes on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.collection_policy_id = cls._make_policy(
            [(5, "call"), (15, "email")], call_attempts=3
        )
        cls.reason = cls.root.ref("recouvrement_creances.collection_reason_nonpayment_cash_flow")
        cls.override = cls.root.ref("recouvrement_creances.collection_reason_override_requested")

    def setUp(self):
        super().setUp()
        self.invoice = self._overdue_invoice(6)
        self._run()
        self.case = self._case()
        self.action = self.case.action_ids

    # === BUILDERS === #

    def _dialog(self, user=None, **values):
        """Return the dialog as the collector opens it, unless told otherwise."""
        dialogs = self.root["collection.contact.outcome"].with_user(user or self.collector)
        if "case_id" not in values:
            values.setdefault("action_id", self.action.id)
        return dialogs.create(values)

    def _log(self, outcome, **values):
        """Log an outcome of the planned call, or of a call by hand when ``case_id`` is given."""
        self._dialog(outcome=outcome, **values).action_apply()

    def _outcome_facts(self):
        evidence = self.case.evidence_ids.filtered(lambda evidence: evidence.kind == "outcome")
        return json.loads(evidence.sorted("position")[-1].payload)["facts"]

    # === DIALOG === #

    def test_one_dialog_logs_one_contact(self):
        dialog = self._dialog(case_id=self.case.id, is_incoming=True, outcome="reached")
        before = self.case.action_ids
        dialog.action_apply()
        with self.assertRaisesRegex(UserError, "registered already"):
            dialog.action_apply()
        self.assertEqual(len(self.case.action_ids - before), 1)

    def test_dialog_knows_the_debtor_and_what_is_due(self):
        dialogs = self.root["collection.contact.outcome"].with_user(self.collector)
        with Form(dialogs.with_context(default_action_id=self.action.id)) as form:
            self.assertEqual(form.partner_id, self.partner_a.with_env(form._env))
            self.assertEqual(form.phone, "+33 4 00 00 00 01")
            self.assertEqual(form.amount_overdue, 1000)
            self.assertFalse(form.block)
            form.outcome = "promised"
            self.assertEqual(form.next_date, day(7))
        form.record.action_apply()
        self.assertEqual(self.action.state, "done")

    def test_dialog_and_task_say_which_language_the_debtor_speaks(self):
        dialog = self._dialog()
        self.assertTrue(dialog.language.startswith("English"))
        self.assertFalse(dialog.language_warning)
        self.assertIn(dialog.language, self.action.activity_id.summary)

    def test_contact_follows_the_language_of_the_debtor(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self.assertEqual(self.action.lang, "en_US")
        self.partner_a.lang = "fr_FR"
        self.assertEqual(self.action.lang, "fr_FR")
        self.assertEqual(self.action.language, self.root.ref("base.lang_fr").name)

    def test_language_that_is_not_installed_is_told(self):
        german = self.root.ref("base.lang_de")
        self.assertFalse(german.active)
        # As an import or the removal of a language leaves it.
        self.env.cr.execute(
            "UPDATE res_partner SET lang = 'de_DE' WHERE id = %s", [self.partner_a.id]
        )
        self.env.invalidate_all()
        for record in (self._dialog(), self.action):
            self.assertTrue(record.language.startswith("English"))
            self.assertIn(german.name, record.language_warning)

    def _open(self):
        """Press the button of the planned call, as the collector does."""
        return self.action.with_user(self.collector).action_log_outcome()

    def test_call_is_about_what_is_still_claimed_when_it_takes_place(self):
        paid, owed = (
            self._overdue_invoice(6, partner=self.partner_b),
            self._overdue_invoice(7, partner=self.partner_b),
        )
        self._run()
        self.action = self._case(self.partner_b).action_ids
        self.assertEqual(self.action.line_ids.item_id, self._item(paid) | self._item(owed))
        self._pay(paid)
        self.assertEqual(self._open()["res_model"], "collection.contact.outcome")
        self._log("reached")
        self.assertEqual(self.action.line_ids.item_id, self._item(owed))
        self.assertFalse(self._item(paid).level_id)

    def test_call_of_which_nothing_is_claimed_any_more_is_taken_off_the_list(self):
        self._pay(self.invoice)
        answer = self._open()
        self.assertEqual(answer["tag"], "display_notification")
        self.assertEqual(self.action.state, "cancelled")
        self.assertFalse(self.action.activity_id.active)

    # === OUTCOMES === #

    def test_reached_brings_the_item_to_its_level(self):
        self._log("reached", note="Will look into it")
        self.assertEqual((self.action.state, self.action.contact_date), ("done", TODAY))
        self.assertFalse(self.action.activity_id)
        self.assertEqual(self._item(self.invoice).level_id.number, 1)
        facts = self._outcome_facts()
        self.assertEqual((facts["outcome"], facts["note"]), ("reached", "Will look into it"))
        self.assertEqual(self.case.evidence_ids[0].author, self.collector.name)

    def test_reached_with_a_date_asks_for_another_call(self):
        self._log("reached", next_date=day(4))
        again = self.case.action_ids - self.action
        self.assertEqual((again.state, again.date_planned), ("planned", day(4)))

    def test_unanswered_calls_come_back_until_the_attempts_are_used_up(self):
        for attempt, outcome in enumerate(("no_answer", "voicemail"), start=1):
            with self.on(attempt - 1):
                self._log(outcome)
            self.assertEqual((self.action.state, self.action.attempt_count), ("planned", attempt))
            self.assertEqual(self.action.activity_id.date_deadline, day(attempt))
            self.assertFalse(self._item(self.invoice).level_id)
            self.assertFalse(self.case.last_contact_date)
        with self.on(2):
            self._log("no_answer")
        self.assertEqual(self.action.state, "done")
        self.assertEqual(self._item(self.invoice).level_id.number, 1)

    def test_unanswered_call_is_tried_again_on_the_day_that_was_chosen(self):
        self._log("voicemail", next_date=day(3))
        self.assertEqual(self.action.date_planned, day(3))
        self.assertEqual(self.action.activity_id.date_deadline, day(3))

    def test_unanswered_call_by_hand_leaves_a_task(self):
        self._log("no_answer", case_id=self.case.id)
        attempt = self.case.action_ids - self.action
        self.assertEqual(attempt.state, "planned")
        self.assertEqual(attempt.activity_id.date_deadline, day(1))
        self.assertEqual(attempt.activity_id.user_id, self.collector)

    def test_wrong_number_asks_to_find_the_debtor(self):
        self._log("wrong_number")
        self.assertEqual(self.action.state, "failed")
        self.assertIn("+33 4 00 00 00 01", self.action.failure_reason)
        self.assertEqual(
            self.case.activity_ids.activity_type_id,
            self.root.ref("recouvrement_creances.mail_activity_type_find_debtor"),
        )
        self.assertFalse(self._item(self.invoice).level_id)

    def test_promise_silences_the_run_until_its_day_has_passed(self):
        self._log("promised", next_date=day(14), amount=400)
        self.assertVerdict(self.invoice, "promise", next_date=day(15))
        self.assertEqual(self._outcome_facts()["amount"], 400)
        with self._mail_server() as sink:
            for number in (10, 14):
                with self.on(number):
                    self._run()
            self.assertFalse(sink.messages)
            with self.on(15):
                self._run()
            self.assertEqual(len(sink.messages), 1)
        self.assertEqual(self.case.hold_ids.state, "released")

    def test_dispute_holds_until_somebody_looks_at_it(self):
        self._log("disputes", next_date=day(14))
        hold = self.case.hold_ids
        self.assertEqual((hold.kind, hold.review_date, hold.date_end), ("dispute", day(14), False))
        self.assertVerdict(self.invoice, "disputed")
        with self._mail_server() as sink, self.on(60):
            self._run()
        self.assertFalse(sink.messages)

    def test_disputed_amount_is_typed_in_the_currency_of_its_invoice(self):
        pounds = self._overdue_invoice(8, currency_id=self.other_currency.id)
        self._decide()
        item = self._item(pounds)
        dialogs = self.root["collection.contact.outcome"].with_user(self.collector)
        with Form(dialogs.with_context(default_action_id=self.action.id)) as form:
            form.outcome = "disputes"
            self.assertEqual(form.dispute_currency_id, self.company.currency_id)
            form.dispute_item_ids.add(item.with_env(form._env))
            self.assertEqual(form.dispute_currency_id, self.other_currency)
            form.dispute_category_id = self.root.ref(
                "recouvrement_creances.collection_dispute_category_price"
            ).with_env(form._env)
            form.dispute_amount = 100
        form.record.action_apply()
        line = self.case.dispute_ids.line_ids
        self.assertEqual((line.amount, line.currency_id), (100, self.other_currency))

    def test_disputed_amount_is_not_of_several_currencies(self):
        pounds = self._overdue_invoice(8, currency_id=self.other_currency.id)
        self._decide()
        with self.assertRaisesRegex(UserError, "one invoice"):
            self._log(
                "disputes",
                next_date=day(14),
                dispute_item_ids=[Command.set((self._item(self.invoice) | self._item(pounds)).ids)],
                dispute_amount=100,
            )

    def test_cannot_pay_wants_its_reason(self):
        with self.assertRaisesRegex(UserError, "why the debtor cannot pay"):
            self._log("cannot_pay")
        self._log("cannot_pay", nonpayment_reason_id=self.reason.id, next_date=day(5))
        self.assertEqual(self.case.nonpayment_reason_id, self.reason)
        self.assertEqual(self.action.nonpayment_reason_id, self.reason)
        self.assertVerdict(self.invoice, "held", next_date=day(6))

    def test_refusal_lets_the_ladder_go_on(self):
        self._log("refuses", nonpayment_reason_id=self.reason.id)
        self.assertEqual(self.action.state, "done")
        self.assertFalse(self.case.hold_ids)
        with self._mail_server() as sink, self.on(10):
            self._run()
        self.assertEqual(len(sink.messages), 1)

    def test_already_paid_gives_time_and_a_task_to_look_for_the_payment(self):
        self._log("already_paid", next_date=day(7))
        self.assertVerdict(self.invoice, "held", next_date=day(8))
        task = self.case.activity_ids
        self.assertEqual(task.user_id, self.collector)
        self.assertIn("look for the payment", task.summary)

    def test_call_back_plans_the_same_call_on_the_day(self):
        self._log("call_back", next_date=day(3))
        self.assertEqual(self.action.state, "done")
        again = self.case.action_ids - self.action
        self.assertEqual((again.state, again.channel), ("planned", "call"))
        self.assertEqual(again.activity_id.date_deadline, day(3))
        self.assertEqual(again.activity_id.user_id, self.collector)
        with self.on(3):
            self._log("reached", action_id=again.id)
        self.assertEqual(again.state, "done")
        self.assertEqual(self._item(self.invoice).last_contact_date, TODAY)

    # === REFUSALS === #

    def test_outcome_that_needs_a_day_is_not_saved_without(self):
        for outcome in ("promised", "disputes", "already_paid", "call_back"):
            with self.subTest(outcome=outcome), self.assertRaisesRegex(UserError, "Give the date"):
                self._log(outcome, next_date=False)
        self.assertEqual(self.action.state, "planned")

    def test_day_in_the_past_is_refused(self):
        for outcome in ("promised", "call_back", "no_answer"):
            with self.subTest(outcome=outcome), self.assertRaisesRegex(UserError, "in the past"):
                self._log(outcome, next_date=day(-1))

    def test_promise_for_today_holds_today(self):
        self._log("promised", next_date=TODAY)
        self.assertVerdict(self.invoice, "promise", next_date=day(1))

    def test_outcome_is_logged_once(self):
        self._log("reached")
        with self.assertRaisesRegex(UserError, "no longer to do"), self.env.cr.savepoint():
            self._log("refuses")
        self.assertEqual(self.action.outcome, "reached")

    # === GUARD === #

    def test_call_by_hand_too_soon_after_the_last_contact_wants_a_reason(self):
        self._log("reached")
        with self.on(1):
            dialog = self._dialog(case_id=self.case.id, outcome="reached")
            self.assertIn("days between two contacts: 3", dialog.block)
            self.assertFalse(dialog.can_override)
            dialog.override_reason_id = self.override
            with self.assertRaisesRegex(UserError, "Only a collection manager"):
                dialog.action_apply()
            manager = self.personas["manager"]
            dialog = self._dialog(manager, case_id=self.case.id, outcome="reached")
            self.assertTrue(dialog.can_override)
            with self.assertRaisesRegex(UserError, "choose a reason"):
                dialog.action_apply()
            dialog.override_reason_id = self.override
            dialog.action_apply()
        contact = self.case.action_ids - self.action
        self.assertEqual((contact.state, contact.contact_date), ("done", day(1)))
        self.assertEqual(contact.override_reason_id, self.override)
        self.assertIn("days between two contacts: 3", contact.override_note)
        overridden = self.case.evidence_ids.filtered(lambda piece: piece.kind == "override")
        self.assertEqual(overridden.author, manager.name)
        self.assertIn(self.override.name, str(self.case.message_ids.mapped("body")))
        facts = self._outcome_facts()
        self.assertIn("days between two contacts: 3", facts["overridden"])
        self.assertEqual(facts["override_reason"], self.override.name)

    def test_reason_that_was_not_needed_is_not_kept(self):
        self._log("reached", override_reason_id=self.override.id)
        self.assertFalse(self.action.override_reason_id)
        self.assertFalse(self._outcome_facts()["overridden"])

    def test_second_call_by_hand_on_the_same_day_is_refused(self):
        self._log("refuses", case_id=self.case.id)
        with self.assertRaisesRegex(UserError, r"contacts a day at most: 1 .*222-33-2-2"):
            self._log("refuses", case_id=self.case.id)

    def test_cap_counts_calls_by_hand(self):
        self.case.policy_id.write({"minimum_days_between": 0, "weekly_cap": 2})
        for number in (0, 1):
            with self.on(number):
                self._log("refuses", case_id=self.case.id)
        with self.on(2), self.assertRaisesRegex(UserError, "contacts in 7 days at most: 2"):
            self._log("refuses", case_id=self.case.id)
        with self.on(7):
            self._log("refuses", case_id=self.case.id)

    def test_held_case_is_called_with_a_reason_only(self):
        self._hold(self.case)
        with self.assertRaisesRegex(UserError, "Contacts are held"):
            self._log("reached", case_id=self.case.id)
        manager = self.personas["manager"]
        self._log(
            "reached", user=manager, case_id=self.case.id, override_reason_id=self.override.id
        )

    def test_closed_case_is_called_with_a_reason_only(self):
        self._pay(self.invoice)
        self._decide()
        with self.assertRaisesRegex(UserError, "nothing is due"):
            self._log("reached", case_id=self.case.id)

    def test_task_inside_the_company_is_never_blocked(self):
        self._hold(self.case)
        self._log("reached", case_id=self.case.id, channel="task")
        self.assertFalse(self.case.last_contact_date)

    def test_call_by_hand_lifts_no_item(self):
        self._log("reached", case_id=self.case.id)
        self.assertFalse(self._item(self.invoice).level_id)
        self.assertEqual(self.case.last_contact_date, TODAY)

    # === TASKS IN THE CHATTER === #

    def test_ticked_task_completes_the_contact(self):
        self.action.activity_id.with_user(self.collector).action_feedback(feedback="All agreed")
        self.assertEqual((self.action.state, self.action.outcome), ("done", "reached"))
        self.assertEqual(self.action.note, "All agreed")
        self.assertEqual(self._item(self.invoice).level_id.number, 1)
        self.assertEqual(self._outcome_facts()["note"], "All agreed")
        self.assertEqual(self.case.evidence_ids[0].author, self.collector.name)
        self.assertFalse(self.case.activity_ids)

    def test_deleted_task_leaves_the_contact_to_do(self):
        self.action.activity_id.with_user(self.collector).unlink()
        self.assertEqual(self.action.state, "planned")
        self._log("reached")
        self.assertEqual(self.action.state, "done")

    def test_task_of_a_contact_that_was_given_up_disappears(self):
        self.action.with_user(self.collector).action_cancel()
        self.assertFalse(self.case.activity_ids)
        self.assertEqual(self.action.state, "cancelled")

    def test_paid_debtor_is_not_to_be_called_any_more(self):
        self._pay(self.invoice)
        with self.on(1):
            self._run()
        self.assertEqual(self.action.state, "cancelled")
        self.assertFalse(self.case.activity_ids)

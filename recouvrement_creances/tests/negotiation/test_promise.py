from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from ..common import TODAY
from .common import day
from .promise_common import FRIDAY, PromiseCommon


@tagged("post_install", "-at_install")
class TestPromise(PromiseCommon):
    """A promise holds contacts until its day; payments alone say what became of it."""

    # === MAKING === #

    def test_promise_holds_its_items_until_its_last_day(self):
        self.company.sudo().collection_promise_bank_days = 2
        promise = self._promise()
        self.assertEqual(promise.last_date, date(2026, 3, 24), "over the weekend")
        hold = promise.hold_id
        self.assertEqual((hold.kind, hold.state, hold.date_end), ("promise", "open", day(8)))
        self.assertEqual(hold.line_ids.item_id, self.item)
        self.assertVerdict(self.invoice, "promise", next_date=day(9))
        self.assertEqual((promise.user_id, promise.state), (self.collector, "pending"))

    def test_banks_book_nothing_on_public_holidays(self):
        self.company.sudo().write(
            {"collection_promise_bank_days": 2, "country_id": self.root.ref("base.fr").id}
        )
        promise = self._promise(on=date(2026, 4, 3))
        self.assertEqual(promise.last_date, date(2026, 4, 8), "after Easter Monday")

    def test_what_is_not_promised_is_reminded_of(self):
        other = self._overdue_invoice(6, amount=300)
        self._decide()
        self._promise()
        self.assertVerdict(self.invoice, "promise")
        self.assertVerdict(other, "remind")

    def test_rules_of_the_day_it_was_made_stay(self):
        promise = self._promise()
        self.company.sudo().collection_promise_bank_days = 10
        self._judge(5)
        self.assertEqual(promise.state, "broken")

    def test_no_more_than_is_due_is_promised(self):
        with self.assertRaisesRegex(UserError, "is open"):
            self._promise(amount=1000.01)

    def test_items_of_one_currency_and_one_case_are_promised(self):
        pounds = self._overdue_invoice(6, currency_id=self.other_currency.id)
        other = self._overdue_invoice(6, partner=self.partner_b)
        self._decide()
        for invoice in (pounds, other):
            with self.subTest(invoice=invoice.partner_id.name), self.assertRaises(ValidationError):
                self._promise(items=self.item | self._item(invoice))

    def test_form_proposes_what_is_overdue(self):
        self._overdue_invoice(-10, amount=70)
        self._decide()
        promises = self.env["collection.promise"].with_user(self.collector)
        with Form(promises.with_context(default_case_id=self.case.id)) as form:
            self.assertEqual(form.amount, 1000)
            form.date = FRIDAY
            form.how = "email"
            form.amount = 400
        promise = form.record
        self.assertEqual((promise.amount, promise.item_ids.ids), (400, self.item.ids))
        self.assertEqual(promise.hold_id.state, "open")

    def test_judgement_is_not_written_by_hand(self):
        promises = self.env["collection.promise"].with_user(self.collector)
        promise = promises.create(
            {
                "case_id": self.case.id,
                "item_ids": [Command.set(self.item.ids)],
                "amount": 10,
                "date": FRIDAY,
                "state": "kept",
                "last_date": day(90),
                "tolerance": 1000,
                "settled_on": TODAY,
                "user_id": self.personas["other_collector"].id,
            }
        )
        self.assertEqual(
            (promise.state, promise.last_date, promise.tolerance, promise.settled_on),
            ("pending", FRIDAY, 0, False),
        )
        self.assertEqual(promise.user_id, self.collector)
        for vals in ({"state": "kept"}, {"amount": 1}, {"date": day(90)}, {"last_date": day(90)}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                promise.write(vals)
        promise.note = "He called again"
        with self.assertRaises(UserError):
            promise.sudo().unlink()

    def test_day_of_the_promise_is_not_chosen_by_hand(self):
        self.assertEqual(self._promise(as_of=day(-9)).date_start, TODAY)
        former = self.root["collection.promise"]._make(
            self.case, self.item, 100, day(-5), self.partner_a, "call", as_of=day(-9)
        )
        self.assertEqual((former.date_start, former.hold_id.date_end), (day(-9), day(-5)))
        self._judge(0)
        self.assertEqual(former.state, "broken")

    def test_colleagues_cases_are_theirs(self):
        with self.assertRaises(AccessError):
            self._promise(user=self.personas["other_collector"])

    # === JUDGED FROM PAYMENTS === #

    def test_payment_in_time_keeps_it_at_once(self):
        promise = self._promise()
        with self.on(3):
            self._pay_on(day(3))
            self.assertEqual((promise.state, promise.settled_on), ("kept", day(3)))
            self.assertEqual((promise.hold_id.state, promise.amount_paid), ("released", 1000))

    def test_accountant_without_a_role_in_collection_keeps_it_too(self):
        promise = self._promise()
        wizard = self.env["account.payment.register"].with_user(self.personas["invoicing"])
        wizard.with_context(active_model="account.move", active_ids=self.invoice.ids).create(
            {"payment_date": TODAY}
        )._create_payments()
        self.assertEqual(promise.state, "kept")

    def test_cancelled_payment_turns_it_back(self):
        promise = self._promise()
        payment = self._pay_on(TODAY)
        first = promise.hold_id
        self.assertEqual((promise.state, first.state), ("kept", "released"))
        payment.action_cancel()
        self.assertEqual((promise.state, promise.settled_on), ("pending", False))
        self.assertNotEqual(promise.hold_id, first)
        self.assertEqual((promise.hold_id.state, promise.hold_id.date_end), ("open", FRIDAY))

    def test_payment_cancelled_after_the_day_leaves_it_broken(self):
        promise = self._promise()
        payment = self._pay_on(TODAY)
        with self.on(20):
            payment.action_cancel()
        self.assertEqual((promise.state, promise.hold_id.state), ("broken", "released"))

    def test_a_part_keeps_it_pending_then_in_part(self):
        promise = self._promise()
        self._pay_on(TODAY, 400)
        self.assertEqual((promise.state, promise.amount_paid), ("pending", 400))
        self._judge(5)
        self.assertEqual(promise.state, "partly_kept")

    def test_a_promised_part_is_kept_by_that_part(self):
        promise = self._promise(amount=400)
        self._pay_on(TODAY, 400)
        self.assertEqual(promise.state, "kept")

    def test_bank_charges_within_the_tolerance_do_not_break_it(self):
        self.company.sudo().collection_promise_tolerance = 5
        promise = self._promise()
        self._pay_on(TODAY, 995)
        self.assertEqual(promise.state, "kept")

    def test_nothing_paid_breaks_it_on_the_day_after(self):
        promise = self._promise()
        self._judge(4)
        self.assertEqual(promise.state, "pending")
        self._judge(5)
        self.assertEqual(promise.state, "broken")

    def test_paid_later_is_late(self):
        promise = self._break()
        with self.on(8):
            self._pay_on(day(8))
        self.assertEqual((promise.state, promise.settled_on), ("late", day(8)))

    def test_payment_from_before_the_promise_is_no_answer_to_it(self):
        promise = self._promise()
        self._pay_on(day(-2), 600)
        self.assertEqual((promise.state, promise.amount_paid), ("pending", 0))
        self._pay_on(TODAY, 400)
        self.assertEqual(promise.state, "kept", "of what was still owed")

    def test_credit_note_takes_off_what_is_owed(self):
        promise = self._promise()
        refund = self.invoice._reverse_moves([{"invoice_date": TODAY, "date": TODAY}])
        refund.invoice_line_ids.price_unit = 300
        refund.action_post()
        (self.invoice | refund).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self._pay_on(TODAY, 700)
        self.assertEqual(promise.state, "kept")

    def test_nothing_owed_any_more_is_neither_kept_nor_broken(self):
        promise = self._promise()
        self.invoice._reverse_moves([{"invoice_date": TODAY, "date": TODAY}], cancel=True)
        self.assertEqual((promise.state, promise.hold_id.state), ("void", "released"))
        self.assertFalse(self.case.promise_rate)

    def test_credit_note_after_a_broken_promise_does_not_mend_it(self):
        promise = self._break()
        with self.on(9):
            self.invoice._reverse_moves([{"invoice_date": day(9), "date": day(9)}], cancel=True)
        self.assertEqual(promise.state, "broken")

    def test_promise_in_another_currency_is_kept_in_it(self):
        invoice = self._overdue_invoice(6, amount=800, currency_id=self.other_currency.id)
        self._decide()
        promise = self._promise(amount=800, items=self._item(invoice))
        self.assertEqual(promise.currency_id, self.other_currency)
        self._pay_on(TODAY, 799, invoice)
        self.assertEqual(promise.state, "pending")
        self._pay_on(TODAY, 1, invoice)
        self.assertEqual(promise.state, "kept")

    # === BROKEN === #

    def test_broken_promise_frees_the_debtor_and_raises_the_case(self):
        promise = self._promise(on=day(3))
        with self.on(3):
            self._run()
            before = self.case.priority
        self.assertVerdict(self.invoice, "promise")
        with self.on(4), self._mail_server() as sink:
            self._run()
            self.assertEqual(len(sink.messages), 1)
        self.assertEqual((promise.state, promise.hold_id.state), ("broken", "released"))
        self.assertGreater(self.case.priority, before)
        self.assertIn("promise_broken:25", self.case.priority_detail)
        task = self.case.activity_ids
        self.assertEqual(task.user_id, self.collector)
        self.assertIn("call the debtor", task.summary)

    def test_task_of_a_case_that_nobody_follows_is_a_managers(self):
        self._promise(on=day(3))
        self.case.user_id = False
        self._judge(4)
        self.assertEqual(self.case.activity_ids.user_id, self.personas["manager"])

    def test_policy_may_leave_it_to_the_ladder(self):
        self.policy.promise_next = "ladder"
        self._break()
        self.assertFalse(self.case.activity_ids)

    def test_two_broken_promises_leave_the_third_to_a_manager(self):
        self._break(2)
        with self.on(2):
            self.assertFalse(self.case.with_user(self.collector).promise_block)
            self._promise(on=day(3))
        self._judge(4)
        with self.on(4):
            self.assertIn("manager", self.case.activity_ids.sorted("id")[-1].summary)
            self.case.invalidate_recordset(["promise_block"])
            self.assertIn("2 promises", self.case.with_user(self.collector).promise_block)
            with self.assertRaisesRegex(UserError, "only a collection manager"):
                self._promise(on=day(9))
            promise = self._promise(on=day(9), user=self.personas["manager"])
        self.assertEqual(promise.state, "pending")
        self.assertEqual(self.case.promise_rate, "0 of 2")

    def test_late_day_is_a_managers(self):
        with self.assertRaisesRegex(UserError, "at the latest"):
            self._promise(on=day(31))
        self._promise(on=day(30))
        self._promise(on=day(31), user=self.personas["manager"])

    def test_debtor_who_promises_on_the_page_is_no_manager(self):
        self._break(2)
        case_sudo = self.case.with_user(self.root.ref("base.public_user")).sudo()
        promise = case_sudo.env["collection.promise"]._make(
            case_sudo, self.item.with_env(case_sudo.env), 100, FRIDAY, self.partner_a, "portal"
        )
        self.assertEqual((promise.how, promise.user_id), ("portal", self.collector))

    # === THE HOLD IS THE PROMISE'S === #

    def test_hold_is_not_released_or_changed_by_hand(self):
        promise = self._promise()
        hold = promise.hold_id.with_user(self.collector)
        with self.assertRaisesRegex(UserError, "belongs to"):
            hold.action_release()
        for vals in ({"date_end": day(90)}, {"line_ids": [Command.clear()]}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "belongs to"):
                hold.write(vals)
        hold.note = "More about it"
        promise.action_withdraw()
        self.assertEqual((promise.state, hold.state), ("withdrawn", "released"))
        self.assertVerdict(self.invoice, "remind")

    def test_judged_promise_is_not_withdrawn(self):
        promise = self._break()
        with self.assertRaisesRegex(UserError, "Only a pending promise"):
            promise.action_withdraw()

    # === REMINDER === #

    def test_reminder_leaves_before_the_day(self):
        promise = self._promise(on=day(10), remind=True)
        action = promise.reminder_id
        self.assertEqual((action.state, action.channel), ("confirmed", "email"))
        self.assertEqual(action.not_before.date(), day(7))
        # The database's clock is not the test's: the hold is as old as the promise.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE collection_hold SET write_date = %s WHERE id = %s", [TODAY, promise.hold_id.id]
        )
        with self._mail_server() as sink:
            self.root["collection.executor"]._cron_send()
            self.assertFalse(sink.messages)
            with freeze_time(action.not_before + timedelta(minutes=1)):
                self.root["collection.executor"]._cron_send()
            self.assertEqual(len(sink.messages), 1)
        message = sink.to(self.partner_a.email)[0]
        self.assertIn("collection@company.example", message["From"])
        self.assertIn("1,000.00", message.get_body(("html",)).get_content())
        self.assertEqual(action.state, "sent")
        self.assertIn("1,000.00", str(action.mail_id.body_html))
        self.assertEqual(promise.state, "pending")

    def test_reminder_of_a_kept_promise_does_not_leave(self):
        promise = self._promise(on=day(10), remind=True)
        self._pay_on(TODAY)
        self.assertEqual((promise.state, promise.reminder_id.state), ("kept", "cancelled"))

    # === STATISTICS === #

    def test_rate_is_of_what_was_judged(self):
        kept = self._promise(amount=400)
        self._pay_on(TODAY, 400)
        self._promise(amount=600)
        self._judge(5)
        with self.on(6):
            self._promise(amount=600, on=day(8))
        self.assertEqual(kept.state, "kept")
        self.case.invalidate_recordset(["promise_rate"])
        self.assertEqual(self.case.promise_rate, "1 of 2")
        groups = self.root["collection.promise"]._read_group(
            [("partner_id", "=", self.partner_a.id)], ["user_id"], ["kept_rate:avg", "__count"]
        )
        self.assertEqual(groups, [(self.collector, 50.0, 3)])

    # === MERGED DEBTORS === #

    def test_promise_follows_its_items_to_another_case(self):
        promise = self._promise()
        self._overdue_invoice(6, partner=self.partner_b)
        self._decide()
        kept = self._case(self.partner_b)
        self.root["collection.case"]._join_debtors(self.partner_a, self.partner_b)
        self.assertEqual(promise.case_id, kept)
        self._pay_on(TODAY)
        self.assertEqual(promise.state, "kept")

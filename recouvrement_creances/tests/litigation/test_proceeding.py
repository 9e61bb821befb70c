from datetime import date, datetime, timedelta
from types import SimpleNamespace

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import TODAY
from .common import LitigationCommon

YESTERDAY = TODAY - timedelta(days=1)


@tagged("post_install", "-at_install")
class TestProceeding(LitigationCommon):
    """A proceeding walks through its steps: proven, in order, with its deadlines and holds."""

    def _order(self, **values):
        """Return an order for payment that was filed and made yesterday."""
        proceeding = self._sue(**values)
        self._take(proceeding, "file", YESTERDAY)
        self._take(proceeding, "grant", YESTERDAY, amount_granted=4800, costs_granted=33.47)
        return proceeding

    # === THE WAY OF AN ORDER === #

    def test_filing_holds_the_items_and_opens_the_deadline_for_the_fees(self):
        proceeding = self._sue()
        self._take(proceeding, "file", number="2026IP00012")
        self.assertEqual((proceeding.state, proceeding.number), ("filed", "2026IP00012"))
        self.assertEqual(proceeding.hold_id.kind, "handover")
        self.assertEqual(proceeding.hold_id.line_ids.item_id, proceeding.item_ids)
        self.assertEqual(proceeding.item_ids.verdict, "handed_over")
        self.assertEqual(proceeding.case_id.stage_kind, "litigation")
        self.assertEqual(self._deadline(proceeding, "order.fees").legal_date, date(2026, 3, 31))
        self._take(proceeding, "fees")
        fees = self._deadline(proceeding, "order.fees")
        self.assertEqual((fees.state, fees.attachment_ids.mapped("name")), ("done", ["fees.pdf"]))

    def test_an_order_of_the_old_regime_is_served_within_six_months(self):
        proceeding = self._order()
        self.assertEqual((proceeding.order_date, proceeding.amount_granted), (YESTERDAY, 4800))
        # Six months after Sunday 15 March is 15 September.
        self.assertEqual(self._deadline(proceeding, "order.service").legal_date, date(2026, 9, 15))

    def test_an_order_of_the_new_regime_is_served_within_three_months(self):
        days = (date(2026, 11, 30) - TODAY).days
        with self.on(days) as today:
            proceeding = self._sue()
            self._take(proceeding, "file", today)
            self._take(proceeding, "grant", today)
            service = self._deadline(proceeding, "order.service")
            self.assertEqual(
                (service.alarm_date, service.legal_date), (date(2027, 2, 26), date(2027, 3, 1))
            )
            self.assertIn("2026-96", service.article)

    def test_the_order_says_by_which_law_it_is_enforced(self):
        # An order of 31 August 2026 served in October waits for one month, not for two.
        with self.on((date(2026, 8, 31) - TODAY).days) as day:
            proceeding = self._sue()
            self._take(proceeding, "file", day)
            self._take(proceeding, "grant", day)
        with self.on((date(2026, 10, 15) - TODAY).days) as day:
            self._take(proceeding, "serve", day)
        enforcement = self._deadline(proceeding, "order.enforcement")
        self.assertEqual(enforcement.legal_date, date(2026, 11, 17))
        self.assertEqual(enforcement.regime_date, date(2026, 8, 31))

    def test_service_interrupts_limitation_with_its_act(self):
        proceeding = self._order()
        item = proceeding.item_ids
        self._take(proceeding, "serve")
        self.assertEqual(proceeding.state, "served")
        self.assertEqual(self._deadline(proceeding, "order.service").state, "done")
        event = proceeding.event_ids.limitation_event_id
        self.assertEqual((event.kind, event.date), ("order_served", TODAY))
        self.assertEqual(event.attachment_ids.mapped("name"), ["serve.pdf"])
        self.assertGreater(item.limitation_possible_date, item.limitation_date)

    def test_what_interrupts_nothing_is_recorded_all_the_same(self):
        invoice = self._overdue_invoice(3000, 500, partner=self.debtor)
        proceeding = self._sue(invoice)
        self._take(proceeding, "file")
        self._take(proceeding, "grant")
        self._take(proceeding, "serve")
        self.assertEqual(proceeding.state, "served")
        self.assertFalse(proceeding.event_ids.limitation_event_id)
        self.assertIn("limitation", str(proceeding.message_ids.mapped("body")))

    def test_an_opposition_drops_what_waited_for_its_absence(self):
        proceeding = self._order()
        self._take(proceeding, "serve")
        self._take(proceeding, "oppose")
        self.assertEqual(self._deadline(proceeding, "order.enforcement").state, "dropped")
        self.assertEqual(self._deadline(proceeding, "order.opposition").state, "dropped")
        self._take(proceeding, "clerk", counts_from=date(2026, 3, 10))
        costs = self._deadline(proceeding, "order.opposition_costs")
        self.assertEqual(
            (costs.event_date, costs.legal_date), (date(2026, 3, 10), date(2026, 3, 25))
        )

    def test_a_hearing_stands_in_the_calendar_of_who_follows_the_case(self):
        proceeding = self._order()
        self._take(proceeding, "serve")
        self._take(proceeding, "oppose")
        start = datetime(2026, 5, 12, 8, 30)
        with self._mail_server() as sink:
            self._take(proceeding, "hear", hearing=start)
            self.assertFalse(sink.messages)
        hearing = proceeding.hearing_ids
        self.assertEqual((hearing.start, hearing.user_id), (start, self.collector))
        self.assertEqual(proceeding.next_hearing, start)
        self.assertEqual((hearing.res_model, hearing.res_id), (proceeding._name, proceeding.id))

    def test_a_summons_counts_back_from_its_hearing(self):
        proceeding = self._sue(procedure="summons")
        self._take(proceeding, "date", procedure="summons", hearing=datetime(2027, 3, 15, 9, 0))
        self.assertEqual(proceeding.state, "draft")
        service = self._deadline(proceeding, "summons.service")
        self.assertEqual(
            (service.alarm_date, service.legal_date), (date(2027, 2, 26), date(2027, 2, 28))
        )
        self._take(proceeding, "serve", procedure="summons")
        self.assertEqual(service.state, "done")
        self.assertEqual(proceeding.event_ids.limitation_event_id.kind, "court_claim")

    # === FROM A HANDOVER === #

    def test_a_handover_opens_the_procedure_of_its_route_for_its_debtor(self):
        invoice = self._overdue_invoice(90, 5000, partner=self.debtor)
        self._decide()
        item = self._item(invoice)
        handover = SimpleNamespace(case_id=item.case_id, item_ids=item, route_code="payment_order")
        opened = self.root["collection.proceeding"]._open_from(handover)
        self.assertEqual(opened.procedure_id, self._procedure("order_commercial"))
        self.assertEqual((opened.principal_claimed, opened.state), (5000, "draft"))
        self.assertEqual(opened.court_id.city, "Paris")
        self.debtor.collection_debtor_kind = "consumer"
        other = self.root["collection.proceeding"]._open_from(handover)
        self.assertEqual(other.procedure_id, self._procedure("order_civil"))
        handover.route_code = "traders"
        with self.assertRaisesRegex(UserError, "Order to pay between traders"):
            self.root["collection.proceeding"]._open_from(handover)

    # === WAYS OUT === #

    def test_withdrawing_lets_reminders_go_on_and_interrupts_nothing(self):
        proceeding = self._sue(procedure="summons")
        self._take(proceeding, "serve", procedure="summons")
        item = proceeding.item_ids
        event = proceeding.event_ids.limitation_event_id
        self.assertEqual(event.state, "noted")
        self._take(proceeding, "withdraw", procedure="summons")
        self.assertEqual(event.state, "void")
        self.assertEqual(proceeding.hold_id.state, "released")
        self.assertNotEqual(item.verdict, "handed_over")
        self.assertEqual(proceeding.case_id.stage_kind, "prelitigation")
        self.assertFalse(
            proceeding.deadline_ids.filtered(lambda deadline: deadline.state == "open")
        )
        self.assertFalse(proceeding._get_next_steps())

    def test_a_settlement_leaves_room_for_a_schedule_and_may_fail(self):
        proceeding = self._order()
        self._take(proceeding, "settle")
        self.assertEqual(proceeding.hold_id.state, "released")
        action = proceeding.action_plan_schedule()
        plan = Form(
            self.env[action["res_model"]]
            .with_user(self.accountant)
            .with_context(**action["context"])
        )
        self.assertEqual(plan.total, 5000)
        plan.count = 2
        wizard = plan.save()
        self.assertEqual(wizard.item_ids, proceeding.item_ids)
        self._take(proceeding, "resume")
        self.assertEqual(proceeding.state, "granted")
        self.assertEqual(proceeding.hold_id.state, "open")
        self.assertEqual(proceeding.item_ids.verdict, "handed_over")

    def test_items_held_by_a_handover_are_not_held_twice(self):
        proceeding = self._sue()
        hold = self._hold(
            proceeding.case_id,
            "handover",
            review_date=TODAY + timedelta(days=90),
            line_ids=[Command.create({"item_id": proceeding.item_ids.id})],
        )
        self._take(proceeding, "file")
        self.assertFalse(proceeding.hold_id)
        self._take(proceeding, "withdraw")
        self.assertEqual(hold.state, "open")

    # === WHAT IS REFUSED === #

    def test_steps_are_proven_in_order_and_of_the_procedure(self):
        proceeding = self._sue()
        refused = {
            "join the document": (self._step("file"), TODAY),
            "record first": (self._step("oppose"), TODAY),
            "another procedure": (self._step("file", "order_civil"), TODAY),
            "once it has taken place": (self._step("file"), TODAY + timedelta(days=1)),
        }
        for words, (step, day) in refused.items():
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                proceeding._record_step(step, day)
        self._take(proceeding, "file")
        with self.assertRaisesRegex(UserError, "in their order"):
            self._take(proceeding, "grant", YESTERDAY)
        self._take(proceeding, "grant")
        self._take(proceeding, "serve")
        self._take(proceeding, "oppose")
        with self.assertRaisesRegex(UserError, "hour of the hearing"):
            self._take(proceeding, "hear")

    def test_what_the_court_was_asked_for_stays(self):
        proceeding = self._sue()
        proceeding.amount_claimed = 5100
        with self.assertRaisesRegex(ValidationError, "not less"):
            proceeding.amount_claimed = 4000
        self._take(proceeding, "file")
        with self.assertRaisesRegex(UserError, "stays as it was"):
            proceeding.amount_claimed = 6000
        proceeding.number = "2026IP00013"
        for values in ({"amount_granted": 9}, {"title_date": TODAY}, {"order_date": TODAY}):
            with self.subTest(**values), self.assertRaisesRegex(AccessError, "their button"):
                proceeding.write(values)
        with self.assertRaisesRegex(UserError, "by its buttons"):
            proceeding.state = "closed"
        with self.assertRaises(UserError):
            proceeding.sudo().unlink()

    def test_steps_are_history(self):
        event = self._take(self._sue(), "file")
        with self.assertRaises(AccessError):
            event.write({"limitation_event_id": False})
        with self.assertRaisesRegex(UserError, "stay as they were"):
            event.sudo().write({"date": YESTERDAY})
        with self.assertRaisesRegex(UserError, "stay as they were"):
            event.sudo().unlink()
        with self.assertRaisesRegex(UserError, "part of the evidence"):
            event.attachment_ids.with_user(self.manager).unlink()

    def test_items_of_another_case_or_currency_are_refused(self):
        other = self._overdue_invoice(30, 100, partner=self.partner_b)
        foreign = self._overdue_invoice(
            30, 100, partner=self.debtor, currency_id=self.other_currency.id
        )
        proceeding = self._sue()
        opened = self.root["collection.proceeding"]
        for invoice, words in ((other, "Choose items of"), (foreign, "one currency")):
            items = proceeding.item_ids | self._item(invoice)
            with self.subTest(words=words), self.assertRaisesRegex(ValidationError, words):
                opened._open(proceeding.case_id, items, proceeding.procedure_id)

    def test_a_colleagues_proceeding_is_only_read(self):
        proceeding = self._sue(user=self.collector)
        proceeding.case_id.sudo().user_id = self.personas["other_collector"]
        self.assertEqual(proceeding.state, "draft")
        with self.assertRaises(AccessError):
            self._take(proceeding, "file")
        with self.assertRaises(AccessError):
            self.root["collection.proceeding"].with_user(self.collector)._open(
                proceeding.case_id.with_user(self.collector),
                proceeding.item_ids,
                proceeding.procedure_id,
            )

    # === DIALOG, COSTS, RECEIPTS === #

    def test_the_dialog_proposes_the_next_step_and_records_it(self):
        proceeding = self._sue()
        form = Form(
            self.env["collection.proceeding.step"]
            .with_user(self.accountant)
            .with_context(default_proceeding_id=proceeding.id)
        )
        self.assertEqual(form.step_id, self._step("file"))
        form.attachment_ids.add(self._paper())
        form.number = "2026IP00014"
        form.save().action_apply()
        self.assertEqual((proceeding.state, proceeding.number), ("filed", "2026IP00014"))
        form = Form(
            self.env["collection.proceeding.step"]
            .with_user(self.accountant)
            .with_context(default_proceeding_id=proceeding.id)
        )
        form.step_id = self._step("grant")
        self.assertEqual(form.amount_granted, 5000)
        form.amount_granted = 4000
        form.attachment_ids.add(self._paper())
        form.save().action_apply()
        self.assertEqual(proceeding.amount_granted, 4000)

    def test_costs_are_compared_with_their_estimate(self):
        proceeding = self._sue(user=self.collector)
        proceeding.cost_ids = [
            Command.create(
                {
                    "name": "Clerk",
                    "kind": "court",
                    "estimate": 33.47,
                    "amount": 33.47,
                    "is_recoverable": True,
                }
            ),
            Command.create(
                {"name": "Service", "estimate": 51.58, "amount": 60, "is_recoverable": True}
            ),
            Command.create({"name": "Lawyer", "kind": "lawyer", "estimate": 800}),
        ]
        self.assertAlmostEqual(proceeding.cost_estimated, 885.05)
        self.assertAlmostEqual(proceeding.cost_actual, 93.47)
        self.assertAlmostEqual(proceeding.cost_difference, 8.42)
        self.assertAlmostEqual(proceeding.cost_recoverable, 93.47)

    def test_receipts_say_what_was_kept_back(self):
        proceeding = self._sue(user=self.collector)
        proceeding.receipt_ids = [
            Command.create({"amount": 1000, "fee": 87.5, "reference": "Décompte 1"})
        ]
        self.assertEqual(proceeding.receipt_ids.amount_net, 912.5)
        self.assertEqual((proceeding.amount_received, proceeding.fees_kept), (1000, 87.5))

    def test_a_receipt_finds_its_payment(self):
        invoice = self._overdue_invoice(90, 5000, partner=self.debtor)
        proceeding = self._sue(invoice, user=self.collector)
        receipts = proceeding.receipt_ids.create(
            [
                {"proceeding_id": proceeding.id, "amount": amount, "fee": fee}
                for amount, fee in ((1000, 87.5), (1000, 0))
            ]
        )
        self.assertFalse(receipts.sudo().payment_id)
        payment = self._register_payment(invoice, amount=912.5)
        receipts.action_find_payment()
        self.assertEqual(receipts[0].sudo().payment_id, payment)
        self.assertFalse(receipts[1].sudo().payment_id)
        self._register_payment(invoice, amount=1000)
        self._register_payment(invoice, amount=1000)
        receipts.action_find_payment()
        self.assertFalse(receipts[1].sudo().payment_id, "two payments would fit")

    def test_what_is_still_due_is_read_from_the_ledger(self):
        invoice = self._overdue_invoice(90, 5000, partner=self.debtor)
        proceeding = self._sue(invoice)
        self._take(proceeding, "file")
        self._pay(invoice, 2000)
        proceeding.invalidate_recordset()
        self.assertEqual((proceeding.principal_claimed, proceeding.amount_open), (5000, 3000))

    # === DEBTORS MERGED, CASES PURGED === #

    def test_proceedings_follow_the_items_of_merged_debtors(self):
        proceeding = self._order()
        self._overdue_invoice(30, 100, partner=self.partner_b)
        self._decide()
        kept = self._case(self.partner_b)
        self.root["collection.case"]._join_debtors(self.debtor, self.partner_b)
        self.assertEqual(proceeding.case_id, kept)
        self.assertEqual(proceeding.deadline_ids.case_id, kept)

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY, CollectionCommon
from .common import day


@tagged("post_install", "-at_install")
class TestPromiseHistory(CollectionCommon):
    """What a day or a payment has made of a promise is not undone by whoever acts first."""

    def setUp(self):
        super().setUp()
        self.invoice = self._overdue_invoice(6)
        self._decide()
        self.case = self._case()
        self.item = self._item(self.invoice)

    def _promise(self, on, amount=1000, user=None, **values):
        case = self.case.with_user(user or self.collector)
        return case.env["collection.promise"]._make(
            case, self.item.with_env(case.env), amount, on, self.partner_a, "call", **values
        )

    def test_promise_whose_day_has_passed_is_not_withdrawn_before_the_run_judges_it(self):
        promise = self._promise(day(3))
        with self.on(3):
            promise.action_withdraw()
            self.assertEqual(promise.state, "withdrawn")
            promise = self._promise(day(3))
        with self.on(4), self.assertRaisesRegex(UserError, "Only a pending promise"):
            promise.action_withdraw()

    def test_promise_whose_day_has_passed_is_broken_before_another_one_replaces_it(self):
        first = self._promise(day(3))
        with self.on(4):
            second = self._promise(day(8))
        self.assertEqual((first.state, first.hold_id.state), ("broken", "released"))
        self.assertEqual((second.state, second.hold_id.state), ("pending", "open"))
        with self.on(9), self.assertRaisesRegex(UserError, "2 promises were not kept"):
            self._promise(day(12))

    def test_payment_dated_ahead_is_awaited_until_its_day(self):
        promise = self._promise(day(4))
        self._register_payment(self.invoice, payment_date=day(3))
        self.assertEqual((promise.state, promise.hold_id.state), ("pending", "open"))
        self.assertEqual(promise.amount_paid, 0)
        with self.on(5):
            self.root["collection.settlement"]._judge_due(self.company, day(5))
            self.assertEqual((promise.state, promise.settled_on), ("kept", day(3)))

    def test_reminder_comes_back_with_the_promise(self):
        promise = self._promise(day(10), remind=True)
        first = promise.reminder_id
        payment = self._register_payment(self.invoice, payment_date=TODAY)
        self.assertEqual(first.state, "cancelled")
        payment.action_cancel()
        self.assertEqual(promise.state, "pending")
        self.assertNotEqual(promise.reminder_id, first)
        self.assertEqual(promise.reminder_id.state, "confirmed")
        self.assertEqual(promise.reminder_id.not_before.date(), day(10) - timedelta(days=3))

    def test_currency_and_judgement_are_given_neither_by_values_nor_by_defaults(self):
        forged = {
            "currency_id": self.other_currency.id,
            "superseded_on": TODAY,
            "settled_on": TODAY,
            "partner_id": self.partner_b.id,
        }
        values = {
            "case_id": self.case.id,
            "item_ids": [Command.set(self.item.ids)],
            "amount": 10,
            "date": day(4),
        }
        promises = self.env["collection.promise"].with_user(self.collector)
        defaults = {f"default_{name}": value for name, value in forged.items()}
        for context, vals in (({}, {**values, **forged}), (defaults, values)):
            made = promises.with_context(**context).create(vals)
            self.assertEqual(made.currency_id, self.company.currency_id)
            self.assertEqual(made.partner_id, self.partner_a)
            self.assertFalse(made.superseded_on or made.settled_on)

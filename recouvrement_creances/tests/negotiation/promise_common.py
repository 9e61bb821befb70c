from datetime import date

from ..common import CollectionCommon
from .common import day

FRIDAY = date(2026, 3, 20)


class PromiseCommon(CollectionCommon):
    """A debtor with an overdue invoice of 1,000, and what becomes of what it promises."""

    def setUp(self):
        super().setUp()
        self.invoice = self._overdue_invoice(6)
        self._decide()
        self.case = self._case()
        self.item = self._item(self.invoice)

    # === BUILDERS === #

    def _promise(self, amount=1000, on=FRIDAY, items=None, user=None, **values):
        items = items or self.item
        case = items.case_id[:1].with_user(user or self.collector)
        return case.env["collection.promise"]._make(
            case, items.with_env(case.env), amount, on, self.partner_a, "call", **values
        )

    def _pay_on(self, on, amount=1000, invoice=None):
        return self._register_payment(invoice or self.invoice, payment_date=on, amount=amount)

    def _judge(self, number):
        """Let the daily run of a day judge."""
        with self.on(number):
            self.root["collection.settlement"]._judge_due(self.company, day(number))

    def _break(self, number=5):
        """Let a promise of the item be broken."""
        promise = self._promise(on=day(number - 1))
        self._judge(number)
        self.assertEqual(promise.state, "broken")
        return promise

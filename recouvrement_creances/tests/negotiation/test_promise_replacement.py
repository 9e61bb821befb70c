from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY
from .common import day
from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseReplacement(PromiseCommon):
    """A later promise takes over its own items, and nothing else."""

    def test_another_promise_replaces_a_pending_one(self):
        first = self._promise()
        second = self._promise(on=day(9))
        self.assertEqual((first.state, first.hold_id.state), ("withdrawn", "released"))
        self.assertEqual((second.state, second.hold_id.state), ("pending", "open"))
        self.assertVerdict(self.invoice, "promise", next_date=day(10))

    def test_promise_of_a_part_of_the_items_leaves_the_rest_as_it_was(self):
        other = self._overdue_invoice(6, amount=400)
        self._decide()
        both = self.item | self._item(other)
        former = self._promise(amount=1400, items=both, remind=True, on=day(10))
        anew = self._promise(amount=1000, items=self.item, on=day(20))
        rest = self.case.promise_ids - former - anew
        self.assertEqual(former.state, "withdrawn")
        self.assertIn("in part", former.message_ids.sorted("id")[-1].body)
        self.assertEqual((rest.rest_of_id, rest.item_ids), (former, self._item(other)))
        self.assertEqual((rest.amount, rest.date, rest.state), (400, day(10), "pending"))
        self.assertEqual((rest.user_id, rest.how), (former.user_id, former.how))
        self.assertEqual(rest.reminder_id.state, "confirmed")
        self.assertEqual(former.reminder_id.state, "cancelled")
        self.assertVerdict(other, "promise", next_date=day(11))
        self.assertVerdict(self.invoice, "promise", next_date=day(21))
        with self.on(2):
            self._pay_on(day(2), 400, other)
        self.assertEqual((rest.state, anew.state), ("kept", "pending"))

    def test_rest_of_a_promise_takes_no_default_of_the_callers_context(self):
        other = self._overdue_invoice(6, amount=400)
        self._decide()
        former = self._promise(amount=1400, items=self.item | self._item(other))
        forged = {
            "default_state": "kept",
            "default_settled_on": TODAY,
            "default_superseded_on": TODAY,
            "default_partner_id": self.partner_b.id,
        }
        promises = self.env["collection.promise"].with_user(self.collector)
        promises.with_context(**forged).create(
            {
                "case_id": self.case.id,
                "item_ids": [Command.set(self.item.ids)],
                "amount": 1000,
                "date": day(9),
            }
        )
        rest = self.case.promise_ids.filtered("rest_of_id")
        self.assertRecordValues(
            rest,
            [
                {
                    "rest_of_id": former.id,
                    "state": "pending",
                    "settled_on": False,
                    "superseded_on": False,
                    "partner_id": self.partner_a.id,
                }
            ],
        )
        self.assertEqual(rest.hold_id.state, "open")

    def test_part_promise_that_the_new_one_covers_leaves_no_rest(self):
        other = self._overdue_invoice(6, amount=400)
        self._decide()
        former = self._promise(amount=900, items=self.item | self._item(other))
        anew = self._promise(amount=1000, items=self.item, on=day(9))
        self.assertEqual(self.case.promise_ids, former | anew)
        self.assertEqual(former.state, "withdrawn")
        self.assertVerdict(other, "remind")

    def test_rest_of_a_promise_asks_no_manager(self):
        other = self._overdue_invoice(6, amount=400)
        self._decide()
        both = self.item | self._item(other)
        manager = self.personas["manager"]
        self._promise(amount=1400, items=both, on=day(60), user=manager)
        self._promise(amount=1000, items=self.item, on=day(9))
        rest = self.case.promise_ids.filtered("rest_of_id")
        self.assertEqual((rest.amount, rest.date, rest.user_id), (400, day(60), manager))

    def test_payment_belongs_to_the_last_promise(self):
        first = self._break()
        with self.on(6):
            second = self._promise(on=day(12))
            self._pay_on(day(6))
        self.assertEqual((first.state, second.state), ("broken", "kept"))

    def test_payment_of_the_same_day_belongs_to_the_promise_it_came_after(self):
        first = self._promise(amount=400)
        self._pay_on(TODAY, 400)
        second = self._promise(amount=600)
        self.assertEqual((first.state, second.state), ("kept", "pending"))
        self._pay_on(TODAY, 600)
        self.assertEqual((first.state, second.state), ("kept", "kept"))
        self.assertEqual((first.amount_paid, second.amount_paid), (400, 600))

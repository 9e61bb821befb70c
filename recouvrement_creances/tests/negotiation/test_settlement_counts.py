from statistics import mode

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, split_every

from ...models.negotiation.collection_settlement import BATCH
from ..common import TODAY, CollectionCommon

FEW, MANY = 10, 60
# What the judgement of a broken promise writes.
WRITTEN = (
    "collection.promise",
    "collection.hold",
    "mail.message",
    "mail.activity",
)


# Promises with their holds, spread over some items.
PROMISES = """
   WITH wanted AS (
       SELECT serial.number, item.id AS item_id, debt.id AS case_id,
              debt.company_id, debt.partner_id
         FROM generate_series(1, %(number)s) serial(number)
         JOIN collection_item item
           ON item.id = (%(items)s::int[])[1 + serial.number %% %(count)s]
         JOIN collection_case debt ON debt.id = item.case_id
   ), hold AS (
       INSERT INTO collection_hold (case_id, company_id, kind, state, reason_id,
                                    date_start, date_end, note)
       SELECT case_id, company_id, 'promise', 'open', %(reason)s, %(day)s, %(day)s,
              number::text
         FROM wanted
    RETURNING id, note
   ), promise AS (
       INSERT INTO collection_promise (case_id, company_id, partner_id, currency_id,
                                       amount, date, date_start, last_date, tolerance,
                                       state, how, matched_after, hold_id, note)
       SELECT wanted.case_id, wanted.company_id, wanted.partner_id, %(currency)s,
              500, %(day)s, %(day)s, %(day)s, 0, 'pending', 'call', 0, hold.id,
              wanted.number::text
         FROM wanted
         JOIN hold ON hold.note = wanted.number::text
    RETURNING id, note
   )
   INSERT INTO collection_promise_item_rel (promise_id, item_id)
   SELECT promise.id, wanted.item_id
     FROM promise
     JOIN wanted ON wanted.number::text = promise.note
RETURNING promise_id
"""


@tagged("post_install", "-at_install")
class TestSettlementCounts(CollectionCommon):
    """Judging costs a fixed number of queries, however many promises there are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        invoices = cls.env["account.move"]
        for number in range(FEW + MANY):
            invoices |= cls._overdue_invoice(6, partner=cls._debtor(f"Debtor {number}"))
        cls.root["collection.refresh"]._refresh(cls.company, TODAY)
        cls.items = cls.root["collection.item"].search(
            [("move_line_id.move_id", "in", invoices.ids)], order="id"
        )

    def _promise(self, items):
        return (
            self.root["collection.promise"]
            .with_context(collection_deciding=True)
            .create(
                [
                    {
                        "case_id": item.case_id.id,
                        "item_ids": [Command.set(item.ids)],
                        "amount": 500,
                        "date": TODAY,
                    }
                    for item in items
                ]
            )
        )

    def _count(self, work):
        """Return how many queries something costs, what it leaves to be written included."""
        self.env.cr.precommit.run()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        # What waits for the end of the transaction belongs to it: Odoo's tracking does.
        self.env.cr.precommit.run()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_judging_what_stays_as_it_is(self):
        promises = self._promise(self.items)
        few, many = promises[:FEW], promises[FEW:]
        counts = [self._count(lambda chosen=chosen: chosen._judge(TODAY)) for chosen in (few, many)]
        self.assertEqual(*counts)

    def test_judging_what_a_day_has_broken(self):
        promises = self._promise(self.items)
        with self.on(1) as today:
            for chosen in (promises[:2], promises[2:FEW]):
                deciding = chosen.with_context(collection_deciding=True)
                few = self._count(lambda deciding=deciding: deciding._judge(today))
            deciding = promises[FEW:].with_context(collection_deciding=True)
            many = self._count(lambda: deciding._judge(today))
        self.assertEqual(set(promises.mapped("state")), {"broken"})
        self.assertLessEqual(many, few)

    def test_turning_back_what_was_kept(self):
        promises = self._promise(self.items).with_context(collection_deciding=True)
        promises._move("kept", TODAY, TODAY)
        counts = [
            self._count(lambda chosen=chosen: chosen._move("pending", False, TODAY))
            for chosen in (promises[:2], promises[2:FEW], promises[FEW:])
        ]
        self.assertEqual(set(promises.hold_id.mapped("state")), {"open"})
        self.assertLessEqual(counts[2], counts[1])

    def test_reconciling_where_nothing_was_promised_costs_one_statement(self):
        lines = self.items.move_line_id
        service = self.root["collection.settlement"]
        service._judge_touched(lines)
        with self.assertQueryCount(1):
            service._judge_touched(lines)

    # === TEN THOUSAND === #

    def _insert_promises(self, number):
        """Return so many pending promises of today with their holds, spread over the items."""
        self.env.flush_all()
        reason = self.root.ref("recouvrement_creances.collection_reason_hold_promise")
        rows = self.env.execute_query(
            SQL(
                PROMISES,
                number=number,
                items=self.items.ids,
                count=len(self.items),
                reason=reason.id,
                currency=self.company.currency_id.id,
                day=TODAY,
            )
        )
        return self.root["collection.promise"].browse(sorted(row[0] for row in rows))

    def test_ten_thousand_promises_cost_the_same_in_every_batch(self):
        promises = self._insert_promises(10_000)
        with self.on(1) as today:
            due = promises._find_due(self.company, today)
            self.assertEqual(len(due), 10_000)
            deciding = due.with_context(collection_deciding=True)
            counts = [
                self._count(lambda ids=ids: deciding.browse(ids)._judge(today))
                for ids in split_every(BATCH, due.ids)
            ]
        self.assertEqual(len(counts), 10)
        # The first one reads what stays in the cache of the registry (defaults, subtypes, ids of
        # records by name) and lets the collectors follow their cases.
        usual = mode(counts[1:])
        self.assertLessEqual(usual, counts[0], counts)
        # Rows are written by the hundred: where a batch is written in two goes, each of its tables
        # takes a statement more. It is the exception, seen once in nine batches or not at all.
        self.assertGreaterEqual(counts[1:].count(usual), 7, counts)
        self.assertLessEqual(max(counts[1:]), usual + len(WRITTEN), counts)
        self.assertGreaterEqual(min(counts[1:]), usual, counts)
        # Rows are written by the hundred; nothing is asked promise by promise, or case by case.
        self.assertLess(counts[1], BATCH / 10, counts)
        self.assertEqual(set(promises.mapped("state")), {"broken"})
        self.assertEqual(set(promises.hold_id.mapped("state")), {"released"})

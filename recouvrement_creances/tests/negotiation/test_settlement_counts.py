from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY, CollectionCommon

FEW, MANY = 10, 60


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
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
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

    def test_reconciling_where_nothing_was_promised_costs_one_statement(self):
        lines = self.items.move_line_id
        service = self.root["collection.settlement"]
        service._judge_touched(lines)
        with self.assertQueryCount(1):
            service._judge_touched(lines)

from odoo.tests import tagged

from ..common import TODAY, CollectionCommon

FEW, MANY = 3, 30


@tagged("post_install", "-at_install")
class TestQueryCounts(CollectionCommon):
    """The flow costs a fixed number of statements, however large the ledger."""

    def _make_debtors(self, number, name):
        for index in range(number):
            debtor = self._debtor(f"{name} {index}")
            self._overdue_invoice(6, partner=debtor)
            self._overdue_invoice(20, partner=debtor)

    def _count(self, function):
        """Return how many statements a function takes, with a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _propose_all(self):
        return self.root["collection.run"].create({"company_id": self.company.id}).action_propose()

    def test_first_proposal_costs_the_same_for_many_debtors(self):
        self._make_debtors(FEW, "Few")
        self._propose_all()
        self._make_debtors(FEW, "Again")
        few = self._count(self._propose_all)
        self._make_debtors(MANY, "Many")
        many = self._count(self._propose_all)
        self.assertEqual(
            self.root["collection.action"].search_count([("state", "=", "proposed")]), 36
        )
        self.assertLessEqual(many, few)
        self.assertLessEqual(few, 50)

    def test_proposal_made_anew_costs_the_same_for_many_debtors(self):
        self._make_debtors(FEW, "Few")
        self._propose_all()
        few = self._count(self._propose_all)
        self._make_debtors(MANY, "Many")
        self._propose_all()
        self.assertLessEqual(self._count(self._propose_all), few)

    def test_each_phase_costs_the_same_for_many_debtors(self):
        phases = {
            "refresh": lambda: self.root["collection.refresh"]._refresh(self.company, TODAY),
            "decide": lambda: self.root["collection.decision"]._decide(self.company, TODAY),
            "rank": lambda: self.root["collection.ranking"]._rank(self.company, TODAY),
        }
        self._make_debtors(FEW, "Few")
        for phase in phases.values():
            phase()
        few = {name: self._count(phase) for name, phase in phases.items()}
        self._make_debtors(MANY, "Many")
        for name, phase in phases.items():
            with self.subTest(phase=name):
                self.assertLessEqual(self._count(phase), few[name])

    def test_one_more_message_costs_little(self):
        self._make_debtors(FEW, "Few")
        with self._mail_server() as sink:
            self._run()
            self._make_debtors(5, "Five")
            five = self._count(self._run)
            self._make_debtors(15, "Fifteen")
            fifteen = self._count(self._run)
        self.assertEqual(len(sink.messages), FEW + 5 + 15)
        self.assertLessEqual((fifteen - five) / 10, 6)

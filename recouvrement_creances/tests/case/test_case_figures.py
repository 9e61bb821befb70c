import operator
from datetime import timedelta
from itertools import product

from odoo.tests import tagged

from ...rules.priority import CaseFacts, priority_score
from ..common import TODAY, CollectionCommon

FIGURES = (
    "amount_open",
    "amount_overdue",
    "item_count",
    "oldest_due_date",
    "days_overdue",
    "level_number",
    "next_date",
)


@tagged("post_install", "-at_install")
class TestCaseFigures(CollectionCommon):
    """The figures of a case are the ledger's, in lists, searches, orders and sums alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtors = [cls._debtor(f"Debtor {number}") for number in range(3)]
        few, many, coming = cls.debtors
        cls.invoices = [
            cls._overdue_invoice(3, amount=100, partner=few),
            cls._overdue_invoice(40, amount=2000, partner=many),
            cls._overdue_invoice(-20, amount=500, partner=many),
            cls._overdue_invoice(-10, amount=7000, partner=coming),
        ]
        cls.root["collection.refresh"]._refresh(cls.company, TODAY)
        cls.root["collection.decision"]._decide(cls.company, TODAY)
        cls.cases = cls.root["collection.case"].search(
            [("company_id", "=", cls.company.id)], order="id"
        )
        cls.few, cls.many, cls.coming = (
            cls.cases.filtered(lambda case, debtor=debtor: case.partner_id == debtor)
            for debtor in cls.debtors
        )

    def _search(self, *conditions, **options):
        return self.root["collection.case"].search(
            [("id", "in", self.cases.ids), *conditions], **options
        )

    def test_figures_are_sums_of_the_open_items(self):
        self.assertRecordValues(
            self.few | self.many | self.coming,
            [
                {"amount_open": 100, "amount_overdue": 100, "item_count": 1, "days_overdue": 3},
                {"amount_open": 2500, "amount_overdue": 2000, "item_count": 2, "days_overdue": 40},
                {"amount_open": 7000, "amount_overdue": 0, "item_count": 1, "days_overdue": 0},
            ],
        )
        self.assertEqual(self.many.oldest_due_date, TODAY - timedelta(days=40))
        self.assertEqual(self.few.next_date, TODAY + timedelta(days=2))

    def test_figures_follow_a_payment_at_once(self):
        self._pay(self.invoices[1], 1500)
        self.cases.invalidate_recordset()
        self.assertEqual((self.many.amount_open, self.many.amount_overdue), (1000, 500))
        self.assertEqual(self._search(("amount_overdue", ">", 400)), self.many)

    def test_amounts_are_in_the_companys_currency(self):
        self._overdue_invoice(
            5, amount=300, partner=self.debtors[0], currency_id=self.other_currency
        )
        self._decide()
        residual = sum(self.few.open_item_ids.mapped("amount_residual"))
        self.assertEqual(self.few.amount_open, residual)
        self.assertNotEqual(residual, 400)

    def test_level_is_the_highest_that_an_item_has_reached(self):
        with self._mail_server():
            self._run()
        self.cases.invalidate_recordset()
        self.assertEqual([case.level_number for case in self.cases], [0, 1, 0])
        self.assertEqual(self._search(("level_number", ">=", 1)), self.many)

    def test_each_figure_is_searched_in_sql_as_it_is_shown(self):
        operators = {
            "=": operator.eq,
            "!=": operator.ne,
            ">": operator.gt,
            ">=": operator.ge,
            "<": operator.lt,
            "<=": operator.le,
        }
        for name, (sign, compare) in product(FIGURES, operators.items()):
            shown = {case: case[name] for case in self.cases if case[name] is not False}
            for value in set(shown.values()):
                with self.subTest(figure=name, operator=sign, value=value):
                    expected = [case for case, own in shown.items() if compare(own, value)]
                    found = self._search((name, sign, value), order="id")
                    self.assertEqual(
                        list(found & self.cases.browse(case.id for case in shown)), expected
                    )

    def test_each_figure_is_searched_for_being_empty(self):
        closed_invoice = self._overdue_invoice(10, partner=self.partner_a)
        self._decide()
        self._pay(closed_invoice)
        self._decide()
        closed = self._case()
        self.cases += closed
        for name in FIGURES:
            with self.subTest(figure=name):
                empty = self.cases.filtered(lambda case, name=name: not case[name])
                self.assertIn(closed, empty)
                self.assertEqual(self._search((name, "=", False), order="id"), empty)
                self.assertEqual(self._search((name, "!=", False), order="id"), self.cases - empty)

    def test_each_figure_orders_the_list(self):
        for name in FIGURES:
            values = [case[name] for case in self._search(order=f"{name} asc, id")]
            with self.subTest(figure=name):
                self.assertEqual(values, sorted(values))
                self.assertEqual(
                    [case[name] for case in self._search(order=f"{name} desc, id")],
                    sorted(values, reverse=True),
                )

    def test_columns_of_figures_sort_and_sum_in_the_browser(self):
        described = self.root["collection.case"].fields_get(FIGURES, ["sortable", "aggregator"])
        self.assertTrue(all(described[name]["sortable"] for name in FIGURES))
        for name in ("amount_open", "amount_overdue", "item_count"):
            self.assertEqual(described[name]["aggregator"], "sum")

    def test_groups_add_the_figures_up(self):
        self.few.user_id = self.many.user_id = self.collector
        self.coming.user_id = self.personas["other_collector"]
        groups = self.root["collection.case"].formatted_read_group(
            [("id", "in", self.cases.ids)],
            ["user_id"],
            ["__count", "amount_open:sum", "amount_overdue:sum", "level_number:max"],
        )
        sums = {
            group["user_id"][0]: (group["amount_open:sum"], group["amount_overdue:sum"])
            for group in groups
        }
        self.assertEqual(sums[self.collector.id], (2600, 2100))
        self.assertEqual(sums[self.personas["other_collector"].id], (7000, 0))

    def test_groups_add_up_what_is_not_flushed_yet(self):
        self._pay(self.invoices[0])
        groups = self.root["collection.case"].formatted_read_group(
            [("id", "in", self.few.ids)], [], ["amount_open:sum"]
        )
        self.assertEqual(groups[0]["amount_open:sum"], 0)

    def test_unallocated_credit_is_shown(self):
        self._create_invoice_one_line(
            price_unit=40,
            tax_ids=[],
            move_type="out_refund",
            partner_id=self.debtors[0],
            post=True,
        )
        self.cases.invalidate_recordset()
        self.assertEqual([case.amount_credit for case in self.cases], [40, 0, 0])

    def test_query_count_does_not_depend_on_the_number_of_cases(self):
        fields = [*FIGURES, "amount_credit", "next_step", "explanation", "last_contact_date"]

        def count(cases):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases.read(fields)
            return self.env.cr.sql_log_count - before

        count(self.cases)
        one = count(self.few)
        for number in range(12):
            self._overdue_invoice(6, partner=self._debtor(f"More {number}"))
        self._decide()
        cases = self.root["collection.case"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(cases), 15)
        self.assertLessEqual(count(cases), one + 2)

    # === WORDS === #

    def test_next_step_says_what_the_run_will_do(self):
        self.assertRegex(self.few.next_step, r"\w+, from \d\d/\d\d/\d{4} on$")
        self.assertIn("To remind by the next run", self.many.next_step)
        self.assertIn("Not due yet", self.coming.next_step)

    def test_next_step_names_the_work_that_waits_first(self):
        run = self.root["collection.run"].create({"company_id": self.company.id})
        run.action_propose()
        self.cases.invalidate_recordset()
        self.assertIn("proposed", self.many.next_step)
        self.many.action_ids.sudo()._apply_event("confirm")
        self.many.action_ids.sudo()._fail("550 no such mailbox")
        self.cases.invalidate_recordset()
        self.assertIn("550 no such mailbox", self.many.next_step)

    def test_explanation_has_one_line_per_verdict_with_its_amount(self):
        lines = self.many.explanation.splitlines()
        self.assertEqual(len(lines), 2)
        self.assertIn("2,000.00", lines[0])
        self.assertIn("500.00", lines[1])
        self.assertIn("Not due yet", lines[1])

    def test_explanation_of_a_hold_names_its_end(self):
        self._hold(self.many, "promise", date_end=TODAY + timedelta(days=4))
        self.many.invalidate_recordset()
        self.assertIn("promise", self.many.explanation)
        self.assertIn("03/21/2026", self.many.explanation)

    # === WORKLIST === #

    def test_priority_is_what_the_rule_says_of_the_case(self):
        self.root["collection.ranking"]._rank(self.company, TODAY)
        expected = {
            self.few: CaseFacts(amount_overdue=100, days_overdue=3),
            self.many: CaseFacts(amount_overdue=2000, days_overdue=40),
            self.coming: CaseFacts(),
        }
        for case, facts in expected.items():
            self.assertEqual(case.priority, priority_score(facts))
        self.assertEqual(self._search(limit=1), self.many)
        self.assertEqual(self.many.priority_explanation, "amount 33 + age 4")

    def test_held_amounts_do_not_raise_a_case(self):
        self._hold(self.many)
        self.root["collection.ranking"]._rank(self.company, TODAY)
        self.assertEqual(self.many.priority, 0)

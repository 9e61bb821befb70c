from datetime import timedelta

from odoo.tests import Form, tagged

from ..common import TODAY, CollectionCommon

COLUMNS = (
    "collection_stage_id",
    "collection_level_id",
    "collection_last_date",
    "collection_next_date",
    "collection_verdict",
)


@tagged("post_install", "-at_install")
class TestInvoiceColumns(CollectionCommon):
    """Accountants see on their invoices where the collection stands, without any other right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls.personas["invoicing"]
        cls.reminded = cls._overdue_invoice(16)
        cls.coming = cls._overdue_invoice(-10, partner=cls.partner_b)
        cls.draft = cls._create_invoice_one_line(price_unit=10, partner_id=cls.partner_b)
        cls.paid = cls._overdue_invoice(16, partner=cls._debtor("Paid"))
        cls.level = cls.policy.level_ids[0]

    def setUp(self):
        super().setUp()
        with self._mail_server():
            self._run()
        self._pay(self.paid)
        self._decide()
        self.moves = self.reminded | self.coming | self.draft | self.paid
        self.moves.invalidate_recordset()

    def _as_accountant(self):
        return self.root["account.move"].with_user(self.accountant)

    def _search(self, *conditions):
        return self._as_accountant().search([("id", "in", self.moves.ids), *conditions])

    # === READ === #

    def test_accountant_reads_where_the_collection_stands(self):
        reminded, coming, draft, paid = self.moves.with_user(self.accountant)
        self.assertEqual(reminded.collection_level_id, self.level)
        self.assertEqual(reminded.collection_last_date, TODAY)
        self.assertEqual(reminded.collection_next_date, TODAY + timedelta(days=10))
        self.assertEqual(reminded.collection_verdict, "too_soon")
        self.assertEqual(reminded.collection_stage_id.sudo().kind, "amicable")
        self.assertIn("Too soon", reminded.collection_explanation)
        self.assertEqual(coming.collection_verdict, "not_due")
        self.assertEqual(paid.collection_verdict, "paid")
        self.assertEqual(paid.collection_level_id, self.level)
        for name in COLUMNS:
            self.assertFalse(draft[name])

    def test_a_new_entry_opens_with_nothing_to_show(self):
        for persona in ("invoicing", "manager"):
            for kind in ("out_invoice", "out_refund", "in_invoice", "entry"):
                user = self.personas[persona]
                user.sudo().group_ids += self.root.ref("account.group_account_manager")
                moves = self.root["account.move"].with_user(user)
                with self.subTest(persona=persona, kind=kind):
                    form = Form(moves.with_context(default_move_type=kind))
                    self.assertFalse(form._record.collection_verdict)
                    new = moves.new({"move_type": kind}) | moves.new({"move_type": kind})
                    for name in (*COLUMNS, "collection_limitation_date"):
                        self.assertFalse(new[:1][name] or new[1:][name])

    def test_list_shows_the_names_of_levels_and_stages(self):
        specification = {
            "collection_stage_id": {"fields": {"display_name": {}}},
            "collection_level_id": {"fields": {"display_name": {}}},
            "collection_verdict": {},
            "collection_case_id": {"fields": {"display_name": {}}},
        }
        found = self._as_accountant().web_search_read(
            [("id", "=", self.reminded.id)], specification
        )
        (row,) = found["records"]
        self.assertEqual(row["collection_level_id"]["display_name"], self.level.display_name)
        self.assertEqual(row["collection_stage_id"]["display_name"], "Amicable")

    def test_journal_items_show_the_same(self):
        line = self.reminded.line_ids.filtered(lambda line: line.display_type == "payment_term")
        line = line.with_user(self.accountant)
        self.assertEqual(line.collection_level_id, self.level)
        self.assertEqual(line.collection_verdict, "too_soon")

    def test_columns_follow_a_payment_at_once(self):
        self._pay(self.reminded)
        self._item(self.reminded).case_id.action_refresh()
        self.assertEqual(self.reminded.with_user(self.accountant).collection_verdict, "paid")

    def test_invoice_speaks_of_its_oldest_open_instalment(self):
        move = self._create_invoice_one_line(
            price_unit=1000,
            tax_ids=[],
            partner_id=self._debtor("Instalments"),
            invoice_date=TODAY - timedelta(days=25),
            invoice_payment_term_id=self.pay_terms_b,
            post=True,
        )
        self._decide()
        self.assertEqual(move.collection_verdict, "remind")
        self.moves = move
        self.assertEqual(self._search(("collection_verdict", "=", "remind")), move)
        self.assertFalse(self._search(("collection_verdict", "=", "not_due")))

    def test_columns_of_many_invoices_cost_a_handful_of_queries(self):
        invoices = self.env["account.move"]
        for number in range(10):
            debtor = self._debtor(f"Many {number}")
            for days in (3, 6, 9, 12):
                invoices |= self._overdue_invoice(days, partner=debtor)
        self._decide()
        invoices = invoices.with_user(self.accountant)

        def count(fields):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            invoices.read(fields)
            return self.env.cr.sql_log_count - before

        shown = ["name", *COLUMNS, "collection_limitation_date"]
        count(shown)
        self.assertLessEqual(count(shown) - count(["name"]), 4)

    # === SEARCH === #

    def test_invoices_are_found_by_verdict(self):
        self.assertEqual(self._search(("collection_verdict", "=", "too_soon")), self.reminded)
        self.assertEqual(
            self._search(("collection_verdict", "in", ["too_soon", "not_due"])),
            self.reminded | self.coming,
        )
        self.assertEqual(self._search(("collection_verdict", "=", "paid")), self.paid)
        self.assertEqual(
            self._search(("collection_verdict", "!=", "too_soon")), self.moves - self.reminded
        )

    def test_invoices_are_found_by_level(self):
        with_level = self.reminded | self.paid
        self.assertEqual(self._search(("collection_level_id", "=", self.level.id)), with_level)
        self.assertEqual(
            self._search(("collection_level_id", "!=", self.level.id)), self.moves - with_level
        )
        self.assertEqual(self._search(("collection_level_id.number", "=", 1)), with_level)
        self.assertEqual(self._search(("collection_level_id", "ilike", "Level +5")), with_level)

    def test_invoices_are_found_by_stage(self):
        amicable = self.root["collection.stage"]._first_of_kind("amicable")
        self.assertEqual(
            self._search(("collection_stage_id", "=", amicable.id)), self.reminded | self.coming
        )
        self.assertEqual(self._search(("collection_stage_id.kind", "=", "closed")), self.paid)

    def test_invoices_are_found_by_what_is_empty(self):
        for name, empty in (
            ("collection_verdict", self.draft),
            ("collection_stage_id", self.draft),
            ("collection_level_id", self.coming | self.draft),
        ):
            with self.subTest(field=name):
                self.assertEqual(self._search((name, "=", False)), empty)
                self.assertEqual(self._search((name, "!=", False)), self.moves - empty)

    def test_journal_items_are_found_by_verdict(self):
        lines = self.root["account.move.line"].with_user(self.accountant)
        domain = [("move_id", "in", self.moves.ids), ("display_type", "=", "payment_term")]

        def search(*condition):
            return lines.search([*domain, condition]).move_id

        self.assertEqual(search("collection_verdict", "=", "too_soon"), self.reminded)
        self.assertEqual(search("collection_verdict", "=", "paid"), self.paid)
        self.assertEqual(search("collection_verdict", "=", False), self.draft)
        self.assertEqual(search("collection_verdict", "!=", False), self.moves - self.draft)

    # === GROUPS === #

    def _group(self, name):
        """Return {value: invoices}, each group opened as the list opens it."""
        moves = self._as_accountant()
        domain = [("id", "in", self.moves.ids)]
        groups = moves.web_read_group(domain, [name], ["__count"])["groups"]
        found = {}
        for group in groups:
            value = group[name][0] if isinstance(group[name], (tuple, list)) else group[name]
            found[value] = moves.search([*domain, *group["__extra_domain"]])
            self.assertEqual(len(found[value]), group["__count"], f"{name} = {value}")
        return found

    def test_invoices_are_grouped_by_verdict(self):
        self.assertEqual(
            self._group("collection_verdict"),
            {
                "too_soon": self.reminded,
                "not_due": self.coming,
                "paid": self.paid,
                False: self.draft,
            },
        )

    def test_invoices_are_grouped_by_level(self):
        self.assertEqual(
            self._group("collection_level_id"),
            {self.level.id: self.reminded | self.paid, False: self.coming | self.draft},
        )

    def test_invoices_are_grouped_by_stage(self):
        groups = self._group("collection_stage_id")
        self.assertEqual(len(groups), 3)
        self.assertEqual(groups[False], self.draft)

    def test_groups_have_names_and_sums(self):
        groups = self._as_accountant().formatted_read_group(
            [("id", "in", self.moves.ids)],
            ["collection_stage_id"],
            ["amount_residual:sum"],
        )
        sums = {
            group["collection_stage_id"] and group["collection_stage_id"][1]: group[
                "amount_residual:sum"
            ]
            for group in groups
        }
        self.assertEqual(sums["Amicable"], 2000)

    def test_group_of_an_invoice_in_instalments_opens_with_it(self):
        move = self._create_invoice_one_line(
            price_unit=1000,
            tax_ids=[],
            partner_id=self._debtor("Instalments"),
            invoice_date=TODAY - timedelta(days=25),
            invoice_payment_term_id=self.pay_terms_b,
            post=True,
        )
        self._decide()
        self.moves |= move
        self.assertEqual(self._group("collection_verdict")["remind"], move)
        self.assertEqual(self._group("collection_verdict")["not_due"], self.coming)

    # === SETTING === #

    def test_accountant_excludes_an_invoice_from_follow_up(self):
        self.reminded.with_user(self.accountant).no_followup = True
        self._decide()
        self.assertEqual(
            self.reminded.with_user(self.accountant).collection_verdict, "not_collectible"
        )

    def test_run_writes_nothing_on_invoices(self):
        self.env.flush_all()
        query = (
            "SELECT xmin::text FROM account_move WHERE company_id = %s UNION ALL "
            "SELECT xmin::text FROM account_move_line WHERE company_id = %s"
        )
        self.env.cr.execute(query, [self.company.id] * 2)
        before = self.env.cr.fetchall()
        with self._mail_server(), self.on(10):
            self._run()
        self.env.cr.execute(query, [self.company.id] * 2)
        self.assertEqual(self.env.cr.fetchall(), before)

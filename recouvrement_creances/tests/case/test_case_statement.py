import io
import re
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestCaseStatement(CollectionCommon):
    """The account of a debtor is printed from his case, as of any day, in French or English."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:9")
        cls.root["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(["recouvrement_creances"], ["fr_FR"])
        cls.old = cls._overdue_invoice(60, 1000)
        cls.new = cls._overdue_invoice(20, 500)
        cls.root["collection.refresh"]._refresh(cls.company, TODAY)

    def _wizard(self, user="collector", **values):
        dialogs = self.root["collection.statement.print"].with_user(self.personas[user])
        return dialogs.create({"case_id": self._case().id, "lang": "en_US", **values})

    def _read(self, wizard):
        html, _kind = self.root["ir.actions.report"]._render_qweb_html(
            "recouvrement_creances.collection_case_statement_report", wizard.ids
        )
        # Values stand in elements of their own.
        return " ".join(re.sub(r"<[^>]+>", "", html.decode()).split())

    def test_statement_of_today_lists_what_is_open(self):
        self._register_payment(self.old, payment_date=TODAY, amount=400)
        html = self._read(self._wizard())
        for text in ("Open on 03/16/2026", self.old.name, self.new.name):
            self.assertIn(text, html)
        for amount in ("1,000.00", "400.00", "600.00", "500.00", "1,100.00"):
            self.assertIn(amount, html)
        self.assertIn("How to pay", html)

    def test_statement_of_a_past_day_does_not_know_later_payments(self):
        self._register_payment(self.old, payment_date=TODAY - timedelta(days=2))
        before = self._read(self._wizard(date_to=TODAY - timedelta(days=3)))
        self.assertIn(self.old.name, before)
        self.assertIn("1,500.00", before)
        after = self._read(self._wizard())
        self.assertNotIn(self.old.name, after)

    def test_statement_of_a_day_before_the_debt_is_empty(self):
        html = self._read(self._wizard(date_to=TODAY - timedelta(days=400)))
        self.assertIn("Nothing was open on this day", html)
        self.assertNotIn("How to pay", html)

    def test_time_barred_sums_are_not_asked_of_a_consumer(self):
        old = self._overdue_invoice(800, 300)
        self.partner_a.collection_debtor_kind = "consumer"
        self._decide()
        self.assertVerdict(old, "time_barred")
        wizard = self._wizard()
        html = self._read(wizard)
        self.assertIn("300.00", html.partition("Of this account")[2].partition("time-barred")[0])
        report = self.root["report.recouvrement_creances.case_statement"]
        values = report._get_report_values(wizard.ids)["documents"][0]
        self.assertEqual([block["net"] for block in values["blocks"]], [1500])
        self._register_payment(self.old, payment_date=TODAY)
        self._register_payment(self.new, payment_date=TODAY)
        self.assertNotIn("How to pay", self._read(wizard))

    def test_movements_of_a_period_go_from_one_balance_to_the_other(self):
        payment_day = TODAY - timedelta(days=10)
        self._register_payment(self.old, payment_date=payment_day, amount=250)
        # Between the two invoices: the older one, of 90 days ago, is in the opening balance.
        wizard = self._wizard(date_from=TODAY - timedelta(days=80))
        part = self.root["report.recouvrement_creances.case_statement"]._read_account(
            self._case(), wizard.date_from, wizard.date_to
        )[self.old.currency_id]
        self.assertEqual((part["opening"], part["balance"]), (1000, 1250))
        self.assertEqual(
            [(row["debit"], row["credit"], row["balance"]) for row in part["movements"]],
            [(500, 0, 1500), (0, 250, 1250)],
        )
        html = self._read(wizard)
        self.assertIn("From 12/26/2025 to 03/16/2026", html)
        self.assertIn("Balance before the period", html)

    def test_currencies_are_kept_apart(self):
        self._overdue_invoice(5, 70, currency_id=self.other_currency.id)
        parts = self.root["report.recouvrement_creances.case_statement"]._read_account(
            self._case(), None, TODAY
        )
        self.assertEqual(parts[self.other_currency]["balance"], 70)
        self.assertEqual(parts[self.company.currency_id]["balance"], 1500)

    def test_account_that_holds_no_customers_is_not_of_the_statement(self):
        self.old.line_ids.account_id.filtered(
            lambda account: account.account_type == "asset_receivable"
        ).non_trade = True
        html = self._read(self._wizard())
        self.assertNotIn(self.old.name, html)
        self.assertIn("Nothing was open on this day", html)

    def test_language_is_chosen(self):
        html = self._read(self._wizard(lang="fr_FR"))
        self.assertIn("Ouvert au 16/03/2026", html)
        self.partner_a.lang = "fr_FR"
        dialogs = self.root["collection.statement.print"]
        self.assertEqual(dialogs.create({"case_id": self._case().id}).lang, "fr_FR")

    def test_debtor_without_language_is_answered_in_the_companys(self):
        self.partner_a.lang = False
        self.company.partner_id.lang = "fr_FR"
        dialogs = self.root["collection.statement.print"].with_user(self.personas["collector"])
        self.assertEqual(dialogs.create({"case_id": self._case().id}).lang, "fr_FR")

    def test_long_account_has_a_heading_on_each_page(self):
        for _index in range(30):
            self._overdue_invoice(10, 10)
        tables = self.root["report.recouvrement_creances.case_statement"]
        parts = tables._read_account(self._case(), None, TODAY)
        pages = tables._paginate(parts)
        self.assertEqual([len(page["rows"]) for page in pages], [29, 3])
        self.assertEqual([page["is_last"] for page in pages], [False, True])
        with self.allow_pdf_render():
            reports = self.root["ir.actions.report"].with_context(force_report_rendering=True)
            content, _kind = reports._render_qweb_pdf(
                "recouvrement_creances.collection_case_statement_report", self._wizard().ids
            )
        self.assertEqual(len(PdfFileReader(io.BytesIO(content)).pages), 2)

    def test_period_that_ends_before_it_starts_is_refused(self):
        with self.assertRaisesRegex(UserError, "ends before it starts"):
            self._wizard(date_from=TODAY, date_to=TODAY - timedelta(days=1)).action_print()

    def test_reader_prints_and_an_outsider_does_not(self):
        action = self._wizard("reader").action_print()
        self.assertEqual(action["report_name"], "recouvrement_creances.case_statement")
        with self.assertRaises(AccessError):
            self._wizard("invoicing")

import io
import re
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from ..common import CollectionCommon

PAYMENT = "recouvrement_creances.payment_receipt_report"
CASE = "recouvrement_creances.case_receipt_report"


@tagged("post_install", "-at_install")
class TestReceipt(CollectionCommon):
    """Who pays gets a paper that says how much came when, and what it settled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:9")
        cls.partner_a.write({"street": "1 rue du Port", "zip": "44000", "city": "Nantes"})
        cls.old = cls._overdue_invoice(30, amount=1000)
        cls.recent = cls._overdue_invoice(6, amount=500)

    def _pay_both(self, amount):
        """Pay the two invoices together, the older one first as Odoo does; return the payment."""
        return self._register_payment(self.old | self.recent, amount=amount)

    def _rows(self, payment):
        receipts = self.root["report.recouvrement_creances.receipt"]
        return receipts._prepare_receipt(payment, payment)

    def _print(self, report, record, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.personas["accountant"])
        with self.allow_pdf_render():
            content, kind = reports.with_context(force_report_rendering=True)._render_qweb_pdf(
                report, record.ids
            )
        self.assertEqual(kind, "pdf")
        pages = [page.extract_text() for page in PdfFileReader(io.BytesIO(content)).pages]
        return [re.sub(r"\s+", " ", page) for page in pages]

    # === IMPUTATION === #

    def test_parts_add_up_to_the_payment(self):
        document = self._rows(self._pay_both(1200))
        settled = {row["number"]: (row["settled"], row["residual"]) for row in document["rows"]}
        self.assertEqual(settled, {self.old.name: (1000, 0), self.recent.name: (200, 300)})
        self.assertEqual(document["unallocated"], 0)

    def test_what_matches_nothing_stands_to_the_credit(self):
        document = self._rows(self._pay_both(1700))
        self.assertEqual(document["unallocated"], 200)

    def test_payment_in_another_currency_keeps_its_own(self):
        payment = self._register_payment(self.old, amount=400, currency_id=self.other_currency.id)
        document = self._rows(payment)
        self.assertEqual([row["settled"] for row in document["rows"]], [400])
        self.assertEqual(document["rows"][0]["residual"], self.old.amount_residual)

    def test_payment_without_an_entry_is_acknowledged_and_nothing_more(self):
        method = self.root["account.payment.method.line"].search(
            [("payment_type", "=", "inbound"), ("journal_id.company_id", "=", self.company.id)],
            limit=1,
        )
        method.payment_account_id = False
        # With Odoo's accounting installed there is none; Community alone chooses an account.
        moves = self.registry["account.move"]
        with patch.object(moves, "_get_invoice_in_payment_state", lambda self: "in_payment"):
            payment = self.root["account.payment"].create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": self.partner_a.id,
                    "amount": 10,
                    "journal_id": method.journal_id.id,
                    "payment_method_line_id": method.id,
                }
            )
            payment.action_post()
        self.assertFalse(payment.move_id)
        page = self._print(PAYMENT, payment)[0]
        self.assertIn("10.00", page)
        self.assertNotIn("credit", page)

    def test_money_paid_out_has_no_receipt(self):
        payment = self.root["account.payment"].create(
            {"payment_type": "outbound", "partner_type": "supplier", "amount": 10}
        )
        with self.assertRaisesRegex(UserError, "no payment received"):
            self._rows(payment)

    # === PAPER === #

    def test_receipt_is_one_page_with_what_was_settled(self):
        pages = self._print(PAYMENT, self._pay_both(1200))
        self.assertEqual(len(pages), 1)
        for words in ("Receipt", self.old.name, self.recent.name, "1,200.00", "300.00"):
            self.assertIn(words, pages[0])

    def test_receipt_speaks_the_language_of_the_debtor(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["recouvrement_creances"], ["fr_FR"])
        self.partner_a.lang = "fr_FR"
        text = self._print(PAYMENT, self._pay_both(1200))[0]
        self.assertIn("Reçu", text)
        self.assertIn("Reste dû à ce jour", text)
        self.assertNotIn("Still due", text)

    def test_collector_prints_the_last_one_from_the_case(self):
        self._decide()
        self._pay(self.old, 100)
        self._pay(self.old, 250)
        text = self._print(CASE, self._case(), self.collector)[0]
        self.assertIn("250.00", text)
        self.assertIn(self._case().name, text)

    def test_collector_without_accounting_does_not_print_from_the_payment(self):
        with self.assertRaises(AccessError):
            self._print(PAYMENT, self._pay_both(1200), self.collector)

    def test_case_without_a_payment_says_so(self):
        self._decide()
        with self.assertRaisesRegex(UserError, "has not paid anything"):
            self._print(CASE, self._case(), self.collector)

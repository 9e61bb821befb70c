import re
from datetime import timedelta

from odoo.tests import tagged

from ..common import TODAY
from .insolvency_common import InsolvencyCommon

REPORT = "recouvrement_creances.collection_case_statement_report"


@tagged("post_install", "-at_install")
class TestInsolvencyAccount(InsolvencyCommon):
    """The printed account of an insolvent debtor tells of earlier debts and asks for none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.earlier = cls._overdue_invoice(60, 1000, partner=cls.debtor)

    def _values(self, **values):
        """Return what is printed of the account, and the account as text."""
        wizard = self.root["collection.statement.print"].create(
            {"case_id": self._case(self.debtor).id, "lang": "en_US", **values}
        )
        report = self.root["report.recouvrement_creances.case_statement"]
        html, _kind = self.root["ir.actions.report"]._render_qweb_html(REPORT, wizard.ids)
        text = " ".join(re.sub(r"<[^>]+>", "", html.decode()).split())
        return report._get_report_values(wizard.ids)["documents"][0], text

    def _asked(self, **values):
        return [block["net"] for block in self._values(**values)[0]["blocks"]]

    def test_earlier_debts_are_shown_and_not_asked_for(self):
        self._decide()
        self.assertEqual(self._asked(), [1000])
        self._record()
        _values, text = self._values()
        self.assertEqual(self._asked(), [])
        self.assertIn(self.earlier.name, text)
        self.assertIn("1,000.00", text.partition("Of this account")[2])
        self.assertNotIn("How to pay", text)

    def test_later_debts_are_asked_for_as_on_the_debtors_page(self):
        self._decide()
        self._record()
        self._owe_later(500)
        self._create_invoice_one_line(
            move_type="out_refund",
            price_unit=300,
            tax_ids=[],
            partner_id=self.debtor,
            invoice_date=TODAY - timedelta(days=30),
            post=True,
        )
        page = self.root["collection.portal.page"]
        account = page._get_account(self._case(self.debtor), TODAY)
        self.assertEqual([block["net"] for block in account["blocks"]], [500])
        self.assertEqual(self._asked(), [500])

    def test_account_of_a_day_before_the_opening_asks_for_nothing_either(self):
        self._decide()
        self._record()
        self.assertEqual(self._asked(date_to=TODAY - timedelta(days=20)), [])

    def test_account_from_a_former_case_asks_for_nothing_either(self):
        paid = self._overdue_invoice(70, 10, partner=self.debtor)
        self._pay(self.earlier)
        self._decide()
        self._pay(paid)
        self._decide()
        former = self._case(self.debtor)
        self.assertFalse(former.is_open)
        self._owe(50, 200)
        self._record()
        self.assertEqual(self._asked(case_id=former.id), [])

    def test_representative_is_not_told_that_nothing_is_asked(self):
        self._decide()
        record = self._record()
        wizard = self.root["collection.statement.print"].create(
            {"case_id": record.case_id.id, "lang": "en_US", "date_to": record.judgement_date}
        )
        html, _kind = self.root["ir.actions.report"]._render_qweb_html(
            REPORT, wizard.ids, {"is_piece": True}
        )
        self.assertNotIn("Of this account", html.decode())

from odoo.tests import tagged

from ..common import TODAY
from .handover_common import HandoverCommon


@tagged("post_install", "-at_install")
class TestLegalPaperBank(HandoverCommon):
    """A claim names an account that receives its currency."""

    def test_account_of_another_currency_is_not_printed(self):
        own = self.company.partner_id.bank_ids
        own.sequence = 9
        self._give_bank_account(self.company, "FR7630004000031234567890143").write(
            {"currency_id": self.other_currency.id, "sequence": 1}
        )
        self.company.partner_id.invalidate_recordset(["bank_ids"])
        handover = self._prepare().sudo()
        statement = self.root["collection.legal.statement"]._prepare(handover, TODAY)
        data = {"as_of": TODAY, "pieces": [], "statement": statement, "paper": "summary"}
        paper = self.root["report.recouvrement_creances.legal_paper"]._prepare_paper(handover, data)
        self.assertEqual(statement["currency"], self.company.currency_id)
        self.assertEqual(paper["bank"], own)

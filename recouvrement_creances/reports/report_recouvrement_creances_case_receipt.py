from odoo import models
from odoo.exceptions import UserError


class ReportRecouvrementCreancesCaseReceipt(models.AbstractModel):
    """The receipt for a debtor's last payment, printed from the case.

    Collectors need no right to accounting for it: who sees the case may tell its debtor what he
    has paid.
    """

    _name = "report.recouvrement_creances.case_receipt"
    _description = "Receipt for the last payment of a case"
    _inherit = ["collection.paper"]
    _printed = "collection.case"

    def _prepare_documents(self, records, data):
        """IMPLEMENTS collection.paper."""
        receipts = self.env["report.recouvrement_creances.receipt"]
        payments = self._find_last_payments(records)
        return [receipts._prepare_receipt(case, payments[case]) for case in records]

    def _find_last_payments(self, cases):
        """Return {case: the debtor's latest payment}.

        :raise UserError: naming the first case without a payment
        """
        # In sudo mode to read payments, after the check of access to the cases.
        groups = (
            self.env["account.payment"]
            .sudo()
            ._read_group(
                [
                    ("partner_id.commercial_partner_id", "in", cases.partner_id.ids),
                    ("company_id", "in", cases.company_id.ids),
                    ("payment_type", "=", "inbound"),
                    ("partner_type", "=", "customer"),
                    ("state", "in", ("in_process", "paid")),
                ],
                ["company_id", "partner_id"],
                ["id:recordset"],
            )
        )
        found = {}
        for company, partner, payments in groups:
            key = (company.id, partner.commercial_partner_id.id)
            found[key] = found.get(key, payments) | payments
        last = {}
        for case in cases:
            payments = found.get((case.company_id.id, case.partner_id.id))
            if not payments:
                raise UserError(
                    self.env._("%s has not paid anything: there is no receipt.", case.display_name)
                )
            last[case] = payments.sorted(lambda payment: (payment.date, payment.id))[-1]
        return last

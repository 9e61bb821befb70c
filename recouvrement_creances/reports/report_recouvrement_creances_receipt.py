from odoo import api, models
from odoo.exceptions import UserError

from ..tools.days import write_day


class ReportRecouvrementCreancesReceipt(models.AbstractModel):
    """The receipt for a payment: how much came when, and which documents it settles."""

    _name = "report.recouvrement_creances.receipt"
    _description = "Receipt for a payment"
    _inherit = ["collection.paper"]
    _printed = "account.payment"

    def _prepare_documents(self, records, data):
        """IMPLEMENTS collection.paper."""
        # In sudo mode to read the invoices that were settled, after the check of access.
        return [self._prepare_receipt(payment, payment) for payment in records.sudo()]

    @api.model
    def _prepare_receipt(self, record, payment):
        """Return the values of one receipt, in the payer's language.

        :param record: what is printed: the payment, or the case that it is printed from
        :raise UserError: when money was not received from a customer
        """
        self._check_payment(payment)
        debtor = payment.partner_id.commercial_partner_id
        company = payment.company_id
        lang = debtor._get_collection_lang(company)
        payment = payment.with_company(company).with_context(lang=lang)
        cases = self.env["collection.case"].sudo()
        case = cases.search(
            [("partner_id", "=", debtor.id), ("company_id", "=", company.id)],
            order="is_open desc, id desc",
            limit=1,
        )
        frames = self.env["collection.correspondence"].with_env(payment.env)
        case = case.with_env(payment.env)
        rows = self._get_imputation(payment)
        return {
            **frames._get_parties(case, payment.company_id, debtor=payment.partner_id),
            "record": record,
            "lang": lang,
            "type_style": self._get_type_style(company),
            "payment": payment,
            "received_on": write_day(payment.env, payment.date),
            "rows": rows,
            # Without an outstanding account Odoo makes no entry of a payment: what it settled is
            # then known from the bank's line only, and the receipt says nothing of it.
            "is_booked": bool(payment.move_id),
            "unallocated": payment.currency_id.round(
                payment.amount - sum(row["settled"] for row in rows)
            ),
        }

    def _check_payment(self, payment):
        received = payment.payment_type == "inbound" and payment.partner_type == "customer"
        if not received or payment.state not in ("in_process", "paid"):
            raise UserError(
                self.env._(
                    "“%s” is no payment received from a customer: there is nothing to acknowledge.",
                    payment.display_name,
                )
            )

    def _get_imputation(self, payment):
        """Return the documents that the payment settles, oldest due date first.

        Read from the reconciliation, in the payment's currency; each with what is due of it now.
        """
        lines = payment.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        rows = [
            self._get_row(partial.debit_move_id, partial.credit_amount_currency)
            for partial in lines.matched_debit_ids
        ]
        return sorted(rows, key=lambda row: (row["due_date"], row["number"]))

    def _get_row(self, line, settled):
        return {
            "number": line.move_id.name or line.name or "",
            "date": line.move_id.invoice_date or line.date,
            "due_date": line.date_maturity or line.date,
            "total": line.amount_currency,
            "settled": settled,
            "residual": line.amount_residual_currency,
            "currency": line.currency_id,
        }

from odoo import models
from odoo.exceptions import UserError

from ..tools.days import write_day

# Nothing is confirmed to the debtor before it was granted, nor once it is void.
CONFIRMED = ("approved", "met", "done")


class ReportRecouvrementCreancesWaiver(models.AbstractModel):
    """What the debtor gets of a waiver: what is given up, and on which condition."""

    _name = "report.recouvrement_creances.waiver"
    _description = "Confirmation of a waiver"
    _inherit = ["collection.paper"]
    _printed = "collection.waiver"

    def _check_printable(self, records):
        """IMPLEMENTS collection.paper: a waiver that is not granted is not confirmed to anybody."""
        for waiver in records:
            if waiver.state not in CONFIRMED:
                raise UserError(
                    self.env._(
                        "%(waiver)s is “%(state)s”: there is nothing to confirm to the debtor.",
                        waiver=waiver.display_name,
                        state=waiver._state_label(),
                    )
                )

    def _prepare_documents(self, records, data):
        """IMPLEMENTS collection.paper."""
        # In sudo mode to read invoices and bank accounts, after the check of access.
        return [self._prepare_confirmation(waiver) for waiver in records.sudo()]

    def _prepare_confirmation(self, waiver):
        """Return the values of one confirmation, in the debtor's language."""
        company, debtor = waiver.company_id, waiver.partner_id
        lang = waiver._get_lang()
        waiver = waiver.with_company(company).with_context(lang=lang)
        frames = self.env["collection.correspondence"].with_env(waiver.env)
        currency, is_waiting = waiver.currency_id, waiver.state == "approved"
        rest = self._get_rest(waiver) if is_waiting else 0.0
        return {
            **frames._get_parties(waiver.case_id, company),
            "record": waiver,
            "waiver": waiver,
            "lang": lang,
            "type_style": self._get_type_style(company),
            "is_registered": False,
            "debtor_number": frames._name_registration(debtor),
            "subject": self._get_subject(waiver),
            "currency": currency,
            "rows": self._get_rows(waiver.item_ids),
            "in_words": frames._get_words(currency, waiver.amount),
            "is_waiting": is_waiting,
            "is_credited": waiver.kind == "principal" and waiver._is_credited(waiver.item_ids),
            "rest": rest,
            "paid_by": waiver.condition_date and write_day(waiver.env, waiver.condition_date),
            "blocks": [frames._get_payment_block(waiver.case_id, currency, rest)] if rest else [],
            "payment_url": "",
        }

    def _get_subject(self, waiver):
        if waiver.kind == "charges":
            return waiver.env._("Charges given up: %s", waiver.charge_id.name)
        return waiver.env._("Remission of debt")

    def _get_rest(self, waiver):
        """Return what has to be paid for the waiver to stand, as the ledger is today."""
        due = sum(waiver.item_ids.mapped("amount_residual_currency"))
        given_up = waiver.amount if waiver.kind == "principal" else 0.0
        return max(waiver.currency_id.round(due - given_up), 0.0)

    def _get_rows(self, items):
        """Return the documents, oldest due date first, each with what is due of it now."""
        rows = [
            {
                "number": line.move_id.name or line.name or "",
                "date": line.move_id.invoice_date or line.date,
                "due_date": line.date_maturity or line.date,
                "total": line.amount_currency,
                "residual": line.amount_residual_currency,
            }
            for line in items.move_line_id
        ]
        return sorted(rows, key=lambda row: (row["due_date"], row["number"]))

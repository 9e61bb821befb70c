from odoo import api, models


class ReportRecouvrementCreancesCharge(models.AbstractModel):
    """The statement of charges on paper: what is claimed, by which law, computed how."""

    _name = "report.recouvrement_creances.charge"
    _description = "Statement of charges on paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return one statement per action; each belongs to one claim."""
        actions = self.env["collection.action"].browse(docids)
        # The frame is read in sudo mode: a report is not opened by somebody who may not see it.
        actions.check_access("read")
        charges = self.env["collection.charge"].search([("action_id", "in", actions.ids)])
        by_action = {charge.action_id: charge for charge in charges}
        return {
            "doc_ids": docids,
            "doc_model": "collection.action",
            "docs": actions,
            "documents": [
                self._prepare_statement(action, by_action[action])
                for action in actions
                if action in by_action
            ],
        }

    def _prepare_statement(self, action, charge):
        letter = self.env["report.recouvrement_creances.letter"]
        document = letter._prepare_document(action, 0, subject=charge.name)
        # In sudo mode to read bank accounts, as everything around the words of a letter is.
        charge_sudo = charge.sudo().with_company(charge.company_id).with_context(lang=action.lang)
        return {
            **document,
            "charge": charge_sudo,
            "groups": self._group_lines(charge_sudo),
            "blocks": [self._get_payment(charge_sudo, document["action"])],
            "annexes": [],
        }

    def _group_lines(self, charge):
        """Return [(first line, interest line or none, indemnity line or none)] per due date."""
        groups = {}
        for line in charge.line_ids:
            groups.setdefault((line.due_date, line.number, line.invoice_id.id), []).append(line)
        empty = charge.line_ids.browse()
        return [
            {
                "number": lines[0].number,
                "due_date": lines[0].due_date,
                "interest": empty.union(*(line for line in lines if line.kind == "interest")),
                "indemnity": empty.union(*(line for line in lines if line.kind == "indemnity")),
            }
            for _key, lines in sorted(groups.items())
        ]

    def _get_payment(self, charge, action):
        """Return how to pay: the company's account in the statement's currency."""
        banks = charge.company_id.partner_id.bank_ids
        exact = banks.filtered(lambda bank: bank.currency_id == charge.currency_id)
        block = {
            "currency": charge.currency_id,
            "net": charge.amount_total,
            "bank": (exact or banks.filtered(lambda bank: not bank.currency_id))[:1],
            "reference": charge.name,
        }
        correspondence = self.env["collection.correspondence"]
        return {**block, "qr_code": correspondence._get_qr_code(action, block)}

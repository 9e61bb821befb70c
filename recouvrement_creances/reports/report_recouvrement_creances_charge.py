from odoo import models


class ReportRecouvrementCreancesCharge(models.AbstractModel):
    """The statement of charges on paper: what is claimed, by which law, computed how."""

    _name = "report.recouvrement_creances.charge"
    _description = "Statement of charges on paper"
    _inherit = ["collection.paper"]
    _printed = "collection.action"

    def _prepare_documents(self, records, data):
        """IMPLEMENTS collection.paper."""
        charges = self.env["collection.charge"].search([("action_id", "in", records.ids)])
        by_action = charges.grouped("action_id")
        return [
            self._prepare_statement(action, by_action[action])
            for action in records
            if action in by_action
        ]

    def _prepare_statement(self, action, charge):
        letter = self.env["report.recouvrement_creances.letter"]
        document = letter._prepare_document(action, 0, subject=charge.name)
        # In sudo mode to read bank accounts, as everything around the words of a letter is.
        charge_sudo = charge.sudo().with_company(charge.company_id).with_context(lang=action.lang)
        return {
            **document,
            "charge": charge_sudo,
            "groups": self._group_lines(charge_sudo),
            "divisors": self._get_divisors(charge_sudo),
            "judgements": self._get_judgements(charge_sudo),
            "blocks": [
                charge_sudo.env["collection.correspondence"]._get_payment_block(
                    charge_sudo.case_id,
                    charge_sudo.currency_id,
                    charge_sudo.amount_total,
                    charge_sudo.name,
                )
            ],
            "annexes": [],
        }

    def _group_lines(self, charge):
        """Return one group per document and due date: its sums and the lines claimed for it."""
        groups = {}
        for line in charge.line_ids:
            groups.setdefault((line.due_date, line.number, line.invoice_id.id), []).append(line)
        empty = charge.line_ids.browse()
        return [
            {
                "number": lines[0].number,
                "due_date": lines[0].due_date,
                **self._get_document_sums(empty.union(*lines)),
                "interest": empty.union(*(line for line in lines if line.kind == "interest")),
                "indemnity": empty.union(*(line for line in lines if line.kind == "indemnity")),
            }
            for _key, lines in sorted(groups.items())
        ]

    def _get_document_sums(self, lines):
        """Return date, total, paid and balance of what the lines are charged on, as booked now.

        Of the instalment with its own due date where the item is still there, else of the whole
        invoice. In the document's currency, which is not always the statement's.
        """
        invoice = lines.invoice_id
        booked = lines.item_id.move_line_id[:1]
        total = booked.amount_currency if booked else invoice.amount_total
        balance = booked.amount_residual_currency if booked else invoice.amount_residual
        currency = booked.currency_id or invoice.currency_id
        return {
            "date": invoice.invoice_date or invoice.date,
            "total": total,
            "paid": currency.round(total - balance),
            "balance": balance,
            "document_currency": currency,
        }

    def _get_judgements(self, charge):
        """Return the judgements at whose rate some of the interest is claimed, in words."""
        items = charge.line_ids.filtered(lambda line: line.kind == "interest").item_id
        found = charge.env["collection.judgement"].search(
            [
                ("item_ids", "in", items.ids),
                ("state", "=", "standing"),
                ("grants", "=", "legal_rate"),
                ("runs_from", "<", charge.date_until),
            ],
            order="date, id",
        )
        return ", ".join(found.mapped("display_name"))

    def _get_divisors(self, charge):
        """Return the days of the year that the interest was divided by, as "365" or "365 or 366".

        They are those of the computation, frozen with each period.
        """
        segments = [segment for line in charge.line_ids for segment in line.segments or []]
        divisors = sorted({int(segment["divisor"]) for segment in segments}) or [365]
        if len(divisors) == 1:
            return str(divisors[0])
        return charge.env._("%(first)s or %(last)s", first=divisors[0], last=divisors[-1])

from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...rules.delays import add_months
from ...rules.insolvency import Declared, split_due
from ...rules.parameters import value_on


class CollectionInsolvencyFigures(models.AbstractModel):
    """Works out what is declared: debts, interest and indemnities as of the judgement."""

    _name = "collection.insolvency.figures"
    _description = "Figures of a declaration of claims"

    # === BUSINESS === #

    def _compute_lines(self):
        """Return the values of the lines: earlier debts as they stood when the day began."""
        record = self.insolvency_id
        opening = record.judgement_date
        earlier = record._find_earlier()
        rows = self._read_open_on(earlier, opening)
        items = self.env["collection.item"].browse(row["item_id"] for row in rows)
        eve = opening - timedelta(days=1)
        # What was claimed since, by who did not know of the judgement, was due on its eve in part.
        charged = self.env["collection.interest"]._compute_items(items, eve, claimed_until=eve)
        lines = [self._prepare_line(row, charged.get(row["item_id"]), opening) for row in rows]
        self._take_off_waived(record, lines, opening)
        lines += self._prepare_charges(record, opening)
        settled = self._filter_paid(earlier - items, opening)
        return lines + self._prepare_since(record, opening, settled)

    def _filter_paid(self, items, opening):
        """Return those of some items of which something was paid before a day, from the ledger.

        What credit notes alone have taken back was never owed: nobody paid it late.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT item.id
                  FROM collection_item item
                  JOIN account_partial_reconcile partial
                    ON partial.debit_move_id = item.move_line_id
                  JOIN account_move_line paid ON paid.id = partial.credit_move_id
                  JOIN account_move origin ON origin.id = paid.move_id
                 WHERE item.id IN %s AND paid.date < %s AND origin.move_type != 'out_refund'
                """,
                tuple(items.ids) or (0,),
                opening,
            )
        )
        return items.browse([row[0] for row in rows])

    def _read_open_on(self, items, opening):
        """Return what was open of items when a day began, from the ledger.

        What was paid since was still due then. A credit note takes back what was never owed,
        whatever its day. Entries of charges claimed since are left out: what of them was due
        then is worked out with their debts.
        """
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT item.id AS item_id, line.currency_id,
                       COALESCE(NULLIF(move.name, '/'), line.name, '') AS number,
                       COALESCE(move.invoice_date, line.date) AS invoice_date,
                       COALESCE(line.date_maturity, line.date) AS due_date,
                       COALESCE((SELECT MIN(sold.name) FROM account_move_line sold
                                  WHERE sold.move_id = move.id
                                    AND sold.display_type = 'product'), move.ref) AS nature,
                       line.amount_currency - COALESCE(SUM(partial.debit_amount_currency), 0)
                           AS amount
                  FROM collection_item item
                  JOIN account_move_line line ON line.id = item.move_line_id
                  JOIN account_move move ON move.id = line.move_id
             LEFT JOIN (account_partial_reconcile partial
                        JOIN account_move_line paid ON paid.id = partial.credit_move_id
                        JOIN account_move origin ON origin.id = paid.move_id)
                    ON partial.debit_move_id = line.id
                   AND (paid.date < %(opening)s OR origin.move_type = 'out_refund')
                 WHERE item.id IN %(items)s AND line.amount_currency > 0
                   AND NOT EXISTS (SELECT FROM collection_charge charge
                                    WHERE charge.move_id = move.id AND charge.date >= %(opening)s)
              GROUP BY item.id, line.id, move.id
                HAVING line.amount_currency - COALESCE(SUM(partial.debit_amount_currency), 0) > 0
              ORDER BY due_date, item.id
                """,
                opening=opening,
                items=tuple(items.ids) or (0,),
            )
        )

    def _prepare_line(self, row, entry, opening):
        """Return the values of one line, in the company's currency on the judgement's day."""
        currency = self.env["res.currency"].browse(row["currency_id"])
        interest = float(entry.charges.interest.total) if entry and entry.charges else 0.0
        indemnity = float(entry.charges.indemnity) if entry and entry.charges else 0.0
        principal = self._convert(row["amount"], currency, opening)
        interest = self._convert(interest, currency, opening)
        indemnity = self._convert(indemnity, self.env.ref("base.EUR"), opening)
        deferral = value_on("insolvency.interest.deferral", row["due_date"])
        return {
            "item_id": row["item_id"],
            "number": row["number"] or "/",
            "nature": (row["nature"] or "").split("\n")[0][:120],
            "invoice_date": row["invoice_date"],
            "due_date": row["due_date"],
            "is_coming": row["due_date"] >= opening,
            "document_currency_id": currency.id,
            "amount_document": float(row["amount"]),
            "principal": principal,
            "interest": interest,
            "indemnity": indemnity,
            "amount_total": principal + interest + indemnity,
            "goes_on": row["due_date"] >= add_months(row["invoice_date"], deferral),
            "problem": entry.problem if entry else "",
        }

    def _take_off_waived(self, record, lines, opening):
        """Take off the lines what was given up of charges claimed since the judgement."""
        charges = self._find_charges(record).filtered(
            lambda charge: charge.date >= opening and charge.amount_waived
        )
        for charge in charges:
            item_ids = charge.line_ids.item_id.ids
            own = [line for line in lines if line["item_id"] in item_ids]
            claimed, left = charge._split_rest(0.0), charge._split_rest(charge.amount_waived)
            for kind in left:
                waived = self._convert(claimed[kind] - left[kind], charge.currency_id, opening)
                for line in own:
                    part = min(line[kind], waived)
                    waived -= part
                    line[kind] = self.currency_id.round(line[kind] - part)
                    line["amount_total"] = self.currency_id.round(line["amount_total"] - part)

    @api.model
    def _find_charges(self, record):
        """Return the statements of charges that were claimed of the debtor."""
        return self.env["collection.charge"].search(
            [
                ("case_id.partner_id", "=", record.partner_id.id),
                ("company_id", "=", record.company_id.id),
                ("state", "=", "claimed"),
            ],
            order="date, id",
        )

    def _prepare_charges(self, record, opening):
        """Return the lines of charges claimed before and not booked: what nobody waived."""
        nature = self.with_context(lang=self._get_lang()).env._(
            "Late-payment charges claimed before"
        )
        charges = self._find_charges(record).filtered(lambda charge: charge.date < opening)
        lines = []
        for charge in charges.filtered(lambda charge: not charge._is_booked()):
            parts = charge._split_rest(charge.amount_waived)
            lines += self._prepare_charge(charge, parts, nature, charge.date, opening)
        return lines

    def _prepare_since(self, record, opening, settled):
        """Return the lines of charges claimed since of what was paid before, booked or not.

        The debt itself is declared no more, and what its late payment cost was due already.

        :param settled: earlier items that were paid before, and not open when the day began
        """
        nature = self.with_context(lang=self._get_lang()).env._(
            "Charges of what was paid late before"
        )
        lines = []
        for charge in self._find_charges(record).filtered(lambda charge: charge.date >= opening):
            own = charge.line_ids.filtered(lambda line: line.item_id in settled)
            left = charge._split_rest(charge.amount_waived)
            parts = {
                kind: min(
                    left[kind], sum(own.filtered_domain([("kind", "=", kind)]).mapped("amount"))
                )
                for kind in left
            }
            due_date = max(own.mapped("due_date"), default=None)
            lines += self._prepare_charge(charge, parts, nature, due_date, opening)
        return lines

    def _prepare_charge(self, charge, parts, nature, due_date, opening):
        """Return the line of a statement of charges, in a list that is empty if none is due.

        :param dict parts: {kind: amount} in the statement's currency
        """
        if not any(parts.values()):
            return []
        interest, indemnity = (
            self._convert(parts[kind], charge.currency_id, opening)
            for kind in ("interest", "indemnity")
        )
        return [
            {
                "charge_id": charge.id,
                "number": charge.name,
                "nature": nature,
                "invoice_date": charge.date,
                "due_date": due_date,
                "document_currency_id": charge.currency_id.id,
                "amount_document": sum(parts.values()),
                "interest": interest,
                "indemnity": indemnity,
                "amount_total": interest + indemnity,
            }
        ]

    def _compute_credits(self):
        """Return the lines of what the debtor has in credit from before the judgement.

        Payments that nobody matched have paid something; credit notes are set off as connected
        claims (C. com. L622-7). One of a later day that takes back an earlier invoice counts too.
        """
        opening = self.insolvency_id.judgement_date
        translated = self.with_context(lang=self._get_lang()).env
        lines = []
        for row in self.insolvency_id._read_credits_before(opening):
            currency = self.env["res.currency"].browse(row["currency_id"])
            amount = -self._convert(row["amount"], currency, opening)
            is_note = row["move_type"] == "out_refund"
            lines.append(
                {
                    "is_credit": True,
                    "number": row["number"] or "/",
                    "nature": translated._("Credit note, set off")
                    if is_note
                    else translated._("Payment received, not matched"),
                    "invoice_date": row["date"],
                    "due_date": row["date"],
                    "document_currency_id": currency.id,
                    "amount_document": -float(row["amount"]),
                    "principal": amount,
                    "amount_total": amount,
                }
            )
        return lines

    def _convert(self, amount, currency, day):
        """Return an amount in the company's currency at the rate of the judgement (L622-25)."""
        return currency._convert(float(amount), self.currency_id, self.company_id, day)

    def _split(self, lines):
        """Return (fallen due, falls due later) of lines."""
        debts = [
            Declared(
                *(Decimal(str(line.get(name, 0))) for name in ("principal", "interest")),
                Decimal(str(line.get("indemnity", 0))),
                line["due_date"],
            )
            for line in lines
        ]
        return tuple(float(part) for part in split_due(debts, self.insolvency_id.judgement_date))

    def _describe_going_interest(self, lines):
        """Return how interest that goes on is worked out; empty when none does."""
        numbers = [line["number"] for line in lines if line.get("goes_on")]
        if not numbers or self.is_consumer:
            return ""
        translated = self.with_context(lang=self._get_lang())
        return translated.env._(
            "Interest goes on after the judgement on %(numbers)s, whose payment was put off by a "
            "year or more, at the agreed rate or that of the law, on what is left of the principal "
            "(C. com. L622-28).",
            numbers=", ".join(numbers),
        )

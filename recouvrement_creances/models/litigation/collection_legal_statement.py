from odoo import api, models
from odoo.exceptions import UserError

from ...rules.money import exact
from ...rules.settlement import CREDIT_NOTE

ARTICLES = {
    "professional": "C. com. L441-10 II, D441-5",
    "public": "CCP L2192-13, R2192-31, D2192-35",
    "consumer": "C. civ. 1231-6, 1344-1",
}


class CollectionLegalStatement(models.AbstractModel):
    """What is claimed of a handover up to a day: invoice by invoice, period by period."""

    _name = "collection.legal.statement"
    _description = "Statement of a claim"

    @api.model
    def _prepare(self, handover, as_of):
        """Return the statement as templates read it; called in sudo mode.

        :param date as_of: last day of interest
        :raises UserError: a rate or a legal value is missing; it is named
        """
        items = handover.item_ids.filtered("is_open").sorted(
            lambda item: (item.due_date or item.move_line_id.date, item.id)
        )
        charged = self.env["collection.interest"]._compute_items(items, as_of)
        problems = {entry.problem for entry in charged.values() if entry.problem}
        if problems:
            raise UserError("\n".join(sorted(problems)))
        credits = self.env["collection.settlement"]._read_credits(
            [(item.id, item.ids, None) for item in items]
        )
        rows = [self._prepare_row(item, charged.get(item.id), credits[item.id]) for item in items]
        own, other = self._read_claimed(items, handover.currency_id)
        kind = handover.partner_id.collection_debtor_kind or "professional"
        return {
            "rows": rows,
            "claimed": own,
            "claimed_besides": other,
            "currency": handover.currency_id,
            "euro": self.env.ref("base.EUR"),
            "principal": sum(row["due"] for row in rows),
            "interest": sum(row["interest"] for row in rows),
            "indemnity": sum(row["indemnity"] for row in rows),
            "claimed_total": sum(charge["due"] for charge in own),
            "articles": ARTICLES[kind],
            "debtor_kind": kind,
            "judgements": self._name_judgements(items),
            "as_of": as_of,
            "not_claimed": self._list_not_claimed(handover, items, rows, kind),
            "last_rate": self._find_last_rate(rows),
        }

    def _prepare_row(self, item, entry, credits):
        move = item.move_id
        charges = entry.charges if entry else None
        currency = item.currency_id
        segments = charges.interest.segments if charges else ()
        # An instalment bears its share of the tax, which stands on the invoice.
        is_whole = not currency.compare_amounts(item.amount, move.amount_total)
        return {
            "number": move.name or item.display_name,
            "date": move.invoice_date or move.date,
            "due_date": item.due_date or item.move_line_id.date,
            "untaxed": move.amount_untaxed if is_whole and move.is_invoice() else None,
            "tax": move.amount_tax if is_whole and move.is_invoice() else None,
            "total": item.amount,
            "due": item.amount_residual_currency,
            "credits": [
                {
                    "day": credit.day,
                    "amount": float(credit.amount),
                    "is_credit_note": credit.kind == CREDIT_NOTE,
                }
                for credit in credits
            ],
            "segments": [self._prepare_segment(segment) for segment in segments],
            "interest": float(charges.interest.total) if charges else 0.0,
            "indemnity": float(charges.indemnity) if charges else 0.0,
            "currency": currency,
            "limitation": item.limitation_confirmed_date or item.limitation_date,
            "limitation_start": item.limitation_start,
            "hypothesis": dict(
                item._fields["limitation_hypothesis"]._description_selection(self.env)
            ).get(item.limitation_hypothesis, ""),
        }

    def _prepare_segment(self, segment):
        return {
            "start": segment.start,
            "end": segment.end,
            "days": segment.days,
            "base": float(segment.base),
            "rate": segment.rate,
            "divisor": segment.divisor,
            "amount": float(segment.amount),
        }

    def _find_last_rate(self, rows):
        """Return the rate at which interest goes on, None where none runs."""
        rates = [row["segments"][-1]["rate"] for row in rows if row["segments"]]
        return rates[-1] if rates else None

    def _read_claimed(self, items, currency):
        """Return what statements of charges claimed of the items and is still due.

        :return: (those in the currency of the claim, those in another one)
        """
        lines = (
            self.env["collection.charge.line"]
            .search([("invoice_id", "in", items.move_id.ids), ("charge_id.state", "=", "claimed")])
            .filtered(lambda line: line.charge_id.move_id not in items.move_id)
        )
        own, other = [], []
        mine = lines.grouped("charge_id")
        for charge in lines.charge_id.sorted(lambda charge: (charge.date, charge.id)):
            claimed = sum(mine[charge].mapped("amount"))
            entry = {
                "name": charge.name,
                "date": charge.date,
                "until": charge.date_until,
                # What was paid or given up of the statement counts for these invoices first.
                "due": charge.currency_id.round(min(claimed, charge._get_amount_open())),
                "currency": charge.currency_id,
            }
            if not charge.currency_id.is_zero(entry["due"]):
                (own if charge.currency_id == currency else other).append(entry)
        return own, other

    def _name_judgements(self, items):
        found = self.env["collection.judgement"].search(
            [("item_ids", "in", items.ids), ("state", "=", "standing")], order="date, id"
        )
        return ", ".join(found.mapped("display_name"))

    # === WHAT IS NOT CLAIMED === #

    def _list_not_claimed(self, handover, items, rows, kind):
        """Return in words what the debtor might owe and is not asked for here."""
        lines = [
            self.env._(
                "Costs of the amicable collection: they stay with the creditor (CPCE L111-8)."
            ),
            self.env._("Interest on interest (C. civ. 1343-2)."),
        ]
        if kind == "consumer":
            lines.append(self.env._("No fixed indemnity: the debtor is a consumer."))
        elif any(not row["indemnity"] for row in rows):
            numbers = ", ".join(row["number"] for row in rows if not row["indemnity"])
            lines.append(self.env._("No fixed indemnity of: %s.", numbers))
        waivers = (
            self.env["collection.waiver"]
            .search([("case_id", "=", handover.case_id.id), ("state", "=", "done")])
            .filtered(lambda waiver: waiver.item_ids & items)
        )
        lines += [
            self.env._("Given up: %s.", waiver.currency_id.format(waiver.amount))
            for waiver in waivers.sorted("id")
        ]
        others = handover.case_id.open_item_ids - items
        if others:
            numbers = ", ".join(others.sorted("id").mapped("display_name"))
            lines.append(self.env._("Other documents of this debtor: %s.", numbers))
        return lines

    # === SUMS === #

    @api.model
    def _get_total(self, statement):
        """Return what is claimed in all in the currency of the claim.

        The fixed indemnity is set in EUR: with another currency it stands beside the total, as
        statements of charges do.
        """
        euro, currency = statement["euro"], statement["currency"]
        sums = [statement["principal"], statement["interest"], statement["claimed_total"]]
        if euro == currency:
            sums.append(statement["indemnity"])
        return float(sum(exact(amount, currency.decimal_places) for amount in sums))

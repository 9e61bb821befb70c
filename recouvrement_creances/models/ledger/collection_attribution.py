from decimal import Decimal

from odoo import api, models

from ...rules.imputation import INDEMNITY, INTEREST, LEGAL_ORDER, Debt, allocate
from ...rules.money import exact


class CollectionAttribution(models.AbstractModel):
    """What a payment settles among principal, claimed interest and indemnities of a debtor.

    The ledger's matching decides what is settled. This says what the law's order would settle
    (C. civ. 1342-10, 1343-1), so that who matches knows whether the books depart from it.
    Interest that was not claimed is a memo and takes no part.
    """

    _name = "collection.attribution"
    _description = "Attribution of payments"

    @api.model
    def _attribute(self, charge, amount, as_of, chosen=(), creditor_agrees=False, order=None):
        """Share a payment among all that the debtor of a statement of charges owes.

        :param collection.charge charge: gives debtor, company and currency
        :param float amount: in the statement's currency
        :param date as_of: value date
        :param chosen: collection.item records that the debtor chose
        :param order: permutation of ``rules.imputation.COMPONENTS``; the law's when empty
        :return: (``rules.imputation.Allocation``, whose references are ids of items or, of lines
            without one, their negative ids; what comes to the statement)
        """
        # In sudo mode to read the debtor's ledger: the law's order does not depend on who asks.
        self = self.sudo()
        charge_sudo = charge.sudo()
        parts = self._get_open_parts(charge_sudo)
        debts = self._get_debts(charge_sudo, parts, as_of)
        allocation = allocate(
            self._to_decimal(amount, charge_sudo.currency_id),
            list(debts.values()),
            as_of,
            chosen=[item.id for item in chosen if item.id in debts],
            creditor_agrees=creditor_agrees,
            order=order or LEGAL_ORDER,
            digits=charge_sudo.currency_id.decimal_places,
        )
        return allocation, self._share_of(charge_sudo, parts, allocation)

    @api.model
    def _to_decimal(self, amount, currency):
        return exact(max(amount, 0.0), currency.decimal_places)

    def _get_open_parts(self, charge):
        """Return [(statement, reference, component, due date, open amount)], oldest first.

        What was paid or given up of a statement took its interest before its indemnities.
        """
        statements = charge.search(
            [
                ("case_id.partner_id", "=", charge.partner_id.id),
                ("company_id", "=", charge.company_id.id),
                ("currency_id", "=", charge.currency_id.id),
                ("state", "=", "claimed"),
            ],
            order="date, id",
        )
        parts = []
        for statement in statements:
            currency = statement.currency_id
            rest = self._to_decimal(statement.amount_total - statement._get_amount_open(), currency)
            for line in statement.line_ids.sorted(
                lambda line: (line.kind == INDEMNITY, line.due_date, line.id)
            ):
                claimed = self._to_decimal(line.amount, currency)
                settled = min(rest, claimed)
                rest -= settled
                reference = line.item_id.id or -line.id
                parts.append((statement, reference, line.kind, line.due_date, claimed - settled))
        return parts

    def _find_open_items(self, charge):
        """Return the debtor's open documents in the statement's currency, charges apart."""
        entries = charge.search([("case_id.partner_id", "=", charge.partner_id.id)]).move_id
        return self.env["collection.item"].search(
            [
                ("case_id.partner_id", "=", charge.partner_id.id),
                ("case_id.company_id", "=", charge.company_id.id),
                ("move_line_id.currency_id", "=", charge.currency_id.id),
                ("move_line_id.amount_residual_currency", ">", 0),
                ("move_line_id.move_id", "not in", entries.ids),
            ]
        )

    def _get_burdens(self, items, as_of):
        """Return {reference: percent a year}: what the debtor saves by paying an open document.

        The rate that runs on the day, else the last that was claimed; charges bear none.
        """
        rates = {}
        claimed = self.env["collection.charge.line"].search(
            [("item_id", "in", items.ids), ("state", "!=", "cancelled")], order="date_end, id"
        )
        for line in claimed:
            if line.segments:
                rates[line.item_id.id] = Decimal(line.segments[-1]["rate"])
        for item_id, entry in self.env["collection.interest"]._compute_items(items, as_of).items():
            if entry.charges and entry.charges.interest.segments:
                rates[item_id] = entry.charges.interest.segments[-1].rate
        return rates

    def _get_debts(self, charge, parts, as_of):
        """Return {reference: Debt}: open documents, and paid ones that charges are claimed on."""
        open_items = self._find_open_items(charge)
        burdens = self._get_burdens(open_items, as_of)
        due_dates = {reference: due_date for _statement, reference, _kind, due_date, _open in parts}
        due_dates |= {item.id: item.due_date or item.move_line_id.date for item in open_items}
        principals = {item.id: item.amount_residual_currency for item in open_items}
        claimed = {}
        for _statement, reference, kind, _due_date, amount in parts:
            claimed[reference, kind] = claimed.get((reference, kind), Decimal(0)) + amount
        return {
            reference: Debt(
                reference,
                due_date,
                principal=self._to_decimal(principals.get(reference, 0.0), charge.currency_id),
                interest=claimed.get((reference, INTEREST), Decimal(0)),
                indemnity=claimed.get((reference, INDEMNITY), Decimal(0)),
                burden=burdens.get(reference, Decimal(0)),
            )
            for reference, due_date in due_dates.items()
        }

    def _share_of(self, charge, parts, allocation):
        """Return how much of an allocation comes to a statement; older statements come first."""
        served = {}
        for line in allocation.lines:
            key = (line.reference, line.component)
            served[key] = served.get(key, Decimal(0)) + line.amount
        share = Decimal(0)
        for statement, reference, kind, _due_date, amount in parts:
            taken = min(amount, served.get((reference, kind), Decimal(0)))
            served[reference, kind] = served.get((reference, kind), Decimal(0)) - taken
            if statement == charge:
                share += taken
        return share

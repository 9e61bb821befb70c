from odoo import api, models
from odoo.exceptions import UserError

# What a debtor can no longer be asked for, or is left out of the follow-up, is not shown either.
HIDDEN = ("time_barred", "not_collectible")


class CollectionPortalPage(models.AbstractModel):
    """What a debtor's page shows of its account: read from the ledger when it is opened.

    Amounts, dates and what the debtor was told or said himself; never levels, verdicts, scores,
    notes or names of other people.
    """

    _name = "collection.portal.page"
    _description = "Content of a debtor's page"

    @api.model
    def _get_items(self, case):
        """Return the open items that the debtor may see and pay."""
        # In sudo mode to read the ledger: what a debtor owes does not depend on who asks; callers
        # have checked that the case is the debtor's own.
        items_sudo = case.sudo().open_item_ids._filter_due()
        return items_sudo.filtered(
            lambda item: item.move_line_id.parent_state == "posted" and item.verdict not in HIDDEN
        )

    @api.model
    def _get_account(self, case, as_of, is_payable=False):
        """Return the statement of account.

        :param date as_of: the day on which days overdue are counted
        :param bool is_payable: only what may be paid or agreed on
        :return: dict: ``blocks``, one per currency, and the charges, by item too
        """
        items_sudo = self._get_items(case)
        barred_sudo = self._find_barred(case, items_sudo, as_of)
        if is_payable:
            items_sudo -= barred_sudo
        covers = self.env["collection.schedule.item"]
        scheduled, settled = covers._find_put_off(items_sudo), covers._find_settled(items_sudo)
        rows = [
            {
                **self._get_row(item, as_of),
                "item_id": item.id,
                "is_scheduled": item in scheduled,
                "is_settled": item in settled,
                "is_before_opening": item in barred_sudo,
            }
            for item in items_sudo.sorted(lambda item: (item._get_due_date(), item.id))
        ]
        charges = self._get_charges(case, items_sudo - barred_sudo, as_of)
        claimed = self._get_claimed_charges(case)
        return {
            "blocks": [
                self._get_block(case, currency, items)
                for currency, items in self._split(rows).items()
            ],
            "charges": charges,
            "charge_by_item": {
                row["entry"].item_id: row for row in (charges or {}).get("rows", ())
            },
            "statements_of_charges": claimed - self._find_barred_charges(case, claimed, as_of),
            "is_insolvent": bool(barred_sudo),
        }

    def _get_row(self, item, as_of):
        """Return what is shown of an item; what is disputed as a whole is not asked for."""
        row = item._get_statement_row(as_of)
        is_whole = row["currency"].compare_amounts(row["disputed"], row["residual"]) >= 0
        return {**row, "is_disputed": is_whole}

    @staticmethod
    def _split(rows):
        """Return {currency: rows}: sums of two currencies are never added up."""
        split = {}
        for row in rows:
            split.setdefault(row["currency"], []).append(row)
        return split

    def _get_block(self, case, currency, rows):
        """Return the rows of one currency with their sums and the account to pay to.

        What proceedings bar from being paid is in no sum that asks for it. Nor are credits then:
        which debts they are set off against is declared, and not worked out by the debtor.
        """
        credits = case.sudo().credit_per_currency or {}
        owed = [row for row in rows if not row["is_before_opening"]]
        due = currency.round(sum(row["residual"] for row in owed))
        barred = currency.round(sum(row["residual"] for row in rows if row["is_before_opening"]))
        credit = 0.0 if barred else min(credits.get(str(currency.id), 0.0), due)
        correspondence = self.env["collection.correspondence"].sudo()
        statement = {"rows": rows, "totals": {currency: {}}}
        return {
            "currency": currency,
            "rows": rows,
            "due": due,
            "overdue": currency.round(
                sum(
                    row["residual"]
                    for row in owed
                    if row["days_overdue"] > 0 and not row["is_scheduled"]
                )
            ),
            "barred": barred,
            "scheduled": currency.round(
                sum(row["residual"] for row in owed if row["is_scheduled"])
            ),
            "disputed": currency.round(sum(row["disputed"] for row in owed)),
            "credit": credit,
            "net": currency.round(due - credit),
            "bank": correspondence._get_case_banks(case.sudo(), statement).get(currency),
            "reference": case.name,
        }

    def _get_charges(self, case, items, as_of):
        """Return what late payment has cost and may be claimed, with its computation, or None."""
        case_sudo = case.sudo()
        shown = set(items.ids)
        entries = [
            entry
            for entry in case_sudo._compute_charged_items(as_of)
            if entry.charges and entry.charges.is_claimable and entry.item_id in shown
        ]
        return case_sudo._get_table_values(entries, as_of) if entries else None

    def _get_claimed_charges(self, case):
        """Return the statements of charges that are claimed from the debtor and not paid."""
        return (
            self.env["collection.charge"]
            .sudo()
            .search(
                [
                    ("case_id.partner_id", "=", case.partner_id.id),
                    ("company_id", "=", case.company_id.id),
                    ("state", "=", "claimed"),
                ],
                order="date, id",
            )
        )

    @api.model
    def _find_barred(self, case, items, as_of):
        """Return those of the debtor's items that insolvency proceedings bar from being paid.

        Nobody pays by himself what arose before the opening (C. com. L622-7); what arose since is
        paid at its due date (C. com. L622-17).
        """
        return items & case._find_held_by_insolvency(as_of)

    @api.model
    def _find_barred_charges(self, case, charges, as_of):
        """Return the statements of charges about what may not be paid."""
        barred = self._find_barred(case, charges.sudo().line_ids.item_id, as_of)
        return charges.filtered(lambda charge: charge.sudo().line_ids.item_id & barred)

    @api.model
    def _check_payable(self, case, items):
        """Refuse what may be neither paid nor agreed on (C. com. L622-7).

        :raise UserError: one of the items is of before the opening
        """
        if self._find_barred(case, items, case.company_id._collection_today()):
            raise UserError(
                self.env._(
                    "What was owed before the opening of the proceedings can be neither paid nor "
                    "agreed on here: write to us."
                )
            )

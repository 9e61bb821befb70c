from odoo import fields, models


class CollectionActionItem(models.Model):
    """An item that an action speaks of; the level that the contact brings it to, if any."""

    _name = "collection.action.item"
    _description = "Item of a collection action"
    _rec_name = "item_id"
    _log_access = False

    action_id = fields.Many2one(
        "collection.action",
        required=True,
        index=True,
        ondelete="cascade",
        bypass_search_access=True,
    )
    item_id = fields.Many2one("collection.item", required=True, index=True, ondelete="cascade")
    level_id = fields.Many2one(
        "collection.level",
        ondelete="restrict",
        help="Empty: the item is listed with its own level, which stays.",
    )
    former_level_id = fields.Many2one(
        "collection.level",
        ondelete="restrict",
        help="The item's level before this contact: it falls back when the contact returns.",
    )
    former_contact_date = fields.Date()
    company_id = fields.Many2one(related="action_id.company_id")
    currency_id = fields.Many2one(related="item_id.currency_id")
    due_date = fields.Date(related="item_id.due_date")
    days_overdue = fields.Integer(related="item_id.days_overdue")
    amount_residual_currency = fields.Monetary(related="item_id.amount_residual_currency")
    company_currency_id = fields.Many2one(related="item_id.company_currency_id")
    amount_residual = fields.Monetary(
        related="item_id.amount_residual",
        string="Still due (company currency)",
        currency_field="company_currency_id",
    )
    verdict = fields.Selection(related="item_id.verdict")

    _item_unique = models.UniqueIndex(
        "(action_id, item_id)", "An item stands on a message only once."
    )

    def _get_statement_row(self, as_of):
        """Return one line of the statement, as it stands in the ledger now.

        :param date as_of: the day on which days overdue are counted
        """
        self.ensure_one()
        line = self.item_id.move_line_id
        move = line.move_id
        due_date = line.date_maturity or line.date
        disputed = sum(
            held.amount
            for held in self.item_id.hold_line_ids
            if held.hold_id.kind == "dispute" and held.hold_id._is_running(as_of)
        )
        claimed = line.currency_id.round(max(line.amount_residual_currency - disputed, 0.0))
        return {
            "number": move.name if move.name != "/" else line.name or "",
            "reference": move.ref or "",
            "date": move.invoice_date or line.date,
            "due_date": due_date,
            "total": line.amount_currency,
            "paid": line.currency_id.round(line.amount_currency - line.amount_residual_currency),
            "residual": line.amount_residual_currency,
            "disputed": disputed,
            "claimed": claimed,
            "currency": line.currency_id,
            "days_overdue": max((as_of - due_date).days, 0) if as_of else 0,
            "level": self.level_id.name or self.item_id.level_id.name or "",
            "move_id": move.id,
            "move_line_id": line.id,
        }

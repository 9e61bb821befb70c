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
    item_id = fields.Many2one("collection.item", required=True, ondelete="cascade")
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

    # By the item first: it is the index of the item's key too, on rows written by the thousand.
    _item_unique = models.UniqueIndex(
        "(item_id, action_id)", "An item stands on a message only once."
    )

    def _is_overtaken(self, as_of):
        """Tell whether it was to be told of before its day, which has passed meanwhile.

        A preventive message that has to wait, as over a weekend, would speak of what is to come.
        """
        self.ensure_one()
        # What was entered by hand without a due date is due on its own day.
        due_date = self.due_date or self.item_id.move_line_id.date
        return self.level_id.delay_days < 0 and due_date < as_of

    def _get_statement_row(self, as_of):
        """Return one line of the statement, as it stands in the ledger now.

        :param date as_of: the day on which days overdue are counted
        """
        self.ensure_one()
        item = self.item_id
        return {
            **item._get_statement_row(as_of),
            "level": self.level_id.name or item.level_id.name or "",
        }

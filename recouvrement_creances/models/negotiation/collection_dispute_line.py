from odoo import api, fields, models
from odoo.tools import SQL


class CollectionDisputeLine(models.Model):
    """One disputed item: how much of it, how much of that was found right."""

    _name = "collection.dispute.line"
    _description = "Disputed item"
    _rec_name = "item_id"

    dispute_id = fields.Many2one(
        "collection.dispute", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="dispute_id.company_id")
    item_id = fields.Many2one("collection.item", readonly=True, index=True, ondelete="set null")
    invoice_name = fields.Char(
        string="Invoice",
        readonly=True,
        help="As it was called when the dispute was opened; readable without accounting rights.",
    )
    invoice_date = fields.Date(related="item_id.invoice_date")
    due_date = fields.Date(related="item_id.due_date")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount_residual = fields.Monetary(
        related="item_id.amount_residual_currency", string="Still due", aggregator=None
    )
    is_whole = fields.Boolean(
        string="Wholly", readonly=True, help="All that is due of the item is disputed."
    )
    amount = fields.Monetary(
        string="Disputed", readonly=True, help="When the dispute was opened, in its currency."
    )
    amount_company = fields.Monetary(
        string="Disputed (company currency)", currency_field="company_currency_id", readonly=True
    )
    company_currency_id = fields.Many2one(related="dispute_id.currency_id")
    amount_accepted = fields.Monetary(
        string="Found right", readonly=True, help="What a credit note is asked for."
    )
    credited_before = fields.Monetary(
        readonly=True, help="What credit notes had taken off the item before the dispute."
    )
    amount_credited = fields.Monetary(
        string="Credited",
        compute="_compute_amount_credited",
        compute_sudo=True,
        help="What credit notes have taken off the item since the dispute was opened.",
    )

    _item_unique = models.UniqueIndex(
        "(dispute_id, item_id)", "This item is already part of the dispute."
    )
    _check_amounts = models.Constraint(
        "CHECK(amount > 0 AND amount_accepted >= 0 AND amount_accepted <= amount)",
        "Between nothing and all of what is disputed can be found right.",
    )

    # === COMPUTE === #

    @api.depends("item_id", "credited_before")
    def _compute_amount_credited(self):
        credited = self._read_credited(self.item_id)
        for line in self:
            line.amount_credited = credited.get(line.item_id.id, 0.0) - line.credited_before

    # === BUSINESS === #

    @api.model
    def _read_credited(self, items):
        """Return {item id: what credit notes have taken off it}, as reconciled now, in one query.

        In the currency of the item. Payments and entries that are no credit note do not count.
        """
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move"].flush_model(["move_type", "reversed_entry_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.id, SUM(partial.debit_amount_currency)
                  FROM collection_item item
                  JOIN account_partial_reconcile partial
                    ON partial.debit_move_id = item.move_line_id
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                  JOIN account_move_line debit ON debit.id = partial.debit_move_id
                  JOIN account_move note ON note.id = credit.move_id
                 WHERE item.id IN %s
                   AND (note.move_type = 'out_refund' OR note.reversed_entry_id = debit.move_id)
              GROUP BY item.id
                """,
                tuple(items.ids) or (0,),
            )
        )
        return {item_id: float(amount) for item_id, amount in rows}

    def _is_pending(self, credited):
        """Tell whether a credit note is still awaited for what was found right.

        :param dict credited: what ``_read_credited`` returned for the item
        """
        self.ensure_one()
        if not self.amount_accepted or not self.item_id._filter_due():
            return False
        return self.currency_id.compare_amounts(self._get_pending(credited), 0) > 0

    def _get_pending(self, credited):
        """Return what of the amount found right waits for its credit note."""
        since = credited.get(self.item_id.id, 0.0) - self.credited_before
        return self.currency_id.round(self.amount_accepted - since)

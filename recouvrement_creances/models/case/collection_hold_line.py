from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CollectionHoldLine(models.Model):
    """One item that a hold bears on, wholly or for a part of its amount."""

    _name = "collection.hold.line"
    _description = "Item of a collection hold"
    _rec_name = "item_id"

    hold_id = fields.Many2one(
        "collection.hold", required=True, index=True, ondelete="cascade", bypass_search_access=True
    )
    company_id = fields.Many2one(related="hold_id.company_id")
    case_id = fields.Many2one(related="hold_id.case_id")
    item_id = fields.Many2one("collection.item", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="item_id.currency_id")
    amount_residual = fields.Monetary(related="item_id.amount_residual_currency")
    amount = fields.Monetary(
        string="Amount held",
        help="Only for disputes: the disputed part. Empty: the whole item is held.",
    )

    _item_unique = models.UniqueIndex(
        "(hold_id, item_id)", "This item is already part of the hold."
    )
    _check_amount = models.Constraint(
        "CHECK(amount IS NULL OR amount >= 0)", "The amount held cannot be negative."
    )

    @api.constrains("item_id", "hold_id", "amount")
    def _check_item_id(self):
        for line in self:
            if line.item_id.case_id != line.hold_id.case_id:
                raise ValidationError(
                    self.env._(
                        "%(item)s belongs to another case than the hold.",
                        item=line.item_id.display_name,
                    )
                )
            if line.amount and line.hold_id.kind != "dispute":
                raise ValidationError(
                    self.env._("Only a dispute can hold a part of an item; leave the amount empty.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ended(self):
        if any(line.hold_id.state != "open" for line in self):
            raise UserError(self.env._("A hold that has ended is history and keeps its items."))

    # === BUSINESS === #

    def _get_amount_held(self):
        """Return what is held of the item, in the company's currency: all of it, or its part."""
        self.ensure_one()
        residual, residual_currency = self.item_id.amount_residual, self.amount_residual
        if not (self.amount and residual_currency):
            return residual
        return self.item_id.company_currency_id.round(
            residual * min(self.amount / residual_currency, 1.0)
        )

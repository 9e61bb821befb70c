from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Carried by the context while a hold is being made with its lines: no client can send it.
MAKING = object()
# What was agreed on bears on an item wherever it goes: agreements make these, in sudo mode.
FOLLOWING_KINDS = ("promise", "schedule", "dispute", "handover")


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
    # Emptied, not deleted, with a deleted invoice: a hold without lines would hold the whole case.
    item_id = fields.Many2one("collection.item", index=True, ondelete="set null")
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

    # === CONSTRAINTS === #

    @api.constrains("item_id", "hold_id", "amount")
    def _check_item_id(self):
        for line in self:
            if not line.item_id:
                raise ValidationError(self.env._("Say which item is held."))
            is_agreed = self.env.su and line.hold_id.kind in FOLLOWING_KINDS
            if line.item_id.case_id != line.hold_id.case_id and not is_agreed:
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

    @api.constrains("item_id", "amount")
    def _check_amount_due(self):
        """More than what is due cannot be disputed of an item."""
        for line in self:
            due = line.amount_residual
            if not (line.item_id and line.amount):
                continue
            if line.currency_id.compare_amounts(line.amount, due) > 0:
                raise ValidationError(
                    self.env._(
                        "%(amount)s still due of %(item)s: no more than that can be disputed.",
                        amount=line.currency_id.format(due),
                        item=line.item_id.display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Add items to running holds only."""
        lines = super().create(vals_list)
        lines._check_running()
        # The items that a hold is made with come with it; later ones may narrow it.
        if self.env.context.get("collection_making") is not MAKING:
            lines.hold_id._check_may_end()
        lines.hold_id._decide_cases()
        return lines

    def write(self, vals):
        """Keep the items of ended holds as they were."""
        self._check_running()
        self.hold_id._check_may_end()
        result = super().write(vals)
        self.hold_id._decide_cases()
        return result

    def unlink(self):
        """Decide the cases anew: what is no longer held may be reminded of."""
        holds = self.hold_id
        holds._check_may_end()
        result = super().unlink()
        holds._decide_cases()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ended_or_last(self):
        self._check_running()
        if any(not hold.line_ids - self for hold in self.hold_id):
            raise UserError(
                self.env._(
                    "Without its last item the hold would bear on the whole case: "
                    "release it instead."
                )
            )

    def _check_running(self):
        if any(hold.state != "open" for hold in self.hold_id):
            raise UserError(
                self.env._("A hold that has ended is history: it keeps its items as they were.")
            )

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

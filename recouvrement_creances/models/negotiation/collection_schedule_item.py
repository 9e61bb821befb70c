from odoo import api, fields, models

from .collection_schedule_life import LIVE, ON_TIME


class CollectionScheduleItem(models.Model):
    """A debt that a schedule covers: an item of the ledger, or a statement of charges.

    The order is the one in which payments settle them, as agreed.
    """

    _name = "collection.schedule.item"
    _description = "Debt covered by a schedule"
    _inherit = ["collection.undefaulted"]
    _order = "schedule_id desc, sequence, id"
    _rec_name = "item_id"

    schedule_id = fields.Many2one(
        "collection.schedule", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="schedule_id.company_id", store=True, index=True)
    case_id = fields.Many2one(related="schedule_id.case_id")
    currency_id = fields.Many2one(related="schedule_id.currency_id")
    sequence = fields.Integer(readonly=True)
    # Emptied with a deleted invoice: the plan is then shorter by what it was.
    item_id = fields.Many2one("collection.item", readonly=True, index=True, ondelete="set null")
    charge_id = fields.Many2one(
        "collection.charge", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    name = fields.Char(string="Document", readonly=True, help="As it was when it was agreed.")
    due_date = fields.Date(readonly=True)
    amount = fields.Monetary(
        string="Open when agreed", readonly=True, required=True, help="What the plan pays of it."
    )
    amount_residual = fields.Monetary(
        string="Open now", compute="_compute_amount_residual", compute_sudo=True
    )

    _item_unique = models.UniqueIndex(
        "(schedule_id, item_id)", "A schedule covers an item only once."
    )

    # === COMPUTE === #

    @api.depends("item_id", "charge_id.state")
    def _compute_amount_residual(self):
        for line in self:
            if line.item_id:
                line.amount_residual = line.item_id.amount_residual_currency
            elif line.charge_id.state in ("claimed", "paid"):
                line.amount_residual = line.charge_id._get_amount_open()
            else:
                line.amount_residual = 0.0

    # === BUSINESS === #

    @api.model
    def _find_put_off(self, items, states=LIVE):
        """Return those of some items that a schedule in effect puts off: they are not late.

        :param states: of the schedules that count
        """
        # In sudo mode to look through schedules for the debtor, who cannot read them.
        covers_sudo = self.sudo().search(
            [("item_id", "in", items.ids), ("schedule_id.state", "in", states)]
        )
        return covers_sudo.item_id

    @api.model
    def _find_settled(self, items):
        """Return those that a schedule on time settles: nothing else is agreed on about them."""
        return self._find_put_off(items, ON_TIME)

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command


class CollectionTakeover(models.TransientModel):
    """First use: place old items on their ladder by age, without sending anything."""

    _name = "collection.takeover"
    _description = "Take old items over"
    _inherit = ["collection.sourced"]

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    as_of = fields.Date(required=True, readonly=True, default=fields.Date.context_today)
    counted_from = fields.Date(
        string="Count the wait from",
        required=True,
        default=fields.Date.context_today,
        help="The next level comes after its usual wait, counted from this day: the day your "
        "last reminders went out.",
    )
    keep_formal_notice = fields.Boolean(
        string="Stop below the formal notice",
        default=True,
        help="However old an item is, the formal notice remains to be sent.",
    )
    line_ids = fields.One2many(
        "collection.takeover.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=True,
    )
    item_count = fields.Integer(compute="_compute_item_count")

    # === COMPUTE === #

    @api.depends("company_id", "as_of", "keep_formal_notice")
    def _compute_line_ids(self):
        """Show how many items would be placed at each level."""
        for wizard in self:
            groups = wizard._get_placement()
            wizard.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "level_id": level.id,
                        "item_count": len(items),
                        "amount": sum(items.mapped("amount_residual")),
                    }
                )
                for level, items in groups.items()
            ]

    @api.depends("line_ids")
    def _compute_item_count(self):
        for wizard in self:
            wizard.item_count = sum(wizard.line_ids.mapped("item_count"))

    # === CONSTRAINTS === #

    @api.constrains("as_of", "counted_from")
    def _check_dates(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            if wizard.as_of > today:
                raise ValidationError(self.env._("Items are taken over as they are today."))
            if wizard.counted_from > today:
                raise ValidationError(
                    self.env._("Your last reminders cannot have gone out in the future.")
                )

    # === ACTIONS === #

    def action_apply(self):
        """Place the items; their level counts as reached on the chosen day."""
        self.ensure_one()
        if not self.env.user.has_group("recouvrement_creances.group_manager"):
            raise AccessError(self.env._("Only a collection manager takes old items over."))
        count = 0
        for level, items in self._get_placement().items():
            items.write({"level_id": level.id, "last_contact_date": self.counted_from})
            items.case_id._advance_to(level.stage_id)
            count += len(items)
        self.env["collection.decision"].sudo()._decide(self.company_id, self.as_of)
        return self._tell_what_follows(count)

    def _tell_what_follows(self, count):
        """Return the list of what was placed, with a word on what comes next."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recouvrement_creances.collection_item_action"
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "sticky": True,
                "message": self.env._(
                    "Items that have a level now: %s. Next, make a proposal: Runs, New, Propose.",
                    count,
                ),
                "next": action,
            },
        }

    # === HELPERS === #

    def _get_placement(self):
        """Return {level: items}: open items that no contact has brought to a level yet."""
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("You do not work in %s.", self.company_id.name))
        # In sudo mode to place every debtor's items: levels are written by the flow only.
        env_sudo = self.sudo().env
        env_sudo["collection.refresh"]._refresh(self.company_id, self.as_of)
        items_sudo = env_sudo["collection.item"].search(
            [
                ("is_open", "=", True),
                ("level_id", "=", False),
                ("case_id.company_id", "=", self.company_id.id),
                "|",
                ("due_date", "<", self.as_of),
                "&",
                ("due_date", "=", False),
                ("move_line_id.date", "<", self.as_of),
            ]
        )
        return items_sudo._place_by_age(self.as_of, self.keep_formal_notice)

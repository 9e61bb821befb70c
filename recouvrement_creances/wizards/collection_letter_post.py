from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CollectionLetterPost(models.TransientModel):
    """Letters were posted: the day, and the tracking numbers of registered ones."""

    _name = "collection.letter.post"
    _description = "Post collection letters"
    _inherit = ["collection.sourced"]

    action_ids = fields.Many2many("collection.action", required=True)
    posted_on = fields.Date(required=True, default=fields.Date.context_today)
    line_ids = fields.One2many(
        "collection.letter.post.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("action_ids")
    def _compute_line_ids(self):
        for wizard in self:
            registered = wizard.action_ids.filtered(
                lambda action: action.channel == "registered_letter"
            )
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create({"action_id": action._origin.id or action.id})
                for action in registered
            ]

    def action_apply(self):
        """Note the letters as posted."""
        self.ensure_one()
        if self.posted_on > fields.Date.context_today(self):
            raise UserError(self.env._("The day of posting is in the future."))
        made_on = max(filter(None, self.action_ids.mapped("date_planned")), default=self.posted_on)
        if self.posted_on < made_on:
            raise UserError(
                self.env._(
                    "These letters were made on %s: they cannot have been posted before.",
                    format_date(self.env, made_on),
                )
            )
        self.action_ids.case_id.check_access("write")
        numbers = {line.action_id: line.tracking_number for line in self.line_ids}
        # In sudo mode to write the contact and its evidence, after the check of access above.
        self.env["collection.channel.letter"].sudo()._post(
            self.action_ids.sudo(), self.posted_on, numbers
        )
        return {"type": "ir.actions.act_window_close"}

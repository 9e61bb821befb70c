from odoo import api, fields, models
from odoo.exceptions import AccessError


class ResConfigSettings(models.TransientModel):
    """The company's collection settings."""

    _inherit = "res.config.settings"

    collection_policy_id = fields.Many2one(
        related="company_id.collection_policy_id", readonly=False
    )
    collection_user_id = fields.Many2one(related="company_id.collection_user_id", readonly=False)
    collection_senior_user_id = fields.Many2one(
        related="company_id.collection_senior_user_id", readonly=False
    )
    collection_email = fields.Char(related="company_id.collection_email", readonly=False)
    collection_legal_mention = fields.Char(
        related="company_id.collection_legal_mention", readonly=False
    )
    collection_run_limit = fields.Integer(related="company_id.collection_run_limit", readonly=False)
    collection_health = fields.Char(string="Health", compute="_compute_collection_health")
    collection_health_token = fields.Char(
        string="Monitoring token", compute="_compute_collection_health"
    )

    # === COMPUTE === #

    @api.depends("company_id")
    def _compute_collection_health(self):
        is_manager = self.env.user.has_group("recouvrement_creances.group_manager")
        # In sudo mode to read scheduled actions, which only administrators see.
        health_sudo = self.env["collection.health"].sudo()
        for settings in self:
            settings.collection_health = health_sudo._get_line(settings.company_id)
            settings.collection_health_token = health_sudo._get_token() if is_manager else ""

    # === ACTIONS === #

    def action_renew_collection_token(self):
        """Make a new token for monitoring programs; the former one is refused from now on."""
        if not self.env.user.has_group("recouvrement_creances.group_manager"):
            raise AccessError(self.env._("Only a collection manager makes a new token."))
        self.env["collection.health"]._renew_token()

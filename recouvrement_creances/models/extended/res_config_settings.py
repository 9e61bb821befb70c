from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The company's collection settings."""

    _inherit = "res.config.settings"

    collection_policy_id = fields.Many2one(
        related="company_id.collection_policy_id", readonly=False
    )
    collection_user_id = fields.Many2one(related="company_id.collection_user_id", readonly=False)
    collection_email = fields.Char(related="company_id.collection_email", readonly=False)
    collection_legal_mention = fields.Char(
        related="company_id.collection_legal_mention", readonly=False
    )

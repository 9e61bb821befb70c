from odoo import fields, models


class CollectionLetterPostLine(models.TransientModel):
    """The tracking number of one registered letter."""

    _name = "collection.letter.post.line"
    _description = "Tracking number of a posted letter"
    _inherit = ["collection.sourced"]

    wizard_id = fields.Many2one(
        "collection.letter.post", required=True, index=True, ondelete="cascade"
    )
    action_id = fields.Many2one("collection.action", required=True, ondelete="cascade")
    debtor_id = fields.Many2one(related="action_id.debtor_id")
    tracking_number = fields.Char()

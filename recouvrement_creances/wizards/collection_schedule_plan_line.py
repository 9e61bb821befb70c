from odoo import fields, models


class CollectionSchedulePlanLine(models.TransientModel):
    """One instalment while it is planned."""

    _name = "collection.schedule.plan.line"
    _description = "Instalment that is planned"
    _inherit = ["collection.sourced"]
    _order = "due_date, id"

    wizard_id = fields.Many2one(
        "collection.schedule.plan", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    due_date = fields.Date(required=True)
    amount = fields.Monetary(required=True)
    kind = fields.Selection(
        selection=[("down_payment", "Down payment"), ("instalment", "Instalment")],
        required=True,
        default="instalment",
    )

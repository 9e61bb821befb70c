from odoo import fields, models


class CollectionScheduleRestoration(models.TransientModel):
    """Asks a manager why a schedule that was broken off goes on."""

    _name = "collection.schedule.restoration"
    _description = "Schedule put back into effect"
    _inherit = ["collection.sourced"]

    schedule_id = fields.Many2one("collection.schedule", required=True, readonly=True)
    note = fields.Text(string="Why", required=True)

    def action_apply(self):
        """Put it back into effect."""
        self.ensure_one()
        self.schedule_id._restore(self.note)
        return {"type": "ir.actions.act_window_close"}

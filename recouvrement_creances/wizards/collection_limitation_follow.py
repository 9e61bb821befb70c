from odoo import fields, models

from ..models.law.collection_limitation_event import RECORD_KINDS


class CollectionLimitationFollow(models.TransientModel):
    """Says what became of an event: it ended, it failed, or it was noted by mistake."""

    _name = "collection.limitation.follow"
    _description = "What became of an event on limitation"
    _inherit = ["collection.sourced"]

    event_id = fields.Many2one("collection.limitation.event", required=True)
    record_kind = fields.Selection(
        selection=[pair for pair in RECORD_KINDS if pair[0] in ("end", "void", "cancellation")],
        string="What",
        required=True,
        default="end",
    )
    date = fields.Date(string="Ended on", default=fields.Date.context_today)
    note = fields.Text(string="Why")

    def action_apply(self):
        """Append it to the event."""
        self.ensure_one()
        self.event_id._say(self.record_kind, self.date, self.note)
        return {"type": "ir.actions.act_window_close"}

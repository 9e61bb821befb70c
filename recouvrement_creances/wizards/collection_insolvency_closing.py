from odoo import api, fields, models

from ..models.litigation.insolvency_labels import GROUND_LABELS
from ..rules.insolvency import GROUNDS, grounds_of

MISTAKE = "mistake"


class CollectionInsolvencyClosing(models.TransientModel):
    """Close proceedings, with a document or a reason; or say that they were a mistake."""

    _name = "collection.insolvency.closing"
    _description = "Close insolvency proceedings"
    _inherit = ["collection.sourced"]

    insolvency_id = fields.Many2one(
        "collection.insolvency", string="Insolvency proceedings", required=True, readonly=True
    )
    ground = fields.Selection(
        selection=[
            # What others follow on ends when their notice is taken in, and they hold at once.
            *(ground for ground in GROUND_LABELS if ground[0] != "followed"),
            (MISTAKE, "Recorded by mistake, or notice cancelled"),
        ],
        string="Why",
        required=True,
    )
    possible_grounds = fields.Json(compute="_compute_possible_grounds")
    is_freed = fields.Boolean(compute="_compute_is_freed")
    date = fields.Date(string="Closed on", required=True, default=fields.Date.context_today)
    attachment_ids = fields.Many2many("ir.attachment", string="Documents")
    reason = fields.Char(string="In words")

    @api.depends("insolvency_id")
    def _compute_possible_grounds(self):
        for wizard in self:
            kind = wizard.insolvency_id.kind
            wizard.possible_grounds = [*(grounds_of(kind) if kind else ()), MISTAKE]

    @api.depends("ground")
    def _compute_is_freed(self):
        for wizard in self:
            wizard.is_freed = GROUNDS.get(wizard.ground, True)

    # === ACTIONS === #

    def action_apply(self):
        """Close them."""
        self.ensure_one()
        if self.ground == MISTAKE:
            self.insolvency_id._cancel(self.reason)
        else:
            self.insolvency_id._close(self.ground, self.date, self.attachment_ids, self.reason)
        return {"type": "ir.actions.act_window_close"}

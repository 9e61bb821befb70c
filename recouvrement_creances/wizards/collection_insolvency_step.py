from odoo import api, fields, models

from ..models.litigation.insolvency_labels import STEP_LABELS
from ..rules.insolvency import STEPS


class CollectionInsolvencyStep(models.TransientModel):
    """Record what took place during proceedings: when, and what proves it."""

    _name = "collection.insolvency.step"
    _description = "Record a step of insolvency proceedings"
    _inherit = ["collection.sourced"]

    insolvency_id = fields.Many2one(
        "collection.insolvency", string="Insolvency proceedings", required=True, readonly=True
    )
    code = fields.Selection(selection=STEP_LABELS, string="Step", required=True)
    possible_codes = fields.Json(compute="_compute_possible_codes")
    date = fields.Date(
        string="On",
        required=True,
        default=fields.Date.context_today,
        help="Deadlines count from this day: of the letter's receipt, of the publication.",
    )
    needs_document = fields.Boolean(compute="_compute_needs_document")
    attachment_ids = fields.Many2many("ir.attachment", string="Documents")
    note = fields.Text()

    @api.depends("insolvency_id")
    def _compute_possible_codes(self):
        """Return the steps that may follow: the form offers these, whatever it was opened from."""
        for wizard in self:
            record = wizard.insolvency_id
            wizard.possible_codes = list(record._get_next_steps()) if record else []

    @api.depends("code")
    def _compute_needs_document(self):
        for wizard in self:
            wizard.needs_document = bool(wizard.code) and STEPS[wizard.code].needs_document

    # === ACTIONS === #

    def action_apply(self):
        """Record the step."""
        self.ensure_one()
        self.insolvency_id._record_step(self.code, self.date, self.attachment_ids, self.note)
        return {"type": "ir.actions.act_window_close"}

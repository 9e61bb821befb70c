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
    code = fields.Selection(selection="_select_codes", string="Step", required=True)
    date = fields.Date(
        string="On",
        required=True,
        default=fields.Date.context_today,
        help="Deadlines count from this day: of the letter's receipt, of the publication.",
    )
    needs_document = fields.Boolean(compute="_compute_needs_document")
    attachment_ids = fields.Many2many("ir.attachment", string="Documents")
    note = fields.Text()

    @api.model
    def _select_codes(self):
        """Return the steps that the proceedings allow now, as the form asks for them."""
        labels = dict(
            self.env["collection.insolvency.event"]._fields["code"]._description_selection(self.env)
        )
        record = self.env["collection.insolvency"].browse(
            self.env.context.get("default_insolvency_id", ())
        )
        codes = record._get_next_steps() if record else [code for code, _label in STEP_LABELS]
        return [(code, labels[code]) for code in codes]

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

from odoo import api, fields, models
from odoo.fields import Command

from ..models.litigation.insolvency_labels import STEP_LABELS
from ..rules.insolvency import STEPS

# What it publishes is what was admitted of each debt.
TELLS_ADMITTED = "claim_state"


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
    asks_admitted = fields.Boolean(compute="_compute_asks_admitted")
    line_ids = fields.One2many(
        "collection.insolvency.step.line",
        "wizard_id",
        string="What was admitted",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

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

    @api.depends("code", "insolvency_id")
    def _compute_asks_admitted(self):
        for wizard in self:
            wizard.asks_admitted = bool(wizard._find_told())

    @api.depends("code", "insolvency_id")
    def _compute_line_ids(self):
        """List the debts that were declared, with what is known of each."""
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create({"claim_id": claim.id}) for claim in wizard._find_told()
            ]

    # === ACTIONS === #

    def action_apply(self):
        """Record the step."""
        self.ensure_one()
        told = self.line_ids._get_told() if self.asks_admitted else None
        self.insolvency_id._record_step(
            self.code, self.date, self.attachment_ids, self.note, admitted=told
        )
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS === #

    def _find_told(self):
        """Return the debts of which the step says what was admitted: those that were declared."""
        if self.code != TELLS_ADMITTED:
            return self.env["collection.insolvency.claim"]
        return self.insolvency_id.claim_ids.filtered("amount_declared")

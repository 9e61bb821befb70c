from odoo import api, fields, models

# Whose steps it takes back.
STEPS = [
    ("collection.proceeding.event", "Court proceedings"),
    ("collection.insolvency.event", "Insolvency proceedings"),
]


class CollectionStepUndoing(models.TransientModel):
    """Take back the last step of proceedings that was recorded by mistake, with a reason."""

    _name = "collection.step.undoing"
    _description = "Take back a step of proceedings"
    _inherit = ["collection.sourced"]

    source_model = fields.Selection(selection=STEPS, required=True, readonly=True)
    source_id = fields.Many2oneReference(model_field="source_model", required=True, readonly=True)
    step_name = fields.Char(string="Step", compute="_compute_step_name")
    reason = fields.Text(string="What was wrong", required=True)

    # === COMPUTE === #

    @api.depends("source_model", "source_id")
    def _compute_step_name(self):
        for wizard in self:
            wizard.step_name = wizard.source_model and wizard._get_step()._get_step_name()

    # === ACTIONS === #

    def action_apply(self):
        """Take the step back: both entries stay."""
        self.ensure_one()
        step = self._get_step()
        step.check_access("read")
        step[step._record_field]._undo_step(step, self.reason)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS === #

    def _get_step(self):
        self.ensure_one()
        return self.env[self.source_model].browse(self.source_id)

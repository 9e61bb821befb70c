from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionProceedingEvent(models.Model):
    """A step that a proceeding took: dated, proven, kept as it was recorded."""

    _name = "collection.proceeding.event"
    _description = "Step of a court proceeding"
    _inherit = ["collection.undefaulted"]
    _order = "date desc, id desc"
    _allow_sudo_commands = False

    proceeding_id = fields.Many2one(
        "collection.proceeding", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="proceeding_id.company_id", store=True, index=True)
    case_id = fields.Many2one(related="proceeding_id.case_id")
    step_id = fields.Many2one(
        "collection.procedure.step", required=True, readonly=True, ondelete="restrict"
    )
    actor = fields.Selection(related="step_id.actor")
    date = fields.Date(required=True, readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Documents", readonly=True)
    limitation_event_id = fields.Many2one(
        "collection.limitation.event", string="Limitation", readonly=True, ondelete="restrict"
    )
    note = fields.Text(readonly=True)

    # === COMPUTE === #

    @api.depends("step_id", "proceeding_id")
    def _compute_display_name(self):
        for event in self:
            event.display_name = f"{event.step_id.name} · {event.proceeding_id.display_name}"

    # === CRUD === #

    def write(self, vals):
        """Refuse: what was recorded stays; only its effect on limitation is linked to it."""
        if self and vals.keys() - {"limitation_event_id"}:
            raise UserError(self.env._("Steps stay as they were recorded: record what came after."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Steps stay as they were recorded: record what came after."))

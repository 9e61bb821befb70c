from odoo import api, fields, models
from odoo.exceptions import UserError

from .insolvency_labels import STEP_LABELS


class CollectionInsolvencyEvent(models.Model):
    """What took place during proceedings: dated, proven, kept as it was recorded."""

    _name = "collection.insolvency.event"
    _description = "Step of insolvency proceedings"
    _inherit = ["collection.undefaulted"]
    _order = "date desc, id desc"
    _rec_name = "code"
    _allow_sudo_commands = False

    insolvency_id = fields.Many2one(
        "collection.insolvency",
        string="Insolvency proceedings",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="insolvency_id.company_id", store=True, index=True)
    code = fields.Selection(selection=STEP_LABELS, string="Step", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Documents", readonly=True)
    note = fields.Text(readonly=True)

    # === CRUD === #

    def write(self, vals):
        """Refuse: what was recorded stays."""
        if self and vals:
            raise UserError(self.env._("Steps stay as they were recorded: record what came after."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Steps stay as they were recorded: record what came after."))

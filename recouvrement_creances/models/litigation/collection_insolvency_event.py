from odoo import api, fields, models

from .insolvency_labels import STEP_LABELS


class CollectionInsolvencyEvent(models.Model):
    """What took place during proceedings: dated, proven, kept as it was recorded."""

    _name = "collection.insolvency.event"
    _description = "Step of insolvency proceedings"
    _inherit = ["collection.undefaulted", "collection.correctable.step"]
    _order = "date desc, id desc"
    _rec_name = "code"
    _allow_sudo_commands = False
    _record_field = "insolvency_id"

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
    # {debt: what was admitted, contested and rejected of it before the step}
    former_admitted = fields.Json(readonly=True)
    undoes_id = fields.Many2one(
        "collection.insolvency.event",
        string="Takes back",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    undone_by_ids = fields.One2many("collection.insolvency.event", "undoes_id", readonly=True)

    _undone_once = models.UniqueIndex(
        "(undoes_id) WHERE undoes_id IS NOT NULL", "This step was taken back already."
    )

    # === BUSINESS === #

    def _get_step_name(self):
        """OVERRIDES collection.correctable.step."""
        return self.insolvency_id._get_step_label(self.code)

    @api.model
    def _get_effect_fields(self):
        """EXTENDS collection.correctable.step: what it said of the debts."""
        return super()._get_effect_fields() | {"former_admitted"}

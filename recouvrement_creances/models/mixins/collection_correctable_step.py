from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.dialogs import open_dialog
from .collection_approvable import MANAGER

# What the step did, kept as soon as it is done: so it can be taken back.
EFFECT_FIELDS = {"former_state", "former_values", "opened_deadlines", "ended_deadlines"}


class CollectionCorrectableStep(models.AbstractModel):
    """A step that a record took: dated, proven, kept as it was recorded; it may be taken back.

    What inherits this has ``undoes_id``, the step of the same model that an entry takes back, and
    ``undone_by_ids``; it names the field of its record in ``_record_field``.
    """

    _name = "collection.correctable.step"
    _description = "Step that may be taken back"

    _record_field = None

    former_state = fields.Char(readonly=True)
    former_values = fields.Json(readonly=True)
    opened_deadlines = fields.Json(readonly=True)
    ended_deadlines = fields.Json(readonly=True)
    is_undone = fields.Boolean(string="Was taken back", compute="_compute_is_undone")
    can_undo = fields.Boolean(compute="_compute_can_undo")
    correction = fields.Char(compute="_compute_correction")

    # === HOOKS === #

    def _get_step_name(self):
        """Return what the step is called."""
        raise NotImplementedError

    # === COMPUTE === #

    @api.depends("undone_by_ids")
    def _compute_is_undone(self):
        for event in self:
            event.is_undone = bool(event.undone_by_ids)

    @api.depends("is_undone", "undoes_id")
    @api.depends_context("uid")
    def _compute_can_undo(self):
        """The last step that counts, for managers who work on the case."""
        is_manager = self.env.user.has_group(MANAGER)
        for record, events in self.grouped(self._record_field).items():
            last = max(record._get_effective_events().ids, default=0)
            for event in events:
                event.can_undo = is_manager and event.id == last and record.can_work

    @api.depends("undoes_id", "is_undone")
    def _compute_correction(self):
        """Return in a word whether the entry counts."""
        for event in self:
            event.correction = (
                self.env._("Correction of a step")
                if event.undoes_id
                else self.env._("Was taken back")
                if event.is_undone
                else False
            )

    # === CRUD === #

    def write(self, vals):
        """Refuse: what was recorded stays; only what it did is linked to it."""
        if self and vals.keys() - self._get_effect_fields():
            raise UserError(self.env._("Steps stay as they were recorded: record what came after."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Steps stay as they were recorded: record what came after."))

    # === ACTIONS === #

    def action_undo(self):
        """Open the dialog that takes the step back, with a reason."""
        self.ensure_one()
        return open_dialog(
            "collection.step.undoing",
            self.env._("Take the step back"),
            default_source_model=self._name,
            default_source_id=self.id,
        )

    # === BUSINESS === #

    def _erase_notes(self):
        """Erase what steps of purged cases say of people; what took place, and when, stays."""
        self.flush_recordset(["note"])
        # In SQL: nobody writes on steps, and a purge takes their words off only.
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET note = NULL WHERE id IN %s",
                SQL.identifier(self._table),
                tuple(self.ids) or (0,),
            )
        )
        self.invalidate_recordset(["note"])

    @api.model
    def _get_effect_fields(self):
        """Return the names of the fields that say what a step did."""
        return EFFECT_FIELDS

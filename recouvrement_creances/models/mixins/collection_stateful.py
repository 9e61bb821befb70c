from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...rules.transitions import next_state

# Only Python code of this add-on can hold this very object: a context that comes over the
# network never carries it, so no client can write a state past the table.
_DOOR = object()


class CollectionStateful(models.AbstractModel):
    """A record whose life cycle is one table and whose state has one door."""

    _name = "collection.stateful"
    _description = "Record with a table of transitions"
    _inherit = ["collection.derived"]

    # The table of rules/transitions.py, set by the inheriting model.
    _transitions = {}

    @api.model_create_multi
    def create(self, vals_list):
        """Start in the default state only, whatever the caller asks for."""
        if self._through_door():
            return super().create(vals_list)
        # Written out, else a default in the caller's context would choose the state.
        first = next(iter(self._transitions))
        return super().create([{**vals, "state": first} for vals in vals_list])

    def write(self, vals):
        """Refuse a state that does not come through ``_apply_event``."""
        if "state" in vals and not self._through_door():
            raise UserError(
                self.env._("The state changes by its buttons only, so that each step is checked.")
            )
        return super().write(vals)

    # === BUSINESS === #

    @api.model
    def _through_door(self):
        """OVERRIDES collection.derived: the door of the states."""
        return self.env.context.get("collection_door") is _DOOR

    def _with_door(self):
        """Return the records able to write their state: for ``_apply_event`` and bulk phases."""
        return self.with_context(collection_door=_DOOR)

    def _apply_event(self, event, values=None):
        """Move the records by one event: the only way a state changes.

        :param str event: a column of the model's table of transitions
        :param dict values: other fields, written together with the state
        :raise UserError: when a record's state refuses the event; nothing is written then
        """
        for state, records in self.grouped("state").items():
            target = next_state(self._transitions, state, event)
            if target is None:
                raise UserError(
                    self.env._(
                        "%(record)s is “%(state)s”: this is not possible any more. "
                        "Reload the page to see its present state.",
                        record=records[0].display_name,
                        state=records[0]._state_label(),
                    )
                )
            records._with_door().write({**(values or {}), "state": target})

    def _touch(self):
        """Write the rows before anything follows from them; called in sudo mode.

        Who wrote the same at the same time is told so by the database, and does it again on what
        the other one has left: reading first would let both go on.
        """
        if not self:
            return
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE %s SET state = state WHERE id IN %s RETURNING id",
                SQL.identifier(self._table),
                tuple(self.ids),
            )
        )

    def _state_label(self):
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

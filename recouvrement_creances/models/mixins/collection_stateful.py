from odoo import api, models
from odoo.exceptions import UserError

from ...rules.transitions import next_state

# Only Python code of this add-on can hold this very object: a context that comes over the
# network never carries it, so no client can write a state past the table.
_DOOR = object()
# (Model, its fields) that a creation does not take from anybody; the network makes no tuples.
_NOT_GIVEN = "collection_not_given"


class CollectionStateful(models.AbstractModel):
    """A record whose life cycle is one table and whose state has one door."""

    _name = "collection.stateful"
    _description = "Record with a table of transitions"
    _inherit = ["collection.undefaulted"]

    # The table of rules/transitions.py, set by the inheriting model.
    _transitions = {}

    @api.model_create_multi
    def create(self, vals_list):
        """Start in the default state only, whatever the caller asks for."""
        if self._through_door():
            return super().create(vals_list)
        # Written out, else a default in the caller's context would choose the state.
        first = next(iter(self._transitions))
        vals_list = [{**vals, "state": first} for vals in vals_list]
        if self.env.su:
            return super().create(vals_list)
        prepared, vals_list = self._drop_given(self._get_worked_out(), vals_list)
        return super(CollectionStateful, prepared).create(vals_list).with_env(self.env)

    def write(self, vals):
        """Refuse a state that does not come through ``_apply_event``."""
        if "state" in vals and not self._through_door():
            raise UserError(
                self.env._("The state changes by its buttons only, so that each step is checked.")
            )
        if not (self.env.su or self._through_door()):
            worked_out = self._get_worked_out() & vals.keys()
            if worked_out:
                raise UserError(
                    self.env._(
                        "This follows from other fields, change those: %s.",
                        ", ".join(
                            self._fields[name]._description_string(self.env)
                            for name in sorted(worked_out)
                        ),
                    )
                )
        return super().write(vals)

    # === BUSINESS === #

    @api.model
    def _get_worked_out(self):
        """Return the names of stored fields that follow from others: amounts, levels and rights
        are judged by them, and a client could write them past what they follow from.
        """
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.store and field.compute and field.readonly
        )

    @api.model
    def _get_not_given(self):
        """EXTENDS collection.undefaulted: what ``_drop_given`` was told."""
        given = self.env.context.get(_NOT_GIVEN)
        is_own = isinstance(given, tuple) and given[0] == self._name
        return given[1] if is_own else super()._get_not_given()

    @api.model
    def _drop_given(self, names, vals_list):
        """Return (this model, values) for a creation in which the caller does not choose fields.

        Neither by values nor by defaults, in his context or kept by Odoo for him, which would come
        in their place.

        :param names: of the fields that the flow alone writes
        :param list vals_list: of ``create``
        """
        defaults = {f"default_{name}" for name in names}
        context = {key: value for key, value in self.env.context.items() if key not in defaults}
        context[_NOT_GIVEN] = (self._name, self._get_not_given() | frozenset(names))
        kept = [{key: vals[key] for key in vals if key not in names} for vals in vals_list]
        return self.with_env(self.env(context=context)), kept

    @api.model
    def _through_door(self):
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

    def _state_label(self):
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

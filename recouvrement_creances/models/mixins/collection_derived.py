from odoo import api, models
from odoo.exceptions import UserError

# (Model, its fields) that a creation does not take from anybody; the network makes no tuples.
_NOT_GIVEN = "collection_not_given"


class CollectionDerived(models.AbstractModel):
    """A record of which stored fields follow from others: its company, amounts, rights.

    ``readonly`` binds forms alone: a client may write a stored field that is computed or related,
    such as the company of the record that it belongs to, and show it to another company.
    """

    _name = "collection.derived"
    _description = "Record with fields that follow from others"
    _inherit = ["collection.undefaulted"]

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Work out what follows from other fields, whatever the caller gives."""
        if self.env.su or self._through_door():
            return super().create(vals_list)
        prepared, vals_list = self._drop_given(self._get_worked_out(), vals_list)
        return super(CollectionDerived, prepared).create(vals_list).with_env(self.env)

    def write(self, vals):
        """Refuse what follows from other fields."""
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

    # === HOOKS === #

    @api.model
    def _through_door(self):
        """Tell whether the add-on itself writes, in a way that no client can imitate."""
        return False

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
        kept = [{key: vals[key] for key in vals if key not in names} for vals in vals_list]
        return self._without_defaults(names), kept

    @api.model
    def _without_defaults(self, names):
        """Return this model for a creation in which fields are given by its values alone.

        :param names: of the fields that take no default of the caller's, only their own
        """
        defaults = {f"default_{name}" for name in names}
        context = {key: value for key, value in self.env.context.items() if key not in defaults}
        context[_NOT_GIVEN] = (self._name, self._get_not_given() | frozenset(names))
        return self.with_env(self.env(context=context))

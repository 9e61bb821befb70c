from odoo import SUPERUSER_ID, api, models


def add_own_defaults(model, names, vals_list):
    """Return what a creation really takes: its values, and the defaults that the caller brings.

    In his context, or kept in Odoo for himself; those of everybody were set by who may.

    :param names: of the fields of ``model`` that need a right to be chosen
    :param list vals_list: of ``create``
    """
    defaults, context = model.env["ir.default"], model.env.context
    kept = defaults._get_model_defaults(model._name)
    shared = defaults.with_user(SUPERUSER_ID)._get_model_defaults(model._name)
    own = {name: kept[name] for name in names if kept.get(name) != shared.get(name)}
    own |= {name: context[f"default_{name}"] for name in names if f"default_{name}" in context}
    return [{**own, **vals} for vals in vals_list]


class CollectionUndefaulted(models.AbstractModel):
    """Records that the flow writes: no default that a user has set in Odoo gets into them."""

    _name = "collection.undefaulted"
    _description = "Record without defaults of users"

    # === CRUD === #

    @api.model
    def default_get(self, fields):
        """Leave what the flow works out to the field's own default.

        Defaults of users (``ir.default``) are anybody's to set, for read-only fields as well: these
        take their own default, or one that the caller's context names.
        """
        names = self._get_not_given()
        own = [
            name
            for name in fields
            if name in self._fields
            and (name in names or self._fields[name].readonly)
            and f"default_{name}" not in self.env.context
        ]
        left = set(fields).difference(own)
        values = super().default_get([name for name in fields if name in left])
        for name in own:
            field = self._fields[name]
            if field.default:
                value = field.convert_to_cache(field.default(self), self, validate=False)
                values[name] = field.convert_to_write(value, self)
        return values

    # === HOOKS === #

    @api.model
    def _get_not_given(self):
        """Return the names of further fields that nobody chooses in the creation under way."""
        return frozenset()

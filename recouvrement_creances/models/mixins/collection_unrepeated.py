from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CollectionUnrepeated(models.AbstractModel):
    """A record of which there is one only: whoever makes a second one is told of the first.

    Asked before the database is, in one query for all of them. The unique index of the inheriting
    model stays the last guard: for two people at once, and for what writes past the model.
    """

    _name = "collection.unrepeated"
    _description = "Record of which there is one only"

    # The fields that tell which one it is, set by the inheriting model.
    _told_by = ()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse what is there already, or stands twice in what is made together."""
        missing = {name for vals in vals_list for name in self._told_by if name not in vals}
        defaults = self.default_get(sorted(missing)) if missing else {}
        # Whatever record it is called on: that one is no new one.
        self.browse()._check_unrepeated([{**defaults, **vals} for vals in vals_list])
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to become what another one is already."""
        if vals.keys() & set(self._told_by):
            self._check_unrepeated([{**record._read_told(), **vals} for record in self])
        return super().write(vals)

    # === BUSINESS === #

    def _read_told(self):
        """Return {name: value as it is written} of the fields that tell which one it is."""
        self.ensure_one()
        return {
            name: self._fields[name].convert_to_write(self[name], self) for name in self._told_by
        }

    @api.model
    def _get_key(self, values):
        """Return what there is one only of; None of what there may be any number of.

        :param dict values: of the fields that tell, as they are written
        """
        return tuple(values.get(name) or False for name in self._told_by)

    @api.model
    def _get_told_domain(self, keys):
        """Return a domain that finds all records of some keys; it may find more."""
        return Domain.AND(
            Domain(name, "in", list({key[place] for key in keys}))
            for place, name in enumerate(self._told_by)
        )

    def _check_unrepeated(self, values_list):
        """Refuse what others than these records are already, or several of them would be.

        :param list values_list: of the fields that tell, one per record that is made or written
        :raises ValidationError: names the one that is there
        """
        keys = [key for key in map(self._get_key, values_list) if key is not None]
        if not keys:
            return
        # In sudo mode as there is one only, whoever may see it; archived ones count too.
        others_sudo = self.sudo().with_context(active_test=False)
        domain = self._get_told_domain(keys) & Domain("id", "not in", self.ids)
        known = {one._get_key(one._read_told()): one for one in others_sudo.search(domain)}
        for key in keys:
            if key in known:
                raise ValidationError(known[key]._say_repeated())
        if len(set(keys)) < len(keys):
            raise ValidationError(self.env._("The same is entered twice: keep one of the two."))

    def _say_repeated(self):
        """Return, in the user's language, that this one is there already, and what to do."""
        raise NotImplementedError

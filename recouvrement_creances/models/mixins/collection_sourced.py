from odoo import api, models
from odoo.fields import Command

PREFIX = "collection."
DEFAULT = "default_"
# The commands whose third part is values.
MAKING = (Command.CREATE, Command.UPDATE)


class CollectionSourced(models.AbstractModel):
    """Something that people fill in, starting from other records: from those only that they read.

    What it takes over is worked out in sudo mode where a field is stored or related, from ids that
    come over the network: it would tell what stands in the records of other companies.
    """

    _name = "collection.sourced"
    _description = "Form that starts from other records"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse to start from what the present user does not read, given or by default."""
        records = super().create(vals_list)
        records._check_sources(records._fields)
        return records

    def write(self, vals):
        """Refuse to go on with what the present user does not read."""
        result = super().write(vals)
        self._check_sources(vals)
        return result

    def onchange(self, values, field_names, fields_spec):
        """EXTENDS web: refuse before anything is worked out from it."""
        defaults = {
            name.removeprefix(DEFAULT): value
            for name, value in self.env.context.items()
            if name.startswith(DEFAULT)
        }
        self._check_source_values({**defaults, **values})
        return super().onchange(values, field_names, fields_spec)

    # === BUSINESS === #

    def _check_sources(self, names):
        for name in names:
            if self._is_source(name) and self._fields[name].store:
                self._check_readable(self[name])

    @api.model
    def _check_source_values(self, values):
        """Check what a form says before it is saved.

        :param dict values: ids or commands by field, as the web client sends them
        """
        for name, value in values.items():
            field = self._fields.get(name)
            if self._is_source(name):
                self._check_readable(self.env[field.comodel_name].browse(self._list_ids(value)))
            elif field and field.type == "one2many" and self._has_sources(field):
                # A form has few lines that were touched.
                for line_values in self._list_line_values(value):
                    self.env[field.comodel_name]._check_source_values(line_values)

    @api.model
    def _check_readable(self, sources):
        # Without any nothing is taken over, whatever rights there are to the model.
        if sources:
            sources.check_access("read")

    @api.model
    def _is_source(self, name):
        """Tell whether a field names records of the add-on that stay, not lines of the form."""
        field = self._fields.get(name)
        if not field or field.type not in ("many2one", "many2many"):
            return False
        return field.comodel_name.startswith(PREFIX) and not self.env[field.comodel_name]._transient

    @api.model
    def _has_sources(self, field):
        return isinstance(self.env[field.comodel_name], self.pool["collection.sourced"])

    @api.model
    def _list_ids(self, value):
        """Return the ids that a value names: an id, a list of them, or commands."""
        ids = []
        for part in value if isinstance(value, (list, tuple)) else [value]:
            if isinstance(part, (list, tuple)):
                ids += part[2] if part[0] == Command.SET else part[1:2]
            else:
                ids.append(part)
        return [record_id for record_id in ids if type(record_id) is int]

    @api.model
    def _list_line_values(self, commands):
        """Return the values of the lines that commands make or change."""
        return [
            command[2]
            for command in commands or []
            if isinstance(command, (list, tuple)) and command[0] in MAKING
        ]

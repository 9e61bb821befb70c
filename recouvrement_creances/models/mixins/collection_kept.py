from odoo import models
from odoo.fields import Domain


class CollectionKept(models.AbstractModel):
    """A setting that history points to: it is archived, never deleted, once it was used."""

    _name = "collection.kept"
    _description = "Setting that is kept once it was used"

    def _find_used(self, uses):
        """Return the first of the records that something points to, or an empty record.

        :param uses: (model, names of its fields) that may point to these records
        """
        for model, names in uses:
            # In sudo mode to find what people may not see: other companies' history counts too.
            records_sudo = self.env[model].sudo().with_context(active_test=False)
            domain = Domain.OR([Domain(name, "in", self.ids) for name in names])
            # one query per model, of which there are two or three
            found = records_sudo.search(domain, limit=1)
            for name in names if found else ():
                if found[name] in self:
                    return self.browse(found[name].id)
        return self.browse()

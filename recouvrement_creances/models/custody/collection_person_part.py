from odoo import api, models

# Every part that another file describes.
PARTS = ("collection.person.means", "collection.person.claims")


class CollectionPersonPart(models.AbstractModel):
    """What the parts of the answer to an access request share, and what each of PARTS says.

    All of them work in sudo mode, for a manager who answers the request.
    """

    _name = "collection.person.part"
    _description = "Part of the answer to an access request"

    # === HOOKS === #

    @api.model
    def _describe(self, case, mask):
        """Return {name: plain values} of what is held about a case.

        :param case: the collection.case
        :param mask: a rules.third_parties.Mask
        """
        raise NotImplementedError

    @api.model
    def _get_authors(self, cases):
        """Return the colleagues who wrote or decided something of it."""
        raise NotImplementedError

    @api.model
    def _get_files(self, cases):
        """Return [(file, moment)] of what the person gave, or of what was made of it."""
        raise NotImplementedError

    # === WORDS === #

    def _find(self, name, cases):
        """Return the records of a model of ours about these cases, the oldest first."""
        return cases.env[f"collection.{name}"].search([("case_id", "in", cases.ids)], order="id")

    def _get_label(self, record, name):
        """Return the words of a selection field's value."""
        return dict(record._fields[name]._description_selection(self.env)).get(record[name], "")

    def _format(self, record, name):
        """Return an amount of a record with its currency."""
        return f"{record[name]:.2f} {record.currency_id.name or ''}".rstrip()

    def _date_files(self, files):
        return [(file, file.create_date) for file in files.sorted("id")]

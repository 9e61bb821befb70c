from odoo import api, fields, models

from ...rules.competence import CHAMBER, JUDICIAL, PROTECTION

COURT_KINDS = [
    ("commercial", "Commercial court"),
    ("chamber", "Commercial chamber of the judicial court"),
    ("judicial", "Judicial court"),
    ("protection", "Judge of protection disputes"),
    ("administrative", "Administrative court"),
    ("appeal", "Court of appeal"),
    ("other", "Other"),
]


class CollectionCourt(models.Model):
    """A court, with the places whose debtors it judges."""

    _name = "collection.court"
    _description = "Court"
    _order = "name, id"

    name = fields.Char(required=True)
    kind = fields.Selection(selection=COURT_KINDS, required=True, default="commercial")
    postcodes = fields.Char(
        help="The first digits of the postcodes of its places, separated by commas: 75, 9201. "
        "The court of a debtor is proposed by the longest that fits."
    )
    street = fields.Char()
    zip = fields.Char(string="Postcode")
    city = fields.Char()
    email = fields.Char(string="E-mail")
    phone = fields.Char()
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex("(kind, name)", "This court is in the list already.")

    # === BUSINESS === #

    @api.model
    def _find_for(self, kind, postcode):
        """Return the court of a kind for a debtor's postcode, none when the list has none.

        The chambers and judges of a judicial court sit there: it is found for them as well.
        """
        digits = "".join((postcode or "").split())
        if not kind or not digits:
            return self.browse()
        kinds = (kind, JUDICIAL) if kind in (CHAMBER, PROTECTION) else (kind,)
        courts = self.search([("kind", "in", kinds), ("postcodes", "!=", False)])
        fits = [
            (len(prefix), court.kind == kind, court)
            for court in courts
            for prefix in court._get_prefixes()
            if digits.startswith(prefix)
        ]
        return max(fits, key=lambda fit: fit[:2])[2] if fits else self.browse()

    def _get_prefixes(self):
        self.ensure_one()
        return [prefix.strip() for prefix in (self.postcodes or "").split(",") if prefix.strip()]

from odoo import api, fields, models

from ...rules.competence import CHAMBER, COMMERCIAL, JUDICIAL, PROTECTION
from ...rules.courts import find_named, list_courts

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
    _inherit = ["collection.unrepeated"]
    _order = "name, id"
    _told_by = ("kind", "name")

    name = fields.Char(required=True)
    kind = fields.Selection(selection=COURT_KINDS, required=True, default="commercial")
    postcodes = fields.Char(
        help="The first digits of the postcodes of its places, separated by commas: 75, 9201. "
        "The court of a debtor is proposed by the longest that fits, when it is the only one."
    )
    street = fields.Char()
    zip = fields.Char(string="Postcode")
    city = fields.Char()
    email = fields.Char(string="E-mail")
    phone = fields.Char()
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex("(kind, name)", "This court is in the list already.")

    # === BUSINESS === #

    def _say_repeated(self):
        """IMPLEMENTS collection.unrepeated."""
        kind = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        if not self.active:
            return self.env._(
                "%(court)s (%(kind)s) is in the list already, archived: restore it instead of "
                "adding it again.",
                court=self.name,
                kind=kind,
            )
        return self.env._(
            "%(court)s (%(kind)s) is in the list already: change that line instead of adding "
            "another one.",
            court=self.name,
            kind=kind,
        )

    @api.model
    def _add_known(self):
        """Add the courts of ``rules.courts`` that are not in the list; those that are stay.

        A town has one of each kind: a court that was renamed is found by its town.
        """
        courts = list_courts()
        kinds = [*{court.kind for court in courts}]
        own = self.with_context(active_test=False).search([("kind", "in", kinds)])
        known = {(court.kind, court.name) for court in own}
        known |= {(court.kind, court.city) for court in own if court.city}
        return self.create(
            [
                {
                    "name": court.name,
                    "kind": court.kind,
                    "city": court.seat,
                    "postcodes": ", ".join(court.prefixes),
                }
                for court in courts
                if not known & {(court.kind, court.name), (court.kind, court.seat)}
            ]
        )

    @api.model
    def _find_for(self, kind, postcode):
        """Return the court of a kind for a debtor's postcode, none when none or several fit."""
        found = self._find_candidates(kind, postcode)
        return found if len(found) == 1 else self.browse()

    @api.model
    def _find_candidates(self, kind, postcode):
        """Return the courts of a kind among which a debtor's postcode does not choose.

        The chambers and judges of a judicial court sit there: it is found for them as well, unless
        they are in the list by themselves.
        """
        digits = "".join((postcode or "").split())
        if not kind or not digits:
            return self.browse()
        kinds = (kind, JUDICIAL) if kind in (CHAMBER, PROTECTION) else (kind,)
        courts = self.search([("kind", "in", kinds), ("postcodes", "!=", False)])
        fits = [
            ((len(prefix), court.kind == kind), court)
            for court in courts
            for prefix in court._get_prefixes()
            if digits.startswith(prefix)
        ]
        best = max((fit for fit, _court in fits), default=None)
        return self.union(*(court for fit, court in fits if fit == best))

    @api.model
    def _find_named(self, name):
        """Return the court that the gazette calls by a name, none when none or several fit."""
        kind = JUDICIAL if "judiciaire" in (name or "").lower() else COMMERCIAL
        courts = self.search([("kind", "=", kind)])
        return find_named(name or "", {court: court.name for court in courts}) or self.browse()

    def _get_prefixes(self):
        self.ensure_one()
        return [prefix.strip() for prefix in (self.postcodes or "").split(",") if prefix.strip()]

    def _get_postcode(self):
        """Return a postcode, or its first digits, that tells the territory of the court."""
        return self.zip or next(iter(self._get_prefixes()), "") if self else ""

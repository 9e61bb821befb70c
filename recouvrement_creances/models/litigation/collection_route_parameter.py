from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...rules.money import to_decimal
from ...rules.routes import RouteTerms

ROUTE_LABELS = [
    ("payment_order", "Order for payment"),
    ("traders", "Order to pay between traders"),
    ("small_claims", "Small claims without a judge"),
    ("interim", "Interim payment"),
    ("summons", "Summons"),
    ("european_order", "European order for payment"),
    ("insurer", "Credit insurer"),
    ("agency", "Collection agency"),
    ("write_off", "Write-off"),
]


class CollectionRouteParameter(models.Model):
    """What a route costs, takes and brings as a rule, from a day on: the company's experience."""

    _name = "collection.route.parameter"
    _description = "Terms of a route"
    _order = "route_code, valid_from desc"
    _rec_name = "route_code"

    route_code = fields.Selection(selection=ROUTE_LABELS, string="Route", required=True)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date()
    cost = fields.Float(string="Cost (EUR)", digits=(10, 2), help="Whatever comes of it.")
    share = fields.Float(
        string="Share (%)", digits=(5, 2), help="Of what comes in, kept by who collects it."
    )
    days = fields.Integer(string="Days until money comes in")
    chance = fields.Float(
        string="Chance (%)",
        digits=(5, 2),
        help="For a proven claim on a debtor who can pay; the facts of a case change it.",
    )
    source = fields.Char(required=True, translate=True, help="Where the figures come from.")

    _dates_ordered = models.Constraint(
        "CHECK(valid_until IS NULL OR valid_until >= valid_from)",
        "Terms cannot end before they begin.",
    )
    _percentages = models.Constraint(
        "CHECK(chance BETWEEN 0 AND 100 AND share BETWEEN 0 AND 100)",
        "Shares and chances are between 0 and 100 percent.",
    )
    _not_negative = models.Constraint(
        "CHECK(cost >= 0 AND days >= 0)", "Costs and days are not negative."
    )

    # === CONSTRAINTS === #

    @api.constrains("route_code", "valid_from", "valid_until")
    def _check_overlap(self):
        for terms in self:
            until = terms.valid_until or fields.Date.to_date("9999-12-31")
            # one query per line of a setting that people write one by one
            others = self.search(
                Domain("route_code", "=", terms.route_code)
                & Domain("id", "!=", terms.id)
                & Domain("valid_from", "<=", until)
                & (
                    Domain("valid_until", "=", False)
                    | Domain("valid_until", ">=", terms.valid_from)
                ),
                limit=1,
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "Other terms of this route hold at the same time: end them the day before."
                    )
                )

    # === BUSINESS === #

    @api.model
    def _get_terms(self, day):
        """Return {route: RouteTerms} in force on a day; a route without any is not estimated."""
        held = Domain("valid_until", "=", False) | Domain("valid_until", ">=", day)
        # In sudo mode: who proposes a handover sees what routes cost, whatever he may configure.
        found = self.sudo().search(Domain("valid_from", "<=", day) & held)
        return {
            terms.route_code: RouteTerms(
                to_decimal(f"{terms.cost:.2f}"),
                to_decimal(f"{terms.share:.2f}"),
                terms.days,
                to_decimal(f"{terms.chance:.2f}"),
            )
            for terms in found
        }

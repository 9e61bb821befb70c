from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules.competence import TRADER_UNKNOWN
from .collection_route_parameter import ROUTE_LABELS

# What has to be looked at before any of the routes.
SAID_ONCE = (TRADER_UNKNOWN,)


class CollectionHandoverRoute(models.Model):
    """One way that a handover may take: open or not, why, what it costs and may bring."""

    _name = "collection.handover.route"
    _description = "Route of a handover"
    _order = "sequence, id"

    handover_id = fields.Many2one(
        "collection.handover", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(readonly=True)
    code = fields.Selection(selection=ROUTE_LABELS, string="Route", required=True, readonly=True)
    is_open = fields.Boolean(string="Possible", readonly=True)
    is_recommended = fields.Boolean(string="Proposed", readonly=True)
    is_chosen = fields.Boolean(compute="_compute_is_chosen")
    can_choose = fields.Boolean(compute="_compute_is_chosen")
    reason_codes = fields.Char(readonly=True)
    warning_codes = fields.Char(readonly=True)
    explanation = fields.Text(string="Why", compute="_compute_explanation")
    cost = fields.Monetary(readonly=True)
    days = fields.Integer(readonly=True)
    chance = fields.Integer(string="Chance %", readonly=True)
    value = fields.Monetary(
        string="Expected", readonly=True, help="Amount with interest, times the chance."
    )
    net = fields.Monetary(readonly=True, help="What is expected, less the costs.")

    _code_unique = models.UniqueIndex("(handover_id, code)", "Each route stands here once.")

    # === COMPUTE === #

    @api.depends("handover_id.route_code", "handover_id.state")
    @api.depends_context("uid")
    def _compute_is_chosen(self):
        for route in self:
            handover = route.handover_id
            route.is_chosen = handover.route_code == route.code
            route.can_choose = (
                route.is_open
                and not route.is_chosen
                and handover.state in ("draft", "refused")
                and handover.can_work
            )

    @api.depends("reason_codes", "warning_codes", "is_recommended")
    @api.depends_context("lang")
    def _compute_explanation(self):
        words = self._get_words()
        for route in self:
            codes = f"{route.reason_codes or ''} {route.warning_codes or ''}".split()
            # Said once for all of them, above.
            codes = [code for code in codes if code not in SAID_ONCE]
            reasons = [words[code] for code in codes if code in words]
            if route.is_recommended:
                reasons.insert(0, self.env._("Proposed."))
            route.explanation = " ".join(reasons)

    # === ACTIONS === #

    def action_choose(self):
        """Ask for this route."""
        self.ensure_one()
        if not self.is_open:
            raise UserError(self.env._("This route is not open to the claim: %s", self.explanation))
        self.handover_id.route_code = self.code

    # === BUSINESS === #

    def _get_words(self):
        """Return {code of ``rules.routes``: what it tells people}."""
        return {
            **self.env["collection.proceeding"]._get_competence_words(),
            "insolvent": self.env._("Not open: the debtor is insolvent (C. com. L622-21)."),
            "barred": self.env._(
                "Not open: an insolvency has ended, and creditors did not get back their actions "
                "(C. com. L643-11; C. conso L741-2)."
            ),
            "disputed": self.env._("Not open: the debt is disputed, one contest ends it."),
            "abroad": self.env._("Not open: the debtor lives abroad."),
            "not_european": self.env._("Not open: the debtor lives outside the Union."),
            "not_insured": self.env._("Not open: nothing says that the claim is insured."),
            "no_terms": self.env._(
                "Not estimated: no cost and chance hold today, enter them under Configuration."
            ),
            "undisputed": self.env._("The debt is not disputed."),
            "acknowledged": self.env._("The debtor acknowledged the debt."),
            "proven": self.env._("Order and delivery are proven."),
            "unproven": self.env._("Proofs are missing."),
            "insured": self.env._("The claim is insured."),
            "costs_more": self.env._("Costs more than it may bring."),
            "unlikely_to_pay": self.env._("The debtor can hardly pay."),
        }

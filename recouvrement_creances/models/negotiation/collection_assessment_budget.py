from decimal import Decimal

from odoo import api, fields, models

from ...rules import budget


class CollectionAssessmentBudget(models.AbstractModel):
    """The month of a household: what was declared, added up, and what it allows to pay."""

    _name = "collection.assessment.budget"
    _description = "Budget of a financial assessment"

    case_id = fields.Many2one(
        "collection.case", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="case_id.partner_id", string="Debtor")
    currency_id = fields.Many2one(related="company_id.currency_id")
    household_size = fields.Integer(default=1)
    line_ids = fields.One2many("collection.assessment.line", "assessment_id", copy=True)
    resource_ids = fields.One2many(
        "collection.assessment.line", "assessment_id", domain=[("section", "=", budget.RESOURCE)]
    )
    charge_ids = fields.One2many(
        "collection.assessment.line", "assessment_id", domain=[("section", "=", budget.CHARGE)]
    )
    debt_ids = fields.One2many(
        "collection.assessment.line", "assessment_id", domain=[("section", "=", budget.DEBT)]
    )
    amount_resources = fields.Monetary(
        string="Resources a month", compute="_compute_budget", compute_sudo=True
    )
    amount_charges = fields.Monetary(
        string="Charges a month", compute="_compute_budget", compute_sudo=True
    )
    amount_debts = fields.Monetary(
        string="Other instalments a month", compute="_compute_budget", compute_sudo=True
    )
    amount_balance = fields.Monetary(
        string="Left a month", compute="_compute_budget", compute_sudo=True
    )
    amount_ability = fields.Monetary(
        string="Ability to pay a month",
        compute="_compute_budget",
        compute_sudo=True,
        help="Resources minus charges minus other instalments, at least zero.",
    )
    suggestion = fields.Char(compute="_compute_suggestion", compute_sudo=True)

    # === COMPUTE === #

    def _get_lines(self):
        """Return the lines by the lists that forms show, so that unsaved changes count."""
        self.ensure_one()
        return self.resource_ids | self.charge_ids | self.debt_ids

    def _get_budget(self):
        """Return the month of the household as ``rules.budget`` computes it."""
        self.ensure_one()
        digits = self.currency_id.decimal_places if self.currency_id else 2
        lines = [line._to_rule() for line in self._get_lines() if line.section and line.amount >= 0]
        return budget.compute_budget(lines, digits)

    @api.depends(
        *(
            f"{name}.{field}"
            for name in ("resource_ids", "charge_ids", "debt_ids")
            for field in ("kind", "amount", "period")
        )
    )
    def _compute_budget(self):
        for assessment in self:
            month = assessment._get_budget()
            assessment.amount_resources = float(month.resources)
            assessment.amount_charges = float(month.charges)
            assessment.amount_debts = float(month.debts)
            assessment.amount_balance = float(month.balance)
            assessment.amount_ability = float(month.ability)

    @api.depends("amount_ability", "amount_due", "kind", "date")
    def _compute_suggestion(self):
        """Say in one line what the declared means allow; a person decides."""
        for assessment in self:
            assessment.suggestion = assessment._suggest() if assessment.kind == "person" else ""

    def _propose(self):
        """Return the ``rules.budget.Proposal`` for what is due and what can be paid."""
        self.ensure_one()
        return budget.propose_schedule(
            Decimal(str(self.amount_due)),
            Decimal(str(self.amount_ability)),
            self.date or fields.Date.context_today(self),
            self.currency_id.decimal_places,
        )

    def _suggest(self):
        proposal, currency = self._propose(), self.currency_id
        if not self.amount_due:
            return self.env._("Nothing is due.")
        if not proposal.count:
            return self.env._("Nothing is left to pay with: think of a body that helps.")
        if proposal.uncovered:
            return self.env._(
                "%(count)s months at %(amount)s leave %(rest)s uncovered.",
                count=proposal.count,
                amount=currency.format(float(proposal.amount)),
                rest=currency.format(float(proposal.uncovered)),
            )
        return self.env._(
            "%(due)s can be paid in %(count)s months at %(amount)s, the last one %(last)s.",
            due=currency.format(self.amount_due),
            count=proposal.count,
            amount=currency.format(float(proposal.amount)),
            last=currency.format(float(proposal.last)),
        )

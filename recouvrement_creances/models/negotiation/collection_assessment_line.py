from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...rules import budget

SECTIONS = [
    (budget.RESOURCE, "Resources"),
    (budget.CHARGE, "Living costs"),
    (budget.DEBT, "Other debts"),
]
KINDS = [
    ("wages", "Wages"),
    ("self_employment", "Income from one's own business"),
    ("pension", "Pension"),
    ("unemployment", "Unemployment benefits"),
    ("family_benefits", "Family and housing benefits"),
    ("minimum_income", "Minimum income"),
    ("maintenance_received", "Maintenance received"),
    ("rent_received", "Rent received"),
    ("other_resource", "Other resource"),
    ("rent", "Rent or home loan"),
    ("energy", "Energy and water"),
    ("food", "Food and household"),
    ("transport", "Transport"),
    ("insurance", "Insurance"),
    ("communication", "Telephone and internet"),
    ("children", "Children and school"),
    ("maintenance_paid", "Maintenance paid"),
    ("taxes", "Taxes"),
    ("other_charge", "Other charge"),
    ("consumer_loan", "Consumer loan"),
    ("rent_arrears", "Rent arrears"),
    ("tax_arrears", "Tax arrears"),
    ("supplier", "Other creditor"),
    ("other_debt", "Other debt"),
]
SECTION_OF = {
    **dict.fromkeys([kind for kind, _label in KINDS[:9]], budget.RESOURCE),
    **dict.fromkeys([kind for kind, _label in KINDS[9:19]], budget.CHARGE),
    **dict.fromkeys([kind for kind, _label in KINDS[19:]], budget.DEBT),
}
PERIODS = [("month", "a month"), ("quarter", "a quarter"), ("year", "a year")]


class CollectionAssessmentLine(models.Model):
    """One resource, charge or instalment to another creditor, as it was declared."""

    _name = "collection.assessment.line"
    _description = "Line of a financial assessment"
    _order = "assessment_id, sequence, id"
    _allow_sudo_commands = False

    assessment_id = fields.Many2one(
        "collection.assessment", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="assessment_id.currency_id")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(selection=KINDS, required=True)
    section = fields.Selection(
        selection=SECTIONS, compute="_compute_section", store=True, precompute=True
    )
    label = fields.Char(string="Detail")
    amount = fields.Monetary(required=True)
    period = fields.Selection(selection=PERIODS, required=True, default="month", string="Per")
    amount_month = fields.Monetary(string="A month", compute="_compute_amount_month")

    _check_amount = models.Constraint(
        "CHECK(amount >= 0)", "Amounts are not negative: what costs money stands under charges."
    )

    # === COMPUTE === #

    @api.depends("kind")
    def _compute_section(self):
        for line in self:
            line.section = SECTION_OF.get(line.kind, False)

    @api.depends("amount", "period", "currency_id")
    def _compute_amount_month(self):
        for line in self:
            line.amount_month = float(
                budget.per_month(
                    Decimal(str(line.amount)),
                    line.period or "month",
                    line.currency_id.decimal_places if line.currency_id else 2,
                )
            )

    @api.depends("kind", "label")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line._get_title()

    # === CONSTRAINTS === #

    @api.constrains("amount", "kind", "period", "label", "assessment_id")
    def _check_assessment_id(self):
        for line in self:
            if line.assessment_id.kind != "person":
                raise ValidationError(
                    self.env._("Resources and charges are those of a household, not of a company.")
                )

    @api.onchange("label")
    def _onchange_label(self):
        return self.env["collection.note.flag"]._warn_form(self.label)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Write only what is still a draft, and look at the words."""
        lines = super().create(vals_list)
        lines.assessment_id._check_draft()
        lines.assessment_id._flag_notes()
        return lines

    def write(self, vals):
        """Write only what is still a draft, and look at the words."""
        self.assessment_id._check_draft()
        result = super().write(vals)
        self.assessment_id._check_draft()
        if "label" in vals:
            self.assessment_id._flag_notes()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_concluded(self):
        self.assessment_id._check_draft()

    # === BUSINESS === #

    def _get_title(self):
        """Return what was declared in words: its kind, with the detail."""
        self.ensure_one()
        kind = dict(self._fields["kind"]._description_selection(self.env)).get(self.kind, "")
        return f"{kind} ({self.label})" if self.label else kind

    def _to_rule(self):
        """Return the line as the rule of budgets reads it."""
        self.ensure_one()
        return budget.Line(self.section, Decimal(str(self.amount)), self.period)

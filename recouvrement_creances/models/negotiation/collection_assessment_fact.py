from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class CollectionAssessmentFact(models.Model):
    """A payment incident or a court filing of a company: what, when, and where it was read."""

    _name = "collection.assessment.fact"
    _description = "Fact about a company in a financial assessment"
    _order = "assessment_id, date desc, id"
    _allow_sudo_commands = False

    assessment_id = fields.Many2one(
        "collection.assessment", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="assessment_id.currency_id")
    kind = fields.Selection(
        selection=[
            ("payment_incident", "Payment incident"),
            ("pledge", "Pledge or privilege registered"),
            ("court_filing", "Court filing"),
        ],
        required=True,
    )
    date = fields.Date(required=True)
    amount = fields.Monetary()
    description = fields.Char(required=True)
    source = fields.Char(
        required=True, help="Where it was read: register, gazette, bank, the debtor."
    )

    _check_amount = models.Constraint("CHECK(amount >= 0)", "Amounts are not negative.")

    # === COMPUTE === #

    @api.depends("kind", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for fact in self:
            day = format_date(self.env, fact.date) if fact.date else ""
            fact.display_name = f"{labels.get(fact.kind, '')} · {day}"

    # === CONSTRAINTS === #

    @api.constrains("assessment_id", "date")
    def _check_fact(self):
        today = fields.Date.context_today(self)
        for fact in self:
            if fact.assessment_id.kind != "company":
                raise ValidationError(
                    self.env._("Incidents and filings are noted of companies, not of households.")
                )
            if fact.date > today:
                raise ValidationError(
                    self.env._("“%s” has not happened yet: check its date.", fact.description)
                )

    @api.onchange("description")
    def _onchange_description(self):
        return self.env["collection.note.flag"]._warn_form(self.description)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Write only what is still a draft, and look at the words."""
        facts = super().create(vals_list)
        facts.assessment_id._check_draft()
        facts.assessment_id._flag_notes()
        return facts

    def write(self, vals):
        """Write only what is still a draft, and look at the words."""
        self.assessment_id._check_draft()
        result = super().write(vals)
        self.assessment_id._check_draft()
        if {"description", "source"} & vals.keys():
            self.assessment_id._flag_notes()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_concluded(self):
        self.assessment_id._check_draft()

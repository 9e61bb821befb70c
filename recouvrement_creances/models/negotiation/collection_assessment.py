from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ...rules.parameters import value_on
from ...rules.transitions import ASSESSMENT

RECOMMENDATIONS = [
    ("schedule", "Schedule"),
    ("extra_time", "Extra time"),
    ("waiver", "Waiver"),
    ("refer", "Refer to a body that helps"),
    ("stop", "Stop contacts"),
    ("continue", "Go on as planned"),
    ("handover", "Hand over"),
]
# Written by the buttons alone: the letter's hash is what proves which one was posted.
FLOW_FIELDS = {
    "amount_concluded",
    "concluded_by_id",
    "concluded_on",
    "letter_id",
    "letter_hash",
    "action_id",
}


class CollectionAssessment(models.Model):
    """What a debtor declared of his means, and what follows from it.

    Seen by those who look after sensitive situations and by who wrote it, by nobody else: it is
    neither part of the case's evidence nor of what is handed to a court.
    """

    _name = "collection.assessment"
    _description = "Financial assessment"
    _inherit = [
        "collection.assessment.budget",
        "collection.assessment.letter",
        "collection.sourced",
        "collection.stateful",
    ]
    _order = "date desc, id desc"
    _transitions = ASSESSMENT
    _check_company_auto = True
    _allow_sudo_commands = False

    kind = fields.Selection(
        selection=[("person", "Household"), ("company", "Company")],
        compute="_compute_kind",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    state = fields.Selection(
        selection=[("draft", "Draft"), ("concluded", "Concluded"), ("replaced", "Replaced")],
        required=True,
        readonly=True,
        default="draft",
    )
    date = fields.Date(
        string="Declared on", required=True, default=fields.Date.context_today, copy=False
    )
    valid_until = fields.Date(
        compute="_compute_valid_until",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        copy=False,
        help="Means change: afterwards it is asked for again.",
    )
    is_valid = fields.Boolean(compute="_compute_is_valid")
    document_ids = fields.Many2many(
        "ir.attachment",
        string="Documents",
        copy=False,
        help="Seen by those who see the assessment only.",
    )

    # === A COMPANY === #
    fiscal_year = fields.Char(string="Financial year", help="The year of the figures, e.g. 2025.")
    amount_turnover = fields.Monetary(string="Turnover")
    amount_result = fields.Monetary(string="Net result")
    amount_equity = fields.Monetary(string="Equity")
    amount_cash = fields.Monetary(string="Cash")
    figures_source = fields.Char(string="Figures read in")
    fact_ids = fields.One2many("collection.assessment.fact", "assessment_id", copy=True)

    # === WHAT FOLLOWS === #
    amount_concluded = fields.Monetary(string="Due when concluded", readonly=True, copy=False)
    amount_due = fields.Monetary(
        string="Due in all", compute="_compute_amount_due", compute_sudo=True
    )
    recommendation = fields.Selection(selection=RECOMMENDATIONS)
    instalment_count = fields.Integer(string="Months")
    instalment_amount = fields.Monetary(string="Amount a month")
    extra_time_until = fields.Date(string="Extra time until")
    body_id = fields.Many2one("collection.help.body", ondelete="restrict", string="Body that helps")
    conclusion = fields.Text(
        help="Facts on means and debts only. The debtor may ask to read it; nothing on health, "
        "beliefs or private life."
    )
    concluded_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    concluded_on = fields.Date(readonly=True, copy=False)

    _check_household_size = models.Constraint(
        "CHECK(household_size BETWEEN 1 AND 30)", "A household has between 1 and 30 persons."
    )
    _check_valid_until = models.Constraint(
        "CHECK(valid_until >= date)", "An assessment is valid from its own day on."
    )
    _check_instalments = models.Constraint(
        "CHECK(instalment_count >= 0 AND instalment_amount >= 0)",
        "Months and amounts of a schedule are not negative.",
    )

    # === COMPUTE === #

    @api.depends("case_id", "date")
    def _compute_display_name(self):
        for assessment in self:
            assessment.display_name = self.env._(
                "Assessment of %(date)s · %(case)s",
                date=format_date(self.env, assessment.date) if assessment.date else "",
                case=assessment.case_id.display_name or "",
            )

    @api.depends("case_id")
    def _compute_kind(self):
        for assessment in self:
            # In sudo mode to read a field that only internal users see.
            kind = assessment.case_id.partner_id.sudo().collection_debtor_kind
            assessment.kind = "person" if kind == "consumer" else "company"

    @api.depends("date")
    def _compute_valid_until(self):
        for assessment in self:
            day = assessment.date or fields.Date.context_today(self)
            months = value_on("assessment.validity", day)
            assessment.valid_until = fields.Date.add(day, months=months)

    @api.depends("valid_until", "state")
    def _compute_is_valid(self):
        today = fields.Date.context_today(self)
        for assessment in self:
            assessment.is_valid = assessment.state == "concluded" and (
                bool(assessment.valid_until) and assessment.valid_until >= today
            )

    @api.depends("case_id.amount_open", "amount_concluded", "state")
    def _compute_amount_due(self):
        """What is due of the case now; once concluded, what was due that day."""
        for assessment in self:
            is_draft = assessment.state == "draft"
            due = assessment.case_id.amount_open if is_draft else assessment.amount_concluded
            assessment.amount_due = due

    # === CONSTRAINTS === #

    @api.constrains("date")
    def _check_date(self):
        today = fields.Date.context_today(self)
        for assessment in self:
            if assessment.date > today:
                raise ValidationError(self.env._("Nobody has declared anything in the future."))

    @api.constrains("kind", "line_ids", "fact_ids")
    def _check_kind(self):
        self.line_ids._check_assessment_id()
        self.fact_ids._check_fact()

    @api.onchange("conclusion", "letter_note")
    def _onchange_texts(self):
        return self.env["collection.note.flag"]._warn_form(self.conclusion, self.letter_note)

    @api.onchange("recommendation")
    def _onchange_recommendation(self):
        """Propose what the declared means allow."""
        if self.recommendation == "schedule" and not self.instalment_count:
            proposal = self._propose()
            self.instalment_count = proposal.count
            self.instalment_amount = float(proposal.amount)
        if self.recommendation == "refer" and not self.body_id:
            self.body_id = self.env["collection.help.body"]._get_for(self.partner_id)[:1]

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the files narrow and look at the words; only who works on the case assesses it."""
        drafted, vals_list = self._drop_given(FLOW_FIELDS, vals_list)
        assessments = super(CollectionAssessment, drafted).create(vals_list).with_env(self.env)
        assessments.case_id.check_access("write")
        assessments._keep_documents()
        assessments._flag_notes()
        return assessments

    def write(self, vals):
        """Keep what was concluded as it was; keep the files narrow and look at the words."""
        if not self._through_door():
            self._check_draft()
            if FLOW_FIELDS & vals.keys():
                raise UserError(
                    self.env._("Who concluded it, and its letter, are written by the buttons only.")
                )
            if "case_id" in vals and any(one.case_id.id != vals["case_id"] for one in self):
                raise UserError(self.env._("An assessment stays with its case: make a new one."))
        result = super().write(vals)
        if "document_ids" in vals:
            self._keep_documents()
        if {"conclusion", "letter_note"} & vals.keys():
            self._flag_notes()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_concluded(self):
        if not self._through_door():
            self._check_draft()

    # === ACTIONS === #

    def action_conclude(self):
        """Close what was declared; earlier assessments of the case count no more."""
        for assessment in self:
            assessment._check_complete()
        today = fields.Date.context_today(self)
        for assessment in self:
            assessment._apply_event(
                "conclude",
                {
                    "amount_concluded": assessment.amount_due,
                    "concluded_by_id": self.env.uid,
                    "concluded_on": today,
                },
            )
        # In sudo mode to close earlier ones of colleagues, which nobody needs to see for that.
        earlier_sudo = self.sudo().search(
            [
                ("case_id", "in", self.case_id.ids),
                ("state", "=", "concluded"),
                ("id", "not in", self.ids),
            ]
        )
        earlier_sudo._apply_event("replace")

    def action_renew(self):
        """Open a new draft with the same lines, to be brought up to date."""
        self.ensure_one()
        return self.copy()._get_form_action()

    def action_report_hardship(self):
        """Open the report to a manager, with what is recommended here."""
        self.ensure_one()
        return self.env["collection.hardship"]._get_report_action(self.case_id, self)

    # === BUSINESS === #

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def _check_draft(self):
        """Refuse to change what was concluded, and whose case one does not work on."""
        if not self.env.su:
            self.case_id.check_access("write")
        if any(assessment.state != "draft" for assessment in self):
            raise UserError(
                self.env._("What was concluded is kept as it was: make a new assessment instead.")
            )

    def _check_complete(self):
        """Refuse to conclude what says nothing, naming what is missing."""
        self.ensure_one()
        self._check_draft()
        if not self.has_access("write"):
            raise AccessError(self.env._("Only its author or a manager concludes an assessment."))
        if not (self.recommendation and (self.conclusion or "").strip()):
            raise UserError(self.env._("Give a conclusion and a recommendation first."))
        if self.kind == "person" and not self.line_ids:
            raise UserError(self.env._("Note what was declared first: resources and charges."))
        if self.kind == "company" and not (self.fiscal_year or self.fact_ids):
            raise UserError(self.env._("Note figures of a year, an incident or a filing first."))
        missing = {
            "schedule": not (self.instalment_count and self.instalment_amount),
            "extra_time": not self.extra_time_until,
            "refer": not self.body_id,
        }
        if missing.get(self.recommendation):
            raise UserError(
                self.env._("The recommendation is incomplete: say how much, until when or whom.")
            )

    def _keep_documents(self):
        """Let files be seen through the assessment only; others' files are not taken away."""
        for assessment in self:
            fresh = assessment.document_ids.filtered(
                lambda file, owner=assessment: (
                    (file.res_model, file.res_id) != (owner._name, owner.id)
                )
            )
            if fresh.filtered("res_id"):
                raise UserError(
                    self.env._("Upload the documents here: files of other records stay there.")
                )
            fresh.check_access("write")
            fresh.write({"res_model": self._name, "res_id": assessment.id, "public": False})

    def _flag_notes(self):
        """Bring the list of notes that seem sensitive up to date."""
        notes = [(one.case_id, one, "\n".join(filter(None, one._get_texts()))) for one in self]
        self.env["collection.note.flag"]._flag("assessment", notes)

    def _get_texts(self):
        """Return every free text of the assessment."""
        self.ensure_one()
        facts = self.fact_ids
        return [
            self.conclusion,
            self.letter_note,
            *self.line_ids.mapped("label"),
            *facts.mapped("description"),
            *facts.mapped("source"),
        ]

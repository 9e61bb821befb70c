from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ...rules.transitions import HARDSHIP
from ...tools.dialogs import open_dialog
from ..mixins.collection_approvable import MANAGER

WAYS = [
    ("extra_time", "Extra time"),
    ("schedule", "Schedule"),
    ("waiver", "Waiver"),
    ("stop", "Stop contacts"),
    ("refer", "Refer to a body that helps"),
]
# What follows an agreement is prepared during so many days, without contacts.
PREPARATION_DAYS = 14
# What was decided, beside what every decision leaves.
DECIDED = ("decided_way", "decided_until", "decided_body_id", "hold_id")


class CollectionHardship(models.Model):
    """A debtor cannot pay: a collector reports it with a proposed way, a manager decides."""

    _name = "collection.hardship"
    _description = "Hardship report"
    _inherit = ["collection.case.record", "collection.sourced", "collection.approvable"]
    _order = "id desc"
    _transitions = HARDSHIP
    _waiting_state = "asked"
    _check_company_auto = True
    _mail_post_access = "read"
    _allow_sudo_commands = False

    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_overdue = fields.Monetary(related="case_id.amount_overdue")
    assessment_id = fields.Many2one(
        "collection.assessment",
        ondelete="set null",
        index="btree_not_null",
        domain="[('case_id', '=', case_id)]",
    )
    nonpayment_reason_id = fields.Many2one(
        "collection.reason",
        string="Why they cannot pay",
        required=True,
        ondelete="restrict",
        domain=[("usage", "=", "nonpayment")],
    )
    facts = fields.Text(
        required=True,
        help="Means and debts only, as the debtor said them. The debtor may ask to read it; "
        "nothing on health, beliefs or private life.",
    )
    state = fields.Selection(
        selection=[
            ("asked", "Waits for a decision"),
            ("accepted", "Accepted"),
            ("changed", "Decided otherwise"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="asked",
    )

    # === WHAT IS PROPOSED === #
    way = fields.Selection(selection=WAYS, string="Proposed", required=True, default="extra_time")
    until = fields.Date(string="Proposed until")
    instalment_count = fields.Integer(string="Months")
    instalment_amount = fields.Monetary(string="Amount a month")
    body_id = fields.Many2one("collection.help.body", ondelete="restrict", string="Body that helps")
    manager_id = fields.Many2one(
        "res.users",
        string="To be decided by",
        compute="_compute_manager_id",
        store=True,
        precompute=True,
        readonly=False,
        ondelete="set null",
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref(MANAGER).ids),
            ("id", "!=", self.env.uid),
        ],
    )

    # === WHAT WAS DECIDED === #
    decided_way = fields.Selection(selection=WAYS, string="Decided", readonly=True)
    decided_until = fields.Date(string="Until", readonly=True)
    decided_body_id = fields.Many2one(
        "collection.help.body", string="Referred to", readonly=True, ondelete="restrict"
    )
    decision_note = fields.Text(string="Reason of the decision")
    decided_by_id = fields.Many2one(string="Manager")
    hold_id = fields.Many2one("collection.hold", readonly=True, ondelete="restrict")
    can_withdraw = fields.Boolean(compute="_compute_can_withdraw")

    _asked_unique = models.UniqueIndex(
        "(case_id) WHERE state = 'asked'",
        "A report on this case waits for a decision already.",
    )
    _check_instalments = models.Constraint(
        "CHECK(instalment_count >= 0 AND instalment_amount >= 0)",
        "Months and amounts of a schedule are not negative.",
    )

    # === COMPUTE === #

    @api.depends("case_id")
    def _compute_display_name(self):
        for report in self:
            report.display_name = self.env._("Report on %s", report.case_id.display_name or "")

    @api.depends("case_id")
    def _compute_manager_id(self):
        """Choose who looks after vulnerable persons, else a manager, never who asks."""
        for report in self:
            company = report.case_id.company_id
            managers = self.env.user._get_other_collection_managers(company)
            # In sudo mode to read a setting of the company.
            senior = company.sudo().collection_senior_user_id
            chosen = managers.filtered(lambda user, senior=senior: user == senior)
            report.manager_id = chosen or managers.sorted("id")[-1:]

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_withdraw(self):
        for report in self:
            is_own = report.create_uid == self.env.user
            report.can_withdraw = report.state == "asked" and is_own

    # === CONSTRAINTS === #

    @api.constrains("nonpayment_reason_id")
    def _check_nonpayment_reason_id(self):
        for report in self:
            if report.nonpayment_reason_id.usage != "nonpayment":
                raise ValidationError(
                    self.env._(
                        "“%s” is a reason for something else.", report.nonpayment_reason_id.name
                    )
                )

    @api.constrains("assessment_id", "case_id")
    def _check_assessment_id(self):
        for report in self:
            # In sudo mode to read the case of an assessment that a colleague wrote.
            if report.assessment_id.sudo().case_id not in (
                report.case_id,
                self.env["collection.case"],
            ):
                raise ValidationError(self.env._("This assessment is of another case."))

    @api.constrains("manager_id")
    def _check_manager_id(self):
        for report in self:
            managers = report.create_uid._get_other_collection_managers(report.company_id)
            if report.manager_id not in managers:
                raise ValidationError(
                    self.env._(
                        "Name a collection manager of %s who decides, other than yourself.",
                        report.company_id.name,
                    )
                )

    @api.onchange("facts")
    def _onchange_facts(self):
        return self.env["collection.note.flag"]._warn_form(self.facts)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Report, and give the manager the task to decide."""
        asked, vals_list = self._drop_given(DECIDED, vals_list)
        reports = super(CollectionHardship, asked).create(vals_list).with_env(self.env)
        reports.case_id.check_access("write")
        for report in reports:
            report._check_way(report.way, report.until, report.body_id)
        reports._flag_notes()
        reports._ask_for_approval()
        return reports

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if not self._through_door():
            raise UserError(self.env._("Reports are history: withdraw yours instead."))

    # === ACTIONS === #

    def action_decide(self):
        """OVERRIDE collection.approvable: the dialog asks which way as well."""
        self.ensure_one()
        return open_dialog(
            "collection.hardship.decision", self.env._("Decide"), default_hardship_id=self.id
        )

    def action_withdraw(self):
        """Take one's own report back, before anybody decided."""
        for report in self:
            report.check_access("read")
            if report.create_uid != self.env.user:
                raise AccessError(self.env._("Only who reported it takes a report back."))
        # In sudo mode to write what only events write, after the check above.
        reports_sudo = self.sudo()
        reports_sudo._apply_event("withdraw")
        reports_sudo.activity_ids.unlink()

    # === BUSINESS === #

    @api.model
    def _get_report_action(self, case, assessment=None, reason=None):
        """Return the dialog that reports a case, filled in with what was assessed.

        :param assessment: a collection.assessment, or None
        :param reason: why they cannot pay, a collection.reason, or None
        """
        case.check_access("write")
        waiting = self.search([("case_id", "=", case.id), ("state", "=", "asked")], limit=1)
        if waiting:
            return waiting.get_formview_action()
        reason = reason or case.nonpayment_reason_id
        context = {"default_case_id": case.id, "default_nonpayment_reason_id": reason.id}
        if assessment:
            ways = dict(WAYS)
            context |= {
                "default_assessment_id": assessment.id,
                "default_facts": assessment.conclusion or "",
                "default_way": assessment.recommendation
                if assessment.recommendation in ways
                else "stop",
                "default_until": assessment.extra_time_until,
                "default_instalment_count": assessment.instalment_count,
                "default_instalment_amount": assessment.instalment_amount,
                "default_body_id": assessment.body_id.id,
            }
        view = self.env.ref("recouvrement_creances.collection_hardship_view_form_report")
        return {
            **open_dialog(self._name, self.env._("Report a hardship"), **context),
            "views": [(view.id, "form")],
        }

    def _check_way(self, way, until, body):
        """Refuse a way that nobody could carry out, saying what is missing."""
        today = fields.Date.context_today(self)
        if until and until < today:
            raise UserError(self.env._("The day is in the past."))
        if until and until > fields.Date.add(today, years=1):
            raise UserError(self.env._("The day is more than a year ahead."))
        if way in ("extra_time", "stop") and not until:
            raise UserError(self.env._("Say until when: nothing would bring the case back."))
        if way == "refer" and not body:
            raise UserError(self.env._("Name the body that the debtor is referred to."))

    # === BUSINESS - DECISION === #

    def _is_within_manager_limit(self):
        """EXTENDS collection.approvable: managers decide, as far as they see the report."""
        return True

    def _find_approver(self):
        """OVERRIDE collection.approvable: who reports names who decides."""
        return self.manager_id

    def _get_approval_summary(self):
        """OVERRIDE collection.approvable: colleagues see the task, so it names nobody."""
        return self.env._("Decide on a hardship report")

    def _needs_reason(self, event):
        """OVERRIDE collection.approvable: each decision says why."""
        return True

    def _decide(self, event, note=None, values=None):
        """EXTENDS collection.approvable: as proposed (``approve``), otherwise (``change``), or not.

        :param dict values: way (of WAYS), until, body: for a change; until for an approval as well
        """
        self.ensure_one()
        # Asked before the way is read: who may not decide learns nothing of it.
        self.check_access("read")
        return super()._decide(event, note, self._settle_way(event, **(values or {})))

    def _settle_way(self, event, way=None, until=None, body=None):
        """Return what is decided, as fields of the report."""
        if event == "refuse":
            return dict.fromkeys(("decided_way", "decided_until", "decided_body_id"), False)
        if event == "approve":
            way, until, body = self.way, until or self.until, self.body_id
        self._check_way(way, until, body)
        return {
            "decided_way": way,
            "decided_until": until,
            "decided_body_id": body.id if way == "refer" else False,
        }

    def _after_decision(self, event):
        """OVERRIDE collection.approvable: hold contacts as decided, and tell who asked."""
        self._flag_notes()
        if self.decided_way:
            today = fields.Date.context_today(self)
            hold = self._hold(self.decided_way, self.decided_until, today)
            self._with_door().hold_id = hold
        self._tell_asker()

    def _hold(self, way, until, today):
        """Hold contacts as decided; the note says nothing of the debtor's situation."""
        is_agreement = way in ("schedule", "waiver")
        name = "negotiation" if is_agreement else "hardship"
        day = until or fields.Date.add(today, days=PREPARATION_DAYS)
        return self.env["collection.hold"].create(
            {
                "case_id": self.case_id.id,
                "kind": "manual",
                "reason_id": self.env.ref(
                    f"recouvrement_creances.collection_reason_hold_{name}"
                ).id,
                "date_start": today,
                "review_date" if way in ("stop", "refer") else "date_end": day,
                "note": self.env._("Decided on %s", format_date(self.env, today)),
            }
        )

    def _tell_asker(self):
        """Give who asked the decision as a task: what comes next is his to do."""
        states = dict(self._fields["state"]._description_selection(self.env))
        ways = dict(self._fields["decided_way"]._description_selection(self.env))
        parts = (states[self.state], ways.get(self.decided_way))
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=" · ".join(filter(None, parts)),
            user_id=self.create_uid.id,
        )

    def _open_way(self):
        """Return the dialog that carries out what was decided, or None when the hold does."""
        if not self.decided_way:
            return None
        opener = getattr(self.case_id, f"_get_{self.decided_way}_dialog", None)
        return opener(self) if opener else None

    def _flag_notes(self):
        """Bring the list of notes that seem sensitive up to date."""
        self.env["collection.note.flag"]._flag(
            "hardship",
            [
                (one.case_id, one, "\n".join(filter(None, (one.facts, one.decision_note))))
                for one in self
            ],
        )

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...rules import plan
from ...rules.transitions import SCHEDULE
from ...tools.dialogs import open_dialog
from ..mixins.collection_approvable import MANAGER
from .collection_schedule_life import LIVE

FREQUENCIES = [
    ("week", "Every week"),
    ("two_weeks", "Every two weeks"),
    ("month", "Every month"),
    ("quarter", "Every quarter"),
]
PAYMENT_WAYS = [
    ("transfer", "Transfer"),
    ("standing_order", "Standing order"),
    ("sepa", "SEPA direct debit"),
    ("card", "Card, online"),
    ("cheque", "Cheque"),
    ("other", "Other"),
]

# What who asked for an approval has to do after the decision.
REQUESTER_TASK = "recouvrement_creances.mail_activity_type_schedule_decided"


class CollectionSchedule(models.Model):
    """An agreement to pay a debt in instalments (protocole d'accord).

    The debt is not booked again: invoices, due dates and VAT stay as they are. People work on it
    through its buttons and dialogs only; in effect, the ledger alone judges it.
    """

    _name = "collection.schedule"
    _description = "Payment schedule"
    _inherit = [
        "collection.case.record",
        "collection.schedule.life",
        "collection.schedule.contact",
        "collection.schedule.payment",
        "collection.schedule.signature",
        "collection.schedule.restoring",
        "collection.schedule.limits",
        "collection.schedule.terms",
        "collection.approvable",
    ]
    _order = "id desc"
    _transitions = SCHEDULE
    _waiting_state = "to_approve"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(required=True, readonly=True, copy=False, index=True)
    version = fields.Integer(required=True, readonly=True, default=1)
    previous_id = fields.Many2one(
        "collection.schedule",
        string="Former version",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    next_ids = fields.One2many("collection.schedule", "previous_id", string="Later versions")
    case_id = fields.Many2one(readonly=True)
    user_id = fields.Many2one(related="case_id.user_id")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("to_approve", "To approve"),
            ("proposed", "Offered"),
            ("signed", "Signed"),
            ("running", "Running"),
            ("late", "Late"),
            ("broken", "Broken off"),
            ("completed", "Completed"),
            ("cancelled", "Called off"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        index=True,
    )
    requested_by = fields.Selection(
        selection=[
            ("company", "Us"),
            ("debtor", "The debtor"),
            ("portal", "The debtor, on his page"),
        ],
        string="Asked for by",
        required=True,
        readonly=True,
        default="company",
    )

    # === TERMS === #
    amount_total = fields.Monetary(string="Total", readonly=True, tracking=True)
    down_payment = fields.Monetary(readonly=True)
    begins_with_down_payment = fields.Boolean(
        string="In effect with the down payment",
        readonly=True,
        help="Until the down payment has come the schedule is signed, not running.",
    )
    frequency = fields.Selection(
        selection=FREQUENCIES, required=True, readonly=True, default="month"
    )
    first_date = fields.Date(readonly=True)
    skipped_months = fields.Char(string="Months without", readonly=True)
    interest_clause = fields.Selection(
        selection=[
            ("maintained", "Goes on"),
            ("waived", "Waived if the schedule is respected"),
        ],
        string="Late-payment interest",
        required=True,
        readonly=True,
        default="maintained",
    )
    cure_days = fields.Integer(
        string="Days to catch up",
        readonly=True,
        help="After a notice, before the whole becomes due.",
    )
    payment_way = fields.Selection(
        selection=PAYMENT_WAYS, string="Paid by", required=True, readonly=True, default="transfer"
    )
    payment_reference = fields.Char(
        string="Mandate or order", readonly=True, help="SEPA mandate, number of a standing order."
    )
    note = fields.Text(string="Why", readonly=True)
    date_start = fields.Date(string="In effect from", readonly=True, copy=False)
    end_note = fields.Char(string="Why it ended", readonly=True, copy=False)

    instalment_ids = fields.One2many("collection.instalment", "schedule_id", readonly=True)
    item_line_ids = fields.One2many(
        "collection.schedule.item", "schedule_id", string="Debts covered", readonly=True
    )

    # === FIGURES === #
    instalment_count = fields.Integer(compute="_compute_figures", compute_sudo=True)
    amount_paid = fields.Monetary(string="Paid", compute="_compute_figures", compute_sudo=True)
    amount_left = fields.Monetary(
        string="Still to pay", compute="_compute_figures", compute_sudo=True
    )
    next_due_date = fields.Date(
        string="Next instalment", compute="_compute_figures", compute_sudo=True
    )
    end_date = fields.Date(string="Last instalment", compute="_compute_figures", compute_sudo=True)
    discounted_value = fields.Monetary(compute="_compute_figures", compute_sudo=True)
    limit_text = fields.Text(string="Needs approval because", compute="_compute_limit_text")

    _name_unique = models.UniqueIndex(
        "(company_id, name)", "This number is used by another schedule."
    )
    _live_index = models.Index("(company_id, state) WHERE state IN ('signed', 'running', 'late')")

    # === COMPUTE === #

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for schedule in self:
            debtor = schedule.partner_id.sudo().display_name
            schedule.display_name = " · ".join(filter(None, [schedule.name, debtor]))

    @api.depends("instalment_ids.state", "instalment_ids.settled_on", "amount_total")
    def _compute_figures(self):
        """Read from the ledger what was paid, for all schedules at once."""
        today = fields.Date.context_today(self)
        states = self.filtered("id")._read_states(today)
        for schedule in self:
            lines = schedule._get_lines()
            state = states.get(schedule)
            rest = [
                (line, amount - settled.paid)
                for line, amount, settled in zip(
                    lines,
                    state.amounts if state else (),
                    state.settled if state else (),
                    strict=bool(state),
                )
                if amount > settled.paid
            ]
            schedule.instalment_count = len(lines)
            schedule.amount_paid = float(state.paid) if state else 0.0
            schedule.amount_left = float(state.left) if state else schedule.amount_total
            schedule.next_due_date = rest[0][0].due_date if rest else False
            schedule.end_date = lines[-1:].due_date
            schedule.discounted_value = float(
                plan.discounted_value(
                    [plan.PlanLine(line.due_date, amount) for line, amount in rest],
                    schedule._get_discount_rate(schedule.case_id),
                    today,
                    schedule.currency_id.decimal_places,
                )
            )

    @api.depends("state", "instalment_ids")
    def _compute_limit_text(self):
        for schedule in self:
            schedule.limit_text = "\n".join(schedule._check_limits())

    # === CONSTRAINTS === #

    @api.constrains("interest_clause", "item_line_ids", "case_id")
    def _check_consumer_without_cost(self):
        """A delay that costs a consumer something is consumer credit (C. conso L312-4)."""
        for schedule in self:
            # In sudo mode to read the kind of debtor, which only internal users see.
            kind = schedule.partner_id.sudo().collection_debtor_kind
            if kind == "consumer" and (
                schedule.interest_clause != "waived" or schedule.item_line_ids.charge_id
            ):
                raise ValidationError(
                    self.env._(
                        "A consumer's schedule is free: no charges in it, and interest waived "
                        "while it is respected (C. conso L312-4; CPCE L111-8)."
                    )
                )

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Schedules are part of the history: cancel them instead."))

    # === ACTIONS === #

    def action_submit(self):
        """Offer the schedule to the debtor, or ask for an approval above the policy's limits."""
        self._check_worked_on()
        self._submit()

    def action_revise(self):
        """Take an offer back to change it: nobody has signed it, and its paper is not to be."""
        self._check_worked_on()
        # In sudo mode to write what only the flow writes, after the check above.
        self.sudo()._apply_event("revise", {"agreement_id": False})

    def action_cancel(self):
        """Give the schedule up; contacts go on where they were."""
        self._check_worked_on()
        in_effect = self.filtered(lambda schedule: schedule.state in LIVE)
        if in_effect and not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._(
                    "%s is signed: it ends by a notice that stays without effect, by a new "
                    "version, or by a collection manager.",
                    in_effect[0].name,
                )
            )
        self._cancel(self.env._("Schedule cancelled by %s.", self.env.user.name))

    def action_print(self):
        """Download the agreement: the signed one, else the offered one."""
        self.ensure_one()
        document = self.signed_agreement_id or self.agreement_id
        if not document:
            raise UserError(self.env._("The agreement is made when the schedule is proposed."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{document.id}?download=true",
            "target": "self",
        }

    def action_change(self):
        """Open the dialog that plans: a draft is changed, an agreement gets a new version."""
        self.ensure_one()
        key = "schedule_id" if self.state == "draft" else "previous_id"
        return self._open_dialog(
            "collection.schedule.plan",
            self.env._("Change the plan"),
            default_case_id=self.case_id.id,
            **{f"default_{key}": self.id},
        )

    def action_sign_paper(self):
        """Open the dialog that takes in the paper which the debtor signed."""
        return self._open_dialog(
            "collection.schedule.paper", self.env._("Signed on paper"), default_schedule_id=self.id
        )

    def action_register_payment(self):
        """Open the dialog that registers a payment and matches it in the agreed order."""
        return self._open_dialog(
            "collection.schedule.payment.register",
            self.env._("Register a payment"),
            default_schedule_id=self.id,
        )

    def _open_dialog(self, model, name, **context):
        return open_dialog(model, name, **context, dialog_size="extra-large")

    # === BUSINESS - CHECKS === #

    def _check_worked_on(self):
        """Let those work on a schedule who work on its case."""
        self.case_id.check_access("write")

    def _check_still_free(self):
        """Refuse a plan of debts about which another one was agreed on meanwhile."""
        covers = self.item_line_ids
        self._check_free(covers.item_id, covers.charge_id, self | self.previous_id)

    # === BUSINESS - LIFE CYCLE === #

    def _submit(self):
        """Offer what is within the policy's limits, ask for an approval of the rest."""
        self.ensure_one()
        self._check_still_free()
        self._check_debt_unchanged()
        self_sudo = self.sudo()
        self_sudo._end_requester_tasks()
        if self._check_limits():
            self_sudo._apply_event("ask")
            self._ask_for_approval()
        else:
            self_sudo._apply_event("offer")
            self_sudo._make_agreement()

    def _make_agreement(self):
        """Print what the debtor is asked to sign."""
        for schedule in self:
            schedule.agreement_id = schedule._print_agreement()

    def _after_approval(self):
        """EXTENDS collection.approvable: print the agreement, and tell who asked."""
        self._make_agreement()
        self._tell_requester(self.env._("Approved: have the agreement signed"))

    def _after_decision(self, event):
        """EXTENDS collection.approvable: a refused draft goes back to who asked."""
        result = super()._after_decision(event)
        if event == "refuse":
            self._tell_requester(self.env._("Refused: change the plan, or give it up"))
        return result

    def _tell_requester(self, summary):
        """Give a task to who asked; to who has the case where the debtor did on his page."""
        responsible = self.case_id._map_responsible()
        for schedule in self:
            user = schedule.requested_by_id
            schedule.activity_schedule(
                REQUESTER_TASK,
                summary=summary,
                note=schedule.decision_note or "",
                user_id=(user if user._is_internal() else responsible[schedule.case_id]).id,
            )

    def _end_requester_tasks(self):
        task = self.env.ref(REQUESTER_TASK)
        self.activity_ids.filtered(lambda activity: activity.activity_type_id == task).unlink()

    def _cancel(self, note):
        """Give schedules up, in effect or not, and let contacts go on."""
        today = fields.Date.context_today(self)
        # In sudo mode to end what the flow alone writes, after the check of the caller.
        schedules_sudo = self.sudo()
        schedules_sudo._apply_event("cancel", {"ended_on": today, "end_note": note})
        schedules_sudo._end_approval_tasks()
        schedules_sudo._end_requester_tasks()
        schedules_sudo._withdraw_contacts(("before", "after", "notice"), note)
        schedules_sudo._release_hold(note)

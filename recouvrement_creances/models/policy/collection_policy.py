import ast

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...rules.transitions import POLICY

LONGEST_WAIT = 365
HIGHEST_CAP = 366
# What a manager has agreed to by confirming; its levels and steps are kept by themselves. Name,
# description and order among the policies stay free; archiving has checks of its own.
FOLLOWED = {
    "call_attempts",
    "company_id",
    "domain",
    "minimum_amount",
    "minimum_days_between",
    "monthly_cap",
    "promise_broken_limit",
    "promise_longest_days",
    "promise_next",
    "promise_reminder_days",
    "schedule_cure_days",
    "schedule_discount_rate",
    "schedule_least_instalment",
    "schedule_longest_months",
    "schedule_manager_months",
    "schedule_notice_after",
    "schedule_reminder_after",
    "schedule_reminder_before",
    "schedule_wait_months",
    "weekly_cap",
}


class CollectionPolicy(models.Model):
    """The ladder of levels that a kind of debtor goes through."""

    _name = "collection.policy"
    _description = "Collection policy"
    _inherit = [
        "collection.policy.schedule",
        "collection.policy.sharing",
        "mail.thread",
        "collection.stateful",
    ]
    _order = "sequence, id"
    _transitions = POLICY
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True, tracking=True)
    # Free in a confirmed policy: putting one policy in order writes the numbers of them all.
    sequence = fields.Integer(default=10, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self._get_own_company(),
        help="Empty: the policy can be used by every company, and is changed by managers who "
        "work in all companies that collect.",
    )
    state = fields.Selection(
        selection=[("draft", "To be confirmed"), ("confirmed", "Confirmed")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        help="The daily run follows confirmed policies only.",
    )
    confirmed_on = fields.Datetime(
        readonly=True, copy=False, help="The moment since which the daily run follows it."
    )
    domain = fields.Char(
        string="Debtors",
        default="[]",
        help="The debtors this policy is for. A policy named on the invoice or on the partner "
        "comes first; then the first policy, from the top, whose debtors match; then the "
        "company's policy.",
    )
    is_selective = fields.Boolean(
        compute="_compute_is_selective",
        help="The policy chooses its debtors by itself; otherwise it is used where it is named.",
    )
    description = fields.Text(translate=True)

    # === LIMITS === #
    minimum_amount = fields.Monetary(
        tracking=True,
        help="Debtors who owe less than this in all are not reminded. In the company's currency.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    minimum_days_between = fields.Integer(
        string="Least days between two contacts", default=7, tracking=True
    )
    weekly_cap = fields.Integer(
        string="Most contacts a week", default=2, tracking=True, help="0: no limit."
    )
    monthly_cap = fields.Integer(
        string="Most contacts in 30 days", default=4, tracking=True, help="0: no limit."
    )
    call_attempts = fields.Integer(
        default=3,
        help="After so many calls without an answer the ladder goes on as if the debtor had "
        "been reached.",
    )
    schedule_least_instalment = fields.Monetary(
        string="Least instalment",
        default=50.0,
        tracking=True,
        help="Below it an approval is needed; the one that takes the rest does not count.",
    )

    # === PROMISES === #
    promise_longest_days = fields.Integer(
        string="Longest promise (days)",
        default=30,
        tracking=True,
        help="A later day only a manager accepts. 0: no limit.",
    )
    promise_broken_limit = fields.Integer(
        string="Promises not kept",
        default=2,
        tracking=True,
        help="After so many, only a manager accepts another promise in the same case. 0: no limit.",
    )
    promise_reminder_days = fields.Integer(
        string="Reminder of a promise (days before)", default=3, tracking=True
    )
    promise_next = fields.Selection(
        selection=[
            ("task", "A task for the collector"),
            ("ladder", "The ladder goes on by itself"),
        ],
        string="After a broken promise",
        required=True,
        default="task",
        tracking=True,
    )
    level_ids = fields.One2many("collection.level", "policy_id", copy=True)
    level_count = fields.Integer(compute="_compute_level_count")

    _check_minimum_amount = models.Constraint(
        "CHECK(minimum_amount >= 0 AND schedule_least_instalment >= 0)",
        "The minimum amount and the least instalment cannot be negative.",
    )
    _check_promises = models.Constraint(
        "CHECK(promise_longest_days BETWEEN 0 AND 365 AND promise_broken_limit BETWEEN 0 AND 99"
        " AND promise_reminder_days BETWEEN 0 AND 30)",
        "Promises are for a year at most, reminded of 30 days before at most.",
    )
    _check_minimum_days = models.Constraint(
        "CHECK(minimum_days_between >= 0 AND weekly_cap >= 0 AND monthly_cap >= 0"
        " AND call_attempts >= 1)",
        "Days between contacts and caps cannot be negative; at least one call is attempted.",
    )

    # === COMPUTE === #

    @api.depends("domain")
    def _compute_is_selective(self):
        for policy in self:
            policy.is_selective = (policy.domain or "[]").strip() != "[]"

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for policy in self:
            policy.currency_id = (policy.company_id or self.env.company).currency_id

    @api.depends("level_ids.active")
    def _compute_level_count(self):
        for policy in self:
            policy.level_count = len(policy.level_ids)

    # === CONSTRAINTS === #

    @api.constrains("minimum_days_between", "weekly_cap", "monthly_cap", "call_attempts")
    def _check_limits(self):
        """Limits beyond a year would silence debtors for good: a mistype."""
        for policy in self:
            if policy.minimum_days_between > LONGEST_WAIT:
                raise ValidationError(
                    self.env._(
                        "“%(policy)s”: at most %(days)s days between two contacts.",
                        policy=policy.name,
                        days=LONGEST_WAIT,
                    )
                )
            if max(policy.weekly_cap, policy.monthly_cap, policy.call_attempts) > HIGHEST_CAP:
                raise ValidationError(
                    self.env._(
                        "“%(policy)s”: contacts and call attempts are capped at %(cap)s at most.",
                        policy=policy.name,
                        cap=HIGHEST_CAP,
                    )
                )

    @api.constrains("domain")
    def _check_domain(self):
        for policy in self:
            try:
                # one query per policy: each domain is tried by itself, so that the error names it
                self.env["res.partner"].search(policy._get_debtor_domain(), limit=1)
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The debtors of “%(policy)s” cannot be searched for: %(error)s",
                        policy=policy.name,
                        error=error,
                    )
                ) from error

    @api.constrains("domain")
    def _check_words(self):
        """Widening a policy to consumers does not bring them texts for professionals."""
        self.with_context(active_test=False).level_ids.step_ids._check_words()

    @api.constrains("active", "company_id")
    def _check_still_used(self):
        """A company never points to a policy that is archived or belongs to another one."""
        # In sudo mode to find companies that the manager does not work in.
        companies_sudo = (
            self.env["res.company"].sudo().search([("collection_policy_id", "in", self.ids)])
        )
        for policy in self:
            using = companies_sudo.filtered(
                lambda company, policy=policy: company.collection_policy_id == policy
            )
            if not policy.active and using:
                raise ValidationError(
                    self.env._(
                        "“%(policy)s” is the policy of %(companies)s: "
                        "choose another one in the settings before archiving it.",
                        policy=policy.name,
                        companies=using.mapped("name"),
                    )
                )
            others = using.filtered(
                lambda company, owner=policy.company_id: owner not in company.parent_ids
            )
            if policy.company_id and others:
                raise ValidationError(
                    self.env._(
                        "“%(policy)s” is used by %(companies)s and cannot belong to one company.",
                        policy=policy.name,
                        companies=others.mapped("name"),
                    )
                )

    # === CRUD === #

    def write(self, vals):
        """Keep what the run follows; switch the run when a policy is archived or comes back."""
        if FOLLOWED & vals.keys():
            self._check_may_change()
        if "active" in vals:
            self._check_shared()
        result = super().write(vals)
        if "active" in vals:
            self._switch_daily_run()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """A ladder that debtors have climbed is part of their history."""
        self._check_shared()
        # In sudo mode to find what the manager may not see, in other companies.
        companies_sudo = self.env["res.company"].sudo()
        using = companies_sudo.search([("collection_policy_id", "in", self.ids)])
        if using:
            raise UserError(
                self.env._(
                    "“%(policy)s” is the policy of %(companies)s: "
                    "choose another one in the settings first.",
                    policy=using[0].collection_policy_id.name,
                    companies=using.mapped("name"),
                )
            )
        self.with_context(active_test=False).level_ids._check_unused()

    # === ACTIONS === #

    def action_confirm(self):
        """Let the daily run follow the policy; from the first one on, the run is switched on."""
        if not self.env.user.has_group("recouvrement_creances.group_manager"):
            raise AccessError(self.env._("Only a collection manager confirms a policy."))
        self._check_shared()
        for policy in self:
            policy._check_complete()
        self._apply_event("confirm", {"confirmed_on": fields.Datetime.now()})
        self._switch_daily_run()

    def action_revise(self):
        """Take the policy back: the daily run leaves its debtors alone until it is confirmed."""
        if not self.env.user.has_group("recouvrement_creances.group_manager"):
            raise AccessError(self.env._("Only a collection manager revises a policy."))
        self._check_shared()
        self._apply_event("revise")
        self._switch_daily_run()

    # === BUSINESS === #

    def _get_debtor_domain(self):
        """Return the domain of the debtors; an unreadable one raises ValueError."""
        self.ensure_one()
        return Domain(ast.literal_eval((self.domain or "[]").strip()))

    def _reaches_consumers(self):
        """Tell whether a consumer is among the debtors that the policy is for."""
        self.ensure_one()
        domain = self._get_debtor_domain() & Domain("collection_debtor_kind", "=", "consumer")
        # In sudo mode to find the debtors of every company.
        return bool(self.env["res.partner"].sudo().search_count(domain, limit=1))

    def _check_complete(self, without_levels=(), without_steps=()):
        """Refuse a ladder that would stop in the middle of a run, naming what is missing.

        :param without_levels: levels that are about to be deleted
        :param without_steps: steps that are about to be deleted
        """
        self.ensure_one()
        levels = self.level_ids.filtered(lambda level: level.active and level not in without_levels)
        if not levels:
            raise UserError(
                self.env._(
                    "“%(policy)s” has no level: add at least one, with its steps.",
                    policy=self.name,
                )
            )
        for level in levels:
            steps = level.step_ids.filtered(lambda step: step not in without_steps)
            if not steps:
                raise UserError(
                    self.env._(
                        "Level “%(level)s” of “%(policy)s” does nothing: add a step to it.",
                        level=level.name,
                        policy=self.name,
                    )
                )
            steps._check_complete()

    def _check_may_change(self):
        """Refuse to change what the daily run follows: a person confirms each version of it.

        Data files and the add-on's own code are let through.
        """
        self._check_shared()
        for policy in self if not self.env.su else ():
            if policy.state == "confirmed":
                raise UserError(
                    self.env._(
                        "“%(policy)s” is confirmed, and the daily run follows it as it stands: "
                        "press Revise to change it, or duplicate it to prepare a new version.",
                        policy=policy.name,
                    )
                )

    def _check_still_complete(self, **without):
        """A confirmed policy stays complete; to take it apart, revise it first."""
        for policy in self.filtered(lambda policy: policy.active and policy.state == "confirmed"):
            policy._check_complete(**without)

    @api.model
    def _switch_daily_run(self):
        """The daily run is on while at least one policy is confirmed."""
        # In sudo mode to switch a scheduled action: managers cannot edit scheduled actions.
        cron_sudo = self.env.ref("recouvrement_creances.ir_cron_run_collection").sudo()
        confirmed = self.sudo().search_count([("state", "=", "confirmed")], limit=1)
        if bool(confirmed) != cron_sudo.active:
            cron_sudo.active = bool(confirmed)

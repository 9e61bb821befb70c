from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..mixins.collection_approvable import FINANCE_DIRECTOR, MANAGER

# Name of what the transaction knows already: {company id: ids of its rules}.
KNOWN_RULES = "collection.approval.rule"
APPROVERS = (MANAGER, FINANCE_DIRECTOR)
SUBSTITUTION = {"substitute_id", "substitute_from", "substitute_until"}


class CollectionApprovalRule(models.Model):
    """Who decides on handovers: from which amount, of which debtors, at which level.

    Each level of the rules that fit has to approve, the lowest first. Without any rule that fits a
    finance director decides. Nobody gives the decision to himself; who stands in for whom is said
    by who is stood in for, or by a finance director; and every change is on record.
    """

    _name = "collection.approval.rule"
    _description = "Approval of handovers"
    _inherit = ["mail.thread"]
    _order = "company_id, level, least_amount, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    level = fields.Integer(
        required=True,
        default=1,
        tracking=True,
        help="The lowest level decides first, the others after it.",
    )
    least_amount = fields.Monetary(
        string="From (amount)",
        tracking=True,
        help="Of what is handed over, in the company's currency.",
    )
    debtor_kind = fields.Selection(
        selection=[
            ("professional", "Professionals"),
            ("consumer", "Consumers"),
            ("public", "Public bodies"),
        ],
        string="For debtors",
        tracking=True,
        help="Empty: for all of them.",
    )
    approver_id = fields.Many2one(
        "res.users",
        string="Decides",
        tracking=True,
        ondelete="restrict",
        index="btree_not_null",
        domain=[("share", "=", False)],
        help="A manager or finance director. Empty: any finance director.",
    )
    substitute_id = fields.Many2one(
        "res.users",
        ondelete="restrict",
        index="btree_not_null",
        domain=[("share", "=", False)],
        tracking=True,
    )
    substitute_from = fields.Date(tracking=True)
    substitute_until = fields.Date(tracking=True)
    active = fields.Boolean(default=True, tracking=True)

    _level_positive = models.Constraint("CHECK(level BETWEEN 1 AND 9)", "There are levels 1 to 9.")
    _amount_not_negative = models.Constraint(
        "CHECK(least_amount >= 0)", "The least amount is not negative."
    )
    _substitute_dates = models.Constraint(
        "CHECK(substitute_id IS NULL OR (substitute_from IS NOT NULL AND "
        "substitute_until IS NOT NULL AND substitute_until >= substitute_from))",
        "Give the first and the last day of the substitute, in their order.",
    )

    # === COMPUTE === #

    @api.depends("level", "approver_id")
    def _compute_display_name(self):
        for rule in self:
            who = rule.approver_id.name or self.env._("Finance director")
            rule.display_name = self.env._("Level %(level)s: %(who)s", level=rule.level, who=who)

    # === CONSTRAINTS === #

    @api.constrains("approver_id", "substitute_id", "company_id")
    def _check_people(self):
        """A decision needs the right: a rule gives it to nobody who has none."""
        for rule in self:
            for user in rule.approver_id | rule.substitute_id:
                may = any(user.has_group(group) for group in APPROVERS)
                if not may or rule.company_id not in user.company_ids:
                    raise ValidationError(
                        self.env._(
                            "%(user)s is no collection manager or finance director of "
                            "%(company)s: choose somebody else, or give the role first.",
                            user=user.name,
                            company=rule.company_id.name,
                        )
                    )

    # === ONCHANGE === #

    @api.onchange("approver_id")
    def _onchange_approver_id(self):
        """Leave out who stands in for somebody else: who decides now names his own."""
        if self.approver_id != self._origin.approver_id:
            self.update(dict.fromkeys(SUBSTITUTION, False))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Let the new rules count at once."""
        self.env.cr.cache.pop(KNOWN_RULES, None)
        rules = super().create(vals_list)
        rules.filtered("substitute_id")._check_who_substitutes()
        rules._check_not_oneself({"approver_id", "substitute_id"})
        self._renew_tasks(rules.company_id)
        return rules

    def write(self, vals):
        """Let the rules count at once as they are now, written by who may."""
        self.env.cr.cache.pop(KNOWN_RULES, None)
        # Who stands in was named by who decided so far: he goes with him, whoever changes that.
        changed = self.filtered(
            lambda rule: (
                "approver_id" in vals and rule.approver_id.id != (vals["approver_id"] or False)
            )
        )
        is_named = any(vals.get(name) for name in SUBSTITUTION)
        if is_named or (SUBSTITUTION & vals.keys() and self - changed):
            self._check_who_substitutes()
        if vals.keys() - SUBSTITUTION and not self._may_rule():
            raise AccessError(
                self.env._("A collection manager writes the rules; you name who stands in.")
            )
        companies = self.company_id
        result = super().write(vals)
        if changed and not vals.get("substitute_id"):
            super(CollectionApprovalRule, changed).write(dict.fromkeys(SUBSTITUTION, False))
        self._check_not_oneself(vals.keys())
        self._renew_tasks(companies | self.company_id)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("By these rules things were decided: archive them instead."))

    # === BUSINESS - WHO WRITES === #

    @api.model
    def _may_rule(self):
        return self.env.su or self.env.user.has_group(MANAGER)

    def _check_who_substitutes(self):
        """Let finance directors say who stands in for whom, and each for himself."""
        user = self.env.user
        if self.env.su or user.has_group(FINANCE_DIRECTOR):
            return
        if any(rule.approver_id != user for rule in self):
            raise AccessError(
                self.env._("Who stands in is said by who decides, or by a finance director.")
            )

    def _check_not_oneself(self, names):
        """Refuse to give oneself a decision."""
        user = self.env.user
        if self.env.su:
            return
        for name in {"approver_id", "substitute_id"} & set(names):
            if user in self.mapped(name):
                raise AccessError(
                    self.env._("Nobody gives himself the decision: let somebody else do it.")
                )

    # === BUSINESS === #

    @api.model
    def _renew_tasks(self, companies):
        """Give who decides now the tasks of what waits in companies and their branches."""
        # In sudo mode to give tasks about requests that who writes rules may not see.
        waiting_sudo = (
            self.env["collection.handover"]
            .sudo()
            .search([("state", "=", "requested"), ("company_id", "child_of", companies.ids)])
        )
        waiting_sudo._renew_approval_task()

    def _list_of(self, company):
        """Return the rules of one company: a list of handovers asks for them row by row."""
        known = self.env.cr.cache.setdefault(KNOWN_RULES, {})
        if company.id not in known:
            known[company.id] = self.search([("company_id", "=", company.id)]).ids
        return self.browse(known[company.id])

    @api.model
    def _find_for(self, company, amount, debtor_kind):
        """Return the rules that a handover falls under, of its company or its nearest parent.

        :param float amount: in the company's currency
        :param str debtor_kind: professional, consumer or public
        """
        # In sudo mode to read the rules of parents, in which the person may not work.
        for each_sudo in company.sudo().parent_ids[::-1]:
            # one query per company up the tree, of which there are few
            rules_sudo = self.sudo()._list_of(each_sudo)
            if rules_sudo:
                return rules_sudo.filtered(
                    lambda rule: (
                        rule.debtor_kind in (False, debtor_kind)
                        and rule.currency_id.compare_amounts(amount, rule.least_amount) >= 0
                    )
                )
        return self.browse()

    def _get_substitute(self, day):
        """Return who stands in on a day, or an empty record."""
        self.ensure_one()
        stands_in = self.substitute_id and self.substitute_from <= day <= self.substitute_until
        return self.substitute_id if stands_in else self.env["res.users"]

    def _get_deciders(self, day):
        """Return who decides by one of the rules on a day."""
        found = self.env["res.users"]
        for rule in self:
            found |= rule._get_substitute(day) | rule.approver_id
            if not rule.approver_id:
                found |= self._get_directors(rule.company_id)
        return found

    @api.model
    def _get_directors(self, company):
        """Return the finance directors of a company."""
        users = self.env.ref("recouvrement_creances.group_finance_director").all_user_ids
        return users.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

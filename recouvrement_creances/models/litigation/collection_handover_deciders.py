from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules.approval_levels import find_stuck_level
from .collection_approval_rule import APPROVERS

APPROVAL_TASK = "recouvrement_creances.mail_activity_type_approval"


class CollectionHandoverDeciders(models.AbstractModel):
    """Who decides on a handover: by the rules of its company, level by level, never who asked."""

    _name = "collection.handover.deciders"
    _description = "Who decides on a handover"

    next_level = fields.Integer(
        string="Level that decides", compute="_compute_next_level", compute_sudo=True
    )
    next_deciders = fields.Char(
        string="To be decided by", compute="_compute_next_level", compute_sudo=True
    )

    # === COMPUTE === #

    @api.depends("state", "decision_ids")
    def _compute_next_level(self):
        for handover in self:
            waits = handover.state == "requested"
            handover.next_level = handover._get_next_level() if waits else 0
            users = self.env["res.users"]
            if waits:
                # Who asked is no answer to who decides.
                users = handover._get_deciders() - handover._get_taken()
            handover.next_deciders = ", ".join(users.mapped("name"))

    # === BUSINESS === #

    def _get_rules(self):
        self.ensure_one()
        return self.env["collection.approval.rule"]._find_for(
            self.company_id,
            self._get_company_amount(),
            # In sudo mode to read what everybody may know of a debtor that is a contact.
            self.partner_id.sudo().collection_debtor_kind,
        )

    def _get_company_amount(self):
        company = self.company_id
        return self.currency_id._convert(
            self.amount, company.currency_id, company, fields.Date.context_today(self)
        )

    def _get_approvals(self):
        """Return the approvals of the present round."""
        self.ensure_one()
        return self.decision_ids.filtered(
            lambda record: record.round == self.round and record.decision == "approve"
        )

    def _get_next_level(self):
        """Return the lowest level that has not approved in this round; 0 when none is left."""
        self.ensure_one()
        done = set(self._get_approvals().mapped("level"))
        levels = set(self._get_rules().mapped("level")) or {1}
        return min(levels - done, default=0)

    def _get_deciders(self, level=None):
        """Return who decides today on a level, the next one unless another is given.

        Rules of a parent hold for its branches; who does not work in one sees nothing of it.
        """
        named = self._get_named(level)
        return named.filtered(lambda user: self.company_id in user.company_ids)

    def _get_named(self, level=None):
        """Return whom the rules name for a level today, as far as they have the role."""
        self.ensure_one()
        level = self._get_next_level() if level is None else level
        rules = self._get_rules().filtered(lambda rule: rule.level == level)
        today = fields.Date.context_today(self)
        users = (
            rules._get_deciders(today)
            if rules
            else self.env["collection.approval.rule"]._get_directors(self.company_id)
        )
        return users.filtered(
            lambda user: user.active and any(user.has_group(group) for group in APPROVERS)
        )

    def _get_next_rules(self):
        """Return the rules of the level that decides next."""
        level = self._get_next_level()
        return self._get_rules().filtered(lambda rule: rule.level == level)

    def _get_substitutes(self):
        """Return who decides on the next level today in somebody's place."""
        today = fields.Date.context_today(self)
        rules = self._get_next_rules()
        return self.env["res.users"].union(*(rule._get_substitute(today) for rule in rules))

    def _get_taken(self):
        """Return who does not decide on the next level whatever the rules say."""
        self.ensure_one()
        return self._get_askers() | self._get_approvals().user_id

    def _check_decidable(self):
        """Refuse what would wait for nobody: each level needs somebody of its own.

        Called in sudo mode, who asks being known.
        """
        self.ensure_one()
        done = set(self._get_approvals().mapped("level"))
        levels = (set(self._get_rules().mapped("level")) or {1}) - done
        taken = self._get_taken()
        free = {level: tuple((self._get_deciders(level) - taken).ids) for level in levels}
        stuck = find_stuck_level(free)
        if stuck:
            raise UserError(self._word_stuck(stuck))

    def _word_stuck(self, level):
        """Return who alone decides on a level, and what to do."""
        deciders = self._get_deciders(level)
        named = self._get_named(level)
        names = ", ".join((deciders or named).mapped("name"))
        if named and not deciders:
            return self.env._(
                "Nobody could decide on level %(level)s: %(names)s may not work in %(company)s. "
                "Let an administrator allow it, or let a manager name somebody else or a "
                "substitute under “Approval of handovers”.",
                level=level,
                names=names,
                company=self.company_id.name,
            )
        return self.env._(
            "Nobody could decide on level %(level)s: only %(names)s may, who asked for it, "
            "prepared it or decides on another level. Let a colleague prepare and ask for it, or "
            "let a manager name somebody else or a substitute under “Approval of handovers”.",
            level=level,
            names=names or "—",
        )

    def _renew_approval_task(self):
        """Give the task to who decides now, where who has it does not any more; in sudo mode.

        Who stands in from today on is given it too; who may decide beside him keeps nothing.
        """
        task = self.env.ref(APPROVAL_TASK)
        for handover in self:
            given = handover.activity_ids.filtered(lambda one: one.activity_type_id == task)
            taken = handover._get_taken()
            deciders = handover._get_deciders() - taken
            if given.user_id & (handover._get_substitutes() & deciders or deciders):
                continue
            if not (given or deciders):
                # That nobody may was said as it was found.
                continue
            given.unlink()
            handover._assign_approval()

    def _assign_approval(self, approver=None, note=""):
        """EXTENDS collection.approvable: that nobody may decide is said on the record."""
        if not (approver or self._find_approver()):
            words = self._word_stuck(self._get_next_level())
            self._message_log(body=words)
            manager = self.env["res.users"]._find_collection_manager(self.company_id)
            self.message_notify(
                partner_ids=manager.partner_id.ids,
                subject=self.case_id.display_name,
                body=words,
            )
        return super()._assign_approval(approver, note)

    def _find_obstacle(self):
        """OVERRIDES collection.approvable: the rules of the company say who decides."""
        self.ensure_one()
        user = self.env.user
        # In sudo mode to read rules and decisions: they say the same to everybody.
        handover_sudo = self.sudo()
        if user in self._get_askers():
            return self.env._("Nobody decides on his own request.")
        if user in handover_sudo._get_approvals().user_id:
            return self.env._("You approved it already: somebody else decides on the next level.")
        deciders = handover_sudo._get_deciders()
        if user not in deciders:
            names = ", ".join((deciders - handover_sudo._get_taken()).mapped("name"))
            return self.env._("This is decided by: %s.", names or "—")
        return ""

    def _find_approver(self):
        """OVERRIDES collection.approvable: the substitute first, then who the rule names."""
        self.ensure_one()
        taken = self._get_taken()
        deciders = self._get_deciders() - taken
        approvers = self._get_next_rules().approver_id
        for users in (self._get_substitutes() & deciders, approvers & deciders, deciders):
            free = users.sorted(lambda user: (user._is_system(), user.id))
            if free:
                return free[0]
        return self.env["res.users"]

    def _get_substituted(self, level):
        """Return in whose place the present user decides, or an empty record."""
        today, user = fields.Date.context_today(self), self.env.user
        rules = self._get_rules().filtered(lambda rule: rule.level == level)
        if user in rules.approver_id:
            return self.env["res.users"]
        return rules.filtered(lambda rule: rule._get_substitute(today) == user).approver_id[:1]

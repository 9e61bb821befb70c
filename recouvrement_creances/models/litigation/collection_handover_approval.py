from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...rules.handover_checklist import MISSING, OUTDATED, PROMISE, SCHEDULE
from ...rules.routes import UNDEMANDING
from ...tools.dialogs import open_dialog
from .collection_approval_rule import APPROVERS


class CollectionHandoverApproval(models.AbstractModel):
    """Who decides on a handover, level by level; each decision is a record of its own."""

    _name = "collection.handover.approval"
    _description = "Approval of a handover"

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
            users = handover._get_deciders() if waits else self.env["res.users"]
            handover.next_deciders = ", ".join(users.mapped("name"))

    # === ACTIONS === #

    def action_request(self):
        """Ask for the approval: nothing of the checklist may be missing.

        What has gone out of date since it was shown is kept and named: an error would take it back.
        """
        self.check_access("write")
        for handover in self:
            known = handover._find_missing()
            handover._work_out()
            if handover._find_missing() - known:
                return self._notify_missing(handover._find_missing())
            handover._request()
        return None

    def action_revise(self):
        """Take a request back, or a refused one up again, to change it."""
        self.check_access("write")
        # In sudo mode to write what only the flow writes, after the check above.
        self.sudo()._apply_event("revise")
        self.sudo()._end_approval_tasks()
        self._work_out()

    def action_decide(self):
        """EXTENDS collection.approvable: decide on one or on several; or ask something first."""
        return open_dialog(
            "collection.handover.verdict",
            self.env._("Approve or refuse"),
            default_handover_ids=self.ids,
        )

    # === BUSINESS - REQUEST === #

    def _request(self):
        self.ensure_one()
        self.check_access("write")
        self._work_out()
        self._check_complete(self.check_ids)
        if not self.route_code or not (self.note or "").strip():
            raise UserError(self.env._("Choose the route, and say why now."))
        route = self.route_ids.filtered("is_chosen")
        if not route.is_open:
            raise UserError(
                self.env._("This route is not open to the claim: %s", route.explanation)
            )
        # In sudo mode to write what only the flow writes, after the check of access.
        handover_sudo = self.sudo()
        if self.state == "refused":
            handover_sudo._apply_event("revise")
        handover_sudo._apply_event("ask")
        handover_sudo._open_round(self.note)
        handover_sudo._ask_for_approval()
        self._tell_case(self.env._("Handover asked for"))

    def _find_missing(self):
        return self.check_ids.filtered(lambda check: check.result == MISSING)

    def _check_complete(self, checks):
        missing = checks & self._find_missing()
        if missing:
            raise UserError(self._name_missing(missing))

    def _name_missing(self, missing):
        labels = dict(missing._fields["code"]._description_selection(self.env))
        return self.env._(
            "Before it is asked for, see to: %s.",
            ", ".join(labels[check.code] for check in missing),
        )

    def _notify_missing(self, missing):
        """Return what names it on the page, whose checklist is read anew."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self._name_missing(missing),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _open_round(self, note):
        """Let all levels decide from the first on; called in sudo mode, in the waiting state."""
        self.ensure_one()
        self.write(
            {
                "round": self.round + 1,
                "amount_requested": self.amount,
                "amount_told": self.amount,
            }
        )
        self._keep_decision("requested", note)
        self._end_approval_tasks()

    def _ask_again(self):
        """Open a new round: what was asked for is not what is due now. In sudo mode."""
        self.ensure_one()
        before = self.currency_id.format(self.amount_requested)
        if self.state != "requested":
            had_it = self._is_with_partner()
            self.link_ids._revoke()
            self._release_hold(self.env._("The amount has changed: asked for again."))
            self._apply_event("ask_again")
            if had_it:
                # He begins nothing on the former decision.
                self._mail_agent(
                    self.env.ref("recouvrement_creances.mail_template_handover_recalled")
                )
        self._work_out()
        words = self.env._(
            "The amount has changed from %(before)s to %(now)s: it is decided on again.",
            before=before,
            now=self._format_amount(),
        )
        self._open_round(words)
        # It stays the request of who asked first, whoever finds that it has changed.
        self._assign_approval()
        self._message_log(body=words)
        return words

    # === BUSINESS - WHO === #

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

    def _get_deciders(self):
        """Return who decides on the next level today."""
        self.ensure_one()
        level = self._get_next_level()
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
            names = ", ".join(deciders.mapped("name"))
            return self.env._("This is decided by: %s.", names or "—")
        return ""

    def _find_approver(self):
        """OVERRIDES collection.approvable: the substitute first, then who the rule names."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        level = self._get_next_level()
        rules = self._get_rules().filtered(lambda rule: rule.level == level)
        taken = self._get_askers() | self._get_approvals().user_id
        substitutes = self.env["res.users"].union(*(rule._get_substitute(today) for rule in rules))
        for users in (substitutes, rules.approver_id, self._get_deciders()):
            free = (users - taken).sorted(lambda user: (user._is_system(), user.id))
            if free:
                return free[0]
        return self.env["res.users"]

    def _needs_reason(self, event):
        """OVERRIDES collection.approvable: each decision says why."""
        return True

    def _get_approval_summary(self):
        """EXTENDS collection.approvable: amount and route stand in the task."""
        routes = dict(self._fields["route_code"]._description_selection(self.env))
        return self.env._(
            "Approve or refuse: %(handover)s, %(amount)s, %(route)s",
            handover=self.display_name,
            amount=self._format_amount(),
            route=routes.get(self.route_code, ""),
        )

    # === BUSINESS - DECISION === #

    def _decide(self, event, note=None, values=None):
        """EXTENDS collection.approvable: what has changed since is asked for again first."""
        self.check_access("read")
        unchanged = self.browse()
        for handover in self:
            obstacle = handover._find_obstacle()
            if obstacle:
                raise AccessError(obstacle)
            if event == "approve" and handover.state == "requested":
                handover._check_approvable()
                if handover._is_amount_changed():
                    # In sudo mode as the decision that it stands for.
                    handover._warn(handover.sudo()._ask_again())
                    continue
            unchanged |= handover
        return super(CollectionHandoverApproval, unchanged)._decide(event, note, values)

    def _check_approvable(self):
        """Refuse to hand over what may not be any more, whoever approves."""
        self.ensure_one()
        # In sudo mode to bring up to date what the requester's own rights were enough for.
        self.sudo()._work_out()
        self._check_not_insolvent()
        if self.currency_id.is_zero(self.amount):
            raise UserError(self.env._("Nothing of it is due any more: refuse it."))
        # What is looked at on the day of the request was good on that day.
        self._check_complete(self.check_ids.filtered(lambda check: check.because != OUTDATED))

    def _check_may_go_on(self):
        """Refuse to go on with what was approved where the debtor's own facts stop it."""
        self._check_not_insolvent()
        # In sudo mode to read what holds the items, whoever agreed on it.
        if {SCHEDULE, PROMISE} & self.sudo()._get_running_holds(fields.Date.context_today(self)):
            raise UserError(
                self.env._(
                    "An agreement is running: who keeps to it is not sued. Wait for its end, or "
                    "cancel it first."
                )
            )

    def _check_not_insolvent(self):
        """Refuse what the law forbids once proceedings are open (C. com. L622-21)."""
        self.ensure_one()
        if self.route_code in UNDEMANDING:
            return
        if self._find_barring():
            raise UserError(
                self.env._(
                    "An insolvency of the debtor has ended, and what arose before is not pursued "
                    "any more (C. com. L643-11; C. conso L741-2): write it off."
                )
            )
        # In sudo mode to read the holds of the debtor's other cases as well.
        if "insolvency" in self.sudo()._get_running_holds(fields.Date.context_today(self)):
            raise UserError(
                self.env._("The debtor is insolvent: declare the claim instead of going on.")
            )

    def _warn(self, message):
        self.env.user._bus_send(
            "simple_notification", {"type": "warning", "sticky": True, "message": message}
        )

    def _write_decision(self, event, note="", values=None):
        """EXTENDS collection.approvable: keep the record; the next level decides before the end."""
        final = self.browse()
        self._touch()
        for handover in self:
            if handover.state != "requested":
                raise UserError(self.env._("%s was decided on already.", handover.display_name))
            handover._keep_decision(event, note)
            if event == "ask":
                handover._hand_question(note)
            elif event == "approve" and handover._get_next_level():
                handover._end_approval_tasks()
                handover._assign_approval()
                handover._message_log(body=note)
            else:
                final |= handover
        return super(CollectionHandoverApproval, final)._write_decision(event, note, values)

    def _touch(self):
        """Write the rows before anything follows from them; called in sudo mode.

        Who wrote the same at the same time is told so by the database, and does it again on what
        the other one has left: reading first would let both go on.
        """
        if not self:
            return
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE collection_handover SET round = round WHERE id IN %s RETURNING id",
                tuple(self.ids),
            )
        )

    def _keep_decision(self, decision, note):
        """Append what was decided; called in sudo mode."""
        self.ensure_one()
        level = 0 if decision in ("requested", "answer") else self._get_next_level()
        self.env["collection.handover.decision"].create(
            {
                "handover_id": self.id,
                "company_id": self.company_id.id,
                "decision": decision,
                "round": self.round,
                "level": level,
                "user_id": self.env.uid,
                "substituted_id": self._get_substituted(level).id,
                "decided_at": fields.Datetime.now(),
                "amount": self.amount,
                "currency_id": self.currency_id.id,
                "route_code": self.route_code,
                "note": note,
            }
        )

    def _get_substituted(self, level):
        """Return in whose place the present user decides, or an empty record."""
        today, user = fields.Date.context_today(self), self.env.user
        rules = self._get_rules().filtered(lambda rule: rule.level == level)
        if user in rules.approver_id:
            return self.env["res.users"]
        return rules.filtered(lambda rule: rule._get_substitute(today) == user).approver_id[:1]

    def _after_decision(self, event):
        """EXTENDS collection.approvable: who asked is told."""
        for handover in self:
            words = (
                self.env._("Handover approved")
                if event == "approve"
                else self.env._("Handover refused")
            )
            handover._tell_case(words)
            people = (handover.requested_by_id | handover.case_user_id) - self.env.user
            handover.message_notify(
                partner_ids=people.partner_id.ids,
                subject=f"{words}: {handover.case_id.display_name}",
                body=f"{words}. {handover.decision_note or ''}",
            )
        return super()._after_decision(event)

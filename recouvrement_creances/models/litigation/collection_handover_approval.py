from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...rules.handover_checklist import MISSING, OUTDATED, PROMISE, SCHEDULE
from ...rules.routes import UNDEMANDING
from ...tools.dialogs import open_dialog


class CollectionHandoverApproval(models.AbstractModel):
    """Who decides on a handover, level by level; each decision is a record of its own."""

    _name = "collection.handover.approval"
    _description = "Approval of a handover"

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
        handover_sudo._check_decidable()
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
            self._settle_under_way()
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

    # === BUSINESS - WHAT IS SAID === #

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
        if self._is_settled():
            raise UserError(self.env._("Nothing of it is due any more: refuse it."))
        # What is looked at on the day of the request was good on that day.
        self._check_complete(self.check_ids.filtered(lambda check: check.because != OUTDATED))

    def _check_may_go_on(self):
        """Refuse to go on with what was approved where the debtor's own facts stop it."""
        self._check_not_insolvent()
        # In sudo mode to read what is due, as everybody who may go on with it does.
        if self.sudo()._is_settled():
            raise UserError(self.env._("Nothing of it is due any more: close the handover."))
        dismissed_on = self._find_dismissed_on()
        if dismissed_on:
            raise UserError(
                self.env._(
                    "A claim for it was dismissed on %s: what was decided is not asked for again "
                    "(C. civ. 1355). Appeal in the proceeding, or close it.",
                    format_date(self.env, dismissed_on),
                )
            )
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
            if handover.state == "draft":
                raise UserError(self.env._("%s was not asked for yet.", handover.display_name))
            if handover.state != "requested":
                raise UserError(self.env._("%s was decided on already.", handover.display_name))
            handover._keep_decision(event, note)
            if event == "ask":
                handover._hand_question(note)
            elif event == "approve" and handover._get_next_level():
                handover._check_decidable()
                handover._end_approval_tasks()
                handover._assign_approval()
                handover._message_log(body=note)
            else:
                final |= handover
        return super(CollectionHandoverApproval, final)._write_decision(event, note, values)

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
                subject=handover._word_subject(words),
                body=f"{words}. {handover.decision_note or ''}",
            )
        return super()._after_decision(event)

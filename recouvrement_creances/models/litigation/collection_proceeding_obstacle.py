from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .collection_handover_transmission import ENDS_WITH_COURT

# With these something is asked of a court, or of the debtor through one.
BEGINS = ("file", "serve", "enforce")
# Nothing goes on of it any more.
ENDED = ("rejected", "withdrawn", "closed")
MANAGER = "recouvrement_creances.group_manager"
UNAPPROVED = "unapproved"
STAYED = "stayed"
BARRED = "barred"
LATE = "late"
OUT_OF_TIME = "out_of_time"
PAID = "paid"
ABOVE_CLAIM = "above_claim"
NOT_DUE = "not_due"
DISMISSED = "dismissed"
IN_COURT = "in_court"
LEFT_OPEN = "left_open"
OPPOSED_LATE = "opposed_late"
SHORT = "short"
TO_COME = "to_come"
CLOSED_WAY = "closed_way"
# What a manager alone decides to record all the same.
OF_MANAGERS = frozenset((UNAPPROVED, BARRED, DISMISSED))


class CollectionProceedingObstacle(models.AbstractModel):
    """What speaks against a step: no approval, insolvency, a day that has passed, the amounts.

    The step may have taken place all the same: then it is recorded with a reason, which is kept.
    """

    _name = "collection.proceeding.obstacle"
    _description = "Obstacles to steps of court proceedings"

    is_stayed = fields.Boolean(
        string="Stayed by insolvency",
        compute="_compute_is_stayed",
        compute_sudo=True,
        help="Nothing is sued for or enforced of earlier debts (C. com. L622-21, L622-22).",
    )
    is_barred = fields.Boolean(
        string="Barred by insolvency",
        compute="_compute_is_stayed",
        compute_sudo=True,
        help="The insolvency has ended, and creditors did not get back their actions about earlier "
        "debts (C. com. L643-11; C. conso L741-2, L742-22).",
    )

    # === COMPUTE === #

    @api.depends("state", "item_ids.verdict")
    def _compute_is_stayed(self):
        for proceeding in self:
            held = "insolvency" in proceeding.item_ids.mapped("verdict")
            found = proceeding._find_stopping() if held and proceeding.state not in ENDED else {}
            proceeding.is_barred, proceeding.is_stayed = BARRED in found, STAYED in found

    # === BUSINESS === #

    def _find_obstacles(self, step, day, granted=0):
        """Return {code: in words} of what speaks against a step on a day.

        :param float granted: what a decision grants: principal, interest and indemnities
        """
        self.ensure_one()
        found = {
            UNAPPROVED: self._find_missing_approval(step, day),
            **self._find_stay(step, day),
            LATE: self._find_lapse(step, day),
            OUT_OF_TIME: self._find_late_remedy(step, day),
            OPPOSED_LATE: self._find_late_opposition(step, day),
            SHORT: self._find_short_service(step, day),
            TO_COME: self._find_hearing_to_come(step, day),
            CLOSED_WAY: self._find_closed_way(step, day),
            NOT_DUE: self._find_not_due(step, day),
            PAID: self._find_nothing_due(step, day),
            DISMISSED: self._find_dismissed_left(step),
            IN_COURT: self._find_in_court(step),
            LEFT_OPEN: self._find_left_open(step),
            ABOVE_CLAIM: self._find_above_claim(step, granted, day),
        }
        return {code: words for code, words in found.items() if words}

    def _check_obstacles(self, step, day, reason, granted=0):
        """Refuse a step that something speaks against, unless a reason is given; return the codes.

        :param float granted: as of ``_find_obstacles``
        :raises AccessError: nobody approved of it, and the user is no manager
        :raises UserError: nothing says why it is recorded all the same
        """
        found = self._find_obstacles(step, day, granted)
        if self.env.su and not reason:
            # What the add-on itself records, as its demonstration, was approved of.
            found.pop(UNAPPROVED, None)
        if not found:
            return ()
        words = "\n".join(found.values())
        if not self._may_explain(found):
            raise AccessError(words)
        if not reason:
            raise UserError(
                self.env._(
                    "%s\nIf it took place all the same, say why it is recorded: the reason is "
                    "kept.",
                    words,
                )
            )
        self._message_log(
            body=self.env._(
                "“%(step)s” was recorded all the same: %(reason)s (%(obstacles)s)",
                step=step.name,
                reason=reason,
                obstacles=words,
            )
        )
        if UNAPPROVED in found:
            # In sudo mode to write what only steps write, after the check of the role.
            self.sudo().without_handover_reason = reason
        return tuple(found)

    @api.model
    def _may_explain(self, found):
        """Tell whether the user may record a step all the same, with a reason.

        :param found: codes of what speaks against it
        """
        return not OF_MANAGERS & set(found) or self.env.su or self.env.user.has_group(MANAGER)

    def _begins(self, step):
        """Tell whether by a step something is asked for the first time."""
        return self.state == "draft" and step.event in BEGINS

    # === BUSINESS - APPROVAL === #

    def _find_missing_approval(self, step, day):
        """Return why the first step before a court is nobody's to take yet, or was not then."""
        if not self._begins(step) or self.without_handover_reason:
            return ""
        # In sudo mode: what was decided counts for everybody.
        handover_sudo = self.sudo().handover_id
        if handover_sudo:
            if (
                handover_sudo.state not in ENDS_WITH_COURT
                or handover_sudo.route_code != self.procedure_id.kind
                or handover_sudo._needs_new_decision()
            ):
                return self.env._(
                    "What it was approved for has changed, or was taken back: let the handover be "
                    "decided on again."
                )
            return self._find_before_approval(step, day)
        if self._has_title():
            return ""
        return self.env._(
            "Nobody has approved of it: ask for a handover, and begin the proceeding from there. A "
            "manager records without one what began before, or cannot wait."
        )

    def _find_before_approval(self, step, day):
        """Return why a step cannot have been taken with the approval: it is from before it."""
        # In sudo mode: what was decided counts for everybody.
        approvals_sudo = self.sudo().handover_id.decision_ids.filtered(
            lambda one: one.decision == "approve"
        )
        if not approvals_sudo:
            return ""
        moment = max(approvals_sudo.mapped("decided_at"))
        approved_on = fields.Datetime.context_timestamp(self, moment).date()
        if day >= approved_on:
            return ""
        return self.env._(
            "“%(step)s” of %(day)s comes before its approval, of %(approved)s: check the day. A "
            "manager records what began before somebody approved of it.",
            step=step.name,
            day=format_date(self.env, day),
            approved=format_date(self.env, approved_on),
        )

    def _has_title(self):
        """Tell whether it enforces what another proceeding about the same items has brought."""
        if self.procedure_id.kind != "enforcement":
            return False
        titled = (self.case_id.proceeding_ids - self).filtered("title_date")
        return bool(titled) and self.item_ids <= titled.item_ids

    # === BUSINESS - WHAT IS ASKED FOR === #

    def _find_not_due(self, step, day):
        """Return what is asked for by the first step before a court, and was not due by then."""
        if not self._begins(step):
            return ""
        # In sudo mode to read the days of invoices, which collectors may not see.
        early_sudo = self.sudo().item_ids.filtered(
            lambda item: max(filter(None, (item.due_date, item.move_id.date)), default=day) > day
        )
        if not early_sudo:
            return ""
        return self.env._(
            "Not invoiced, or not due yet on %(day)s: %(items)s. Check the day.",
            day=format_date(self.env, day),
            items=", ".join(early_sudo.move_id.mapped("name")),
        )

    def _find_dismissed_left(self, step):
        """Return why a dismissed claim is not simply let go: it would be collected again."""
        if self._begins(step):
            return self._find_dismissed_before()
        # A request for an order that is refused leaves the ordinary ways open (CPC 1409).
        if step.event != "close" or not self._get_last_decision()._is_dismissal():
            return ""
        # In sudo mode to read what is open, which is no secret of who may record the step.
        if self.sudo()._sum_open() <= 0:
            return ""
        return self.env._(
            "The claim was dismissed, and stays open in the books: what was decided is not asked "
            "for again (C. civ. 1355). It stays held until somebody releases it: a manager makes "
            "the credit note first, or says why it stays open."
        )

    def _find_dismissed_before(self):
        """Return why the same is not asked for again: another proceeding has ended so."""
        # In sudo mode as what a court decided counts for everybody.
        others_sudo = (self.sudo().case_id.proceeding_ids - self.sudo()).filtered(
            lambda one: one.item_ids & self.item_ids and one._get_last_decision()._is_dismissal()
        )
        if not others_sudo:
            return ""
        return self.env._(
            "A claim for it was dismissed in %s: what was decided is not asked for again (C. civ. "
            "1355). A manager says what else is asked for.",
            ", ".join(others_sudo.mapped("display_name")),
        )

    def _find_in_court(self, step):
        """Return why a second court is not asked for the same: another one has it.

        A title that another proceeding brought is enforced by as many as it takes.
        """
        if not self._begins(step) or self._has_title():
            return ""
        # In sudo mode as what a court has, it has for everybody.
        others_sudo = (self.sudo().case_id.proceeding_ids - self.sudo()).filtered(
            lambda one: one.state not in ("draft", *ENDED) and one.item_ids & self.item_ids
        )
        if not others_sudo:
            return ""
        return self.env._(
            "Some of it is in court already: %s. Another court is not asked for the same "
            "meanwhile (CPC 100): withdraw that one first, or say why both go on.",
            ", ".join(others_sudo.mapped("display_name")),
        )

    def _find_left_open(self, step):
        """Return why what is due is not simply let go: nobody would ask for it by the courts."""
        if step.event != "close" or self._get_last_decision()._is_dismissal():
            return ""
        if self.state == "draft" and not self.handover_id:
            # Nobody has heard of it, and it holds nothing.
            return ""
        # In sudo mode to read what is open, which is no secret of who may record the step.
        due = self.sudo()._sum_open()
        if self.currency_id.compare_amounts(due, 0) <= 0:
            return ""
        return self.env._(
            "%s is still due: closed, nothing goes on of it in court, and reminders may start "
            "again. Say why it ends here.",
            self.currency_id.format(due),
        )

    # === BUSINESS - INSOLVENCY === #

    def _find_stay(self, step, day):
        """Return {code: in words} of what stops single actions on the day of the step."""
        if step.event not in BEGINS:
            return {}
        found = self._find_stopping(day)
        return {code: self._say_stopped(record_sudo) for code, record_sudo in found.items()}

    def _find_stopping(self, day=date.max):
        """Return {code: the insolvency} of what stops single actions about its debts on a day.

        Whoever became insolvent again may owe what one bars for good and another stays.
        """
        self.ensure_one()
        found = {}
        insolvencies = self.env["collection.insolvency"]
        # In sudo mode to read the items, as the law stops everybody.
        items_sudo = self.sudo().item_ids._origin
        for record_sudo in insolvencies._find_stopping(self.partner_id, self.company_id):
            if not record_sudo.judgement_date or record_sudo.judgement_date > day:
                continue
            # one query per record, of which a debtor has few
            if record_sudo._filter_earlier(items_sudo):
                code = BARRED if record_sudo._are_barring() else STAYED
                found.setdefault(code, record_sudo)
        return found

    def _say_stopped(self, record):
        """Return why nothing is sued for or enforced of the debts from before an opening."""
        ended = format_date(self.env, record.closed_on)
        if record.closing_ground == "insufficient":
            return self.env._(
                "The liquidation was closed on %s as the assets are insufficient: creditors do not "
                "get back their actions about debts from before (C. com. L643-11). A manager "
                "records it where the law makes an exception, and says which: inherited goods, a "
                "debt from an offence, a right attached to the creditor's person, personal "
                "bankruptcy, criminal bankruptcy, another liquidation less than five years before, "
                "or fraud, once the court has allowed it. Others who are bound, as guarantors, are "
                "sued by a proceeding of their own.",
                ended,
            )
        if record.closing_ground == "wiped_out":
            return self.env._(
                "The debts from before were wiped out on %s: nobody is sued for them any more "
                "(C. conso L741-2, L742-22). A manager records it where the law makes an exception "
                "(C. conso L711-4, L711-5), and says which.",
                ended,
            )
        return self.env._(
            "The debtor is insolvent since %s: debts from before are not pursued by single "
            "actions (C. com. L622-21, C. conso L722-2). Declare the claim.",
            format_date(self.env, record.judgement_date),
        )

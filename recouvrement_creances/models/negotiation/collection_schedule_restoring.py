from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..mixins.collection_approvable import MANAGER


class CollectionScheduleRestoring(models.AbstractModel):
    """Acceleration is the creditor's right, and he may give it up when the debtor catches up.

    A manager does, with a reason: the plan that was signed goes on as it stands, nobody signs anew.
    """

    _name = "collection.schedule.restoring"
    _description = "Schedules that go on after acceleration"

    def action_restore(self):
        """Open the dialog that asks why the schedule goes on."""
        return self._open_dialog(
            "collection.schedule.restoration",
            self.env._("Put the schedule back into effect"),
            default_schedule_id=self.id,
        )

    def _restore(self, reason):
        """Let a schedule that was broken off go on: what is not due yet is not due any more.

        :param str reason: why the creditor gives up what the acceleration made due
        :raise AccessError: it is not this user's to decide
        :raise UserError: nothing says why, the schedule is in another state, or is still late
        """
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only a collection manager puts a schedule back into effect.")
            )
        self._check_worked_on()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why: the reason stays on the schedule."))
        today = self.company_id._collection_today()
        # In sudo mode to write what only the flow writes, after the checks above.
        schedule_sudo = self.sudo()
        schedule_sudo._apply_event("restore", {"ended_on": False, "late_since": False})
        schedule_sudo._check_restorable(today)
        schedule_sudo.message_post(
            body=self.env._("Put back into effect: %s", reason),
            author_id=self.env.user.partner_id.id,
        )
        self.env["collection.promise"]._leave_to_schedule(self, today)
        schedule_sudo._hold_contacts(today)
        schedule_sudo._judge(today)
        schedule_sudo.case_id._refresh_verdicts(today)

    def _check_restorable(self, today):
        """Refuse what would be late the same day, or what was agreed on anew meanwhile."""
        self._check_still_free()
        self.env["collection.insolvency"]._check_free(self.item_line_ids.item_id)
        state = self._read_states(today)[self]
        missed = [
            line
            for line, amount, settled in zip(
                self._get_lines(), state.amounts, state.settled, strict=True
            )
            if line.due_date < today and amount > settled.paid
        ]
        if missed:
            raise UserError(
                self.env._(
                    "The instalment of %(date)s is not paid in full: the schedule goes on once "
                    "the debtor has caught up, or with new dates as a new schedule.",
                    date=format_date(self.env, missed[0].due_date),
                )
            )

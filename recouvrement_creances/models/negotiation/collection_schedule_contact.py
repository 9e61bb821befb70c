from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...rules.settlement import UNKEPT
from .collection_schedule_life import LIVE

TEMPLATES = {
    "before": "recouvrement_creances.mail_template_instalment_before",
    "after": "recouvrement_creances.mail_template_instalment_after",
    "notice": "recouvrement_creances.mail_template_schedule_notice",
    "copy": "recouvrement_creances.mail_template_schedule_signed",
}
# A contact that is over, or that never was.
DEAD = ("cancelled", "failed")


class CollectionScheduleContact(models.AbstractModel):
    """What a schedule says to the debtor by itself: reminders, and the notice before it breaks.

    All of them are actions of the case: the one executor, guard and evidence carry them out.
    """

    _name = "collection.schedule.contact"
    _description = "Contacts of a schedule"

    # === BUSINESS === #

    @api.model
    def _contact_due(self, run):
        """Make the contacts that the schedules of a run's company call for today.

        Reminders were agreed on and leave by themselves; a notice is proposed to a person.

        :param run: the daily run that carries them out
        """
        schedules = self.search([("company_id", "=", run.company_id.id), ("state", "in", LIVE)])
        if not schedules:
            return self.env["collection.action"]
        wanted = schedules._find_wanted(run.date)
        known = self._find_known(wanted)
        late = schedules.filtered(lambda schedule: schedule.state == "late")
        noticed = late._find_notices()
        vals_list = [
            self._prepare_contact(instalment, step, run)
            for instalment, step in wanted
            if (instalment.id, step) not in known
            and (step != "notice" or instalment.schedule_id not in noticed)
        ]
        # A letter would come after the day that it reminds of.
        vals_list = [
            vals
            for vals in vals_list
            if vals["channel"] != "letter" or vals["instalment_step"] != "before"
        ]
        return self.env["collection.action"]._with_door().create(vals_list)

    def _find_wanted(self, as_of):
        """Return [(instalment, step)] that the policies call for on a day.

        A day on which nothing ran is caught up: a reminder before the due date may come until
        that day, one after it until the next step. A schedule has one notice at a time.
        """
        wanted = []
        for schedule in self:
            policy, is_noticed = schedule._get_policy(), False
            for line in schedule._get_lines():
                step = schedule._find_step(line, policy, as_of)
                if step and not (step == "notice" and is_noticed):
                    wanted.append((line, step))
                is_noticed = is_noticed or step == "notice"
        return wanted

    def _find_step(self, line, policy, as_of):
        """Return what an instalment calls for on a day, or None."""
        self.ensure_one()
        days = (as_of - line.due_date).days
        if line.state == "pending":
            before = policy.schedule_reminder_before
            return "before" if before and -before <= days <= 0 else None
        if line.state not in UNKEPT:
            return None
        if policy.schedule_notice_after and days >= policy.schedule_notice_after:
            return "notice"
        after = policy.schedule_reminder_after
        return "after" if after and days >= after else None

    def _find_known(self, wanted):
        """Return the (instalment id, step) of reminders that were made already."""
        ids = {instalment.id for instalment, _step in wanted}
        groups = self.env["collection.action"]._read_group(
            [("instalment_id", "in", list(ids)), ("instalment_step", "!=", "notice")],
            ["instalment_id", "instalment_step"],
        )
        return {(instalment.id, step) for instalment, step in groups}

    def _find_notices(self):
        """Return {schedule: its notice} of those that were given since they are late.

        A notice asks for one instalment: once that is paid it has had its effect, and another one
        that is late by then needs a notice of its own.
        """
        actions = self.env["collection.action"].search(
            [
                ("instalment_id.schedule_id", "in", self.ids),
                ("instalment_id.state", "in", UNKEPT),
                ("instalment_step", "=", "notice"),
                ("state", "not in", DEAD),
            ],
            order="id",
        )
        return {
            action.instalment_id.schedule_id: action
            for action in actions
            if not action.instalment_id.schedule_id.late_since
            or action.date_planned >= action.instalment_id.schedule_id.late_since
        }

    def _prepare_contact(self, instalment, step, run=None):
        """Return the values of the action."""
        schedule = instalment.schedule_id
        is_notice = step == "notice"
        channel = "registered_letter" if is_notice else self._choose_channel(schedule)
        is_automatic = channel == "email"
        return {
            "company_id": schedule.company_id.id,
            "case_id": schedule.case_id.id,
            "run_id": run.id if run else False,
            "channel": channel,
            "mode": "automatic" if is_automatic else "confirm",
            "state": "confirmed" if is_automatic else "proposed",
            "date_planned": run.date if run else schedule.company_id._collection_today(),
            "user_id": schedule.case_id.user_id.id,
            "instalment_id": instalment.id,
            "instalment_step": step,
            "template_id": self.env.ref(TEMPLATES[step]).id,
            # Agreed on in the schedule itself: spacing and caps are for what nobody agreed on.
            "is_agreed": True,
            "line_ids": [Command.clear()],
        }

    @api.model
    def _choose_channel(self, schedule):
        """Write a letter to who has no e-mail address; people confirm and post it."""
        # In sudo mode to read how the debtor is reached, as the channels themselves do.
        _partner, _email, problem = schedule.partner_id.sudo()._find_collection_contact("email")
        return "letter" if problem else "email"

    def _send_copy(self):
        """Mail the agreement that was signed on the debtor's page: a copy each (C. civ. 1375).

        It goes where all messages of the case go, as the link to the page did. Who signed on paper
        keeps his own; who has no address finds it on the page.
        """
        self.ensure_one()
        instalment = self._get_lines().filtered(lambda line: line.state != "kept")[:1]
        values = self._prepare_contact(instalment or self._get_lines()[:1], "copy")
        if values["channel"] == "email":
            # In sudo mode to make a contact, which the flow alone does.
            self.env["collection.action"].sudo()._with_door().create(values)
            self.env["collection.guard"]._wake_sender_at([fields.Datetime.now()])

    def _withdraw_contacts(self, steps, note):
        """Take off what has not left yet."""
        waiting = self.env["collection.action"].search(
            [
                ("instalment_id.schedule_id", "in", self.ids),
                ("instalment_step", "in", steps),
                ("state", "in", ("proposed", "confirmed", "planned", "failed")),
            ]
        )
        # In sudo mode to take back what the flow alone writes.
        waiting.sudo()._withdraw(note)

    def _get_first_late(self):
        """Return the oldest instalment that is late."""
        self.ensure_one()
        return self._get_lines().filtered(lambda line: line.state in UNKEPT)[:1]

    def action_give_notice(self):
        """Propose the notice now, before the policy's day."""
        self.ensure_one()
        self._check_worked_on()
        late = self._get_first_late()
        if self.state != "late" or not late:
            raise UserError(self.env._("Nothing of the schedule is late."))
        if self._find_notices():
            raise UserError(self.env._("A notice was given already, or waits to leave."))
        # In sudo mode to make a contact, which the flow alone does; it waits for its confirmation.
        action_sudo = (
            self.env["collection.action"]
            .sudo()
            ._with_door()
            .create(self._prepare_contact(late, "notice"))
        )
        return action_sudo.with_env(self.env).get_formview_action()

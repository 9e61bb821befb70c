from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from ...rules.procedure_standing import ENDS_OPPOSITION, HEARD_ON_APPEAL

# After these nobody is heard any more, until that is taken back.
ENDS_HEARINGS = (
    "reject",
    "dismiss",
    "judge",
    "rejudge",
    "overturn",
    "end_appeal",
    ENDS_OPPOSITION,
    "withdraw",
    "close",
)
MEETING = "mail.mail_activity_data_meeting"


class CollectionProceedingHearing(models.AbstractModel):
    """The hearings of a proceeding, in the calendar of who follows it."""

    _name = "collection.proceeding.hearing"
    _description = "Hearings of court proceedings"

    hearing_ids = fields.Many2many("calendar.event", string="Hearings", readonly=True, copy=False)
    next_hearing = fields.Datetime(compute="_compute_next_hearing", compute_sudo=True)

    # === COMPUTE === #

    @api.depends("hearing_ids.start", "hearing_ids.active")
    def _compute_next_hearing(self):
        now = fields.Datetime.now()
        for proceeding in self:
            coming = proceeding._filter_coming(now)
            proceeding.next_hearing = min(coming.mapped("start"), default=False)

    # === BUSINESS === #

    def _filter_coming(self, now):
        """Return the hearings that are still to come at a moment."""
        return self.hearing_ids.filtered(lambda hearing: hearing.active and hearing.start >= now)

    def _get_calendar(self):
        """Return the calendar that tells nobody by mail: it is seen there and on the worklist."""
        silent = ("no_mail_to_attendees", "mail_create_nolog", "mail_activity_quick_update")
        return self.env["calendar.event"].with_context(
            skip_attendee_notification=True, **dict.fromkeys(silent, True)
        )

    def _follow_hearing(self, step, start):
        """Put the hearing that a step sets into the calendar, or take off what it ends."""
        if step.has_hearing and start:
            # The court of the proceeding is the first one; that of its appeal is nowhere noted.
            place = self.court_id.name if step.event != HEARD_ON_APPEAL else False
            self._set_hearing(start, place)
        elif step.event in ENDS_HEARINGS:
            self._take_hearings_off()

    def _set_hearing(self, start, place):
        """Put a hearing into the calendar of who follows the proceeding, once for each moment.

        It takes the place of another one that was to come: that was put off.
        """
        self.ensure_one()
        same = self.hearing_ids.filtered(lambda hearing: hearing.active and hearing.start == start)
        self._take_hearings_off(keep=same)
        if same:
            return
        user = self.case_user_id or self.env.user
        hearing = self._get_calendar().create(
            {
                "name": self.env._("Hearing: %s", self.display_name),
                "start": start,
                "stop": start + timedelta(hours=1),
                "user_id": user.id,
                "partner_ids": [Command.set(user.partner_id.ids)],
                "location": place,
                "res_model_id": self.env["ir.model"]._get_id(self._name),
                "res_id": self.id,
            }
        )
        self.hearing_ids = [Command.link(hearing.id)]

    def _take_hearings_off(self, keep=None):
        """Take what was to come off the calendar: it is kept there, should it be held after all."""
        keep = keep if keep is not None else self.env["calendar.event"]
        over = self.hearing_ids - keep
        coming = self._filter_coming(fields.Datetime.now()) & over
        coming.with_env(self._get_calendar().env).active = False
        # The worklist shows them by an activity, which nobody has done.
        # What was held and is decided on, or put off, needs no preparing either.
        over.activity_ids.unlink()
        # They are read without those that were taken off.
        self.invalidate_recordset(["hearing_ids"])

    def _put_hearings_back(self, hearing_ids):
        """Put hearings into the calendar again that a step had taken off."""
        hearings = self._get_calendar().browse(hearing_ids).exists()
        hearings.active = True
        now = fields.Datetime.now()
        # Nobody prepares what was held, or put off, meanwhile.
        for hearing in hearings.filtered(lambda hearing: hearing.start >= now):
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                MEETING,
                fields.Datetime.context_timestamp(hearing, hearing.start).date(),
                summary=hearing.name,
                user_id=hearing.user_id.id,
                calendar_event_id=hearing.id,
            )
        self.invalidate_recordset(["hearing_ids"])

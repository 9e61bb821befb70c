from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...rules.deadline_rules import (
    ADMINISTRATOR,
    COURT,
    DEADLINES,
    DEBTOR,
    REMEDIES,
    US,
    alarms_of,
    compute_coded,
    party_of,
)
from ...rules.parameters import MissingLegalValue, parameter_on
from ...rules.places import FRANCE, find_place
from ...rules.procedural_deadlines import OPENING, Deadline, alarm_days
from ...rules.transitions import DEADLINE
from ...tools.dialogs import open_dialog
from .deadline_labels import RULE_LABELS

DEADLINE_STATES = [
    ("open", "Running"),
    ("missed", "Missed"),
    ("elapsed", "Time over"),
    ("done", "Acted on"),
    ("dropped", "Dropped"),
]
PURPOSE_LABELS = [
    ("act", "We have to act"),
    ("watch", "Somebody else may act"),
    ("opening", "Possible from then on"),
]
PARTY_LABELS = [
    (US, "Us"),
    (DEBTOR, "Debtor"),
    (COURT, "Court"),
    (ADMINISTRATOR, "Administrator"),
]


class CollectionDeadline(models.Model):
    """A legal deadline of a case: worked out by the rules, opened and closed by the flow.

    It is closed with a document or a reason only. Its alarm stands on the last working day of the
    unextended period; the legal day is shown beside it.
    """

    _name = "collection.deadline"
    _description = "Legal deadline"
    _inherit = [
        "collection.case.record",
        "collection.deadline.watch",
        "mail.thread",
        "mail.activity.mixin",
        "collection.stateful",
    ]
    _order = "alarm_date, id"
    _transitions = DEADLINE
    _check_company_auto = True

    case_id = fields.Many2one(readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Follows it", readonly=True, index="btree_not_null", tracking=True
    )
    source_model = fields.Char(required=True, readonly=True)
    source_id = fields.Many2oneReference(
        model_field="source_model", required=True, readonly=True, index=True
    )
    rule_code = fields.Selection(
        selection=RULE_LABELS, string="Legal deadline", required=True, readonly=True
    )
    purpose = fields.Selection(selection=PURPOSE_LABELS, required=True, readonly=True)
    article = fields.Char(required=True, readonly=True)
    event_date = fields.Date(string="Counts from", required=True, readonly=True)
    regime_date = fields.Date(
        string="Rules of", readonly=True, help="The day by which the version of the law is chosen."
    )
    counted_date = fields.Date(
        string="Unextended", required=True, readonly=True, help="The last day by CPC 641."
    )
    party = fields.Selection(
        selection=PARTY_LABELS,
        string="Who has to act",
        compute="_compute_party",
        help="By the end of the period. Empty: something only has to wait for it.",
    )
    alarm_date = fields.Date(
        string="Last working day",
        required=True,
        readonly=True,
        help="The last working day of the unextended period: whoever acts by then needs no "
        "extension.",
    )
    legal_date = fields.Date(
        required=True,
        readonly=True,
        help="The last day, moved to the next working day where the law extends it (CPC 642); "
        "the first day of what has to wait.",
    )
    state = fields.Selection(
        selection=DEADLINE_STATES, required=True, readonly=True, default="open", tracking=True
    )
    is_late = fields.Boolean(
        string="Too late",
        compute="_compute_is_late",
        help="It was acted on, after its last day.",
    )
    next_alarm_date = fields.Date(readonly=True)
    is_escalated = fields.Boolean(string="Manager told", readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Documents", readonly=True)
    closing_reason = fields.Char(readonly=True, tracking=True)
    closed_on = fields.Date(readonly=True)
    closed_by_id = fields.Many2one("res.users", readonly=True)

    _running_index = models.Index("(company_id, next_alarm_date) WHERE state = 'open'")
    _running_unique = models.UniqueIndex(
        "(source_model, source_id, rule_code, event_date) WHERE state = 'open'",
        "This deadline is running already.",
    )

    # === COMPUTE === #

    @api.depends("rule_code", "purpose")
    def _compute_party(self):
        for deadline in self:
            deadline.party = party_of(deadline.rule_code, deadline.purpose) or False

    @api.depends("state", "party", "closed_on", "legal_date", "attachment_ids")
    def _compute_is_late(self):
        for deadline in self:
            # Closed with a reason alone, nothing was done; the debtor's appeal closes ours too.
            is_acted_on = (
                deadline.state == "done"
                and deadline.attachment_ids
                and not deadline.rule_code.endswith(REMEDIES)
            )
            deadline.is_late = bool(
                is_acted_on and deadline.party == US and deadline.closed_on > deadline.legal_date
            )

    @api.depends("rule_code", "partner_id")
    def _compute_display_name(self):
        labels = dict(self._fields["rule_code"]._description_selection(self.env))
        for deadline in self:
            debtor = deadline.partner_id.sudo().display_name
            deadline.display_name = " · ".join(
                filter(None, (labels.get(deadline.rule_code), debtor))
            )

    # === CONSTRAINTS === #

    @api.constrains("state", "attachment_ids", "closing_reason")
    def _check_closing(self):
        for deadline in self:
            proven = deadline.attachment_ids or (deadline.closing_reason or "").strip()
            if deadline.state in ("done", "dropped") and not proven:
                raise ValidationError(
                    self.env._(
                        "“%s”: join the document that shows what was done, or say why nothing has "
                        "to be done.",
                        deadline.display_name,
                    )
                )

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Deadlines are history: close them with a reason instead."))

    # === ACTIONS === #

    def action_close(self):
        """Open the dialog that closes the deadline with a document or a reason."""
        self.ensure_one()
        return open_dialog(
            "collection.deadline.closing",
            self.env._("Close the deadline"),
            default_deadline_id=self.id,
        )

    def action_open_source(self):
        """Open what the deadline belongs to."""
        self.ensure_one()
        return self.env[self.source_model].browse(self.source_id).get_formview_action()

    # === BUSINESS === #

    def _is_stayed(self):
        """Tell whether insolvency stops it: neither our appeals nor the limitation of a title."""
        self.ensure_one()
        is_kept = self.rule_code == "title.execution"
        return not (is_kept or self.rule_code.endswith(REMEDIES))

    @api.model
    def _open_for(self, record, rule_code, event_date, regime_date=None):
        """Open a deadline of a record that inherits ``collection.deadlined``; return it.

        One that runs already from the same day is returned as it is.

        :raises UserError: the law is not known for that day
        """
        record.ensure_one()
        running = record.deadline_ids.filtered(
            lambda deadline: (
                deadline.state == "open"
                and deadline.rule_code == rule_code
                and deadline.event_date == event_date
            )
        )
        if running:
            return running
        record.case_id.check_access("write")
        # The index of what runs sees what was dropped before this one.
        record.deadline_ids.sudo().flush_recordset(["state"])
        # In sudo mode to append: deadlines are opened and closed by the flow alone.
        deadline_sudo = self.sudo().create(
            self._prepare(record, rule_code, event_date, regime_date)
        )
        record.invalidate_recordset(["deadline_ids"])
        return deadline_sudo.with_env(self.env)

    @api.model
    def _prepare(self, record, rule_code, event_date, regime_date):
        """Return the values of a deadline."""
        place = find_place(FRANCE, record._get_deadline_postcode())
        try:
            rule = parameter_on(rule_code, regime_date or event_date, DEADLINES).value
            found, parameter = compute_coded(
                rule_code,
                event_date,
                place.is_holiday,
                regime_date,
                record._find_distance(rule.purpose),
            )
        except MissingLegalValue as error:
            raise UserError(
                self.env._(
                    "No deadline can be worked out: %s Ask your administrator for a version of "
                    "the add-on that knows it.",
                    error,
                )
            ) from error
        return {
            "case_id": record.case_id.id,
            "source_model": record._name,
            "source_id": record.id,
            "user_id": record._get_deadline_user().id,
            "rule_code": rule_code,
            "purpose": rule.purpose,
            "article": parameter.article,
            "event_date": event_date,
            "regime_date": regime_date,
            "counted_date": found.counted,
            "alarm_date": found.alarm,
            "legal_date": found.legal,
            "next_alarm_date": self._find_next_alarm(rule_code, rule.purpose, event_date, found),
        }

    @api.model
    def _find_next_alarm(self, rule_code, purpose, event_date, found, after=None):
        """Return the first day on which an alarm is due, after a day; None when none is left."""
        if purpose == OPENING:
            days = (found.alarm,)
        else:
            days = alarm_days(found, event_date, *alarms_of(rule_code, event_date))
        return next((day for day in days if not after or day > after), None)

    def _get_next_alarm(self, as_of):
        """Return the day of the alarm that follows a day."""
        self.ensure_one()
        found = Deadline(self.counted_date, self.alarm_date, self.legal_date)
        return self._find_next_alarm(self.rule_code, self.purpose, self.event_date, found, as_of)

    def _check_done_on(self, day):
        """Refuse a day on which a person cannot have done what the deadline asks for."""
        self.ensure_one()
        if day > fields.Date.context_today(self):
            raise UserError(self.env._("What is done is noted once it has taken place."))
        source = self.env[self.source_model].browse(self.source_id)
        # What a case itself has to do, as to declare to its insurer, has no steps.
        has_steps = self.source_model != "collection.case"
        first = source._find_first_day(self) if has_steps else self.event_date
        if first and day < first:
            raise UserError(
                self.env._(
                    "“%(deadline)s” counts from %(start)s: it cannot have been done before "
                    "%(first)s. Check the day.",
                    deadline=self.display_name,
                    start=format_date(self.env, self.event_date),
                    first=format_date(self.env, first),
                )
            )

    def _close(self, day, attachments=None, reason=""):
        """Close deadlines with the document that shows what was done, or with a reason."""
        if not self:
            return
        self.case_id.check_access("write")
        attachments = attachments or self.env["ir.attachment"]
        for deadline in self:
            if deadline.purpose == "opening" and day < deadline.legal_date:
                raise UserError(
                    self.env._(
                        "Not before %(date)s: “%(deadline)s” (%(article)s). If the debtor has "
                        "agreed to it, close that deadline first, with nothing to do and why.",
                        deadline=deadline.display_name,
                        date=format_date(self.env, deadline.legal_date),
                        article=deadline.article,
                    )
                )
            self.env["collection.limitation.event"]._attach_to(deadline.case_id, attachments)
        self._end("close", day, attachments, reason)

    def _drop(self, reason):
        """Let deadlines bind nobody any more, for a reason."""
        if self:
            self._end("drop", fields.Date.context_today(self), reason=reason)

    def _elapse(self):
        """Note that the time of deadlines is over; nobody needs to be told any more."""
        # In sudo mode to write what the flow alone writes, and to take back a colleague's alarm.
        deadlines_sudo = self.sudo()
        running = deadlines_sudo.filtered(lambda deadline: deadline.state == "open")
        running._apply_event("elapse", {"next_alarm_date": False})
        deadlines_sudo.activity_ids.unlink()

    def _take_back(self, reason):
        """Let deadlines bind nobody of which the step was a mistake, or what acted on them."""
        done = self.filtered(lambda deadline: deadline.state == "done")
        if done:
            done._end("undo", fields.Date.context_today(self), reason=reason)
        (self - done)._drop(reason)

    def _end(self, event, day, attachments=None, reason=""):
        """End deadlines, keep who, when and why, and withdraw their alarms."""
        attachments = attachments or self.env["ir.attachment"]
        # In sudo mode to write what the flow alone writes, after the check of the caller.
        deadlines_sudo = self.sudo()
        deadlines_sudo._apply_event(
            event,
            {
                "closed_on": day,
                "closed_by_id": self.env.uid,
                "closing_reason": (reason or "").strip() or False,
                "attachment_ids": [(4, file.id) for file in attachments],
                "next_alarm_date": False,
            },
        )
        deadlines_sudo.activity_ids.unlink()

from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from ...rules.settlement import UNKEPT
from ...rules.transitions import PROMISE_JUDGEMENTS

EVENTS = {state: event for event, state in PROMISE_JUDGEMENTS.items()}
# The reminder leaves at this hour of the company, or when the contact rules allow it.
REMINDER_HOUR = time(9)


class CollectionPromiseJudgement(models.AbstractModel):
    """How the ledger judges promises, and what follows: holds, reminders, tasks."""

    _name = "collection.promise.judgement"
    _description = "Judgement of promises"
    _inherit = ["collection.commitment"]
    _hold_kind = "promise"
    _pending_state = "pending"
    _start_field = "date_start"

    # Written by the judgement alone.
    _JUDGEMENT_FIELDS = (
        "state",
        "settled_on",
        "superseded_on",
        "hold_id",
        "reminder_id",
        "rest_of_id",
        "date_start",
        "matched_after",
        "superseded_after",
        "last_date",
        "tolerance",
        "user_id",
    )

    state = fields.Selection(
        selection=[
            ("pending", "Pending"),
            ("kept", "Kept"),
            ("partly_kept", "Partly kept"),
            ("late", "Paid late"),
            ("broken", "Broken"),
            ("void", "Nothing owed any more"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="pending",
        help="Judged from the payments that were matched with the items since the promise.",
    )
    settled_on = fields.Date(string="Paid in full on", readonly=True)
    superseded_on = fields.Date(
        string="Replaced on",
        readonly=True,
        help="From this day on payments belong to a later promise of the same items.",
    )
    superseded_after = fields.Integer(readonly=True)
    amount_paid = fields.Monetary(
        string="Paid of it", compute="_compute_amount_paid", compute_sudo=True
    )
    kept_rate = fields.Float(
        string="Kept (%)",
        compute="_compute_kept_rate",
        aggregator="avg",
        digits=(5, 1),
        help="Promises kept, of all that were judged; those that were withdrawn or of which "
        "nothing was owed any more do not count.",
    )

    # === COMPUTE === #

    @api.depends("state", "superseded_on")
    def _compute_amount_paid(self):
        today = fields.Date.context_today(self)
        received = self._read_received()
        for promise in self:
            own = promise._select_own(received[promise._origin.id].payments)
            arrived = float(sum(credit.amount for credit in own if credit.day <= today))
            promise.amount_paid = min(arrived, promise.amount)

    @api.depends("state")
    def _compute_kept_rate(self):
        for promise in self:
            promise.kept_rate = 100.0 if promise.state == "kept" else 0.0

    # === WHAT THE LEDGER SAYS === #

    def _select_own(self, payments):
        """Return those that are this promise's, no later one's of the same items."""
        return [one for one in payments if self._is_before_end(one)]

    def _is_before_end(self, credit):
        end = self.superseded_on
        return (
            not end
            or credit.day < end
            or (credit.day == end and credit.reference <= self.superseded_after)
        )

    # === JUDGE === #

    @api.model
    def _select_judged(self):
        """Return SQL of (id, item_id): all but withdrawn promises follow the ledger for good."""
        return SQL(
            "SELECT promise.id, promised.item_id FROM collection_promise_item_rel promised "
            "JOIN collection_promise promise ON promise.id = promised.promise_id "
            "WHERE promise.state <> 'withdrawn'"
        )

    def _judge(self, as_of):
        """Let each promise follow its payments; what is unchanged is not written."""
        received, residuals = self._read_received(), self._read_residuals()
        moved = {}
        for promise in self:
            judgement = promise._get_judgement(received[promise.id], residuals[promise.id], as_of)
            if judgement != (promise.state, promise.settled_on):
                moved.setdefault(judgement, self.browse())
                moved[judgement] |= promise
        for (state, settled_on), promises in moved.items():
            promises._move(state, settled_on, as_of)

    def _get_judgement(self, received, residual, as_of):
        """Return (state, day on which it was paid in full) of one promise.

        Nobody owes what a credit note took off before the last day: the promise counts for the
        rest.
        """
        self.ensure_one()
        amount = min(self._to_decimal(self.amount), received.owed(residual))
        if amount <= 0:
            return "void", False
        settled = self._settle(amount, self._select_own(received.payments), as_of)
        return settled.state, settled.settled_on or False

    def _move(self, state, settled_on, as_of):
        """Write one judgement of many promises, and do what follows from it."""
        changed = self.filtered(lambda promise: promise.state != state)
        (self - changed)._with_door().write({"settled_on": settled_on})
        if not changed:
            return
        # A part paid of a broken promise is no new reason for a task.
        fresh = changed.filtered(lambda promise: promise.state not in UNKEPT)
        changed._apply_event(EVENTS[state], {"settled_on": settled_on})
        notes = self._get_notes()
        changed._log(notes[state])
        if state == "pending":
            changed.filtered(lambda promise: promise.hold_id.state != "open")._hold_contacts(as_of)
            changed._plan_reminders()
        else:
            changed._end_effects(notes[state])
        if state in UNKEPT:
            fresh._follow_broken(as_of)

    def _get_notes(self):
        """Return what is written on promises and holds, by state."""
        return {
            "pending": self.env._("Pending again: a payment was cancelled."),
            "kept": self.env._("The promise was kept."),
            "partly_kept": self.env._("The promise was kept in part only."),
            "late": self.env._("Paid in full, later than promised."),
            "broken": self.env._("The promise was broken."),
            "void": self.env._("Nothing of the promise is owed any more."),
        }

    # === WHAT FOLLOWS === #

    def _get_hold_values(self):
        """Return what the hold of a promise is made with: its items, until its last day."""
        self.ensure_one()
        return {
            "items": self.item_ids,
            "date_end": self.last_date,
            "note": self.note,
        }

    def _end_effects(self, note):
        """End what a pending promise has: its hold, and a reminder that has not left."""
        self._release_hold(note)
        waiting = self.reminder_id.filtered(
            lambda action: action.state in ("proposed", "confirmed")
        )
        waiting._withdraw(note)

    def _follow_broken(self, as_of):
        """Give the collectors the task that the policy wants; their cases rise by the ranking."""
        tasks = self.filtered(lambda promise: promise.case_id.policy_id.promise_next == "task")
        counts = tasks.case_id._count_broken_promises()
        tasks._give_tasks(
            "recouvrement_creances.mail_activity_type_promise",
            as_of,
            {promise: promise._get_task(counts.get(promise.case_id, 0)) for promise in tasks},
        )

    def _get_task(self, broken):
        """Return what the collector is asked to do, the more the more promises were broken."""
        limit = self.case_id.policy_id.promise_broken_limit
        if limit and broken >= limit:
            return self.env._(
                "%(count)s promises not kept: no further one without a manager. Decide the next "
                "step: schedule, formal notice, handover.",
                count=broken,
            )
        return self.env._("Promise not kept: call the debtor (%s)", self.display_name)

    # === REMINDER === #

    def _plan_reminders(self):
        """Write to the debtors a few days before, through the flow and its guard."""
        now = fields.Datetime.now()
        # In sudo mode to create the contacts: people note promises, the flow contacts.
        wanted_sudo = self.sudo().filtered(
            lambda promise: (
                promise.remind
                and promise.reminder_id.state not in ("proposed", "confirmed", "sending", "sent")
                and promise._get_reminder_moment() > now
            )
        )
        if not wanted_sudo:
            return
        template = self.env.ref("recouvrement_creances.mail_template_promise_reminder")
        actions_sudo = self.env["collection.action"].sudo()._with_door()
        made_sudo = actions_sudo.create(
            [promise_sudo._prepare_reminder(template) for promise_sudo in wanted_sudo]
        )
        for promise_sudo, action_sudo in zip(wanted_sudo, made_sudo, strict=True):
            promise_sudo._with_door().reminder_id = action_sudo
        self.env["collection.guard"]._wake_sender_at(set(made_sudo.mapped("not_before")))

    def _get_reminder_moment(self):
        """Return when the reminder leaves (UTC), by the company's clock."""
        self.ensure_one()
        days = self.case_id.policy_id.promise_reminder_days
        local = datetime.combine(self.date - timedelta(days=days), REMINDER_HOUR)
        zone = pytz.timezone(self.company_id._get_zone())
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def _prepare_reminder(self, template):
        moment = self._get_reminder_moment()
        return {
            "company_id": self.company_id.id,
            "case_id": self.case_id.id,
            "channel": "email",
            "mode": "automatic",
            "state": "confirmed",
            "template_id": template.id,
            "date_planned": moment.date(),
            "not_before": moment,
            "wait_reason": self.env._("Reminder of a promise, before its day"),
            # The debtor knows that it comes: spacing and caps do not count for it.
            "is_agreed": True,
            "user_id": self.case_id.user_id.id,
            "partner_id": self.partner_id.id,
            "line_ids": [Command.create({"item_id": item.id}) for item in self.item_ids],
        }

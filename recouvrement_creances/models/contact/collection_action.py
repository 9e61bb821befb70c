from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize

from ...rules.transitions import ACTION
from ...tools.dialogs import open_dialog
from ..policy.collection_level_step import CHANNELS
from .collection_channel import MADE_BY_SENDING

OUTCOMES = [
    ("reached", "Reached"),
    ("voicemail", "Voicemail"),
    ("no_answer", "No answer"),
    ("wrong_number", "Wrong number or address"),
    ("promised", "Promises to pay"),
    ("disputes", "Disputes it"),
    ("cannot_pay", "Cannot pay"),
    ("refuses", "Refuses to pay"),
    ("already_paid", "Says it is paid"),
    ("call_back", "To be called back"),
]


class CollectionAction(models.Model):
    """One contact with a debtor: proposed, agreed to, carried out, with what came of it."""

    _name = "collection.action"
    _description = "Collection action"
    _inherit = [
        "collection.action.instalment",
        "collection.action.text",
        "collection.action.notice",
        "collection.action.wait",
        "collection.stateful",
    ]
    _order = "date_planned desc, id desc"
    _transitions = ACTION
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    case_id = fields.Many2one(
        "collection.case", required=True, readonly=True, index=True, ondelete="restrict"
    )
    debtor_id = fields.Many2one(related="case_id.partner_id", string="Debtor")
    can_work = fields.Boolean(related="case_id.can_work", related_sudo=False)
    run_id = fields.Many2one("collection.run", readonly=True, index=True, ondelete="set null")
    level_id = fields.Many2one("collection.level", readonly=True, ondelete="restrict")
    step_id = fields.Many2one("collection.level.step", readonly=True, ondelete="restrict")
    channel = fields.Selection(selection=CHANNELS, required=True, readonly=True)
    mode = fields.Selection(
        selection=[("automatic", "Automatic"), ("confirm", "To confirm"), ("manual", "Manual")],
        required=True,
        readonly=True,
        default="manual",
    )
    state = fields.Selection(
        selection=[
            ("proposed", "Proposed"),
            ("confirmed", "About to leave"),
            ("sending", "Leaving"),
            ("planned", "To do"),
            ("sent", "Sent"),
            ("done", "Done"),
            ("ambiguous", "Unknown result"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="proposed",
    )
    cycle = fields.Integer(readonly=True, default=0)
    user_id = fields.Many2one("res.users", string="Collector", readonly=True, ondelete="set null")
    line_ids = fields.One2many("collection.action.item", "action_id", readonly=True)
    item_count = fields.Integer(compute="_compute_amounts", compute_sudo=True)
    amount = fields.Monetary(
        compute="_compute_amounts",
        compute_sudo=True,
        help="Still due today of the items or the instalment that the contact speaks of, in the "
        "company's currency.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    # === RECIPIENT === #
    partner_id = fields.Many2one(
        "res.partner", string="Recipient", readonly=True, ondelete="restrict"
    )
    recipient = fields.Char(
        string="Sent to", readonly=True, help="The address, number or mailbox that was used."
    )
    recipient_preview = fields.Char(
        string="To",
        compute="_compute_recipient_preview",
        compute_sudo=True,
        help="Where the contact went, or would go with the addresses as they are now.",
    )

    # === DATES === #
    date_planned = fields.Date(readonly=True)
    contact_date = fields.Date(readonly=True, help="The day it left or took place.")
    claimed_at = fields.Datetime(readonly=True)
    claimed_amount = fields.Monetary(
        readonly=True,
        copy=False,
        help="Due when it was written; it does not leave if that changed.",
    )
    claim_key = fields.Char(
        readonly=True, copy=False, help="The same for what one process took to hand over at once."
    )

    # === RESULT === #
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, ondelete="set null", index="btree_not_null"
    )
    sms_id = fields.Many2one("sms.sms", readonly=True, ondelete="set null", index="btree_not_null")
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, ondelete="set null", index="btree_not_null"
    )
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="Document",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    evidence_ids = fields.One2many("collection.evidence", "action_id", readonly=True)
    failure_reason = fields.Char(readonly=True)
    tracking_number = fields.Char(readonly=True)
    presented_on = fields.Date(string="First presented on", readonly=True)
    acknowledged_on = fields.Date(readonly=True)
    acknowledgement_id = fields.Many2one(
        "ir.attachment", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    outcome = fields.Selection(selection=OUTCOMES, readonly=True)
    nonpayment_reason_id = fields.Many2one("collection.reason", readonly=True, ondelete="restrict")
    note = fields.Text(readonly=True)
    attempt_count = fields.Integer(readonly=True, default=0)
    is_agreed = fields.Boolean(
        string="Agreed with the debtor",
        readonly=True,
        help="The debtor asked for this contact: spacing and caps do not count for it.",
    )
    is_incoming = fields.Boolean(
        string="The debtor called", readonly=True, help="It counts for no cap, at no hour."
    )

    _step_unique = models.UniqueIndex(
        "(case_id, cycle, step_id) WHERE step_id IS NOT NULL",
        "This step is already part of the debtor's present round.",
    )
    _contact_index = models.Index("(case_id, contact_date) WHERE state IN ('sent', 'done')")
    _waiting_index = models.Index(
        "(company_id, state) WHERE state IN ('proposed', 'confirmed', 'sending', 'planned', "
        "'failed', 'ambiguous')"
    )

    # === COMPUTE === #

    @api.depends("channel", "level_id", "case_id")
    def _compute_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for action in self:
            parts = [labels.get(action.channel), action.level_id.name, action.debtor_id.name]
            action.name = " · ".join(filter(None, parts))

    @api.depends("name")
    def _compute_display_name(self):
        for action in self:
            action.display_name = action.name

    @api.depends("recipient", "state", "channel", "step_id.fallback_channel")
    def _compute_recipient_preview(self):
        """Show before sending what sending will find: the address, or that there is none."""
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for action in self:
            action.recipient_preview = action.recipient
            if action.recipient or action.state not in ("proposed", "confirmed"):
                continue
            way = self.env["collection.channel"]._find_way(action)
            address = way.address
            if address and way.channel != action.channel:
                address = f"{labels[way.channel]}: {address}"
            action.recipient_preview = f"⚠ {way.problem}" if way.problem else address

    @api.depends("line_ids.item_id")
    def _compute_amounts(self):
        groups = (
            {
                action: (count, amount)
                for action, count, amount in self.env["collection.action.item"]._read_group(
                    [("action_id", "in", self.ids)],
                    ["action_id"],
                    ["__count", "amount_residual:sum"],
                )
            }
            if self.ids
            else {}
        )
        for action in self:
            action.item_count, amount = groups.get(action._origin, (0, 0))
            action.amount = amount or action._get_instalment_due()

    # === CRUD === #

    def write(self, vals):
        """Only the flow writes contacts: people act through the buttons and dialogs."""
        if not (self.env.su or self._through_door()):
            raise AccessError(
                self.env._("Contacts are changed by their buttons only, which keep the evidence.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Contacts are part of the case's history: cancel them instead."))

    # === ACTIONS === #

    def action_confirm(self):
        """Agree to single proposals and carry them out now."""
        self._apply_event("confirm", {"confirmed_by_id": self.env.uid})
        # In sudo mode to write evidence and mails, which nobody may write by hand.
        return self.env["collection.executor"].sudo()._execute_by_hand(self)

    def action_retry(self):
        """Carry failed actions out again, with the addresses as they are now."""
        # What the former sending left stays in the evidence; the new one leaves its own.
        values = dict.fromkeys(MADE_BY_SENDING, False)
        self._apply_event("retry", {**values, "confirmed_by_id": self.env.uid})
        # In sudo mode to write evidence and mails, which nobody may write by hand.
        return self.env["collection.executor"].sudo()._execute_by_hand(self)

    def action_untick(self):
        """Open the dialog that leaves the debtors of these proposals out, with a reason."""
        return self._open_dialog("collection.action.untick", self.env._("Leave out"))

    def action_log_outcome(self):
        """Open the dialog for what came of a call, visit, meeting or task."""
        self.ensure_one()
        overtaken = self._leave_settled_out()
        return overtaken or self._open_dialog("collection.contact.outcome", self.env._("Outcome"))

    def action_mark_posted(self):
        """Open the dialog that notes the day letters were posted and their tracking numbers."""
        return self._open_dialog("collection.letter.post", self.env._("Letters posted"))

    def action_note_proof(self):
        """Open the dialog that notes presentation and acknowledgement of a registered letter."""
        self.ensure_one()
        return self._open_dialog("collection.letter.proof", self.env._("Proof of delivery"))

    def action_print(self):
        """Return one PDF with every letter of the selection."""
        return self.env["collection.channel.letter"]._print(self)

    def action_confirm_sent(self):
        """A person has checked that an unknown result did arrive."""
        self.check_access("write")
        if any(action.state != "ambiguous" for action in self):
            raise UserError(self.env._("Only a contact with an unknown result is declared sent."))
        self._deliver(fields.Date.context_today(self))
        self.env["collection.evidence"]._note(self, "sent", {"declared_by": self.env.user.name})

    def action_cancel(self):
        """Give a task or failed contact up; the debtor's next round can begin."""
        self._cancel(self.env._("Cancelled by %s.", self.env.user.name))

    def action_open_case(self):
        """Open the case."""
        return self.case_id.get_formview_action()

    def _open_dialog(self, model, name):
        return open_dialog(
            model, name, default_action_ids=[(6, 0, self.ids)], default_action_id=self[:1].id
        )

    # === BUSINESS - LIFE CYCLE === #

    def _deliver(self, contact_date, values=None):
        """The contact left: its items reach their level, the case its stage."""
        result = {"contact_date": contact_date, "failure_reason": False}
        self._apply_event("deliver", {**(values or {}), **result})
        self._register_contact(contact_date)

    def _complete(self, contact_date, values=None):
        """The conversation took place: its items reach their level, the case its stage."""
        result = {"contact_date": contact_date, "failure_reason": False}
        self._apply_event("complete", {**(values or {}), **result})
        self._register_contact(contact_date)

    def _register_contact(self, contact_date):
        """Count the wait for the next level from this real contact, and close the round."""
        self._end_activities()
        self._filter_notices()._start_notice()
        self.env["collection.item"].sudo()._reach_level(self.ids, contact_date)
        self._end_round()
        # In sudo mode to move the case on: the stage is the level's, not the person's choice.
        for stage, actions in self.sudo().grouped(lambda action: action.level_id.stage_id).items():
            actions.case_id._advance_to(stage)

    def _end_round(self):
        """Let the debtor's next round begin: the present one was sent, or wholly given up."""
        # In sudo mode to write the case's counter, which only the flow moves.
        for case_sudo, actions in self.sudo().grouped("case_id").items():
            if any(action.cycle == case_sudo.cycle for action in actions):
                case_sudo.cycle += 1

    def _fail(self, reason):
        """Make the failure visible and retryable; nothing is tried again by itself.

        What was believed to have arrived and did not (an address that refuses, a letter that
        came back) has reminded nobody: its items fall back to the level they had.
        """
        self._end_activities()
        returned = self.filtered(lambda action: action.state == "sent")
        # In sudo mode as everywhere: levels are written by the flow only.
        self.env["collection.item"].sudo()._fall_back(returned.ids)
        self._apply_event("fail", {"failure_reason": reason})

    def _withdraw(self, note):
        """The ledger has overtaken these actions: they end without a person's word."""
        self._end_activities()
        self._apply_event("withdraw", {"failure_reason": note})
        self._end_abandoned_rounds()

    def _cancel(self, note):
        self._end_activities()
        self._apply_event("cancel", {"failure_reason": note})
        self._end_abandoned_rounds()

    def _end_abandoned_rounds(self):
        """A round of which every action was cancelled is over."""
        alive = self.search(
            [
                ("case_id", "in", self.case_id.ids),
                ("state", "!=", "cancelled"),
                ("step_id", "!=", False),
            ]
        )
        rounds = {(action.case_id, action.cycle) for action in alive}
        self.filtered(lambda action: (action.case_id, action.cycle) not in rounds)._end_round()

    def _end_activities(self):
        """Remove the tasks that the actions gave to people."""
        # In sudo mode to remove a colleague's task: the contact it was for is over.
        self.sudo().activity_id.unlink()

    def _leave_out(self, reason, date_end, note=None):
        """Leave the debtors of these proposals out: a hold, with its reason and its end."""
        self._cancel(self.env._("Left out: %s", reason.name))
        today = fields.Date.context_today(self)
        self.env["collection.hold"].create(
            [
                {
                    "case_id": case.id,
                    "kind": "manual",
                    "reason_id": reason.id,
                    "date_start": today,
                    "date_end": date_end,
                    "note": note,
                }
                for case in self.case_id
            ]
        )

    @api.model
    def _note_bounce(self, cases, email):
        """Mark the last e-mail to a bounced address as failed and ask to find the debtor."""
        bounced = self.search(
            [
                ("case_id", "in", cases.ids),
                ("channel", "=", "email"),
                ("state", "=", "sent"),
                ("recipient", "=", email_normalize(email)),
            ],
            order="contact_date desc, id desc",
            limit=1,
        )
        if not bounced:
            return
        reason = self.env._("%s is refused by its mail server.", email)
        bounced._fail(reason)
        bounced.partner_id.collection_bounced_email = email
        self.env["collection.evidence"]._note(bounced, "bounced", {"reason": reason})
        self.env["collection.channel"]._ask_for_address({bounced: reason})

    # === BUSINESS - CHECKS === #

    def _is_conversation(self):
        self.ensure_one()
        return self.channel in ("call", "visit", "meeting", "task")

    def _check_single_kind(self, channels):
        """Refuse a selection of letters that holds something else."""
        if any(action.channel not in channels for action in self):
            raise UserError(self.env._("Choose letters only."))

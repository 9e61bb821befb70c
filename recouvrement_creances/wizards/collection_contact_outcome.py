from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.contact.collection_action import OUTCOMES
from ..models.policy.collection_reason import HOLD_REASONS

# Outcomes of a call that the debtor did not make himself.
UNANSWERED = ("voicemail", "no_answer", "wrong_number")
# Outcomes that need a day: the promise's, the call's, the review's.
DATED = ("promised", "disputes", "cannot_pay", "already_paid", "call_back")
DEFAULT_DAYS = {"promised": 7, "disputes": 14, "cannot_pay": 14, "already_paid": 7, "call_back": 1}


class CollectionContactOutcome(models.TransientModel):
    """What came of a call, visit or meeting, and what it asks for."""

    _name = "collection.contact.outcome"
    _description = "Outcome of a collection contact"
    _inherit = ["collection.sourced", "collection.once"]

    action_id = fields.Many2one("collection.action")
    case_id = fields.Many2one(
        "collection.case",
        compute="_compute_case_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    partner_id = fields.Many2one(related="case_id.partner_id", string="Debtor")
    phone = fields.Char(compute="_compute_phone")
    language = fields.Char(compute="_compute_language")
    language_warning = fields.Char(compute="_compute_language")
    instructions = fields.Text(related="action_id.step_id.instructions")
    amount_overdue = fields.Monetary(related="case_id.amount_overdue")
    currency_id = fields.Many2one(related="case_id.currency_id")
    channel = fields.Selection(
        selection=[
            ("call", "Phone call"),
            ("visit", "Visit"),
            ("meeting", "Meeting"),
            ("task", "Internal task"),
        ],
        compute="_compute_channel",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    opened_at = fields.Datetime(default=fields.Datetime.now, readonly=True)
    contacted_at = fields.Datetime(
        string="When",
        default=fields.Datetime.now,
        required=True,
        help="When the conversation took place: the contact rules are those of that moment.",
    )
    is_incoming = fields.Boolean(
        string="The debtor called", help="It counts for no cap, at no hour."
    )
    is_past = fields.Boolean(compute="_compute_block")
    outcome = fields.Selection(selection=OUTCOMES, required=True, default="reached")
    nonpayment_reason_id = fields.Many2one(
        "collection.reason", domain=[("usage", "=", "nonpayment")], string="Why they do not pay"
    )
    next_date = fields.Date(
        compute="_compute_next_date",
        store=True,
        readonly=False,
        help="The day promised, or the day on which somebody looks at the case again.",
    )
    item_ids = fields.Many2many(
        "collection.item",
        string="Items promised",
        compute="_compute_item_ids",
        store=True,
        readonly=False,
        domain="[('case_id', '=', case_id), ('is_open', '=', True)]",
        help="Reminders of the others go on.",
    )
    promise_currency_id = fields.Many2one("res.currency", compute="_compute_promise_currency_id")
    amount = fields.Monetary(
        string="Amount promised",
        compute="_compute_amount",
        store=True,
        readonly=False,
        currency_field="promise_currency_id",
    )
    remind = fields.Boolean(
        string="Remind before the day", help="An e-mail a few days before, as the policy says."
    )
    promise_block = fields.Char(related="case_id.promise_block", related_sudo=False)
    promise_rate = fields.Char(related="case_id.promise_rate")
    report_hardship = fields.Boolean(
        string="Report to a manager",
        help="A report with the facts is opened next: the note here is read by all colleagues.",
    )
    dispute_category_id = fields.Many2one("collection.dispute.category", string="What is disputed")
    dispute_item_ids = fields.Many2many(
        "collection.item",
        "collection_contact_outcome_dispute_item_rel",
        string="Disputed invoices",
        help="Empty: all that is open.",
    )
    dispute_currency_id = fields.Many2one("res.currency", compute="_compute_dispute_currency_id")
    dispute_amount = fields.Monetary(
        string="Amount disputed",
        currency_field="dispute_currency_id",
        help="Of the only invoice that was chosen. 0: all of it.",
    )
    note = fields.Text()
    block = fields.Char(compute="_compute_block")
    can_override = fields.Boolean(compute="_compute_block")
    reachable = fields.Char(
        compute="_compute_reachable", help="Nobody else is spoken to about the debt."
    )
    override_reason_id = fields.Many2one(
        "collection.reason",
        domain=[("usage", "=", "override")],
        string="Reason for contacting all the same",
    )

    # === COMPUTE === #

    @api.depends("action_id")
    def _compute_case_id(self):
        for wizard in self:
            wizard.case_id = wizard.action_id.case_id or wizard.case_id

    @api.depends("action_id")
    def _compute_channel(self):
        for wizard in self:
            wizard.channel = wizard.action_id.channel or "call"

    @api.depends("action_id", "case_id")
    def _compute_phone(self):
        for wizard in self:
            _partner, phone, _problem = wizard.partner_id._find_collection_contact("phone")
            wizard.phone = wizard.action_id.recipient or phone

    @api.depends("action_id", "case_id")
    def _compute_language(self):
        actions = self.env["collection.action"]
        for wizard in self:
            partner = wizard.action_id.partner_id or wizard.partner_id
            wizard.language, wizard.language_warning = actions._describe_language(
                partner, wizard.case_id.company_id
            )

    @api.depends("outcome")
    def _compute_next_date(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            days = DEFAULT_DAYS.get(wizard.outcome)
            wizard.next_date = fields.Date.add(today, days=days) if days else False

    @api.depends("outcome", "case_id")
    def _compute_item_ids(self):
        for wizard in self:
            is_promise = wizard.outcome == "promised" and wizard.case_id
            wizard.item_ids = wizard.case_id._get_promisable_items() if is_promise else False

    @api.depends("item_ids")
    def _compute_promise_currency_id(self):
        for wizard in self:
            # In sudo mode to read the ledger: collectors need no accounting right.
            currencies = wizard.item_ids.sudo().currency_id
            wizard.promise_currency_id = currencies[:1] or wizard.currency_id

    @api.depends("dispute_item_ids")
    def _compute_dispute_currency_id(self):
        for wizard in self:
            # In sudo mode to read the ledger: collectors need no accounting right.
            currencies = wizard.dispute_item_ids.sudo().currency_id
            wizard.dispute_currency_id = currencies[:1] or wizard.currency_id

    @api.depends("outcome", "case_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard._sum_items()

    @api.depends("case_id", "action_id", "channel", "contacted_at", "is_incoming")
    def _compute_block(self):
        guard = self.env["collection.guard"]
        is_manager = self.env.user.has_group("recouvrement_creances.group_manager")
        for wizard in self:
            wizard.is_past = wizard._took_place_before()
            text, is_final = wizard._find_rule(guard)
            wizard.block = text
            wizard.can_override = bool(text) and is_manager and not is_final

    @api.depends("case_id")
    def _compute_reachable(self):
        for wizard in self:
            people = wizard.partner_id._get_collection_confidants() if wizard.partner_id else []
            wizard.reachable = ", ".join(partner.name or "" for partner in people)

    @api.onchange("item_ids")
    def _onchange_item_ids(self):
        self.amount = self._sum_items()

    def _sum_items(self):
        # In sudo mode to read the ledger: collectors need no accounting right.
        return sum(self.item_ids.sudo().mapped("amount_residual_currency"))

    @api.onchange("note")
    def _onchange_note(self):
        return self.env["collection.note.flag"]._warn_form(self.note)

    # === ACTIONS === #

    def action_apply(self):
        """Log the outcome; the case goes on as it asks for."""
        self.ensure_one()
        self._check_complete()
        self._check_reasons()
        self.case_id.check_access("write")
        today = fields.Date.context_today(self)
        overridden = self._ask_guard()
        self._apply_once()
        action = self.action_id or self._create_action(today)
        if overridden and self.override_reason_id:
            # In sudo mode to append: nobody has the right to create evidence by hand.
            self.env["collection.evidence"].sudo()._note(
                action,
                "override",
                {"reason": self.override_reason_id.name, "note": overridden},
            )
        # In sudo mode to write the contact and its evidence, after the check of access above.
        self.env[f"collection.channel.{self.channel}"].sudo()._log_outcome(
            action.sudo(),
            self.outcome,
            today,
            self._get_values(overridden),
        )
        if self.outcome == "cannot_pay" and self.report_hardship:
            reports = self.env["collection.hardship"]
            return reports._get_report_action(self.case_id, reason=self.nonpayment_reason_id)
        return {"type": "ir.actions.act_window_close"}

    # === HELPERS === #

    def _get_values(self, overridden):
        """Return what the channel writes down, and does what it asks for."""
        return {
            "nonpayment_reason": self.nonpayment_reason_id,
            "hold_reason": self._get_hold_reason(),
            "next_date": self.next_date,
            "amount": self.amount if self.outcome == "promised" else 0.0,
            "items": self.item_ids,
            "remind": self.remind,
            "dispute_category": self.dispute_category_id,
            "dispute_items": self.dispute_item_ids,
            "dispute_amount": self.dispute_amount,
            "note": self.note,
            "override_reason": self.override_reason_id
            if overridden
            else self.env["collection.reason"],
            "overridden": overridden,
            "contacted_at": self.contacted_at,
            "is_incoming": self.is_incoming,
        }

    def _took_place_before(self):
        """Say whether the conversation took place before somebody opened the dialog for it."""
        opened_at = self.opened_at or fields.Datetime.now()
        return bool(self.contacted_at) and self.contacted_at < opened_at - timedelta(minutes=1)

    def _find_rule(self, guard):
        """Return (the rule that stands against the contact, whether nobody overrides it)."""
        asked = self.action_id, self.case_id
        if not self.case_id or not self.contacted_at:
            return "", False
        if self.channel == "task":
            # What holds contacts does not hold the company's own work.
            return guard._find_senior_rule(guard._request(*asked, "task")), False
        if self.is_incoming:
            return "", False
        refusal = guard._find_block(*asked, self.channel, self.contacted_at)
        return (refusal.text, refusal.is_final) if refusal else ("", False)

    def _ask_guard(self):
        """Return the rule that was broken or overridden; nothing forbids to answer the debtor."""
        guard = self.env["collection.guard"]
        if self.channel == "task":
            return guard._check_senior(self.action_id, self.case_id, self.override_reason_id)
        if self.is_incoming:
            return ""
        return guard._check(
            self.action_id,
            self.case_id,
            self.channel,
            self.contacted_at,
            self.override_reason_id,
            is_past=self._took_place_before(),
        )

    def _check_complete(self):
        today = fields.Date.context_today(self)
        action = self.action_id
        if action and (action.case_id != self.case_id or action.channel != self.channel):
            raise UserError(self.env._("This contact is another one: open its own dialog."))
        if action and action.state != "planned":
            raise UserError(
                self.env._("This contact is no longer to do: log a new one on the case instead.")
            )
        if self.contacted_at > fields.Datetime.now() + timedelta(minutes=1):
            raise UserError(self.env._("The conversation is still to come: log it afterwards."))
        if self.is_incoming and self.outcome in UNANSWERED:
            raise UserError(self.env._("The debtor called: choose what came of it."))
        if self.outcome in DATED and not self.next_date:
            raise UserError(self.env._("Give the date: nothing would bring the case back."))
        if self.next_date and self.next_date < today:
            raise UserError(self.env._("The next date is in the past."))
        if self.next_date and self.next_date > fields.Date.add(today, years=1):
            raise UserError(self.env._("The next date is more than a year ahead."))
        if self.outcome == "promised":
            self._check_promise()
        if self.outcome == "disputes" and self.dispute_amount:
            self._check_dispute()
        if self.outcome == "cannot_pay" and not self.nonpayment_reason_id:
            raise UserError(self.env._("Say why the debtor cannot pay: the reason is kept."))

    def _check_promise(self):
        """Ask first what the promise asks again: the contact is logged with it or not at all."""
        if self.amount <= 0:
            raise UserError(self.env._("Give the amount that the debtor promises."))
        obstacle = self.case_id._find_promise_obstacle(self.next_date)
        if obstacle:
            raise UserError(obstacle)
        due = self._sum_items()
        if self.promise_currency_id.compare_amounts(self.amount, due) > 0:
            raise UserError(
                self.env._(
                    "%s is open: the debtor cannot promise more.",
                    self.promise_currency_id.format(due),
                )
            )

    def _check_dispute(self):
        if len(self.dispute_item_ids) != 1:
            raise UserError(self.env._("Choose the one invoice of which a part is disputed."))

    def _check_reasons(self):
        """The domains of the fields are the browser's: ask again."""
        uses = ((self.nonpayment_reason_id, "nonpayment"), (self.override_reason_id, "override"))
        for reason, usage in uses:
            if reason and reason.usage != usage:
                raise UserError(self.env._("“%s” is a reason for something else.", reason.name))

    def _get_hold_reason(self):
        name = HOLD_REASONS.get(self.outcome)
        if not name:
            return self.env["collection.reason"]
        return self.env.ref(f"recouvrement_creances.{name}")

    def _create_action(self, today):
        """Create the action of a contact that took place without being planned."""
        # In sudo mode to create the contact: people log outcomes, they do not make actions.
        actions_sudo = self.env["collection.action"].sudo()._with_door()
        partner, phone, _problem = self.partner_id._find_collection_contact("phone")
        return actions_sudo.create(
            {
                "company_id": self.case_id.company_id.id,
                "case_id": self.case_id.id,
                "channel": self.channel,
                "mode": "manual",
                "state": "planned",
                "date_planned": today,
                "user_id": self.env.uid,
                "partner_id": (partner or self.partner_id).id,
                "recipient": phone,
            }
        )

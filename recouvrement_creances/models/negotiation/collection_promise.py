from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL, format_date

from ...rules.settlement import JUDGED
from ...rules.transitions import PROMISE

# Worked out, never given.
DERIVED = ("company_id", "partner_id", "currency_id")
# By hand only the note changes: another promise is another record.
WRITABLE = {"note"}
LONGEST_YEARS = 1
# Proposed in a new form, as in the dialog of outcomes.
PROPOSED_DAYS = 7


class CollectionPromise(models.Model):
    """A debtor's word to pay an amount by a day: it stops contacts, and the ledger judges it."""

    _name = "collection.promise"
    _description = "Promise to pay"
    _inherit = [
        "collection.case.record",
        "collection.promise.replacement",
        "collection.promise.judgement",
        "collection.sourced",
        "mail.thread",
        "collection.stateful",
    ]
    _order = "date desc, id desc"
    _transitions = PROMISE
    _check_company_auto = True
    _mail_post_access = "read"

    partner_id = fields.Many2one(store=True, index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Collector",
        readonly=True,
        index=True,
        ondelete="set null",
        help="Who took the promise; the case's collector where the debtor made it by himself.",
    )
    item_ids = fields.Many2many(
        "collection.item",
        "collection_promise_item_rel",
        "promise_id",
        "item_id",
        string="Items",
        domain="[('case_id', '=', case_id), ('is_open', '=', True)]",
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, precompute=True
    )
    amount = fields.Monetary(string="Amount promised", required=True)
    date = fields.Date(
        string="Promised for",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=PROPOSED_DAYS),
    )
    date_start = fields.Date(
        string="Promised on", required=True, readonly=True, default=fields.Date.context_today
    )
    promised_by_id = fields.Many2one(
        "res.partner", string="Promised by", ondelete="restrict", index="btree_not_null"
    )
    how = fields.Selection(
        selection=[
            ("call", "Phone call"),
            ("visit", "Visit"),
            ("meeting", "Meeting"),
            ("email", "E-mail"),
            ("letter", "Letter"),
            ("portal", "Debtor's page"),
        ],
        required=True,
        default="call",
    )
    note = fields.Text()
    remind = fields.Boolean(
        string="Remind before the day",
        help="An e-mail a few days before, as the policy says; the contact rules are asked.",
    )
    reminder_id = fields.Many2one(
        "collection.action", readonly=True, index="btree_not_null", ondelete="set null", copy=False
    )

    rest_of_id = fields.Many2one(
        "collection.promise",
        string="Rest of",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="The promise that another one replaced in part: this is what is left of it.",
    )

    amount_label = fields.Char(compute="_compute_amount_label", help="For messages.")

    _check_amount = models.Constraint("CHECK(amount > 0)", "Give the amount that is promised.")
    _check_dates = models.Constraint(
        "CHECK(date >= date_start)", "The day promised is not before the promise."
    )
    _due_index = models.Index("(company_id, last_date) WHERE state = 'pending'")

    # === COMPUTE === #

    @api.depends("amount", "currency_id")
    @api.depends_context("lang")
    def _compute_amount_label(self):
        for promise in self:
            currency = promise.currency_id or promise.company_id.currency_id
            promise.amount_label = currency.format(promise.amount) if currency else ""

    @api.depends("amount_label", "date", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = self.env._(
                "Promise of %(amount)s for %(date)s · %(debtor)s",
                amount=promise.amount_label,
                date=format_date(self.env, promise.date),
                debtor=promise.partner_id.sudo().name or "",
            )

    @api.depends("item_ids")
    def _compute_currency_id(self):
        for promise in self:
            # In sudo mode to read the ledger: collectors need no accounting right.
            currencies = promise.item_ids.sudo().currency_id
            promise.currency_id = currencies[:1] or promise.company_id.currency_id

    # === CONSTRAINTS === #

    @api.constrains("item_ids", "case_id", "date")
    def _check_items(self):
        for promise in self:
            items_sudo = promise.item_ids.sudo()
            if not items_sudo:
                raise ValidationError(self.env._("Say which items are promised."))
            if items_sudo.case_id - promise.case_id:
                raise ValidationError(
                    self.env._("Items of one case are promised, and of no other one.")
                )
            if len(items_sudo.currency_id) > 1:
                raise ValidationError(
                    self.env._("Promise each currency by itself: these items have several.")
                )

    @api.onchange("note")
    def _onchange_note(self):
        return self.env["collection.note.flag"]._warn_form(self.note)

    @api.onchange("case_id")
    def _onchange_case_id(self):
        """Propose what is overdue, as the dialog of outcomes does."""
        if self.case_id and not self.item_ids:
            self.item_ids = self.case_id._get_promisable_items()

    @api.onchange("item_ids")
    def _onchange_item_ids(self):
        self.amount = sum(self.item_ids.mapped("amount_residual_currency"))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Note promises: they replace pending ones of the same items, and stop contacts."""
        if self._through_door():
            # What is left of a former one: its rules are fixed, and it was accepted.
            return super().create(vals_list)
        # The day of today is not chosen, nor what only the judgement writes.
        starts = [vals.get("date_start") if self.env.su else None for vals in vals_list]
        own, vals_list = self._drop_given((*self._JUDGEMENT_FIELDS, *DERIVED), vals_list)
        prepared = map(own._prepare_promise, vals_list, starts)
        promises = super(CollectionPromise, own).create(list(prepared))
        promises = promises.with_env(self.env)
        for day, made in promises.grouped("date_start").items():
            # What nobody has judged since its last day counts for what the policy still allows.
            made.case_id.promise_ids._judge_passed(day)
        for promise in promises:
            promise._check_promise()
            promise._convert_tolerance(promise.date_start)
        promises._replace_former()
        for day, made in promises.grouped("date_start").items():
            made._hold_contacts(day)
        promises._plan_reminders()
        promises._flag_notes()
        return promises

    def write(self, vals):
        """Keep a promise what it was made as; only its note may be added to."""
        if not (self.env.su or self._through_door()) and vals.keys() - WRITABLE:
            raise UserError(
                self.env._("A promise stays as it was made: withdraw it and note another one.")
            )
        result = super().write(vals)
        if "note" in vals:
            self._flag_notes()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Promises are history: withdraw the promise instead."))

    # === ACTIONS === #

    def action_withdraw(self):
        """Take the promise back: contacts go on; it counts neither as kept nor as broken."""
        self.check_access("write")
        for company, promises in self.grouped("company_id").items():
            promises._judge_passed(company._collection_today())
        if any(promise.state != "pending" for promise in self):
            raise UserError(
                self.env._("Only a pending promise is withdrawn: the ledger has judged this one.")
            )
        self._withdraw(self.env._("The promise was withdrawn by %s.", self.env.user.name))

    # === BUSINESS === #

    @api.model
    def _make(
        self, case, items, amount, date, promised_by, how, note=None, remind=False, as_of=None
    ):
        """Note that a debtor promises to pay.

        :param case: the collection.case
        :param items: its collection.item records that are promised, all of one currency
        :param float amount: in the items' currency; no more than what is due of them
        :param date date: by when, within what the policy allows
        :param promised_by: the res.partner who promised; may be empty
        :param str how: call, visit, meeting, email, letter or portal
        :param str note: what was said
        :param bool remind: write to the debtor a few days before
        :param date as_of: when it was made, in sudo mode only; today otherwise
        :return: the promise; contacts about its items are held
        :raises UserError: not possible, or only by a manager; says why
        """
        return self.create(
            {
                "case_id": case.id,
                "item_ids": [Command.set(items.ids)],
                "amount": amount,
                "date": date,
                "promised_by_id": promised_by.id if promised_by else False,
                "how": how,
                "note": note,
                "remind": remind,
                "date_start": as_of,
            }
        )

    def _prepare_promise(self, vals, start):
        """Fix the rules that the promise is judged by: later settings do not change it."""
        case = self.env["collection.case"].browse(vals.get("case_id"))
        vals = {**self.default_get(["date"]), **vals}
        user = self.env.user
        return {
            **vals,
            "date_start": start or fields.Date.context_today(self),
            "matched_after": self.env["collection.settlement"]._find_last_matching(),
            "user_id": user.id if user._is_internal() else case.user_id.id,
            **self._get_payment_rules(case.company_id, fields.Date.to_date(vals["date"])),
        }

    def _check_promise(self):
        """Refuse what is not owed, or what the policy leaves to a manager."""
        self.ensure_one()
        self.env["collection.insolvency"]._check_free(self.item_ids)
        obstacle = self.case_id._find_promise_obstacle(self.date)
        if obstacle:
            raise UserError(obstacle)
        settled_sudo = self.env["collection.schedule.item"]._find_settled(self.item_ids)
        if settled_sudo:
            raise UserError(
                self.env._(
                    "%s is in a schedule that is on time: its instalments say when it is paid.",
                    settled_sudo[0].display_name,
                )
            )
        if self.date > fields.Date.add(self.date_start, years=LONGEST_YEARS):
            raise UserError(self.env._("A promise is for a day within a year."))
        # In sudo mode to read the ledger: collectors need no accounting right.
        due = sum(self.item_ids.sudo().mapped("amount_residual_currency"))
        if self.currency_id.compare_amounts(self.amount, due) > 0:
            raise UserError(
                self.env._(
                    "%s is open: the debtor cannot promise more.", self.currency_id.format(due)
                )
            )

    def _judge_passed(self, as_of):
        """Judge those whose last day has passed since the last run: their history is written."""
        passed = self.filtered(
            lambda promise: promise.state == "pending" and promise.last_date < as_of
        )
        if passed:
            # In sudo mode to judge, as the daily run does.
            passed.sudo().with_context(collection_deciding=True)._judge(as_of)

    def _withdraw(self, note):
        # In sudo mode to end the hold and the reminder, after the check of access by the caller.
        promises_sudo = self.sudo()
        promises_sudo._apply_event("withdraw")
        promises_sudo._end_effects(note)
        promises_sudo._log(note)

    def _flag_notes(self):
        """Bring the list of notes that seem sensitive up to date."""
        self.env["collection.note.flag"]._flag(
            "promise", [(promise.case_id, promise, promise.note) for promise in self]
        )

    def _log(self, text):
        """Write the same line on each promise."""
        if self:
            self._message_log_batch(bodies=dict.fromkeys(self.ids, text))

    # === STATISTICS === #

    def _field_to_sql(self, alias, field_expr, query=None):
        """EXTENDS base: the rate of kept promises is averaged in SQL; the others are no part."""
        if field_expr == "kept_rate":
            return SQL(
                "CASE WHEN %(state)s = 'kept' THEN 100.0 WHEN %(state)s IN %(judged)s THEN 0.0 END",
                state=self._field_to_sql(alias, "state", query),
                judged=JUDGED,
            )
        return super()._field_to_sql(alias, field_expr, query)

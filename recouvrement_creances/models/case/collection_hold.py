from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...rules.transitions import HOLD
from .collection_hold_insolvency import INSOLVENCY_FIELDS
from .collection_hold_interest import INTEREST_FIELDS
from .collection_hold_line import MAKING

HOLD_KINDS = [
    ("manual", "Pause"),
    ("promise", "Promise to pay"),
    ("schedule", "Schedule"),
    ("dispute", "Dispute"),
    ("insolvency", "Insolvency proceedings"),
    ("handover", "Handed over"),
]
# Only a manager ends these, or shortens them: reminders would start again.
PROTECTED_KINDS = ("insolvency", "handover")
# Agreements make these: a hold without its promise would never be judged.
AGREED_KINDS = ("promise",)
# What makes a hold this one, written once; and what its release keeps.
FIXED_FIELDS = {"kind", "case_id"}
RELEASE_FIELDS = {"released_on", "released_by_id", "release_note"}
# What is checked as it is given: no default brings it in past that, nor into a hold of the flow.
CHECKED_FIELDS = {
    "kind",
    "date_start",
    "date_end",
    "review_date",
    "line_ids",
    *RELEASE_FIELDS,
    *INSOLVENCY_FIELDS,
    *INTEREST_FIELDS,
}
# What a hold may be given as its reason: all but the reasons for overriding a rule.
HOLD_USAGES = ("hold", "nonpayment", "exclusion")
LONGEST_YEARS = 10


class CollectionHold(models.Model):
    """The only thing that stops contacts: always with a reason, and an end or a review date."""

    _name = "collection.hold"
    _description = "Collection hold"
    _inherit = [
        "collection.case.record",
        "collection.hold.expiry",
        "collection.hold.interest",
        "collection.hold.insolvency",
        "mail.thread",
        "collection.stateful",
    ]
    _order = "date_start desc, id desc"
    _transitions = HOLD
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    user_id = fields.Many2one(related="case_id.user_id")
    can_end = fields.Boolean(
        compute="_compute_can_end",
        help="The present user may end the hold: some kinds are for managers.",
    )
    kind = fields.Selection(selection=HOLD_KINDS, required=True, default="manual", tracking=True)
    state = fields.Selection(
        selection=[("open", "Running"), ("released", "Released"), ("expired", "Run out")],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
    )
    line_ids = fields.One2many(
        "collection.hold.line", "hold_id", help="Empty: the whole case is held."
    )
    reason_id = fields.Many2one(
        "collection.reason",
        required=True,
        ondelete="restrict",
        domain=[("usage", "in", HOLD_USAGES)],
        tracking=True,
    )
    dispute_ids = fields.One2many("collection.dispute", "hold_id", readonly=True)
    date_start = fields.Date(required=True, default=fields.Date.context_today)
    date_end = fields.Date(
        tracking=True, help="The last day of the hold: contacts go on the day after."
    )
    review_date = fields.Date(
        tracking=True, help="A hold without an end is looked at again on this day."
    )
    note = fields.Text()
    released_on = fields.Date(readonly=True)
    released_by_id = fields.Many2one("res.users", readonly=True)
    release_note = fields.Char(readonly=True)
    amount_held = fields.Monetary(compute="_compute_amount_held", currency_field="currency_id")
    currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")

    _check_dates = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)",
        "A hold cannot end before it starts.",
    )
    _check_end_or_review = models.Constraint(
        "CHECK(date_end IS NOT NULL OR review_date IS NOT NULL)",
        "Give the hold an end or a review date, so that nobody forgets it.",
    )
    _open_index = models.Index("(case_id) WHERE state = 'open'")

    # === COMPUTE === #

    @api.depends("kind", "case_id")
    def _compute_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for hold in self:
            hold.name = f"{labels.get(hold.kind, '')} · {hold.case_id.display_name or ''}"

    @api.depends("name")
    def _compute_display_name(self):
        for hold in self:
            hold.display_name = hold.name

    @api.depends("kind", "stops_interest")
    @api.depends_context("uid")
    def _compute_can_end(self):
        agreed = self.env["collection.settlement"]._filter_agreed(self)
        for hold in self:
            hold.can_end = hold._may_end() and hold not in agreed and not hold.sudo().insolvency_id

    @api.depends("line_ids.amount", "line_ids.item_id", "case_id")
    def _compute_amount_held(self):
        for hold in self:
            if hold.line_ids:
                hold.amount_held = sum(line._get_amount_held() for line in hold.line_ids)
            else:
                items = hold._filter_borne(hold.case_id.item_ids.filtered("is_open"))
                hold.amount_held = sum(items.mapped("amount_residual"))

    # === CONSTRAINTS === #

    @api.constrains("kind", "line_ids")
    def _check_whole_case(self):
        # Without those that were emptied with a deleted invoice.
        self.line_ids.filtered("item_id")._check_item_id()
        for hold in self:
            if hold.kind == "insolvency" and hold.line_ids:
                raise ValidationError(
                    self.env._("Insolvency proceedings hold the whole case, not single items.")
                )

    @api.constrains("date_start", "date_end", "review_date")
    def _check_horizon(self):
        """A hold for ever is a mistype: nobody would look at the case again."""
        horizon = fields.Date.add(fields.Date.context_today(self), years=LONGEST_YEARS)
        for hold in self:
            if any(day and day > horizon for day in hold._get_days()):
                raise ValidationError(
                    self.env._(
                        "The dates of a hold are at most %(years)s years ahead, by %(date)s.",
                        years=LONGEST_YEARS,
                        date=format_date(self.env, horizon),
                    )
                )

    @api.constrains("reason_id")
    def _check_reason_id(self):
        for hold in self:
            if hold.reason_id.usage not in HOLD_USAGES:
                raise ValidationError(
                    self.env._(
                        "“%s” is no reason for a hold: choose another one.", hold.reason_id.name
                    )
                )

    @api.onchange("note")
    def _onchange_note(self):
        return self.env["collection.note.flag"]._warn_form(self.note)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Create the holds and decide their cases anew, so that screens tell the truth at once."""
        self._check_allowed(*vals_list)
        deciding = self._without_defaults(CHECKED_FIELDS).with_context(
            collection_deciding=True, collection_making=MAKING
        )
        holds = super(CollectionHold, deciding).create(vals_list).with_env(self.env)
        holds._decide_cases()
        holds._flag_notes()
        holds._log_on_cases(
            lambda hold: (
                self.env._("Contacts held until %s", format_date(self.env, hold.date_end))
                if hold.date_end
                else self.env._("Contacts held without an end")
            )
        )
        return holds

    def write(self, vals):
        """Keep ended holds as they were; decide anew when what they hold may have changed."""
        if not self._through_door() and any(hold.state != "open" for hold in self):
            raise UserError(
                self.env._("A hold that has ended is history: create a new one instead.")
            )
        if FIXED_FIELDS & vals.keys() and not self._through_door():
            raise UserError(
                self.env._("A hold stays with its case and its kind: create a new one instead.")
            )
        self._check_allowed(vals)
        deciding = self.with_context(collection_deciding=True)
        result = super(CollectionHold, deciding).write(vals)
        if {"date_start", "date_end", "state", "line_ids", "arose_before"} & vals.keys():
            self._decide_cases()
        if "note" in vals:
            self._flag_notes()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Holds are part of the case's history: release them instead."))

    # === ACTIONS === #

    def action_release(self):
        """End the hold today: the next run may contact the debtor again."""
        self._check_may_end()
        self._release(self.env.context.get("collection_release_note") or self.env._("By hand"))

    # === BUSINESS - CHECKS === #

    def _get_days(self):
        self.ensure_one()
        return (self.date_start, self.date_end, self.review_date)

    def _may_end(self):
        return (
            self.env.su
            or self.env.user.has_group("recouvrement_creances.group_manager")
            or not any(hold.kind in PROTECTED_KINDS or hold.stops_interest for hold in self)
        )

    def _check_may_end(self):
        """Refuse to let reminders start again after proceedings, or against what was agreed."""
        self._check_not_agreed()
        if self.insolvency_id and not self.env.su:
            self._refuse_with_insolvency()
        if not self._may_end():
            raise AccessError(
                self.env._(
                    "Only a manager ends a hold for insolvency proceedings or a handover, or one "
                    "that stops interest."
                )
            )

    def _check_not_agreed(self):
        """A hold that an agreement made changes and ends with the agreement only."""
        agreement = None if self.env.su else self.env["collection.settlement"]._find_agreement(self)
        if agreement:
            agreement._refuse_by_hand()

    def _check_allowed(self, *vals_list):
        """Refuse by hand what would release holds past their button, or forge a release."""
        if self.env.su or self._through_door():
            return
        today = fields.Date.context_today(self)
        if any(vals.keys() - {"note"} for vals in vals_list):
            self._check_not_agreed()
        self._check_insolvency_by_hand(vals_list)
        for vals in vals_list:
            if vals.get("kind") in AGREED_KINDS:
                raise UserError(
                    self.env._("Note the promise on the case: it holds contacts by itself.")
                )
            self._check_interest_allowed(vals)
            if RELEASE_FIELDS & vals.keys():
                raise AccessError(self.env._("A hold is released by its button only."))
            if vals.get("kind") == "dispute":
                raise UserError(
                    self.env._(
                        "Open a dispute on the case instead: it holds what is disputed, and "
                        "somebody looks into it."
                    )
                )
            for name in ("date_end", "review_date"):
                day = fields.Date.to_date(vals.get(name))
                if day and day < today:
                    raise UserError(
                        self.env._("A hold ends, and is looked at again, from today on.")
                    )
            self.filtered(lambda hold, vals=vals: hold._is_weakened_by(vals))._check_may_end()

    def _is_weakened_by(self, vals):
        """Tell whether values say something else of a hold than that it lasts longer."""
        self.ensure_one()
        if {"reason_id", "line_ids"} & vals.keys():
            return True
        start = fields.Date.to_date(vals.get("date_start", self.date_start))
        end = fields.Date.to_date(vals.get("date_end", self.date_end))
        sooner = end and (not self.date_end or end < self.date_end)
        return bool(not start or start > self.date_start or sooner)

    # === BUSINESS === #

    def _release(self, note):
        """End the holds, keeping who, when and why."""
        self._apply_event(
            "release",
            {
                "released_on": fields.Date.context_today(self),
                "released_by_id": self.env.uid,
                "release_note": note,
            },
        )
        self._log_on_cases(lambda hold: self.env._("Hold released: %s", hold.release_note or ""))

    def _flag_notes(self):
        """Bring the list of notes that seem sensitive up to date."""
        self.env["collection.note.flag"]._flag(
            "hold", [(hold.case_id, hold, hold.note) for hold in self]
        )

    def _move_to(self, case):
        """Follow the items of merged debtors to the case that stays."""
        self._with_door().with_context(collection_deciding=True).case_id = case

    def _log_on_cases(self, text):
        """Tell the cases' timelines, one line per hold."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        lines = {}
        for hold in self:
            parts = (text(hold), kinds[hold.kind], hold.reason_id.name, hold.note)
            # A reason may be called as its kind is.
            words = dict.fromkeys(filter(None, parts))
            lines.setdefault(hold.case_id.id, []).append(" · ".join(words))
        self.case_id._message_log_batch(
            bodies={
                case_id: Markup("<br/>").join(escape(line) for line in texts)
                for case_id, texts in lines.items()
            }
        )

    def _decide_cases(self):
        """Decide the cases anew, unless who changes the holds does it right after."""
        if not self.env.context.get("collection_deciding"):
            self.case_id._refresh_verdicts(fields.Date.context_today(self))

    @api.model
    def _running_domain(self, as_of):
        """Return the domain of the holds that stop contacts on ``as_of``."""
        return (
            Domain("state", "=", "open")
            & Domain("date_start", "<=", as_of)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", as_of))
        )

    def _is_running(self, as_of):
        """Tell whether the hold stops contacts on a day; without one, whether it is open."""
        self.ensure_one()
        return self.state == "open" and (
            not as_of
            or (self.date_start <= as_of and (not self.date_end or self.date_end >= as_of))
        )

    @api.model
    def _whole_case_domain(self, cases):
        """Return the domain of the holds on whole cases, later debts included."""
        return (
            Domain("case_id", "in", cases.ids)
            & Domain("line_ids", "=", False)
            & Domain("arose_before", "=", False)
        )

    def _get_items(self):
        """Return the items that the hold bears on: those that it names, else its case's."""
        self.ensure_one()
        # A hold whose invoice was deleted has lines without an item: it bears on nothing.
        if self.line_ids:
            return self.line_ids.item_id
        return self._filter_borne(self.case_id.item_ids)

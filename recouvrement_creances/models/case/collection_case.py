from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.dialogs import open_dialog

# Written by the phases of the run (in SQL or in sudo mode), never by a person.
ENGINE_FIELDS = {
    "name",
    "company_id",
    "partner_id",
    "is_open",
    "opened_on",
    "closed_on",
    "policy_id",
    "cycle",
    "priority",
    "priority_detail",
    "purged_on",
    "is_in_gazette_watch",
}


class CollectionCase(models.Model):
    """Everything about one debtor of one company: items, contacts, holds, what comes next."""

    _name = "collection.case"
    _description = "Collection case"
    _inherit = [
        "collection.case.charges",
        "collection.case.figures",
        "collection.case.handover",
        "collection.case.limitation",
        "collection.case.portal",
        "collection.case.means",
        "collection.case.rights",
        "collection.case.custody",
        "collection.case.promises",
        "collection.case.proceedings",
        "collection.case.disputes",
        "collection.case.messages",
        "collection.case.first.day",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "is_open desc, priority desc, id"
    _check_company_auto = True
    _rec_names_search = ["name", "partner_id"]
    _mail_post_access = "write"

    name = fields.Char(string="Reference", required=True, readonly=True, default="/", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    is_open = fields.Boolean(string="Open", default=True, readonly=True)
    opened_on = fields.Date(readonly=True)
    closed_on = fields.Date(readonly=True)
    stage_id = fields.Many2one(
        "collection.stage",
        ondelete="restrict",
        index=True,
        tracking=True,
        group_expand="_read_group_stage_id",
    )
    stage_kind = fields.Selection(related="stage_id.kind")
    policy_id = fields.Many2one("collection.policy", readonly=True, ondelete="set null")
    user_id = fields.Many2one(
        "res.users",
        string="Collector",
        index=True,
        tracking=True,
        ondelete="set null",
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref("recouvrement_creances.group_collector").ids)
        ],
    )
    cycle = fields.Integer(
        readonly=True, default=1, help="The round of contacts that comes next: each is sent once."
    )
    nonpayment_reason_id = fields.Many2one(
        "collection.reason",
        string="Why they do not pay",
        domain=[("usage", "=", "nonpayment")],
        tracking=True,
        ondelete="set null",
    )
    nonpayment_kind = fields.Selection(
        related="nonpayment_reason_id.kind", string="Kind of reason for non-payment"
    )
    priority = fields.Integer(readonly=True, aggregator=None)
    priority_detail = fields.Char(readonly=True)
    priority_explanation = fields.Char(compute="_compute_priority_explanation")

    item_ids = fields.One2many("collection.item", "case_id", readonly=True)
    open_item_ids = fields.One2many(
        "collection.item", "case_id", domain=[("is_open", "=", True)], readonly=True
    )
    contact_email = fields.Char(string="E-mail", compute="_compute_contact", compute_sudo=True)
    contact_phone = fields.Char(string="Phone", compute="_compute_contact", compute_sudo=True)
    action_ids = fields.One2many("collection.action", "case_id", readonly=True)
    hold_ids = fields.One2many("collection.hold", "case_id", readonly=True)
    schedule_ids = fields.One2many("collection.schedule", "case_id", readonly=True)
    evidence_ids = fields.One2many("collection.evidence", "case_id", readonly=True)

    last_contact_date = fields.Date(compute="_compute_last_contact", compute_sudo=True)
    last_contact_channel = fields.Char(compute="_compute_last_contact", compute_sudo=True)
    next_step = fields.Char(compute="_compute_next_step", compute_sudo=True)
    explanation = fields.Text(compute="_compute_explanation", compute_sudo=True)
    hold_count = fields.Integer(
        string="Running holds",
        compute="_compute_hold_count",
        search="_search_hold_count",
        compute_sudo=True,
    )
    can_work = fields.Boolean(
        compute="_compute_can_work", help="The present user may work on the case."
    )
    failed_count = fields.Integer(compute="_compute_failed_count", compute_sudo=True)

    _open_unique = models.UniqueIndex(
        "(company_id, partner_id) WHERE is_open IS TRUE",
        "This debtor has an open case already: open that one.",
    )

    def init(self):
        """Leave room on each page for the ranking, which a day rewrites (see collection.item)."""
        self.env.cr.execute(SQL("ALTER TABLE collection_case SET (fillfactor = 50)"))

    # === COMPUTE === #

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for case in self:
            case.display_name = f"{case.partner_id.sudo().display_name or ''} ({case.name})"

    @api.depends("action_ids.state", "action_ids.contact_date")
    def _compute_last_contact(self):
        labels = dict(
            self.env["collection.action"]._fields["channel"]._description_selection(self.env)
        )
        self.env["collection.action"].flush_model(["case_id", "state", "channel", "contact_date"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (case_id) case_id, contact_date, channel
                  FROM collection_action
                 WHERE case_id IN %s AND state IN ('sent', 'done') AND channel <> 'task'
              ORDER BY case_id, contact_date DESC, id DESC
                """,
                tuple(self.ids) or (0,),
            )
        )
        last = {case_id: (date, labels[channel]) for case_id, date, channel in rows}
        for case in self:
            case.last_contact_date, case.last_contact_channel = last.get(case.id, (False, False))

    @api.depends("hold_ids.state")
    def _compute_hold_count(self):
        holds = self.env["collection.hold"]
        running = holds._running_domain(fields.Date.context_today(self))
        counts = dict(
            holds._read_group(running & Domain("case_id", "in", self.ids), ["case_id"], ["__count"])
        )
        for case in self:
            case.hold_count = counts.get(case._origin, 0)

    def _search_hold_count(self, operator, value):
        if operator not in (">", "in", "not in"):
            return NotImplemented
        running = self.env["collection.hold"]._running_domain(fields.Date.context_today(self))
        held = Domain("hold_ids", "any", running)
        wants_held = operator == ">" or (operator == "not in") == (0 in value)
        return held if wants_held else ~held

    @api.depends("action_ids.state")
    def _compute_failed_count(self):
        counts = dict(
            self.env["collection.action"]._read_group(
                [("case_id", "in", self.ids), ("state", "in", ("failed", "ambiguous"))],
                ["case_id"],
                ["__count"],
            )
        )
        for case in self:
            case.failed_count = counts.get(case._origin, 0)

    @api.depends("priority_detail")
    def _compute_priority_explanation(self):
        labels = {
            "amount": self.env._("amount"),
            "age": self.env._("age"),
            "level": self.env._("level"),
            "late_tasks": self.env._("late tasks"),
            "failed_contacts": self.env._("failed contacts"),
            "ladder_done": self.env._("ladder done"),
            "hold_expired": self.env._("hold to review"),
            "promise_broken": self.env._("promise not kept"),
        }
        for case in self:
            pairs = [pair.split(":") for pair in (case.priority_detail or "").split()]
            case.priority_explanation = " + ".join(
                f"{labels.get(factor, factor)} {points}" for factor, points in pairs
            )

    @api.depends("action_ids.state", "item_ids.verdict")
    def _compute_next_step(self):
        self.env["collection.explanation"]._fill_next_step(self)

    @api.depends("action_ids.state", "item_ids.verdict")
    def _compute_explanation(self):
        self.env["collection.explanation"]._fill_explanation(self)

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_can_work(self):
        workable = self._filtered_access("write")
        for case in self:
            case.can_work = case in workable

    @api.depends("partner_id.child_ids.type", "partner_id.email", "partner_id.phone")
    def _compute_contact(self):
        """Show the addresses that reminders and calls really use."""
        for case in self:
            _partner, case.contact_email, _problem = case.partner_id._find_collection_contact(
                "email"
            )
            _partner, case.contact_phone, _problem = case.partner_id._find_collection_contact(
                "phone"
            )

    @api.model
    def _read_group_stage_id(self, stages, domain):
        return stages.search([("active", "=", True)])

    # === CRUD === #

    def write(self, vals):
        """Keep what the run decides out of everybody else's reach."""
        if not self.env.su and ENGINE_FIELDS & vals.keys():
            raise AccessError(
                self.env._(
                    "These fields are kept by the collection run: %(names)s.",
                    names=sorted(ENGINE_FIELDS & vals.keys()),
                )
            )
        self._check_by_hand(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Cases are kept with their history; they close by themselves."))

    # === ACTIONS === #

    def action_refresh(self):
        """Read the ledger again for these cases: payments of today count at once."""
        self._refresh_verdicts(fields.Date.context_today(self))

    def action_propose(self):
        """Open the proposal of what would go out for these cases now."""
        run = self.env["collection.run"]._propose_for(self)
        return run._get_form_action()

    def action_log_contact(self):
        """Open the dialog that logs a call, visit or meeting that took place just now."""
        return self._open_dialog("collection.contact.outcome", self.env._("Log a contact"))

    def action_add_hold(self):
        """Open the form of a new hold on the case."""
        return self._open_dialog("collection.hold", self.env._("Hold contacts"))

    def _open_dialog(self, model, name, **context):
        """Return the action that opens a dialog about the case."""
        self.ensure_one()
        return open_dialog(model, name, default_case_id=self.id, **context)

    def action_assign_to_me(self):
        """Take unassigned cases."""
        taken = self.filtered(lambda case: case.user_id and case.user_id != self.env.user)
        if taken and not self.env.user.has_group("recouvrement_creances.group_manager"):
            raise AccessError(
                self.env._(
                    "%(case)s is followed by %(user)s: only a manager gives it to somebody else.",
                    case=taken[0].display_name,
                    user=taken[0].user_id.name,
                )
            )
        self.user_id = self.env.user

    def action_open_partner(self):
        """Open the debtor."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    # === BUSINESS === #

    def _advance_to(self, stage):
        """Move open cases on to a later stage; none ever moves back by a contact."""
        if stage:
            self.filtered(
                lambda case: case.is_open and case.stage_id.sequence < stage.sequence
            ).stage_id = stage

    def _refresh_verdicts(self, as_of):
        """Refresh, decide and rank these cases only: the same three phases as the daily run."""
        for company, cases in self.grouped("company_id").items():
            # In sudo mode to read the whole ledger of the debtor, which collectors cannot.
            lines = self.env["collection.ledger"].sudo()._open_lines(company, cases)
            self.env["collection.refresh"].sudo()._refresh(company, as_of, cases, lines)
            self.env["collection.decision"].sudo()._decide(company, as_of, cases, lines=lines)
            self.env["collection.ranking"].sudo()._rank(company, as_of, cases, lines)

    def _open_for(self, partner, company):
        """Return the open case of a debtor, or an empty record."""
        return self.search(
            [
                ("partner_id", "=", partner.commercial_partner_id.id),
                ("company_id", "=", company.id),
                ("is_open", "=", True),
            ],
            limit=1,
        )

    def _join_debtors(self, sources, destination):
        """Make one case of the open cases of debtors that are about to become one.

        Their items and running holds go to the case that stays; what was sent and its evidence
        stay where they were. Proposals and tasks of the cases that end are withdrawn: the next
        run makes them anew, for all items together.
        """
        cases = self.search(
            [("partner_id", "in", (sources | destination).ids), ("is_open", "=", True)]
        )
        self.env["collection.publication"]._join_debtors(sources | destination, destination)
        today = fields.Date.context_today(self)
        for same_company in cases.grouped("company_id").values():
            kept = same_company.filtered(lambda case: case.partner_id == destination)
            kept = kept or same_company[:1]
            ended = same_company - kept
            ended.action_ids.filtered(
                lambda action: action.state in ("proposed", "confirmed", "planned", "failed")
            )._withdraw(self.env._("The debtor was merged with another one."))
            self.env["collection.hold"]._name_items_of(same_company)
            ended.hold_ids.filtered(lambda hold: hold.state == "open")._move_to(kept)
            ended.item_ids.case_id = kept
            self.env["collection.settlement"]._move_agreements(ended, kept)
            ended._hand_means_to(kept)
            ended._hand_proceedings_to(kept)
            ended.write(
                {
                    "is_open": False,
                    "closed_on": today,
                    "stage_id": self.env["collection.stage"]._first_of_kind("closed").id,
                }
            )
        # What runs without an open case as well.
        self.env["collection.insolvency"]._join_debtors(sources | destination, destination)

    def _message_receive_bounce(self, email, partner):
        """EXTENDS mail: a bounced message is a failed contact, shown on its action."""
        self.env["collection.action"]._note_bounce(self, email)
        return super()._message_receive_bounce(email, partner)

    def _mail_get_partner_fields(self, introspect_fields=False):
        """EXTENDS mail: the debtor is the customer of the case."""
        return ["partner_id"]

    def _message_post_after_hook(self, message, msg_vals):
        """EXTENDS mail: a debtor's answer becomes a task for the collector."""
        result = super()._message_post_after_hook(message, msg_vals)
        if message.message_type == "email" and not message.author_id.user_ids.filtered(
            lambda user: user._is_internal()
        ):
            answer = "recouvrement_creances.mail_activity_type_answer"
            waiting = self.activity_ids.filtered(
                lambda task: task.activity_type_id == self.env.ref(answer)
            )
            untold = self.filtered(lambda case: not case.activity_ids & waiting)
            for case, user in untold._map_responsible().items():
                case.activity_schedule(
                    answer,
                    summary=self.env._("Answer from the debtor"),
                    user_id=user.id,
                )
        return result

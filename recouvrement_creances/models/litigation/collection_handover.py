from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...rules.handover_checklist import DELIVERY, DISPUTE, NOTICE_PIECE, ORDER, PASSED
from ...rules.transitions import HANDOVER
from ...rules.transitions_litigation import HANDOVER_RUNNING
from .collection_debtor_check import SOLVENCY_LABELS
from .collection_route_parameter import ROUTE_LABELS

HANDOVER_STATES = [
    ("draft", "In preparation"),
    ("requested", "Waits for approval"),
    ("refused", "Turned down"),
    ("approved", "Approved"),
    ("sending", "To be sent"),
    ("transmitted", "Handed to the partner"),
    ("accepted", "Taken on"),
    ("declined", "Declined by the partner"),
    ("recalled", "Taken back"),
    ("closed", "Closed"),
]
AGENT_KINDS = [
    ("lawyer", "Lawyer"),
    ("commissioner", "Commissaire de justice"),
    ("agency", "Collection agency"),
    ("insurer", "Credit insurer"),
]
# What was decided on, and cannot change under who decides.
ASKED_FIELDS = {
    "case_id",
    "item_ids",
    "route_code",
    "note",
    "dispute_statement",
    "document_statement",
}
AGENT_FIELDS = {"agent_id", "agent_kind"}
# Written by the flow alone.
FLOW_FIELDS = {
    "amount_requested",
    "amount_told",
    "round",
    "approved_agent_id",
    "approved_agent_kind",
    "hold_id",
    "file_id",
    "file_hash",
    "file_as_of",
    "file_amount",
    "file_problem",
    "former_file_ids",
    "sending_problem",
    "transmitted_on",
    "answered_on",
    "answer_note",
    "ended_on",
    "end_note",
}


class CollectionHandover(models.Model):
    """A case that is taken out of the collectors' hands: asked for, decided on, handed to somebody.

    The checklist says whether it may be asked for, the routes what each way costs and may bring.
    Whoever decides has both on one page with what was tried; the decision stays.
    """

    _name = "collection.handover"
    _description = "Handover to litigation"
    _inherit = [
        "collection.case.record",
        "collection.handover.preparation",
        "collection.handover.pieces",
        "collection.handover.papers",
        "collection.handover.page",
        "collection.handover.approval",
        "collection.handover.deciders",
        "collection.handover.question",
        "collection.handover.transmission",
        "collection.handover.sending",
        "collection.handover.news",
        "collection.handover.hold",
        "collection.route.facts",
        "collection.agreement",
        "collection.approvable",
    ]
    _order = "id desc"
    _transitions = HANDOVER
    _hold_kind = "handover"
    _check_company_auto = True
    _mail_post_access = "read"

    case_user_id = fields.Many2one(related="case_id.user_id", string="Collector")
    state = fields.Selection(
        selection=HANDOVER_STATES, required=True, readonly=True, default="draft", tracking=True
    )
    item_ids = fields.Many2many(
        "collection.item",
        "collection_handover_item_rel",
        "handover_id",
        "item_id",
        string="Items",
        required=True,
        domain="[('case_id', '=', case_id), ('is_open', '=', True)]",
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, precompute=True
    )
    amount = fields.Monetary(
        string="Still due", compute="_compute_amount", help="Read from the ledger now."
    )
    amount_requested = fields.Monetary(string="Asked for", readonly=True, copy=False)
    amount_told = fields.Monetary(readonly=True, copy=False)
    note = fields.Text(
        string="Why now", help="What the debtor answers, what was seen: for who decides."
    )
    dispute_statement = fields.Text(
        string="In spite of the dispute", help="Why it is asked for although items are disputed."
    )
    document_statement = fields.Text(
        string="Without some documents",
        help="What proves the order, the delivery or the formal notice instead.",
    )
    is_dispute_open = fields.Boolean(compute="_compute_open_points")
    is_document_missing = fields.Boolean(compute="_compute_open_points")
    route_code = fields.Selection(selection=ROUTE_LABELS, string="Route chosen", tracking=True)
    solvency = fields.Selection(
        selection=SOLVENCY_LABELS, compute="_compute_solvency", compute_sudo=True
    )
    check_ids = fields.One2many("collection.handover.check", "handover_id", readonly=True)
    route_ids = fields.One2many("collection.handover.route", "handover_id", readonly=True)
    decision_ids = fields.One2many("collection.handover.decision", "handover_id", readonly=True)
    link_ids = fields.One2many("collection.handover.link", "handover_id", readonly=True)
    proceeding_ids = fields.One2many("collection.proceeding", "handover_id", readonly=True)
    round = fields.Integer(
        readonly=True, copy=False, help="How often it was asked for: each time all levels decide."
    )

    # === TO WHOM === #
    agent_id = fields.Many2one("res.partner", string="Handed to", tracking=True)
    agent_kind = fields.Selection(selection=AGENT_KINDS, string="Kind of partner", tracking=True)
    approved_agent_id = fields.Many2one(
        "res.partner", string="Approved for", readonly=True, copy=False, index="btree_not_null"
    )
    approved_agent_kind = fields.Selection(
        selection=AGENT_KINDS, string="Kind approved for", readonly=True, copy=False
    )
    transmitted_on = fields.Date(readonly=True, copy=False)
    answered_on = fields.Date(readonly=True, copy=False)
    answer_note = fields.Text(readonly=True, copy=False)
    ended_on = fields.Date(readonly=True, copy=False)
    end_note = fields.Text(readonly=True, copy=False)

    # === THE FILE === #
    file_id = fields.Many2one("ir.attachment", readonly=True, copy=False, index="btree_not_null")
    file_hash = fields.Char(string="SHA-256", readonly=True, copy=False)
    file_as_of = fields.Date(
        string="Counted up to", readonly=True, copy=False, help="The last day of interest in it."
    )
    file_amount = fields.Monetary(string="Still due in it", readonly=True, copy=False)
    is_file_outdated = fields.Boolean(
        string="Paid since", compute="_compute_is_file_outdated", compute_sudo=True
    )
    file_problem = fields.Text(readonly=True, copy=False)
    former_file_ids = fields.Many2many(
        "ir.attachment",
        string="Files handed over before",
        readonly=True,
        copy=False,
        help="Somebody was given them: they stay as they were.",
    )

    # === COMPUTE === #

    @api.depends("case_id", "route_code")
    def _compute_display_name(self):
        for handover in self:
            handover.display_name = self.env._(
                "Handover of %s", handover.case_id.display_name or ""
            )

    @api.depends("item_ids")
    def _compute_currency_id(self):
        for handover in self:
            # In sudo mode to read the ledger, as far as a role in collection goes.
            found = handover.item_ids._origin.sudo().currency_id[:1]
            handover.currency_id = found or handover.case_id.company_id.currency_id

    @api.depends("item_ids")
    def _compute_amount(self):
        for handover in self:
            # In sudo mode to read the ledger, as far as a role in collection goes.
            items_sudo = handover.item_ids._origin.sudo()
            handover.amount = sum(items_sudo.mapped("amount_residual_currency"))

    @api.depends("amount", "file_amount", "file_hash")
    def _compute_is_file_outdated(self):
        """Tell whether something was paid, or is due again, since the file was written."""
        for handover in self:
            handover.is_file_outdated = bool(
                handover.file_hash
                and handover.currency_id.compare_amounts(handover.amount, handover.file_amount)
            )

    @api.depends("check_ids.result")
    def _compute_open_points(self):
        """Tell what may be answered for in writing, so that nobody is asked for it in vain."""
        for handover in self:
            open_checks = handover.check_ids.filtered(lambda check: check.result != PASSED)
            codes = set(open_checks.mapped("code"))
            handover.is_dispute_open = DISPUTE in codes
            handover.is_document_missing = bool(codes & {ORDER, DELIVERY, NOTICE_PIECE})

    @api.depends("case_id.debtor_check_ids")
    def _compute_solvency(self):
        for handover in self:
            latest = self.env["collection.debtor.check"]._read_latest(handover.case_id)
            handover.solvency = latest["solvency"].solvency if "solvency" in latest else False

    # === CONSTRAINTS === #

    @api.constrains("item_ids", "case_id")
    def _check_item_ids(self):
        for handover in self:
            # In sudo mode to read the ledger, as far as a role in collection goes.
            items_sudo = handover.item_ids.sudo()
            if not items_sudo or items_sudo.case_id != handover.case_id:
                raise ValidationError(
                    self.env._("Choose items of %s.", handover.case_id.display_name)
                )
            if len(items_sudo.currency_id) > 1:
                raise ValidationError(
                    self.env._("A claim is made in one currency: hand each over by itself.")
                )
            # one query per handover: people write one at a time
            rivals = handover.state in HANDOVER_RUNNING and handover._find_rivals()
            if rivals:
                raise ValidationError(
                    self.env._(
                        "%s is about some of these items already: change that one.",
                        rivals.display_name,
                    )
                )

    # === ONCHANGE === #

    @api.onchange("case_id")
    def _onchange_case_id(self):
        """Propose what is overdue, in the currency that has waited longest."""
        self.item_ids = self.case_id._get_handover_items()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Prepare handovers of cases that the person works on, and work them out."""
        prepared, vals_list = self._drop_given(FLOW_FIELDS, vals_list)
        cases = self.env["collection.case"].browse(vals["case_id"] for vals in vals_list)
        cases.check_access("write")
        handovers = super(CollectionHandover, prepared).create(vals_list).with_env(self.env)
        handovers._work_out()
        for handover in handovers:
            handover.case_id._message_log(
                body=self.env._("Handover prepared · %s", handover._format_amount())
            )
        return handovers

    def write(self, vals):
        """Keep what was asked for, and what only the flow writes."""
        if not (self.env.su or self._through_door()):
            if FLOW_FIELDS & vals.keys():
                raise AccessError(self.env._("A handover changes by its buttons."))
            asked = any(handover.state not in ("draft", "refused") for handover in self)
            if ASKED_FIELDS & vals.keys() and asked:
                raise UserError(
                    self.env._(
                        "What was asked for stays as it was: take the request back to change it."
                    )
                )
            self._check_agent_change(vals)
        result = self._tell_agent_change(vals, super().write)
        chosen = "route_code" in vals and not self._through_door()
        if chosen or {"item_ids", "dispute_statement", "document_statement"} & vals.keys():
            self._work_out()
        return result

    def _check_agent_change(self, vals):
        """Keep whom it goes to while somebody decides on it, and while he has it."""
        if not AGENT_FIELDS & vals.keys():
            return
        if any(handover.state == "requested" for handover in self):
            raise UserError(
                self.env._(
                    "Who decides has seen to whom it goes: take the request back to change it."
                )
            )
        changing = ("draft", "refused", "approved", "declined")
        if any(handover.state not in changing for handover in self):
            raise UserError(self.env._("It was handed to somebody already: take it back first."))

    def _tell_agent_change(self, vals, write):
        """Write, and tell who approved of another partner than the one it goes to now."""
        if not AGENT_FIELDS & vals.keys():
            return write(vals)
        before = {handover: (handover.agent_id, handover.agent_kind) for handover in self}
        result = write(vals)
        for handover, former in before.items():
            now = (handover.agent_id, handover.agent_kind)
            # What was approved before anybody kept for whom was approved for who had it.
            approved = handover.approved_agent_id or former[0]
            if not approved or now == former or handover.state not in ("approved", "declined"):
                continue
            handover._tell_colleagues(handover._word_agent(approved))
        return result

    def _word_agent(self, approved):
        """Return to whom it goes, and whether it was approved for him."""
        kind = self.approved_agent_kind
        if approved == self.agent_id and (not kind or kind == self.agent_kind):
            return self.env._("Goes to %(agent)s now, as it was approved.", agent=approved.name)
        return self.env._(
            "Goes to %(agent)s now; approved for %(before)s.",
            agent=self.agent_id.name or "—",
            before=approved.name,
        )

    def _keep_approved_agent(self):
        """Keep for whom it was approved, whoever it goes to later; in sudo mode."""
        self.write({"approved_agent_id": self.agent_id.id, "approved_agent_kind": self.agent_kind})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if any(handover.state != "draft" or handover.round for handover in self):
            raise UserError(self.env._("Handovers are history: close or take back this one."))

    # === ACTIONS === #

    def action_open_proceedings(self):
        """Open what the courts have of it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recouvrement_creances.collection_proceeding_action"
        )
        return {**action, "domain": [("handover_id", "=", self.id)], "context": {}}

    # === BUSINESS === #

    def _find_rivals(self):
        """Return another handover that runs about some of the same items."""
        self.ensure_one()
        # In sudo mode to read the ledger, as far as a role in collection goes.
        items_sudo = self.item_ids.sudo()
        return self.search(
            [
                ("item_ids", "in", items_sudo.ids),
                ("state", "in", HANDOVER_RUNNING),
                ("id", "!=", self.id),
            ],
            limit=1,
        )

    def _end_approval_tasks(self):
        """EXTENDS collection.approvable: what was asked before the decision needs no answer."""
        task = self.env.ref("recouvrement_creances.mail_activity_type_handover")
        given = self.activity_ids.filtered(lambda activity: activity.activity_type_id == task)
        # What the checklist asks people for is theirs to bring all the same.
        (given - self.check_ids.activity_id).unlink()
        return super()._end_approval_tasks()

    def _format_amount(self):
        self.ensure_one()
        return self.currency_id.format(self.amount)

    def _tell_case(self, what):
        self.ensure_one()
        # In sudo mode to write on the timeline of a case that who decides may only read.
        self.case_id.sudo()._message_log(body=f"{what} · {self._format_amount()}")

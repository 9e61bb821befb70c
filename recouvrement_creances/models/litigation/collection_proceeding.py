from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...rules.transitions import PROCEEDING
from ...tools.dialogs import open_dialog

PROCEEDING_STATES = [
    ("draft", "In preparation"),
    ("filed", "Filed"),
    ("granted", "Order made"),
    ("served", "Served"),
    ("opposed", "Opposed"),
    ("hearing", "Before the judge"),
    ("judged", "Judgement given"),
    ("appealed", "On appeal"),
    ("rejected", "Refused"),
    ("enforceable", "Title"),
    ("enforcement", "Being enforced"),
    ("settled", "Settled by agreement"),
    ("withdrawn", "Withdrawn by us"),
    ("closed", "At an end"),
]
# What makes a proceeding this one: it stays once something of it was done, or approved of.
FIXED_FIELDS = {"case_id", "procedure_id", "item_ids", "amount_claimed", "principal_claimed"}
# Written by the steps alone.
FLOW_FIELDS = {
    "order_date",
    "decided_on",
    "title_date",
    "judgement_id",
    "hold_id",
    "credit_hold_id",
    "amount_granted",
    "costs_granted",
    "irrecoverable_granted",
    "event_ids",
    "hearing_ids",
    "handover_id",
    "settled_state",
    "without_handover_reason",
    "amount_told",
    "stayed_deadlines",
}


class CollectionProceeding(models.Model):
    """A procedure in court, or its enforcement, about some items of a case.

    Its life is the list of its steps (``collection.proceeding.event``), each dated and proven;
    steps open and close its legal deadlines, hold its items, move limitation and make its title.
    """

    _name = "collection.proceeding"
    _description = "Court proceeding"
    _inherit = [
        "collection.case.record",
        "collection.proceeding.booking",
        "collection.proceeding.claim",
        "collection.proceeding.competence",
        "collection.proceeding.correction",
        "collection.proceeding.effects",
        "collection.proceeding.flow",
        "collection.proceeding.hearing",
        "collection.proceeding.hold",
        "collection.proceeding.limitation",
        "collection.proceeding.news",
        "collection.proceeding.obstacle",
        "collection.proceeding.order",
        "collection.route.facts",
        "collection.deadlined",
        "mail.thread",
        "mail.activity.mixin",
        "collection.stateful",
    ]
    _order = "id desc"
    _transitions = PROCEEDING
    _check_company_auto = True

    case_user_id = fields.Many2one(related="case_id.user_id", string="Collector")
    procedure_id = fields.Many2one(
        "collection.procedure", required=True, index=True, ondelete="restrict", tracking=True
    )
    procedure_warning = fields.Text(related="procedure_id.warning")
    item_ids = fields.Many2many("collection.item", string="Items", required=True)
    state = fields.Selection(
        selection=PROCEEDING_STATES, required=True, readonly=True, default="draft", tracking=True
    )
    court_id = fields.Many2one("collection.court", ondelete="restrict", tracking=True)
    number = fields.Char(string="Court's number", copy=False, tracking=True)
    counsel_id = fields.Many2one(
        "res.partner", string="Our counsel", help="Lawyer or commissaire de justice."
    )
    opposing_counsel_id = fields.Many2one("res.partner", string="Debtor's counsel")
    competence_note = fields.Text(
        string="Competence", compute="_compute_competence", compute_sudo=True
    )

    # === AMOUNTS === #
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, precompute=True
    )
    principal_claimed = fields.Monetary(
        compute="_compute_principal_claimed", store=True, precompute=True, readonly=False
    )
    amount_claimed = fields.Monetary(
        string="Claimed in all",
        compute="_compute_amount_claimed",
        store=True,
        precompute=True,
        readonly=False,
        help="Principal, interest and indemnities that the court is asked for.",
    )
    amount_open = fields.Monetary(
        string="Still due",
        compute="_compute_amount_open",
        help="Of the principal, read from the ledger now.",
    )
    amount_granted = fields.Monetary(readonly=True, tracking=True, copy=False)
    costs_granted = fields.Monetary(
        string="Costs granted", readonly=True, copy=False, help="Dépens (CPC 695, 696)."
    )
    irrecoverable_granted = fields.Monetary(
        string="Irrecoverable costs granted",
        readonly=True,
        copy=False,
        help="Lawyer's fees and the like, as the judge sees fit (CPC 700).",
    )
    cost_ids = fields.One2many("collection.proceeding.cost", "proceeding_id")
    cost_foreseen = fields.Monetary(
        string="Foreseen at the handover",
        compute="_compute_cost_foreseen",
        compute_sudo=True,
        help="What the route that was approved was estimated to cost.",
    )
    cost_estimated = fields.Monetary(string="Costs expected", compute="_compute_costs")
    cost_actual = fields.Monetary(string="Costs so far", compute="_compute_costs")
    cost_difference = fields.Monetary(
        string="Above the estimate",
        compute="_compute_costs",
        help="What the costs that are known exceed their own estimate by.",
    )
    cost_recoverable = fields.Monetary(string="Of which recoverable", compute="_compute_costs")
    receipt_ids = fields.One2many("collection.proceeding.receipt", "proceeding_id")
    amount_received = fields.Monetary(string="Received through it", compute="_compute_received")
    fees_kept = fields.Monetary(string="Fees kept back", compute="_compute_received")

    # Known to counsel; written by the flow.
    amount_told = fields.Monetary(readonly=True, copy=False)

    # === STEPS === #
    event_ids = fields.One2many("collection.proceeding.event", "proceeding_id", readonly=True)
    order_date = fields.Date(readonly=True, copy=False, help="By which the law is chosen.")
    decided_on = fields.Date(readonly=True, copy=False)
    settled_state = fields.Selection(
        selection=PROCEEDING_STATES,
        string="Settled while",
        readonly=True,
        copy=False,
        help="Where it goes on when the agreement fails.",
    )
    title_date = fields.Date(string="Title since", readonly=True, copy=False, tracking=True)
    judgement_id = fields.Many2one(
        "collection.judgement", readonly=True, copy=False, index="btree_not_null"
    )
    handover_id = fields.Many2one(
        "collection.handover", readonly=True, copy=False, index="btree_not_null"
    )
    without_handover_reason = fields.Text(
        string="Without a handover",
        readonly=True,
        copy=False,
        tracking=True,
        help="Why a manager let it begin without one that was approved.",
    )
    stayed_deadlines = fields.Json(
        readonly=True, copy=False, help="Those that the opening of insolvency proceedings dropped."
    )
    is_fixed = fields.Boolean(compute="_compute_is_fixed", compute_sudo=True)
    note = fields.Text()

    # === COMPUTE === #

    @api.depends("procedure_id", "number", "case_id")
    def _compute_display_name(self):
        for proceeding in self:
            parts = (
                proceeding.procedure_id.name,
                proceeding.number,
                proceeding.case_id.display_name,
            )
            proceeding.display_name = " · ".join(filter(None, parts))

    @api.depends("item_ids")
    def _compute_currency_id(self):
        for proceeding in self:
            own = proceeding.company_id.currency_id
            proceeding.currency_id = proceeding.item_ids._origin.currency_id[:1] or own

    @api.depends("item_ids")
    def _compute_principal_claimed(self):
        for proceeding in self:
            proceeding.principal_claimed = sum(
                proceeding.item_ids._origin.mapped("amount_residual_currency")
            )

    @api.depends("principal_claimed")
    def _compute_amount_claimed(self):
        for proceeding in self:
            proceeding.amount_claimed = proceeding.principal_claimed

    @api.depends("item_ids")
    def _compute_amount_open(self):
        for proceeding in self:
            proceeding.amount_open = sum(
                proceeding.item_ids._origin.mapped("amount_residual_currency")
            )

    @api.depends("handover_id", "currency_id")
    def _compute_cost_foreseen(self):
        today = fields.Date.context_today(self)
        for proceeding in self:
            route = proceeding.handover_id.route_ids.filtered("is_chosen")
            company = proceeding.company_id
            # Nothing was foreseen of what is being typed, and its currency may not be known yet.
            proceeding.cost_foreseen = route and company.currency_id._convert(
                route.cost, proceeding.currency_id, company, today
            )

    @api.depends("cost_ids.estimate", "cost_ids.amount", "cost_ids.is_recoverable")
    def _compute_costs(self):
        for proceeding in self:
            known = proceeding.cost_ids.filtered("amount")
            proceeding.cost_estimated = sum(proceeding.cost_ids.mapped("estimate"))
            proceeding.cost_actual = sum(known.mapped("amount"))
            proceeding.cost_difference = proceeding.cost_actual - sum(known.mapped("estimate"))
            proceeding.cost_recoverable = sum(known.filtered("is_recoverable").mapped("amount"))

    @api.depends("receipt_ids.amount", "receipt_ids.fee", "receipt_ids.is_cancelled")
    def _compute_received(self):
        for proceeding in self:
            counting = proceeding.receipt_ids.filtered(lambda receipt: not receipt.is_cancelled)
            proceeding.amount_received = sum(counting.mapped("amount"))
            proceeding.fees_kept = sum(counting.mapped("fee"))

    @api.depends("state", "handover_id")
    def _compute_is_fixed(self):
        for proceeding in self:
            proceeding.is_fixed = bool(proceeding.state != "draft" or proceeding.handover_id)

    @api.depends("procedure_id", "case_id", "amount_claimed")
    def _compute_competence(self):
        for proceeding in self:
            proceeding.competence_note = proceeding._describe_competence()

    # === ONCHANGE === #

    @api.onchange("case_id")
    def _onchange_case_id(self):
        """Propose what is open of the case, in the currency that has waited longest."""
        items = self.case_id.open_item_ids.sorted("due_date")
        currency = items[:1].currency_id
        self.item_ids = items.filtered(lambda item: item.currency_id == currency)

    @api.onchange("procedure_id", "case_id", "item_ids")
    def _onchange_court(self):
        """Propose the court of the debtor's place."""
        self.court_id = self._find_court() or self.court_id

    # === CONSTRAINTS === #

    @api.constrains("item_ids", "case_id")
    def _check_item_ids(self):
        for proceeding in self:
            items = proceeding.item_ids
            if not items or items.case_id != proceeding.case_id:
                raise ValidationError(
                    self.env._("Choose items of %s.", proceeding.case_id.display_name)
                )
            if len(items.currency_id) > 1:
                raise ValidationError(
                    self.env._("A claim is made in one currency: open one proceeding for each.")
                )

    @api.constrains("amount_claimed", "principal_claimed")
    def _check_amounts(self):
        for proceeding in self:
            low = proceeding.currency_id.compare_amounts(
                proceeding.amount_claimed, proceeding.principal_claimed
            )
            if proceeding.principal_claimed <= 0 or low < 0:
                raise ValidationError(
                    self.env._(
                        "The principal is above zero, and what is claimed in all is not less."
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Open proceedings on cases that the person works on; the case is told."""
        opened, kept = self._drop_given(FLOW_FIELDS, vals_list)
        # What the flow gives counts; a default of whoever called it does not.
        vals_list = vals_list if self.env.su else kept
        cases = self.env["collection.case"].browse(vals["case_id"] for vals in vals_list)
        cases.check_access("write")
        proceedings = super(CollectionProceeding, opened).create(vals_list).with_env(self.env)
        for proceeding in proceedings:
            # In sudo mode to write what only the flow writes.
            proceeding.sudo().amount_told = proceeding.sudo()._sum_open()
            proceeding._tell_case(self.env._("Proceeding prepared"))
        return proceedings

    def write(self, vals):
        """Keep what the court was asked for, and what only steps write."""
        if not (self.env.su or self._through_door()):
            if FLOW_FIELDS & vals.keys():
                raise AccessError(self.env._("Record the steps of a proceeding by their button."))
            if FIXED_FIELDS & vals.keys() and any(one.is_fixed for one in self):
                raise UserError(
                    self.env._(
                        "What was approved of, or the court was asked for, stays as it was: open "
                        "another proceeding for the rest."
                    )
                )
        result = super().write(vals)
        if "counsel_id" in vals:
            # He learns from then on what comes in.
            for proceeding in self.sudo():
                proceeding.amount_told = proceeding._sum_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(
            self.env._("Proceedings are history: record that it was withdrawn or closed.")
        )

    # === ACTIONS === #

    def action_record_step(self):
        """Open the dialog that records the next step."""
        self.ensure_one()
        return open_dialog(
            "collection.proceeding.step",
            self.env._("Record a step"),
            default_proceeding_id=self.id,
        )

    def action_plan_schedule(self):
        """Open the dialog that plans a schedule of what the proceeding is about."""
        self.ensure_one()
        return open_dialog(
            "collection.schedule.plan",
            self.env._("Plan a schedule"),
            default_case_id=self.case_id.id,
            default_item_ids=self.item_ids.filtered("is_open").ids,
            dialog_size="extra-large",
        )

    def action_register_payment(self):
        """Open the dialog that books what the debtor paid through it, with the fees."""
        self.ensure_one()
        self._check_registers()
        return open_dialog(
            "collection.proceeding.payment",
            self.env._("Register a payment"),
            default_proceeding_id=self.id,
        )

    # === BUSINESS === #

    def _creation_message(self):
        """EXTENDS mail: what was opened is in preparation."""
        return self.env._("Proceeding prepared")

    def _get_deadline_postcode(self):
        """EXTENDS collection.deadlined: the holidays that count are those of the court."""
        return self.court_id._get_postcode() or super()._get_deadline_postcode()

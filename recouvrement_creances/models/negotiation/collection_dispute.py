from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ...rules.transitions import DISPUTE
from .collection_dispute_flow import UNDECIDED

WAYS = [
    ("call", "Phone call"),
    ("visit", "Visit"),
    ("meeting", "Meeting"),
    ("email", "E-mail"),
    ("letter", "Letter"),
    ("portal", "Debtor's page"),
    ("other", "Other"),
]
# What people change by hand; the rest changes by the buttons, which say who, when and why.
BY_HAND = {"owner_id", "deadline", "category_id", "credit_user_id"}
CHATTER = ("message_", "activity_")


class CollectionDispute(models.Model):
    """What a debtor does not agree with: held, looked into by somebody, decided, resumed."""

    _name = "collection.dispute"
    _description = "Dispute"
    _inherit = [
        "collection.dispute.opening",
        "collection.dispute.flow",
        "collection.dispute.conversation",
        "collection.dispute.ledger",
        "collection.dispute.watch",
        "collection.agreement",
        "mail.thread",
        "mail.activity.mixin",
        "collection.stateful",
    ]
    _order = "opened_on desc, id desc"
    _transitions = DISPUTE
    _hold_kind = "dispute"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(string="Number", required=True, readonly=True, default="/", index=True)
    case_id = fields.Many2one(
        "collection.case",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")
    partner_id = fields.Many2one(related="case_id.partner_id", string="Debtor")
    user_id = fields.Many2one(related="case_id.user_id", string="Collector")
    category_id = fields.Many2one(
        "collection.dispute.category",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    kind = fields.Selection(related="category_id.kind", string="Meaning")
    state = fields.Selection(
        selection=[
            ("open", "Being looked into"),
            ("waiting", "Waiting for the debtor"),
            ("answered", "To be decided"),
            ("founded", "Founded"),
            ("partly_founded", "Partly founded"),
            ("unfounded", "Unfounded"),
            ("settled", "Nothing due any more"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
        index=True,
    )
    is_running = fields.Boolean(
        readonly=True, default=True, help="Something of it is held: undecided, or to be credited."
    )
    line_ids = fields.One2many("collection.dispute.line", "dispute_id", readonly=True)
    description = fields.Text(readonly=True, help="What the debtor says.")
    how = fields.Selection(selection=WAYS, string="Received by", required=True, readonly=True)
    raised_by_id = fields.Many2one(
        "res.partner", string="Raised by", readonly=True, ondelete="set null"
    )
    opened_on = fields.Date(required=True, readonly=True)
    owner_id = fields.Many2one(
        "res.users",
        string="Looked into by",
        index=True,
        ondelete="set null",
        tracking=True,
        domain=[("share", "=", False)],
    )
    deadline = fields.Date(required=True, tracking=True, help="Until when something has to happen.")
    escalation = fields.Integer(
        readonly=True, aggregator=None, help="How many alarms were given since the last step."
    )

    # === ANSWER AND DECISION === #
    answer_opinion = fields.Selection(
        selection=[
            ("founded", "The debtor is right"),
            ("partly_founded", "The debtor is right in part"),
            ("unfounded", "The debtor is wrong"),
        ],
        string="Opinion",
        readonly=True,
    )
    answer = fields.Text(readonly=True)
    answered_on = fields.Date(readonly=True)
    answered_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    decision = fields.Text(string="Why it was decided so", readonly=True)
    decided_on = fields.Date(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    ended_on = fields.Date(readonly=True, help="Since when nothing of it is held any more.")
    credit_user_id = fields.Many2one(
        "res.users",
        string="Credit note by",
        index="btree_not_null",
        ondelete="set null",
        domain=[("share", "=", False)],
        help="Who is asked to make the credit note.",
    )

    # === FIGURES, in the company's currency === #
    amount = fields.Monetary(string="Amount disputed", readonly=True)
    amount_accepted = fields.Monetary(string="Amount found right", readonly=True)
    days_to_decide = fields.Integer(
        readonly=True, aggregator="avg", help="From the opening to the decision or the end."
    )

    can_work = fields.Boolean(compute="_compute_rights", compute_sudo=False)
    can_answer = fields.Boolean(compute="_compute_rights", compute_sudo=False)
    invoiced = fields.Html(
        string="What was invoiced", compute="_compute_invoiced", compute_sudo=True, sanitize=False
    )

    _name_unique = models.UniqueIndex("(company_id, name)", "This number is taken already.")
    _running_index = models.Index("(deadline) WHERE is_running IS TRUE")

    # === COMPUTE === #

    @api.depends("name", "case_id")
    def _compute_display_name(self):
        for dispute in self:
            # In sudo mode to name the debtor: owners outside of finance do not read cases.
            debtor_sudo = dispute.sudo().partner_id
            dispute.display_name = f"{dispute.name} · {debtor_sudo.display_name or ''}"

    @api.depends("case_id", "owner_id", "state")
    @api.depends_context("uid")
    def _compute_rights(self):
        workable = self.case_id._filtered_access("write")
        for dispute in self:
            dispute.can_work = dispute.case_id in workable
            dispute.can_answer = dispute.state in UNDECIDED and (
                dispute.can_work or dispute.owner_id == self.env.user
            )

    @api.depends("line_ids")
    def _compute_invoiced(self):
        """Show what was invoiced to owners who may not open invoices."""
        for dispute in self:
            moves = dispute.line_ids.item_id.move_id
            dispute.invoiced = moves and self.env["ir.qweb"]._render(
                "recouvrement_creances.dispute_invoiced", {"moves": moves}
            )

    # === CONSTRAINTS === #

    @api.constrains("owner_id")
    def _check_owner_id(self):
        for dispute in self:
            dispute.owner_id._check_dispute_owner_of(dispute.company_id)

    # Apart: who was named before may have left since.
    @api.constrains("credit_user_id")
    def _check_credit_user_id(self):
        for dispute in self:
            dispute.credit_user_id._check_dispute_owner_of(dispute.company_id)

    @api.constrains("deadline")
    def _check_deadline(self):
        for dispute in self:
            horizon = fields.Date.add(dispute.opened_on, years=2)
            if not dispute.opened_on <= dispute.deadline <= horizon:
                raise ValidationError(
                    self.env._(
                        "The deadline of a dispute lies between %(first)s and %(last)s.",
                        first=format_date(self.env, dispute.opened_on),
                        last=format_date(self.env, horizon),
                    )
                )

    # === CRUD === #

    def write(self, vals):
        """Let people change who does it until when; the rest changes by the buttons."""
        by_hand = not (self.env.su or self._through_door())
        if by_hand and any(name not in BY_HAND and not name.startswith(CHATTER) for name in vals):
            raise AccessError(
                self.env._("A dispute goes on by its buttons, so that each step is kept.")
            )
        if by_hand and BY_HAND & vals.keys() and not all(self.mapped("is_running")):
            raise UserError(self.env._("This dispute is over: it stays as it was."))
        before = {dispute: dispute.owner_id for dispute in self}
        result = super().write(vals)
        if "owner_id" in vals:
            self.filtered(lambda dispute: dispute.owner_id != before[dispute])._change_owner(before)
        if "deadline" in vals:
            self._follow_deadline()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Disputes are history: cancel the dispute instead."))

    # === ACTIONS === #

    def action_open_case(self):
        """Open the case that the dispute belongs to."""
        return self.case_id.get_formview_action()

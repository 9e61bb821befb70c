from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...rules.money import exact, round_half_up
from ...rules.transitions import WAIVER

# What was given up without an approval counts for the limit, booked or not.
STANDING = ("approved", "met", "done")
# Worked out, never given: the limits of an approval are counted with them.
DERIVED = ("kind", "company_id", "currency_id", "means")


class CollectionWaiver(models.Model):
    """What is given up of charges or of invoices: with a reason, and above a limit an approval.

    Waivers are individual and motivated, never a rule: charges between professionals are due by
    law (C. com. L441-10 II). One that depends on a payment is carried out when the ledger shows
    the payment, and is void when its day passes without.
    """

    _name = "collection.waiver"
    _description = "Waiver"
    _inherit = [
        "collection.case.record",
        "collection.waiver.execution",
        "collection.waiver.booking",
        "collection.waiver.letter",
        "collection.sourced",
        "collection.approvable",
    ]
    _order = "id desc"
    _transitions = WAIVER
    _check_company_auto = True
    _mail_post_access = "read"

    kind = fields.Selection(
        selection=[("charges", "Late-payment charges"), ("principal", "Invoices")],
        compute="_compute_kind",
        store=True,
        precompute=True,
    )
    charge_id = fields.Many2one(
        "collection.charge",
        string="Statement of charges",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    case_id = fields.Many2one(
        compute="_compute_case_id", store=True, precompute=True, readonly=False
    )
    item_ids = fields.Many2many(
        "collection.item",
        "collection_waiver_item_rel",
        "waiver_id",
        "item_id",
        string="Invoices",
        domain="[('case_id', '=', case_id), ('is_open', '=', True)]",
        help="What is given up of; for charges, what has to be paid first.",
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, precompute=True
    )
    amount_open = fields.Monetary(
        string="Open", compute="_compute_amount_open", help="What could be given up at most."
    )
    share = fields.Selection(
        selection=[("all", "All of it"), ("percentage", "A percentage"), ("amount", "An amount")],
        string="How much",
        required=True,
        default="all",
    )
    percentage = fields.Float(digits=(5, 2))
    amount = fields.Monetary(
        string="Given up", compute="_compute_amount", store=True, precompute=True, readonly=False
    )
    means = fields.Selection(
        selection=[("credit_note", "Credit note"), ("write_off", "Write-off entry")],
        string="Booked by",
        compute="_compute_means",
        store=True,
        precompute=True,
        help="A credit note takes the tax back as well; a write-off entry does not.",
    )
    reason_id = fields.Many2one(
        "collection.reason", required=True, ondelete="restrict", domain=[("usage", "=", "waiver")]
    )
    note = fields.Text(string="Why", required=True)
    state = fields.Selection(
        selection=[
            ("requested", "Waits for approval"),
            ("approved", "Approved, waits for the payment"),
            ("met", "To be booked"),
            ("done", "Waived"),
            ("void", "Void: not paid in time"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="requested",
        tracking=True,
    )

    _requested_unique = models.UniqueIndex(
        "(charge_id) WHERE state IN ('requested', 'approved', 'met') AND charge_id IS NOT NULL",
        "A waiver of this statement waits already.",
    )
    _check_percentage = models.Constraint(
        "CHECK(percentage >= 0 AND percentage <= 100)", "A percentage is between 0 and 100."
    )

    # === COMPUTE === #

    @api.depends("charge_id")
    def _compute_kind(self):
        for waiver in self:
            waiver.kind = "charges" if waiver.charge_id else "principal"

    @api.depends("charge_id")
    def _compute_case_id(self):
        for waiver in self:
            waiver.case_id = waiver.charge_id.case_id or waiver.case_id

    @api.depends("charge_id", "item_ids")
    def _compute_currency_id(self):
        for waiver in self:
            # In sudo mode to read the ledger, as far as a role in collection goes.
            currencies = waiver.charge_id.currency_id or waiver.item_ids.sudo().currency_id
            waiver.currency_id = currencies[:1] or waiver.case_id.company_id.currency_id

    @api.depends("charge_id", "item_ids")
    def _compute_amount_open(self):
        for waiver in self:
            # In sudo mode to read the ledger, as far as a role in collection goes.
            charge_sudo, items_sudo = waiver.charge_id.sudo(), waiver.item_ids.sudo()
            due = sum(items_sudo.mapped("amount_residual_currency"))
            waiver.amount_open = charge_sudo._get_amount_open() if charge_sudo else due

    @api.depends("charge_id", "item_ids", "share", "percentage")
    def _compute_amount(self):
        for waiver in self:
            waiver.amount = waiver._get_shared()

    @api.depends("charge_id", "case_id", "reason_id", "item_ids")
    def _compute_means(self):
        for waiver in self:
            # In sudo mode to read the ledger, as far as a role in collection goes.
            moves_sudo = waiver.item_ids.sudo().move_id
            # Of an opening balance there is no credit note.
            is_entry = moves_sudo and not any(move.is_sale_document() for move in moves_sudo)
            is_written_off = waiver.charge_id or waiver.reason_id.is_loss or is_entry
            company = waiver.case_id.company_id
            waiver.means = "write_off" if is_written_off else company.collection_waiver_means

    @api.depends("charge_id", "amount", "partner_id", "reason_id.is_loss")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for waiver in self:
            what = waiver.charge_id.display_name or " · ".join(
                filter(
                    None,
                    (
                        waiver.currency_id and waiver.currency_id.format(waiver.amount),
                        waiver.partner_id.sudo().name,
                    ),
                )
            )
            waiver.display_name = (
                self.env._("Loss of %s", what or "")
                if waiver.reason_id.is_loss
                else self.env._("Waiver of %s", what or "")
            )

    # === CONSTRAINTS === #

    @api.constrains("reason_id")
    def _check_reason_id(self):
        for waiver in self:
            if waiver.reason_id.usage != "waiver":
                raise ValidationError(
                    self.env._(
                        "“%s” is no reason for a waiver: choose another one.", waiver.reason_id.name
                    )
                )

    @api.constrains("charge_id", "item_ids", "case_id", "condition_date")
    def _check_items(self):
        for waiver in self:
            items_sudo = waiver.item_ids.sudo()
            if not items_sudo and (not waiver.charge_id or waiver.condition_date):
                raise ValidationError(
                    self.env._("Say which invoices are given up, or have to be paid first.")
                )
            if (items_sudo.case_id | waiver.charge_id.case_id) - waiver.case_id:
                raise ValidationError(self.env._("A waiver is about the invoices of one case."))
            if len(items_sudo.currency_id) > 1:
                raise ValidationError(
                    self.env._("Waive each currency by itself: these invoices have several.")
                )

    @api.onchange("case_id")
    def _onchange_case_id(self):
        """Propose what is overdue."""
        if self.case_id and not self.charge_id and not self.item_ids:
            self.item_ids = self.case_id._get_waivable_items()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Waive at once what is within the company's limit; ask for an approval of the rest."""
        asked, vals_list = self._drop_given((*self._EXECUTION_FIELDS, *DERIVED), vals_list)
        waivers = super(CollectionWaiver, asked).create(vals_list).with_env(self.env)
        for waiver in waivers:
            waiver._check_request()
            waiver._fix_rules()
        for waiver in waivers:
            # One after the other: what is waived now counts for the next.
            if waiver._is_within_limit():
                waiver._approve_without_asking()
            else:
                waiver._ask_for_approval()
        return waivers

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Waivers are history: they are not deleted."))

    # === BUSINESS === #

    def _move_to(self, case):
        """EXTENDS collection.commitment: a waiver of charges stays where their statement is."""
        return super(CollectionWaiver, self.filtered(lambda one: not one.charge_id))._move_to(case)

    def _get_shared(self):
        """Return the amount that the share of what is open makes."""
        if self.share == "all":
            return self.amount_open
        return self._take_percentage() if self.share == "percentage" else self.amount

    def _take_percentage(self):
        share = self._to_decimal(self.amount_open) * exact(self.percentage) / 100
        return float(round_half_up(share, self.currency_id.decimal_places))

    def _check_request(self):
        """Refuse what cannot be given up, naming why."""
        self.ensure_one()
        if self.charge_id and self.charge_id.state != "claimed":
            raise UserError(
                self.env._(
                    "%s is not claimed: only claimed charges that are not paid are waived.",
                    self.charge_id.display_name,
                )
            )
        compare = self.currency_id.compare_amounts
        if self.share != "amount" and compare(self.amount, self._get_shared()):
            raise UserError(self.env._("What is open has changed: work the amount out again."))
        if compare(self.amount, 0) <= 0:
            raise UserError(self.env._("Give the amount that is given up."))
        if compare(self.amount, self.amount_open) > 0:
            raise UserError(
                self.env._(
                    "%s is open: no more than that is given up.",
                    self.currency_id.format(self.amount_open),
                )
            )
        if self.condition_date and self.condition_date < fields.Date.context_today(self):
            raise UserError(self.env._("The day of the condition has passed already."))
        if self.condition_date and not self.charge_id and self.share == "all":
            raise UserError(
                self.env._("Nothing is left to be paid: give up a part, or without a condition.")
            )
        # In sudo mode to look for accounts, as far as a role in collection goes.
        self.sudo()._check_bookable()

    def _fix_rules(self):
        """Keep the rules that the condition is judged by: later settings do not change it."""
        if self.condition_date:
            # In sudo mode to write what only the flow writes on a waiver.
            self.sudo().write(self._get_payment_rules(self.company_id, self.condition_date))
            self._convert_tolerance(fields.Date.context_today(self))

    def _in_company_currency(self):
        self.ensure_one()
        company = self.company_id
        day = self.charge_id.date or fields.Date.to_date(self.create_date)
        return self.currency_id._convert(self.amount, company.currency_id, company, day)

    def _is_within_limit(self):
        """Tell whether the waiver is within what accountants give up by themselves.

        Together with what was waived of the same case without an approval: a claim in small parts
        is no way round the limit.
        """
        self.ensure_one()
        earlier = self.search(
            [("case_id", "=", self.case_id.id), ("state", "in", STANDING)]
        ).filtered(lambda waiver: waiver.decided_by_id == waiver.create_uid)
        company = self.company_id
        amount = sum(waiver._in_company_currency() for waiver in earlier | self)
        limit = company._find_inherited("collection_waiver_limit")
        return company.currency_id.compare_amounts(amount, limit) <= 0

    def _is_within_manager_limit(self):
        """EXTENDS collection.approvable: managers decide on smaller requests of others."""
        company = self.company_id
        limit = company._find_inherited("collection_waiver_manager_limit")
        return company.currency_id.compare_amounts(self._in_company_currency(), limit) <= 0

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.negotiation.collection_schedule import FREQUENCIES, PAYMENT_WAYS
from ..rules import plan
from ..rules.money import exact

# What the lines follow from: a change of it works them out anew.
TERMS = (
    "item_ids",
    "charge_ids",
    "way",
    "count",
    "amount",
    "end",
    "frequency",
    "first_date",
    "down_payment",
    "down_payment_date",
    "rest_on",
    "skipped_months",
    "at_month_end",
)


class CollectionSchedulePlan(models.TransientModel):
    """Plan a schedule: terms, lines that may be changed by hand, and what follows from them."""

    _name = "collection.schedule.plan"
    _description = "Plan a schedule"
    _inherit = ["collection.sourced"]

    case_id = fields.Many2one("collection.case", required=True)
    schedule_id = fields.Many2one("collection.schedule", string="Draft")
    previous_id = fields.Many2one("collection.schedule", string="Present version")
    company_id = fields.Many2one(related="case_id.company_id")
    debtor_kind = fields.Selection(
        related="case_id.partner_id.collection_debtor_kind", related_sudo=True
    )
    item_ids = fields.Many2many(
        "collection.item",
        string="Documents",
        compute="_compute_covered",
        store=True,
        readonly=False,
        domain="[('case_id', '=', case_id), ('is_open', '=', True)]",
    )
    charge_ids = fields.Many2many(
        "collection.charge",
        string="Claimed charges",
        domain="[('case_id', '=', case_id), ('state', '=', 'claimed'), ('move_id', '=', False)]",
        help="Statements of interest and indemnities that are part of the plan.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_total")
    total = fields.Monetary(compute="_compute_total")

    # === TERMS === #
    way = fields.Selection(
        selection=[("count", "Their number"), ("amount", "Their amount"), ("end", "The last day")],
        string="Instalments by",
        required=True,
        default="count",
    )
    count = fields.Integer(string="Number of instalments", default=3)
    amount = fields.Monetary(string="Amount of each")
    end = fields.Date(string="Paid by the")
    frequency = fields.Selection(selection=FREQUENCIES, required=True, default="month")
    first_date = fields.Date(
        string="First instalment",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), months=1),
    )
    down_payment = fields.Monetary()
    down_payment_date = fields.Date(default=fields.Date.context_today)
    begins_with_down_payment = fields.Boolean(string="In effect with the down payment")
    rest_on = fields.Selection(
        selection=[("last", "Last instalment"), ("first", "First instalment")],
        string="Rest on the",
        required=True,
        default="last",
    )
    skipped_months = fields.Char(
        string="Months without", help="Their numbers: 8 for none in August, 7, 8 for the summer."
    )
    at_month_end = fields.Boolean(string="On the last day of the month")
    interest_clause = fields.Selection(
        selection=[
            ("maintained", "Goes on"),
            ("waived", "Waived if the schedule is respected"),
        ],
        string="Late-payment interest",
        required=True,
        default="maintained",
    )
    charges_last = fields.Boolean(
        string="Charges are paid last", help="Else first, as the law has it (C. civ. 1343-1)."
    )
    payment_way = fields.Selection(
        selection=PAYMENT_WAYS, string="Paid by", required=True, default="transfer"
    )
    payment_reference = fields.Char(string="Mandate or order")
    requested_by = fields.Selection(
        selection=[("company", "Us"), ("debtor", "The debtor")],
        string="Asked for by",
        required=True,
        default="debtor",
    )
    note = fields.Text(string="Why")

    # === LINES AND WHAT FOLLOWS === #
    line_ids = fields.One2many(
        "collection.schedule.plan.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    problem = fields.Char(compute="_compute_problem")
    difference = fields.Monetary(compute="_compute_preview")
    end_date = fields.Date(string="Last instalment on", compute="_compute_preview")
    discounted_value = fields.Monetary(
        string="Worth today",
        compute="_compute_preview",
        help="The instalments at the policy's discount rate.",
    )
    cost = fields.Monetary(string="Cost of waiting", compute="_compute_preview")

    @api.model
    def default_get(self, fields):  # pylint: disable=redefined-outer-name
        """Propose what a draft says, or what is left of the version that is replaced."""
        values = super().default_get(fields)
        schedules = self.env["collection.schedule"]
        draft = schedules.browse(values.get("schedule_id"))
        former = schedules.browse(values.get("previous_id"))
        if draft:
            values.update(self._get_terms_of_draft(draft))
        elif former:
            values.update(self._get_terms_of_rest(former))
        return {name: value for name, value in values.items() if name in fields}

    # === COMPUTE === #

    @api.depends("case_id", "schedule_id", "previous_id")
    def _compute_covered(self):
        for wizard in self:
            model = wizard.schedule_id or wizard.previous_id
            free = wizard.case_id.open_item_ids.filtered(lambda item: item.verdict != "schedule")
            items = model._get_covered_items() if model else free
            items = items.filtered("is_open").sorted("due_date")
            # One currency at a time: the one that has waited longest.
            currency = items[:1].currency_id
            wizard.item_ids = items.filtered(lambda item, own=currency: item.currency_id == own)

    @api.depends("item_ids", "charge_ids")
    def _compute_total(self):
        for wizard in self:
            items, charges = wizard.item_ids._origin, wizard.charge_ids._origin.sudo()
            currency = (items.currency_id or charges.currency_id)[:1]
            wizard.currency_id = currency or wizard.company_id.currency_id
            wizard.total = sum(items.mapped("amount_residual_currency")) + sum(
                charge._get_amount_open() for charge in charges
            )

    @api.depends(*TERMS)
    def _compute_line_ids(self):
        for wizard in self:
            lines, _problem = wizard._plan()
            wizard.line_ids = [Command.clear()] + [
                Command.create({"due_date": due, "amount": amount, "kind": kind})
                for due, amount, kind in lines
            ]

    @api.depends(*TERMS)
    def _compute_problem(self):
        for wizard in self:
            wizard.problem = wizard._plan()[1]

    @api.depends("line_ids.due_date", "line_ids.amount", "total")
    def _compute_preview(self):
        schedules = self.env["collection.schedule"]
        today = fields.Date.context_today(self)
        for wizard in self:
            lines = wizard.line_ids.filtered(lambda line: line.due_date and line.amount)
            digits = wizard.currency_id.decimal_places
            planned = [plan.PlanLine(line.due_date, exact(line.amount, digits)) for line in lines]
            rate = schedules._get_discount_rate(wizard.case_id)
            value = float(plan.discounted_value(planned, rate, today, digits))
            agreed = sum(lines.mapped("amount"))
            wizard.difference = wizard.currency_id.round(wizard.total - agreed)
            wizard.end_date = max(lines.mapped("due_date"), default=False)
            wizard.discounted_value = value
            wizard.cost = agreed - value

    def _plan(self):
        """Return (lines, what is wrong with the terms) while the dialog is filled in."""
        self.ensure_one()
        if not (self.item_ids or self.charge_ids) or not self.first_date:
            return [], ""
        try:
            lines = self.env["collection.schedule"]._compute_lines(
                self.currency_id, self.total, self._get_terms()
            )
        except UserError as error:
            return [], str(error)
        return lines, self._find_past_day([due for due, _amount, _kind in lines])

    def _find_past_day(self, days):
        """Return what is wrong with days that have passed: nobody signs what is late already."""
        if any(day < fields.Date.context_today(self) for day in days):
            return self.env._("An instalment would be due in the past: choose a later day.")
        return ""

    def _get_terms(self):
        """Return the terms as the business method takes them."""
        return {
            "first_date": self.first_date,
            "frequency": self.frequency,
            self.way: self[self.way],
            "down_payment": self.down_payment,
            "down_payment_date": self.down_payment_date,
            "rest_on": self.rest_on,
            "skipped_months": self._read_months(),
            "at_month_end": self.at_month_end,
        }

    @api.model
    def _get_terms_of_draft(self, draft):
        """Return the terms of a draft, with its lines as they are: hand-made ones stay."""
        lines = draft._get_lines()
        down = lines.filtered(lambda line: line.kind == plan.DOWN_PAYMENT)
        rest = lines - down
        return {
            **self._get_common_terms(draft),
            "count": len(rest),
            "first_date": (rest or lines)[:1].due_date,
            "down_payment": sum(down.mapped("amount")),
            **({"down_payment_date": down[0].due_date} if down else {}),
            "begins_with_down_payment": draft.begins_with_down_payment,
            "note": draft.note,
            "line_ids": [
                Command.create(
                    {"due_date": line.due_date, "amount": line.amount, "kind": line.kind}
                )
                for line in lines
            ],
        }

    @api.model
    def _get_terms_of_rest(self, former):
        """Return the terms for what is left of a schedule in effect, from today on."""
        left = former._get_lines().filtered("amount_left")
        today = fields.Date.context_today(self)
        coming = left.filtered(lambda line: line.due_date >= today)
        values = {**self._get_common_terms(former), "count": max(len(left), 1)}
        if coming:
            values["first_date"] = coming[0].due_date
        return values

    @api.model
    def _get_common_terms(self, schedule):
        charges = schedule.item_line_ids.charge_id.filtered(
            # In sudo mode to read whether a statement was booked, as far as a role goes.
            lambda charge: charge.state == "claimed" and not charge.sudo()._is_booked()
        )
        return {
            "frequency": schedule.frequency,
            "at_month_end": schedule._falls_at_month_end(),
            "skipped_months": schedule.skipped_months,
            "interest_clause": schedule.interest_clause,
            "payment_way": schedule.payment_way,
            "payment_reference": schedule.payment_reference,
            "requested_by": "company" if schedule.requested_by == "company" else "debtor",
            "charge_ids": [Command.set(charges.ids)],
            "charges_last": bool(schedule.item_line_ids.sorted("sequence")[-1:].charge_id)
            and bool(schedule.item_line_ids.item_id),
        }

    def _read_months(self):
        """Return the numbers of the months without an instalment."""
        words = (self.skipped_months or "").replace(",", " ").split()
        if not all(word.isdecimal() and 1 <= int(word) <= 12 for word in words):
            raise UserError(self.env._("Months without: write their numbers, 1 to 12."))
        return {int(word) for word in words}

    # === ACTIONS === #

    def action_apply(self):
        """Make the draft, and show it."""
        self.ensure_one()
        problem = self._find_past_day(self.line_ids.mapped("due_date"))
        if problem:
            raise UserError(problem)
        schedule = self.env["collection.schedule"]._propose(
            self.case_id,
            self.item_ids,
            requested_by=self.requested_by,
            frequency=self.frequency,
            lines=[(line.due_date, line.amount, line.kind) for line in self.line_ids],
            charges=self.charge_ids,
            charges_last=self.charges_last,
            skipped_months=self._read_months(),
            interest_clause=self.interest_clause,
            begins_with_down_payment=self.begins_with_down_payment,
            payment_way=self.payment_way,
            payment_reference=self.payment_reference,
            note=self.note,
            previous=self.previous_id,
            schedule=self.schedule_id,
        )
        return schedule.get_formview_action()

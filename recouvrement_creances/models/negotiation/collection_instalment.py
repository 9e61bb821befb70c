from odoo import api, fields, models

from ...rules.settlement import UNKEPT
from .collection_schedule_life import LIVE

INSTALMENT_STATES = [
    ("pending", "To come"),
    ("kept", "Paid in time"),
    ("late", "Paid late"),
    ("partly_kept", "Partly paid, late"),
    ("broken", "Late"),
]


class CollectionInstalment(models.Model):
    """One payment of a schedule: what was agreed, and what the ledger says became of it."""

    _name = "collection.instalment"
    _description = "Instalment of a schedule"
    _inherit = ["collection.undefaulted"]
    _order = "schedule_id desc, due_date, number"

    schedule_id = fields.Many2one(
        "collection.schedule", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="schedule_id.company_id", store=True, index=True)
    case_id = fields.Many2one(related="schedule_id.case_id")
    partner_id = fields.Many2one(related="schedule_id.partner_id")
    currency_id = fields.Many2one(related="schedule_id.currency_id")
    schedule_state = fields.Selection(related="schedule_id.state", string="Schedule is")
    number = fields.Integer(required=True, readonly=True)
    kind = fields.Selection(
        selection=[("down_payment", "Down payment"), ("instalment", "Instalment")],
        required=True,
        readonly=True,
        default="instalment",
    )
    due_date = fields.Date(required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    state = fields.Selection(
        selection=INSTALMENT_STATES,
        required=True,
        readonly=True,
        default="pending",
        help="Judged from the matching of payments with the invoices that the schedule covers.",
    )
    settled_on = fields.Date(string="Paid on", readonly=True)
    amount_paid = fields.Monetary(string="Paid", compute="_compute_amounts", compute_sudo=True)
    amount_left = fields.Monetary(
        string="Still to pay",
        compute="_compute_amounts",
        compute_sudo=True,
        help="Less what credit notes have taken off the last instalments.",
    )

    _number_unique = models.UniqueIndex(
        "(schedule_id, number)", "Two instalments of a schedule bear the same number."
    )
    _due_index = models.Index("(due_date) WHERE state IN ('pending', 'partly_kept', 'broken')")
    _check_amount = models.Constraint("CHECK(amount > 0)", "An instalment is above zero.")

    # === COMPUTE === #

    @api.depends("schedule_id.name", "number")
    def _compute_display_name(self):
        for instalment in self:
            instalment.display_name = f"{instalment.schedule_id.name}-{instalment.number}"

    @api.depends("amount", "state", "settled_on")
    def _compute_amounts(self):
        """Read what was paid from the ledger, for all schedules at once."""
        states = self.schedule_id._read_states(fields.Date.context_today(self))
        found = {}
        for schedule, state in states.items():
            for instalment, amount, settled in zip(
                schedule._get_lines(), state.amounts, state.settled, strict=True
            ):
                found[instalment] = (float(settled.paid), float(amount - settled.paid))
        for instalment in self:
            instalment.amount_paid, instalment.amount_left = found.get(
                instalment._origin, (0.0, instalment.amount)
            )

    # === BUSINESS === #

    def _is_due(self):
        """Tell whether something of the instalment is still to be paid, and the plan is alive."""
        self.ensure_one()
        return (
            self.schedule_id.state in LIVE
            and self.currency_id.compare_amounts(self.amount_left, 0) > 0
            and self.state in ("pending", *UNKEPT)
        )

    def _get_statement_row(self, as_of):
        """Return the instalment as the one line of a statement, for its reminders.

        :param date as_of: the day on which days overdue are counted
        """
        self.ensure_one()
        schedule = self.schedule_id
        return {
            "number": self.display_name,
            "reference": self.env._("Schedule %s", schedule.name),
            "date": schedule.date_start or self.due_date,
            "due_date": self.due_date,
            "total": self.amount,
            "paid": self.amount_paid,
            "residual": self.amount_left,
            "disputed": 0.0,
            "claimed": self.amount_left,
            "currency": self.currency_id,
            "days_overdue": max((as_of - self.due_date).days, 0) if as_of else 0,
            "level": "",
            # The account to pay to is the one of an invoice that the schedule covers.
            "move_id": schedule.item_line_ids.item_id.move_id[:1].id,
            "move_line_id": False,
        }

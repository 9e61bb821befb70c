from odoo import api, fields, models

from ..rules.procedure_standing import JUDGED

ASKS_AMOUNTS = ("grant", "judge", "rejudge")
ASKS_GROUND = ("reject", "dismiss", "overturn")
ASKS_INTEREST = ("judge", "rejudge", "entitle")


class CollectionProceedingStep(models.TransientModel):
    """Record the next step of a proceeding: what took place, when, and what proves it."""

    _name = "collection.proceeding.step"
    _description = "Record a step of a proceeding"
    _inherit = ["collection.sourced", "collection.once"]

    proceeding_id = fields.Many2one("collection.proceeding", required=True)
    currency_id = fields.Many2one(related="proceeding_id.currency_id")
    possible_step_ids = fields.Many2many(
        "collection.procedure.step", compute="_compute_possible_step_ids"
    )
    step_id = fields.Many2one(
        "collection.procedure.step",
        compute="_compute_step_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('id', 'in', possible_step_ids)]",
    )
    hint = fields.Text(related="step_id.hint")
    deadline_summary = fields.Char(related="step_id.deadline_summary")
    needs_document = fields.Boolean(related="step_id.needs_document")
    has_hearing = fields.Boolean(related="step_id.has_hearing")
    date = fields.Date(string="On", required=True, default=fields.Date.context_today)
    counts_from = fields.Date(
        string="Deadlines count from",
        help="Only when they count from another day than the step's: the day of the publication, "
        "of the clerk's letter, the end of the debtor's month, the notification of a judgement.",
    )
    hearing = fields.Datetime()
    number = fields.Char(string="Court's number")
    attachment_ids = fields.Many2many("ir.attachment", string="Documents")
    note = fields.Text()
    obstacles = fields.Text(compute="_compute_obstacles")
    may_explain = fields.Boolean(compute="_compute_obstacles")
    reason = fields.Text(
        string="Recorded all the same, because",
        help="Why a step is on record that something speaks against: it is kept with it.",
    )

    # === WHAT WAS DECIDED === #
    asks_amounts = fields.Boolean(compute="_compute_asked")
    asks_interest = fields.Boolean(compute="_compute_asked")
    asks_ground = fields.Boolean(compute="_compute_asked")
    is_formal = fields.Boolean(
        string="Not on the claim itself",
        help="For want of jurisdiction, or for a defect of form: the claim has interrupted "
        "limitation all the same (C. civ. 2241). Our time to appeal against a decision on "
        "jurisdiction alone is of fifteen days (CPC 84).",
    )
    amount_granted = fields.Monetary(
        compute="_compute_amount_granted",
        store=True,
        readonly=False,
        precompute=True,
        help="Principal, interest and indemnities as the decision grants them; costs are apart.",
    )
    costs_granted = fields.Monetary(string="Costs granted")
    irrecoverable_granted = fields.Monetary(string="Irrecoverable costs granted")
    grants_legal_interest = fields.Boolean(
        string="Interest at the legal rate",
        help="The decision grants interest at the legal rate: from its day on it takes the place "
        "of the penalties, and rises by five points two months after the title.",
    )
    interest_from = fields.Date(
        string="Interest from", help="The day that the decision sets; its own day when empty."
    )

    # === COMPUTE === #

    @api.depends("proceeding_id")
    def _compute_possible_step_ids(self):
        for wizard in self:
            wizard.possible_step_ids = (
                wizard.proceeding_id._origin._get_offered_steps() if wizard.proceeding_id else False
            )

    @api.depends("proceeding_id")
    def _compute_step_id(self):
        """Propose the first step that was not recorded yet."""
        for wizard in self:
            proceeding = wizard.proceeding_id._origin
            if not proceeding:
                wizard.step_id = False
                continue
            taken = proceeding._get_effective_events().step_id
            wizard.step_id = (proceeding._get_offered_steps() - taken)[:1]

    @api.depends("step_id", "date", "proceeding_id", "amount_granted")
    def _compute_obstacles(self):
        for wizard in self:
            proceeding, step = wizard.proceeding_id._origin, wizard.step_id._origin
            known = proceeding and step and wizard.date
            found = (
                proceeding._find_obstacles(step, wizard.date, wizard.amount_granted)
                if known
                else {}
            )
            wizard.obstacles = "\n".join(found.values())
            wizard.may_explain = proceeding._may_explain(found)

    @api.depends("step_id", "proceeding_id")
    def _compute_asked(self):
        for wizard in self:
            wizard.asks_amounts = wizard.step_id.event in ASKS_AMOUNTS
            by_court = wizard.step_id.actor == "court"
            wizard.asks_ground = by_court and wizard.step_id.event in ASKS_GROUND
            standing = wizard.proceeding_id._get_standing_judgement()
            # What is judged anew after an opposition grants interest of its own.
            is_new = wizard.step_id.event in JUDGED or not standing
            wizard.asks_interest = wizard.step_id.event in ASKS_INTEREST and is_new

    @api.depends("proceeding_id", "step_id")
    def _compute_amount_granted(self):
        for wizard in self:
            wizard.amount_granted = wizard.proceeding_id.amount_claimed

    # === ACTIONS === #

    def action_apply(self):
        """Record the step, once."""
        self._apply_once()
        decided = (
            {
                "amount_granted": self.amount_granted,
                "costs_granted": self.costs_granted,
                "irrecoverable_granted": self.irrecoverable_granted,
            }
            if self.asks_amounts
            else {}
        )
        interest = (
            {
                "grants_legal_interest": self.grants_legal_interest,
                "interest_from": self.interest_from,
            }
            if self.asks_interest
            else {}
        )
        self.proceeding_id._record_step(
            self.step_id,
            self.date,
            self.attachment_ids,
            note=self.note,
            reason=self.reason,
            number=self.number,
            counts_from=self.counts_from,
            hearing=self.hearing if self.has_hearing else None,
            is_formal=self.asks_ground and self.is_formal,
            **decided,
            **interest,
        )
        return {"type": "ir.actions.act_window_close"}

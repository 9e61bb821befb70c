from odoo import api, fields, models

from ...rules.deadline_rules import code_at
from ...rules.procedure_standing import StepFacts

STEP_EVENTS = [
    ("note", "Noted only"),
    ("file", "Filed"),
    ("grant", "Order made"),
    ("reject", "Request refused"),
    ("serve", "Served"),
    ("oppose", "Opposed"),
    ("hear", "Hearing"),
    ("judge", "Judgement given"),
    ("dismiss", "Claim dismissed"),
    ("oppose_judgement", "Judgement opposed"),
    ("end_opposition", "Opposition refused or withdrawn"),
    ("appeal", "Appeal lodged"),
    ("hear_appeal", "Hearing on appeal"),
    ("rejudge", "Decided on appeal"),
    ("overturn", "Dismissed on appeal"),
    ("refer", "Sent back after a cassation"),
    ("end_appeal", "Appeal withdrawn or lapsed"),
    ("entitle", "Title"),
    ("enforce", "Enforced"),
    ("settle", "Settled by agreement"),
    ("resume", "Goes on after a settlement"),
    ("resume_title", "Enforcement goes on after a settlement"),
    ("withdraw", "Withdrawn by us"),
    ("close", "Closed"),
]
STEP_ACTORS = [
    ("creditor", "Us"),
    ("counsel", "Lawyer"),
    ("commissioner", "Commissaire de justice"),
    ("court", "Court"),
    ("debtor", "Debtor"),
]
# What a step does to limitation: the kinds of collection.limitation.event that a court makes.
STEP_LIMITATIONS = [
    ("court_claim", "Court claim"),
    ("order_served", "Order for payment served"),
    ("enforcement", "Enforcement or protective measure"),
]


class CollectionProcedureStep(models.Model):
    """One step of a procedure: who does it, what proves it, which deadlines it opens and closes."""

    _name = "collection.procedure.step"
    _description = "Step of a court procedure"
    _order = "procedure_id, sequence, id"

    procedure_id = fields.Many2one(
        "collection.procedure", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    event = fields.Selection(selection=STEP_EVENTS, string="State", required=True, default="note")
    actor = fields.Selection(
        selection=STEP_ACTORS, string="Who", required=True, default="commissioner"
    )
    needs_document = fields.Boolean(string="Document asked for")
    has_hearing = fields.Boolean(string="Sets a hearing")
    limitation_kind = fields.Selection(
        selection=STEP_LIMITATIONS, string="Interrupts limitation as"
    )
    hint = fields.Text(translate=True, help="Shown to whoever records the step.")
    deadline_ids = fields.One2many(
        "collection.procedure.deadline", "step_id", string="Legal deadlines", copy=True
    )
    deadline_summary = fields.Char(string="Deadlines", compute="_compute_deadline_summary")

    # === COMPUTE === #

    @api.depends("deadline_ids.rule_code", "deadline_ids.effect")
    def _compute_deadline_summary(self):
        for step in self:
            step.deadline_summary = ", ".join(step.deadline_ids.mapped("display_name"))

    # === BUSINESS === #

    def _get_facts(self, position):
        """Return what ``rules.procedure_steps`` wants to know of the step."""
        effects = ("opens", "closes", "drops", "opens_notified")
        codes = {effect: frozenset(self._get_codes(effect)) for effect in effects}
        return StepFacts(position, self.event, **codes)

    def _get_codes(self, effect):
        """Return the codes of the deadlines of an effect: what the step opens, closes or drops."""
        return self.deadline_ids.filtered(lambda line: line.effect == effect).mapped("rule_code")

    def _get_known_codes(self, effect):
        """Return the same, before whichever court they were counted."""
        codes = set(self._get_codes(effect))
        return codes | {code_at(code, None) for code in codes}

from odoo import api, fields, models

from ..models.negotiation.collection_hardship import WAYS


class CollectionHardshipDecision(models.TransientModel):
    """A manager decides on a hardship report: as proposed, otherwise, or not."""

    _name = "collection.hardship.decision"
    _description = "Decision on a hardship report"
    _inherit = ["collection.sourced"]

    hardship_id = fields.Many2one("collection.hardship", required=True, ondelete="cascade")
    case_id = fields.Many2one(related="hardship_id.case_id", related_sudo=False)
    facts = fields.Text(related="hardship_id.facts", related_sudo=False)
    proposed_way = fields.Selection(
        related="hardship_id.way", related_sudo=False, string="Proposed"
    )
    event = fields.Selection(
        selection=[
            ("approve", "Accept as proposed"),
            ("change", "Decide otherwise"),
            ("refuse", "Refuse"),
        ],
        string="Decision",
        required=True,
        default="approve",
    )
    way = fields.Selection(
        selection=WAYS, compute="_compute_way", store=True, readonly=False, string="Instead"
    )
    until = fields.Date(compute="_compute_way", store=True, readonly=False)
    body_id = fields.Many2one(
        "collection.help.body", compute="_compute_way", store=True, readonly=False
    )
    note = fields.Text(string="Why", required=True)

    @api.depends("hardship_id", "event")
    def _compute_way(self):
        for wizard in self:
            report = wizard.hardship_id
            wizard.way = report.way
            wizard.until = report.until
            wizard.body_id = report.body_id

    @api.onchange("note")
    def _onchange_note(self):
        return self.env["collection.note.flag"]._warn_form(self.note)

    def action_apply(self):
        """Decide, and go on to what was decided."""
        self.ensure_one()
        report = self.hardship_id
        values = {"way": self.way, "until": self.until, "body": self.body_id}
        report._decide(self.event, self.note, values)
        return report._open_way() or {"type": "ir.actions.act_window_close"}

from odoo import api, fields, models

from .deadline_labels import RULE_LABELS


class CollectionProcedureDeadline(models.Model):
    """A deadline that a step of a procedure opens, closes or drops."""

    _name = "collection.procedure.deadline"
    _description = "Deadline of a step"
    _inherit = ["collection.unrepeated"]
    _order = "step_id, effect desc, id"
    _told_by = ("step_id", "rule_code", "effect")

    step_id = fields.Many2one(
        "collection.procedure.step", required=True, index=True, ondelete="cascade"
    )
    rule_code = fields.Selection(selection=RULE_LABELS, string="Legal deadline", required=True)
    effect = fields.Selection(
        selection=[
            ("opens", "Opens"),
            ("opens_short", "Opens where not all is granted"),
            ("opens_notified", "Opens once it is notified"),
            ("closes", "Closes"),
            ("drops", "Drops"),
        ],
        required=True,
        default="opens",
        help="What is dropped binds nobody any more: the procedure took another way.",
    )

    _once = models.UniqueIndex("(step_id, rule_code, effect)", "The step does this already.")

    # === COMPUTE === #

    @api.depends("rule_code", "effect")
    def _compute_display_name(self):
        labels = dict(self._fields["rule_code"]._description_selection(self.env))
        effects = dict(self._fields["effect"]._description_selection(self.env))
        for line in self:
            line.display_name = self.env._(
                "%(effect)s: %(deadline)s",
                effect=effects.get(line.effect, ""),
                deadline=labels.get(line.rule_code, ""),
            )

    # === BUSINESS === #

    def _say_repeated(self):
        """IMPLEMENTS collection.unrepeated."""
        return self.env._(
            "“%(step)s” has this already: “%(deadline)s”. Remove one of the two lines.",
            step=self.step_id.name,
            deadline=self.display_name,
        )

from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionStage(models.Model):
    """Where a case stands between the first reminder and the court."""

    _name = "collection.stage"
    _description = "Collection stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        selection=[
            ("amicable", "Amicable"),
            ("formal_notice", "Formal notice"),
            ("prelitigation", "Pre-litigation"),
            ("litigation", "Litigation"),
            ("insolvency", "Insolvency proceedings"),
            ("closed", "Closed"),
        ],
        required=True,
        default="amicable",
        help="The fixed meaning of the stage, whatever name your company gives it.",
    )
    fold = fields.Boolean(string="Folded in Kanban")
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_of_kind(self):
        """Every kind keeps one stage: runs and handovers look them up by kind."""
        remaining = self.search([("id", "not in", self.ids)])
        missing = set(self.mapped("kind")) - set(remaining.mapped("kind"))
        if missing:
            raise UserError(
                self.env._("Keep at least one stage of each kind; archive or rename it instead.")
            )

    @api.model
    def _first_of_kind(self, kind):
        """Return the first stage that means ``kind``."""
        return self.search([("kind", "=", kind)], limit=1)

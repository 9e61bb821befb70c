from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# The flow opens cases into the first, and closes them into the second.
NEEDED_KINDS = ("amicable", "closed")
USES = (("collection.case", ["stage_id"]), ("collection.level", ["stage_id"]))


class CollectionStage(models.Model):
    """Where a case stands between the first reminder and the court."""

    _name = "collection.stage"
    _description = "Collection stage"
    _inherit = ["collection.kept"]
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

    # === CRUD === #

    def write(self, vals):
        """Keep the meaning of stages where cases stand."""
        if "kind" in vals:
            used = self.filtered(lambda stage: stage.kind != vals["kind"])._find_used(USES)
            if used:
                raise UserError(
                    self.env._(
                        "Cases or levels use the stage “%s”: it keeps its meaning. "
                        "Create another stage instead.",
                        used.name,
                    )
                )
        result = super().write(vals)
        if {"active", "kind"} & vals.keys():
            self._check_needed_kinds()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_of_kind(self):
        """Every kind keeps one stage: runs and handovers look them up by kind."""
        used = self._find_used(USES)
        if used:
            raise UserError(
                self.env._("Cases or levels use the stage “%s”: archive it instead.", used.name)
            )
        remaining = self.search([("id", "not in", self.ids)])
        missing = set(self.mapped("kind")) - set(remaining.mapped("kind"))
        if missing:
            raise UserError(
                self.env._("Keep at least one stage of each kind; archive or rename it instead.")
            )

    # === BUSINESS === #

    def _check_needed_kinds(self):
        """Refuse to leave cases without the stages that they open and close into."""
        # Said outright: a context from outside would count the archived ones.
        live = self.with_context(active_test=True).search([("kind", "in", NEEDED_KINDS)])
        missing = set(NEEDED_KINDS) - set(live.mapped("kind"))
        if missing:
            labels = dict(self._fields["kind"]._description_selection(self.env))
            raise ValidationError(
                self.env._(
                    "Keep at least one stage that means %(kinds)s: cases go there by themselves.",
                    kinds=[labels[kind] for kind in NEEDED_KINDS if kind in missing],
                )
            )

    @api.model
    def _first_of_kind(self, kind):
        """Return the first stage that means ``kind``."""
        return self.search([("kind", "=", kind)], limit=1)

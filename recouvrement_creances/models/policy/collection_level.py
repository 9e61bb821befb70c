from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CollectionLevel(models.Model):
    """One rung of a policy's ladder: so many days after the due date, do these steps."""

    _name = "collection.level"
    _description = "Collection level"
    _inherit = ["collection.kept"]
    _order = "policy_id, delay_days, id"

    name = fields.Char(required=True, translate=True)
    policy_id = fields.Many2one(
        "collection.policy",
        required=True,
        index=True,
        ondelete="cascade",
        bypass_search_access=True,
    )
    policy_state = fields.Selection(related="policy_id.state")
    company_id = fields.Many2one(related="policy_id.company_id")
    active = fields.Boolean(default=True)
    delay_days = fields.Integer(
        string="Days from the due date",
        required=True,
        help="Negative: before the due date (preventive reminder).",
    )
    number = fields.Integer(
        compute="_compute_number",
        store=True,
        readonly=True,
        help="The rank of the level in its policy, from 1.",
    )
    is_formal_notice = fields.Boolean(
        string="Formal notice",
        help="The level puts the debtor in default (C. civ. art. 1344): never sent without "
        "a person's agreement.",
    )
    notice_days = fields.Integer(
        string="Days given",
        help="The period for payment that the text tells, and that a formal notice gives. 0: what "
        "is usual, 8 days for professionals and public bodies, 15 for consumers.",
    )
    stage_id = fields.Many2one(
        "collection.stage",
        domain=[("kind", "!=", "closed")],
        help="The stage that the case reaches when this level is sent.",
    )
    step_ids = fields.One2many("collection.level.step", "level_id", copy=True)
    step_summary = fields.Char(string="Steps", compute="_compute_step_summary")

    _check_delay_unique = models.UniqueIndex(
        "(policy_id, delay_days) WHERE active IS TRUE",
        "Two levels of a policy cannot start on the same day: give each its own delay.",
    )
    _check_notice_days = models.Constraint(
        "CHECK(notice_days BETWEEN 0 AND 365)", "A level gives between 0 and 365 days."
    )

    # === COMPUTE === #

    @api.depends(
        "delay_days", "active", "policy_id.level_ids.delay_days", "policy_id.level_ids.active"
    )
    def _compute_number(self):
        for level in self:
            siblings = level.policy_id.with_context(active_test=False).level_ids
            earlier = siblings.filtered(
                lambda sibling, level=level: (
                    sibling.active and sibling.delay_days < level.delay_days
                )
            )
            # An archived level stands between its neighbours: the next one is not skipped.
            level.number = len(earlier) + (1 if level.active else 0)

    @api.depends("name", "number", "policy_id")
    def _compute_display_name(self):
        for level in self:
            level.display_name = f"{level.number}. {level.name}" if level.name else ""

    @api.depends("step_ids.channel", "step_ids.mode", "step_ids.sequence")
    def _compute_step_summary(self):
        """Name the steps in one line, for the ladder of the policy."""
        fields_of_step = self.env["collection.level.step"]._fields
        channels = dict(fields_of_step["channel"]._description_selection(self.env))
        modes = dict(fields_of_step["mode"]._description_selection(self.env))
        for level in self:
            level.step_summary = ", ".join(
                f"{channels[step.channel]} ({modes[step.mode].lower()})"
                for step in level.step_ids
                if step.channel and step.mode
            )

    # === CONSTRAINTS === #

    @api.constrains("delay_days")
    def _check_delay_days(self):
        for level in self:
            if not -90 <= level.delay_days <= 1825:
                raise ValidationError(
                    self.env._(
                        "“%(level)s”: the delay goes from 90 days before to 5 years after "
                        "the due date.",
                        level=level.name,
                    )
                )

    @api.constrains("is_formal_notice", "step_ids")
    def _check_formal_notice(self):
        """A letter that threatens legal action is never fully automatic."""
        for level in self.filtered("is_formal_notice"):
            if any(step.mode == "automatic" and step._is_contact() for step in level.step_ids):
                raise ValidationError(
                    self.env._(
                        "“%(level)s” is a formal notice: its steps are to be confirmed or manual, "
                        "never automatic.",
                        level=level.name,
                    )
                )

    @api.constrains("stage_id")
    def _check_stage_id(self):
        for level in self:
            if level.stage_id.kind == "closed":
                raise ValidationError(
                    self.env._(
                        "“%(level)s”: a contact closes no case; choose another stage than "
                        "“%(stage)s”.",
                        level=level.name,
                        stage=level.stage_id.name,
                    )
                )

    @api.constrains("policy_id", "active", "step_ids")
    def _check_policy_complete(self):
        self.policy_id._check_still_complete()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """A confirmed policy gets no further level."""
        levels = super().create(vals_list)
        levels.policy_id._check_may_change()
        return levels

    def write(self, vals):
        """The levels of a confirmed policy stay as they are; none moves into one."""
        self.policy_id._check_may_change()
        result = super().write(vals)
        if "policy_id" in vals:
            self.policy_id._check_may_change()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_needed(self):
        self._check_unused()
        self.policy_id._check_may_change()
        self.policy_id._check_still_complete(without_levels=self)

    # === BUSINESS === #

    def _check_unused(self):
        """Refuse to delete levels that items reached or contacts were made for."""
        self.step_ids._check_unused()
        uses = (
            ("collection.item", ["level_id", "next_level_id"]),
            ("collection.action", ["level_id"]),
            ("collection.action.item", ["level_id", "former_level_id"]),
        )
        used = self._find_used(uses)
        if used:
            raise UserError(
                self.env._(
                    "Level “%(level)s” of “%(policy)s” is part of the debtors' history: "
                    "archive it instead.",
                    level=used.name,
                    policy=used.policy_id.name,
                )
            )

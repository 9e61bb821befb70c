from odoo import api, fields, models


class CollectionProceedingEvent(models.Model):
    """A step that a proceeding took: dated, proven, kept as it was recorded."""

    _name = "collection.proceeding.event"
    _description = "Step of a court proceeding"
    _inherit = ["collection.undefaulted", "collection.correctable.step"]
    _order = "date desc, id desc"
    _allow_sudo_commands = False
    _record_field = "proceeding_id"

    proceeding_id = fields.Many2one(
        "collection.proceeding", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="proceeding_id.company_id", store=True, index=True)
    case_id = fields.Many2one(related="proceeding_id.case_id")
    step_id = fields.Many2one(
        "collection.procedure.step", required=True, readonly=True, ondelete="restrict"
    )
    actor = fields.Selection(related="step_id.actor")
    date = fields.Date(required=True, readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Documents", readonly=True)
    limitation_event_id = fields.Many2one(
        "collection.limitation.event",
        string="Limitation",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    # {step: the event on limitation it had before this step noted it anew}
    revived_limitation = fields.Json(readonly=True)
    voided_limitation = fields.Json(readonly=True)
    is_formal = fields.Boolean(string="Not on the claim itself", readonly=True)
    note = fields.Text(readonly=True)
    judgement_id = fields.Many2one("collection.judgement", readonly=True, ondelete="restrict")
    overturned_judgement_id = fields.Many2one(
        "collection.judgement",
        string="Judgement overturned",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    handover_state = fields.Char(
        readonly=True, help="What the handover was before the step closed it."
    )
    hearing_ids = fields.Many2many(
        "calendar.event",
        "collection_proceeding_event_hearing_rel",
        "event_id",
        "hearing_id",
        string="Hearings",
        readonly=True,
    )
    dropped_hearings = fields.Json(
        readonly=True, help="Those to come that it took off the calendar."
    )
    undoes_id = fields.Many2one(
        "collection.proceeding.event",
        string="Takes back",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    undone_by_ids = fields.One2many("collection.proceeding.event", "undoes_id", readonly=True)

    _undone_once = models.UniqueIndex(
        "(undoes_id) WHERE undoes_id IS NOT NULL", "This step was taken back already."
    )

    # === COMPUTE === #

    @api.depends("step_id", "proceeding_id")
    def _compute_display_name(self):
        for event in self:
            event.display_name = f"{event.step_id.name} · {event.proceeding_id.display_name}"

    # === BUSINESS === #

    def _is_dismissal(self):
        """Tell whether a judge found that nothing is due.

        A request refused without a hearing, an interim order, or a court that has no jurisdiction
        says nothing of the debt itself.
        """
        event, kind = self.step_id.event, self.proceeding_id.procedure_id.kind
        return not self.is_formal and event in ("dismiss", "overturn") and kind != "interim"

    @api.model
    def _find_dismissed(self, claims):
        """Return those of some events on limitation whose claim in court stands dismissed."""
        # In sudo mode as a date that is no secret follows from it.
        steps_sudo = self.sudo().search([("limitation_event_id", "in", claims.ids)])
        dismissed = steps_sudo.proceeding_id.filtered(lambda one: one._is_dismissed())
        return dismissed.event_ids.limitation_event_id.with_env(claims.env)

    def _get_step_name(self):
        """OVERRIDES collection.correctable.step."""
        return self.step_id.name

    @api.model
    def _get_effect_fields(self):
        """EXTENDS collection.correctable.step: what a court's step did besides."""
        return super()._get_effect_fields() | {
            "limitation_event_id",
            "revived_limitation",
            "voided_limitation",
            "is_formal",
            "judgement_id",
            "overturned_judgement_id",
            "handover_state",
            "hearing_ids",
            "dropped_hearings",
        }

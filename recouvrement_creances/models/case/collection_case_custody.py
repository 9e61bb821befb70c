from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

LEGAL_HOLD_FIELDS = {"legal_hold", "legal_hold_reason"}


class CollectionCaseCustody(models.AbstractModel):
    """What is kept of a case: its export, what holds it back from a purge, notes to look at."""

    _name = "collection.case.custody"
    _description = "What is kept of collection cases"

    legal_hold = fields.Boolean(
        copy=False,
        tracking=True,
        help="Nothing of the case is purged, whatever its age: a court case is pending or "
        "expected.",
    )
    legal_hold_reason = fields.Char(copy=False, tracking=True)
    purged_on = fields.Date(readonly=True, copy=False)
    note_flag_ids = fields.One2many(
        "collection.note.flag", "case_id", groups="recouvrement_creances.group_manager"
    )
    note_flag_count = fields.Integer(
        string="Notes to look at",
        compute="_compute_note_flag_count",
        groups="recouvrement_creances.group_manager",
    )

    # === COMPUTE === #

    @api.depends("note_flag_ids.is_reviewed")
    def _compute_note_flag_count(self):
        counts = dict(
            self.env["collection.note.flag"]._read_group(
                [("case_id", "in", self.ids), ("is_reviewed", "=", False)],
                ["case_id"],
                ["__count"],
            )
        )
        for case in self:
            case.note_flag_count = counts.get(case._origin, 0)

    # === CONSTRAINTS === #

    @api.constrains("legal_hold", "legal_hold_reason")
    def _check_legal_hold_reason(self):
        for case in self:
            if case.legal_hold and not (case.legal_hold_reason or "").strip():
                raise ValidationError(self.env._("Say why %s is to be kept.", case.display_name))

    # === CRUD === #

    def write(self, vals):
        """Log who holds cases back from a purge, or lets them go; only managers do."""
        if not LEGAL_HOLD_FIELDS & vals.keys():
            return super().write(vals)
        if not (self.env.su or self.env.user.has_group("recouvrement_creances.group_manager")):
            raise AccessError(self.env._("Only a collection manager sets or ends a legal hold."))
        before = {case: case.legal_hold for case in self}
        result = super().write(vals)
        for case in self:
            if case.legal_hold or before[case]:
                self.env["collection.custody.log"]._note(
                    case.company_id,
                    "legal_hold",
                    case.legal_hold_reason if case.legal_hold else self.env._("Legal hold ended"),
                    about=case.name,
                    case_id=case.id,
                )
        return result

    # === ACTIONS === #

    def action_export_evidence(self):
        """Download the numbered pieces of the case with their list and seals."""
        self.ensure_one()
        self.env["collection.evidence.export"]._check_allowed(self)
        return {
            "type": "ir.actions.act_url",
            "url": f"/recouvrement_creances/case/{self.id}/evidence.zip",
            "target": "self",
        }

    # === BUSINESS === #

    def _message_post_after_hook(self, message, msg_values):
        """EXTENDS mail: tell who writes a note on the case when it seems sensitive."""
        result = super()._message_post_after_hook(message, msg_values)
        self._look_at_note(message)
        return result

    def _message_update_content(self, message, /, **kwargs):
        """EXTENDS mail: an edited note is looked at again."""
        result = super()._message_update_content(message, **kwargs)
        self._look_at_note(message)
        return result

    def _look_at_note(self, message):
        """Flag a note of a colleague that seems sensitive, and say so at once."""
        if message.message_type != "comment" or not self:
            return
        flags = self.env["collection.note.flag"]
        if flags._flag("chatter", [(case, message, message.body) for case in self]):
            warning = flags._get_warning(message.body)
            self.env.user._bus_send(
                "simple_notification", {**warning, "type": "warning", "sticky": True}
            )

    def _log_export(self, file_hash):
        """Note on the timeline that the evidence was handed out."""
        self.ensure_one()
        self._message_log(
            body=Markup("%s<br/><small>SHA-256 %s</small>")
            % (self.env._("Evidence exported"), file_hash)
        )

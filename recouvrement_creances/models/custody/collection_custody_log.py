from odoo import api, fields, models
from odoo.exceptions import UserError

from ..contact.evidence_triggers import CUSTODY_LOG, REFUSAL


class CollectionCustodyLog(models.Model):
    """Who checked, exported, handed out or purged what is kept: inserted once, never changed."""

    _name = "collection.custody.log"
    _description = "Log of what is kept"
    _inherit = ["collection.undefaulted", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _log_access = False
    _allow_sudo_commands = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        selection=[
            ("check", "Check of the evidence"),
            ("export", "Export of a case's evidence"),
            ("access", "Answer to an access request"),
            ("purge", "Purge"),
            ("legal_hold", "Legal hold"),
        ],
        required=True,
        readonly=True,
    )
    happened_at = fields.Datetime(required=True, readonly=True)
    author = fields.Char(required=True, readonly=True, help="The name of the user at that moment.")
    about = fields.Char(readonly=True, help="The case, the person or the company it was about.")
    case_id = fields.Many2one(
        "collection.case", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    is_alarm = fields.Boolean(string="Needs attention", readonly=True)
    result = fields.Char(required=True, readonly=True)
    detail = fields.Text(readonly=True)
    file_hash = fields.Char(
        string="SHA-256 of the file", readonly=True, help="Of the ZIP file that was handed out."
    )

    def init(self):
        """Let the database refuse change and deletion here too."""
        self.env.cr.execute(REFUSAL)
        self.env.cr.execute(CUSTODY_LOG)

    @api.depends("kind", "happened_at")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for log in self:
            moment = fields.Datetime.context_timestamp(log, log.happened_at)
            log.display_name = f"{kinds[log.kind]} · {moment:%Y-%m-%d %H:%M}"

    # === CRUD === #

    def write(self, vals):
        """Refuse: the log says what happened."""
        if self and self._fields.keys() & vals.keys() - {"activity_ids"}:
            raise UserError(self.env._("The log cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("The log cannot be deleted."))

    # === ACTIONS === #

    def action_check_evidence(self):
        """Walk the present company's chain and show the result; the button stands on the list."""
        return self.env["collection.evidence.check"]._check_by_hand(self.env.company)

    # === BUSINESS === #

    @api.model
    def _note(self, company, kind, result, **values):
        """Append one line; author and moment are added."""
        # In sudo mode to append: nobody has the right to create lines of the log by hand.
        silent_sudo = self.sudo().with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        return silent_sudo.create(
            {
                "company_id": company.id,
                "kind": kind,
                "result": result,
                "happened_at": fields.Datetime.now(),
                "author": self.env.user.name,
                **values,
            }
        )

    def _get_form_action(self):
        """Return the action that opens the line in a window of its own."""
        self.ensure_one()
        return {
            "name": self.display_name,
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

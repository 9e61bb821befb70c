from datetime import timedelta

from odoo import api, fields, models

from ...rules.portal_tokens import FILE_PATH
from .collection_handover_sending import WAITS


class CollectionHandoverLink(models.Model):
    """A link that opens the file of one handover for the partner that it was given to."""

    _name = "collection.handover.link"
    _description = "Link to a handed over file"
    _inherit = ["collection.secret.link"]
    _order = "id desc"
    _log_access = False
    _allow_sudo_commands = False
    _path = FILE_PATH

    handover_id = fields.Many2one(
        "collection.handover", required=True, readonly=True, index=True, ondelete="restrict"
    )
    case_id = fields.Many2one(related="handover_id.case_id", store=True, index=True)
    company_id = fields.Many2one(related="handover_id.company_id", store=True, index=True)
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, index="btree_not_null", ondelete="set null"
    )
    mail_state = fields.Selection(related="mail_id.state", string="Message")
    opened_at = fields.Datetime(string="First opened", readonly=True)
    downloaded_at = fields.Datetime(string="First downloaded", readonly=True)

    declined_at = fields.Datetime(string="Declined", readonly=True)

    # === ACTIONS === #

    def action_revoke(self):
        """Let the link open nothing any more, at once."""
        self.handover_id.check_access("write")
        self._revoke()

    # === BUSINESS === #

    def _revoke(self):
        """EXTENDS collection.secret.link: what has not left yet does not leave any more."""
        # In sudo mode as the messages of the links are nobody's to read.
        waiting_sudo = self.sudo().mail_id.filtered(lambda mail: mail.state == WAITS)
        waiting_sudo.state = "cancel"
        self.env["collection.handover"]._wake_for(waiting_sudo)
        return super()._revoke()

    def _decline(self):
        """Let links open nothing any more that were declined; their page says so. In sudo mode."""
        valid = self.filtered(lambda link: not link.revoked_at)
        valid._revoke()
        valid.write({"declined_at": fields.Datetime.now()})

    @api.model
    def _give(self, handover):
        """Return a new link of a handover; former ones open nothing any more. In sudo mode."""
        handover.link_ids._revoke()
        now = fields.Datetime.now()
        days = handover.company_id._find_inherited("collection_handover_link_days")
        return self.create(
            {
                "handover_id": handover.id,
                "partner_id": handover.agent_id.id,
                "given_at": now,
                "expires_at": now + timedelta(days=days),
                **self._draw(),
            }
        )

    def _send(self):
        """Send the link; called in sudo mode. Its token is put in as the message leaves."""
        self.ensure_one()
        template = self.env.ref("recouvrement_creances.mail_template_handover_file")
        self.mail_id = self.handover_id._mail_agent(
            template, {"file_url": self._get_unsigned_url(), "file_until": self.expires_at}
        )

    def _note_use(self, name):
        """Keep when it was first opened or downloaded."""
        self.ensure_one()
        if not self[name]:
            self[name] = fields.Datetime.now()
        if self.handover_id.state == "sending":
            self.handover_id._in_own_words()._note_sent()

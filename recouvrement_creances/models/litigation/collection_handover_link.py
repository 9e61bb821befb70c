import re
from datetime import timedelta

from odoo import api, fields, models

from ...rules.portal_tokens import show_token

# What follows is the secret; it names no debtor.
PATH = "/collection/file/"
UNSIGNED = "link-{id}"
UNSIGNED_URL = re.compile(rf"https?://[^\s\"'<>]*?{PATH}link-(\d+)(?!\d)")


class CollectionHandoverLink(models.Model):
    """A link that opens the file of one handover for the partner that it was given to."""

    _name = "collection.handover.link"
    _description = "Link to a handed over file"
    _inherit = ["collection.secret.link"]
    _order = "id desc"
    _log_access = False
    _allow_sudo_commands = False

    handover_id = fields.Many2one(
        "collection.handover", required=True, readonly=True, index=True, ondelete="restrict"
    )
    case_id = fields.Many2one(related="handover_id.case_id", store=True, index=True)
    company_id = fields.Many2one(related="handover_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Given to",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, index="btree_not_null", ondelete="set null"
    )
    opened_at = fields.Datetime(string="First opened", readonly=True)
    downloaded_at = fields.Datetime(string="First downloaded", readonly=True)

    _token_unique = models.UniqueIndex("(token_hash)", "This link exists already.")

    # === COMPUTE === #

    @api.depends("handover_id", "partner_id")
    def _compute_display_name(self):
        for link in self:
            link.display_name = f"{link.case_id.name} · {link.partner_id.sudo().name or ''}"

    # === ACTIONS === #

    def action_revoke(self):
        """Let the link open nothing any more, at once."""
        self.handover_id.check_access("write")
        self._revoke()

    # === BUSINESS === #

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

    def _get_url(self):
        """Return the address with the token: for what leaves, never for what is stored."""
        self.ensure_one()
        return self._join(PATH + show_token(self._make_token()))

    def _get_unsigned_url(self):
        """Return the address without its token: what is kept of a message carries this one."""
        self.ensure_one()
        return self._join(PATH + UNSIGNED.format(id=self.id))

    @api.model
    def _has_unsigned_link(self, text):
        """Tell whether a text carries a link that gets its token as it leaves."""
        return bool(text and UNSIGNED_URL.search(text))

    def _sign_text(self, text):
        """Return a text as it leaves, with the token of this very link; others open nothing."""
        self.ensure_one()
        url = self._get_url()
        return UNSIGNED_URL.sub(lambda match: url if match[1] == str(self.id) else match[0], text)

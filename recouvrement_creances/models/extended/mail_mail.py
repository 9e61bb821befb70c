import re

from odoo import models

UNSIGNED = re.compile(r"https?://[^\s\"'<>]*?/collection/link-(\d+)(?!\d)")


class MailMail(models.Model):
    """A message to a debtor leaves with the link to its page; what is kept of it has no token."""

    _inherit = "mail.mail"

    def _prepare_outgoing_body(self):
        """EXTENDS mail: put the token into the link that the message was written with."""
        body = super()._prepare_outgoing_body()
        if self.model != "collection.case" or not body:
            return body
        return UNSIGNED.sub(self._sign_collection_link, body)

    def _sign_collection_link(self, match):
        """Return the address of a link of the message's own case; others open nothing."""
        # In sudo mode to read links: the sender has no right to them.
        access_sudo = self.env["collection.portal.access"].sudo().browse(int(match[1])).exists()
        return access_sudo._get_url() if access_sudo.case_id.id == self.res_id else match[0]

from odoo import models


class LinksOfMails(dict):
    """{id of a mail: links of its case}: read for all mails before the first one leaves.

    A type of its own: what a client puts into the context is none.
    """


class MailMail(models.Model):
    """A message to a debtor leaves with the link to its page; what is kept of it has no token."""

    _inherit = "mail.mail"

    def _prepare_outgoing_body(self):
        """EXTENDS mail: put the token into the link that the message was written with.

        Only into a contact with the debtor: what colleagues write to each other about the case,
        and what they quote, opens the page for none of them.
        """
        body = super()._prepare_outgoing_body()
        if self.model == "collection.handover":
            return self._sign_handover(body)
        if self.model == "collection.case":
            # A company's bounce address needs its alias domain; the cache is empty with each
            # message, and asked for by itself that field brings every other along.
            self.env.company.fetch(["alias_domain_id"])
        accesses = self.env["collection.portal.access"]
        if self.model != "collection.case" or not accesses._has_unsigned_link(body):
            return body
        known = self.env.context.get("collection_links")
        if isinstance(known, LinksOfMails) and self.id in known:
            return accesses._sign_text(body, known[self.id])
        # In sudo mode to find whose message it is: the sender has no right to contacts.
        action_sudo = self.env["collection.action"].sudo().search([("mail_id", "=", self.id)])
        return accesses._sign_texts({body: action_sudo.case_id})[body] if action_sudo else body

    def _sign_handover(self, body):
        """Put the token into the message that a link to a file was made for, into no other."""
        links = self.env["collection.handover.link"]
        if not links._has_unsigned_link(body):
            return body
        # In sudo mode to find the link of the message: the sender has no right to its secret.
        link_sudo = links.sudo().search([("mail_id", "=", self.id)])
        return links._sign_text(body, link_sudo._get_addresses())

    def _postprocess_sent_message(self, *args, **kwargs):
        """EXTENDS mail: what waits for a message of a handover learns what became of it."""
        self.env["collection.handover"]._wake_for(self)
        return super()._postprocess_sent_message(*args, **kwargs)

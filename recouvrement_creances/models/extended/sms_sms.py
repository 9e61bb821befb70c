from odoo import models


class SignedSmsApi:
    """Odoo's way to a gateway, by which texts leave as they were signed.

    :ivar dict texts: {text that is kept: text that leaves}
    """

    def __init__(self, api, texts):
        self._api = api
        self._texts = texts

    def __getattr__(self, name):
        return getattr(self._api, name)

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        """OVERRIDE sms: hand over what leaves in the place of what is kept."""
        signed = [
            {**message, "content": self._texts.get(message["content"], message["content"])}
            for message in messages
        ]
        return self._api._send_sms_batch(signed, delivery_reports_url=delivery_reports_url)


class SmsSms(models.Model):
    """An SMS to a debtor leaves with the link to its page; what is kept of it has no token."""

    _inherit = "sms.sms"

    def _send_with_api(self, sms_api, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """EXTENDS sms: put the token into the link that the message was written with."""
        texts = self._sign_collection_links()
        return super()._send_with_api(
            SignedSmsApi(sms_api, texts) if texts else sms_api,
            unlink_failed=unlink_failed,
            unlink_sent=unlink_sent,
            raise_exception=raise_exception,
        )

    def _sign_collection_links(self):
        """Return {text: text as it leaves} of the SMS that are contacts with debtors."""
        accesses = self.env["collection.portal.access"]
        linked = self.filtered(lambda message: accesses._has_unsigned_link(message.body))
        if not linked:
            return {}
        # In sudo mode to find whose messages they are: the sender has no right to contacts.
        actions_sudo = self.env["collection.action"].sudo().search([("sms_id", "in", linked.ids)])
        return accesses._sign_texts(
            {action_sudo.sms_id.body: action_sudo.case_id for action_sudo in actions_sudo}
        )

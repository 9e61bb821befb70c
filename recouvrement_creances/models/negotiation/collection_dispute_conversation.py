from odoo import api, fields, models

from ...tools.dialogs import open_dialog
from .collection_dispute_flow import ANSWER_TASK


class CollectionDisputeConversation(models.AbstractModel):
    """What is said to and by the debtor about a dispute, kept apart from the inside notes."""

    _name = "collection.dispute.conversation"
    _description = "Conversation on disputes"

    conversation_ids = fields.Many2many(
        "mail.message",
        string="Exchanged with the debtor",
        compute="_compute_conversation_ids",
        help="The messages that the debtor reads; inside notes are not among them.",
    )

    # === COMPUTE === #

    @api.depends("message_ids")
    def _compute_conversation_ids(self):
        for dispute in self:
            dispute.conversation_ids = dispute._get_conversation()

    # === ACTIONS === #

    def action_write_to_debtor(self):
        """Open the composer on a message that the debtor gets; notes stay inside."""
        self.ensure_one()
        self.check_access("read")
        invoices = ", ".join(self.line_ids.mapped("invoice_name"))
        return open_dialog(
            "mail.compose.message",
            self.env._("Write to the debtor"),
            default_model=self._name,
            default_res_ids=self.ids,
            default_composition_mode="comment",
            default_partner_ids=self._find_addressee().ids,
            default_subject=f"{self.name} · {invoices}",
        )

    # === BUSINESS === #

    def _find_addressee(self):
        """Return who is written to: the person of the debtor's who raised it, else as reminders."""
        self.ensure_one()
        # In sudo mode to find the address: owners outside of finance do not read cases.
        raised_sudo, debtor_sudo = self.sudo().raised_by_id, self.sudo().partner_id
        partner, _email, _problem = debtor_sudo._find_collection_contact("email")
        is_own = raised_sudo.commercial_partner_id == debtor_sudo
        is_answered = (
            raised_sudo != debtor_sudo
            and (
                debtor_sudo._may_be_contacted(raised_sudo)
                # Where somebody stands for the debtor, nobody else is written to.
                or (is_own and not debtor_sudo._get_collection_proxy())
            )
            and not debtor_sudo._read_collection_email(raised_sudo)[1]
        )
        return raised_sudo if raised_sudo and is_answered else partner

    def _get_conversation(self):
        """Return the messages that the debtor may read: never the notes, oldest first."""
        self.ensure_one()
        return self.message_ids.filtered(
            lambda message: (
                message.message_type in ("comment", "email", "email_outgoing")
                and not message.is_internal
                and not message.subtype_id.internal
            )
        ).sorted("id")

    def _get_conversation_files(self, messages=None):
        """Return the files that the debtor may download: those with a content of their own.

        :param messages: of the conversation; None for all of them
        """
        messages = self._get_conversation() if messages is None else messages
        return messages.attachment_ids.filtered(self._has_content)

    def _get_opening_files(self):
        """Return the files that the debtor handed in on his page with the dispute itself.

        What a colleague joined when he opened it is not known to be the debtor's.
        """
        self.ensure_one()
        files = self.document_ids if self.how == "portal" else self.env["ir.attachment"]
        return files.filtered(self._has_content)

    @api.model
    def _has_content(self, file):
        return file.type == "binary" and file.file_size

    def _message_post_after_hook(self, message, msg_values):
        """EXTENDS mail: what the debtor writes wakes the owner, what he is told is a contact."""
        result = super()._message_post_after_hook(message, msg_values)
        is_inside = message.author_id.user_ids.filtered(lambda user: user._is_internal())
        if message.message_type in ("email", "comment") and not is_inside:
            self._note_reply()
        # In sudo mode to ask the case: owners outside of finance do not read it.
        self.sudo().case_id._tell_written(self, message, msg_values)
        return result

    def _was_handed_in(self, since):
        """Say whether the debtor opened the dispute on his page: the first word is an answer."""
        self.ensure_one()
        return self.how == "portal" and self.create_date >= since

    def _note_reply(self):
        """Wake the owner: the debtor has written."""
        for dispute_sudo in self.sudo().filtered("is_running"):
            if dispute_sudo.state == "waiting":
                dispute_sudo._step("reply")
            if dispute_sudo.state in ("open", "answered"):
                dispute_sudo._replace_task(
                    ANSWER_TASK,
                    dispute_sudo.owner_id or dispute_sudo.user_id,
                    self.env._("The debtor has written about the dispute"),
                )

    def _mail_get_partner_fields(self, introspect_fields=False):
        """EXTENDS mail: the debtor is the customer of the dispute."""
        return ["raised_by_id"]

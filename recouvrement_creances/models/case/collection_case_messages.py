from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize_all

# After so long nobody takes a message for the answer to what the debtor wrote.
DAYS_TO_ANSWER = 30


class CollectionCaseMessages(models.AbstractModel):
    """What colleagues write to the debtor, on a case or a dispute: a contact like any other."""

    _name = "collection.case.messages"
    _description = "Messages to the debtor of a collection case"

    # === BUSINESS === #

    def _message_post_after_hook(self, message, msg_values):
        """EXTENDS mail: what reaches the debtor asks the guard, counts, and becomes evidence."""
        result = super()._message_post_after_hook(message, msg_values)
        self._tell_written(self, message, msg_values)
        return result

    def _tell_written(self, thread, message, msg_values):
        """Let what a colleague has written leave as a contact, where it reaches the debtor.

        :param thread: on which it is written: the case, or a dispute of it
        """
        if self._is_ours(message):
            people = self._find_told(thread, message, msg_values)
            if people:
                self._tell_by_message(message, people, self._is_answer(thread))

    def _is_ours(self, message):
        """Say whether a colleague wrote a message, and of a claim that is still open."""
        users = message.author_id.user_ids
        return (
            self.is_open
            and message.message_type != "email"
            and bool(users.filtered(lambda user: user._is_internal()))
        )

    def _find_told(self, thread, message, msg_values):
        """Return the partners of the debtor's to whom a message goes by e-mail.

        Others (a lawyer, a commissaire de justice) are the creditor's own correspondents.
        """
        debtor = self.partner_id
        rows = thread._notify_get_recipients(message, msg_values)
        people = self.env["res.partner"].browse(
            [row["id"] for row in rows if row["id"] and row["share"]]
        )
        told = people.filtered(lambda person: person.commercial_partner_id == debtor)
        told |= people & debtor._get_collection_confidants()
        addresses = set(email_normalize_all(msg_values.get("outgoing_email_to") or ""))
        own = (debtor | debtor.child_ids).filtered(
            lambda person: addresses & set(email_normalize_all(person.email or ""))
        )
        return told | own

    def _tell_by_message(self, message, people, is_answer):
        """Let a message leave as a contact, or refuse it with the rule and its article.

        :param bool is_answer: to what the debtor wrote: nothing forbids it
        :raises UserError: a rule forbids it now; nothing leaves
        """
        self.ensure_one()
        channel = "sms" if message.message_type == "sms" else "email"
        if not is_answer:
            guard = self.env["collection.guard"]
            nothing = self.env["collection.action"]
            refusal = guard._find_block(nothing, self, channel, fields.Datetime.now())
            if refusal:
                raise UserError(
                    self.env._(
                        "%(rule)s\nNothing was sent to %(debtor)s. Write an internal note, or "
                        "answer once the debtor has written.",
                        rule=refusal.text,
                        debtor=", ".join(people.mapped("display_name")),
                    )
                )
        # In sudo mode to create the contact: people write messages, they do not make actions.
        action_sudo = self._make_contact_sudo(channel, people, is_answer)
        self.env["collection.evidence"]._note(
            action_sudo,
            "sent",
            {
                "subject": message.subject or self.display_name,
                "body": str(message.body),
                "recipient": action_sudo.recipient,
                "transport_reference": message.message_id,
                **({"note": self.env._("Answer to the debtor")} if is_answer else {}),
            },
            attachments={action_sudo: message.sudo().attachment_ids},
        )
        action_sudo._deliver(fields.Date.context_today(self))

    def _make_contact_sudo(self, channel, people, is_answer):
        address = "phone" if channel == "sms" else "email_normalized"
        return (
            self.env["collection.action"]
            .sudo()
            ._with_door()
            .create(
                {
                    "company_id": self.company_id.id,
                    "case_id": self.id,
                    "channel": channel,
                    "mode": "manual",
                    "state": "planned",
                    "date_planned": fields.Date.context_today(self),
                    "user_id": self.env.uid,
                    "partner_id": people[:1].id,
                    "recipient": ", ".join(filter(None, people.mapped(address))),
                    # It counts for no cap, at no hour: the debtor began the conversation.
                    "is_incoming": is_answer,
                }
            )
        )

    def _prepare_letter(self, today):
        """Return the values of a letter of its own, outside the ladder, that a person posts."""
        self.ensure_one()
        partner, address, _problem = self.partner_id._find_collection_contact("address")
        return {
            "company_id": self.company_id.id,
            "case_id": self.id,
            "channel": "letter",
            "mode": "manual",
            "state": "confirmed",
            "date_planned": today,
            "user_id": self.user_id.id,
            "partner_id": partner.id,
            "recipient": address,
        }

    def _is_answer(self, thread):
        """Say whether the debtor has written and nobody has answered yet: nothing forbids it.

        :param thread: on which the answer is written: the case, or a dispute of it
        """
        since = fields.Datetime.now() - timedelta(days=DAYS_TO_ANSWER)
        # In sudo mode to look at messages whoever reads them.
        messages_sudo = self.env["mail.message"].sudo()
        on_case, on_disputes = self._get_exchanged_domains()
        received_sudo = messages_sudo.search(
            (
                (on_case & Domain("message_type", "=", "email"))
                # What is written on the debtor's page is a comment.
                | (on_disputes & Domain("message_type", "in", ("email", "comment")))
            )
            & (Domain("author_id", "=", False) | Domain("author_id.partner_share", "!=", False))
            & Domain("date", ">=", since),
            order="id desc",
            limit=1,
        )
        answers = self.sudo().action_ids.filtered(
            lambda action: action.is_incoming and action.channel in ("email", "sms")
        )
        references = answers.evidence_ids.mapped("transport_reference")
        answered = Domain("message_id", "in", references)
        if received_sudo:
            later = (on_case | on_disputes) & answered & Domain("id", ">", received_sudo.id)
            if not messages_sudo.search_count(later, limit=1):
                return True
        if not thread._was_handed_in(since):
            return False
        own = Domain("model", "=", thread._name) & Domain("res_id", "=", thread.id)
        return not messages_sudo.search_count(own & answered, limit=1)

    def _was_handed_in(self, since):
        """Say whether the debtor began what is written on here himself, in writing.

        :param datetime since: UTC; what is older was answered otherwise
        """
        return False

    def _get_exchanged_domains(self):
        """Return the domains of messages (on the case, on its disputes)."""
        # In sudo mode to find the disputes whoever looks into them.
        disputes_sudo = self.sudo().dispute_ids
        return (
            Domain("model", "=", self._name) & Domain("res_id", "=", self.id),
            Domain("model", "=", disputes_sudo._name) & Domain("res_id", "in", disputes_sudo.ids),
        )

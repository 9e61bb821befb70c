from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.one_by_one import tell_one_by_one

CRON = "recouvrement_creances.ir_cron_tell_handover_payments"
# Odoo's own queue of mails: it is woken, instead of waited for.
QUEUE = "mail.ir_cron_mail_scheduler_action"
FAILED_TASK = "mail.mail_activity_data_warning"
HANDED = ("transmitted", "accepted")
# Of a mail that waits in the queue, and of one that has left.
WAITS, LEFT = "outgoing", "sent"


class CollectionHandoverSending(models.AbstractModel):
    """The message with the link to the file: a partner has it once it has left, not before.

    What became of it is read from the mail, as for messages to debtors; a message that could not
    leave is named on the handover, and gives its collector a task. Of one that somebody deleted
    nobody knows whether it has left: the partner is taken to have it, and a person finds out.
    """

    _name = "collection.handover.sending"
    _description = "Sending of a handover"

    sending_problem = fields.Text(string="Not sent", readonly=True, copy=False)

    # === ACTIONS === #

    def action_send_link(self):
        """Send the partner a new link; the former one opens nothing any more."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("sending", *HANDED):
            raise UserError(self.env._("Nobody has it at the moment."))
        self._check_not_insolvent()
        self._check_address()
        # In sudo mode to make a link, after the check above.
        self.sudo()._send_file()

    # === BUSINESS === #

    def _send_file(self):
        """Write to the partner with a new link; called in sudo mode."""
        self.ensure_one()
        self._end_sending_problem()
        self.env["collection.handover.link"]._give(self)._send()
        self.env.ref(QUEUE)._trigger()

    def _is_with_partner(self):
        """Tell whether somebody outside has the file, or may have it, and is told by it."""
        self.ensure_one()
        if self.state != "sending":
            return self.state in HANDED
        # In sudo mode to read what became of the message.
        mail_sudo = self.sudo()._get_last_mail()
        return not mail_sudo or mail_sudo.state == LEFT

    def _settle_under_way(self):
        """Find out what became of a message before something else is done; in sudo mode."""
        if self.state == "sending":
            self._settle_sending()

    def _get_last_mail(self):
        return self.link_ids.sorted("id")[-1:].mail_id

    @api.model
    def _wake_for(self, mails):
        """Wake who finds out what became of messages: outside of the transaction that sends."""
        if any(mail.model == "collection.handover" for mail in mails):
            # In sudo mode to wake a scheduled action.
            self.env.ref(CRON).sudo()._trigger()

    @api.model
    def _settle_sendings(self):
        """Find out what became of the messages with links that are under way, each by itself."""
        failed = [("revoked_at", "=", False), ("mail_id.state", "=", "exception")]
        waiting = self.search(
            [
                "|",
                ("state", "=", "sending"),
                "&",
                ("state", "in", HANDED),
                "|",
                ("sending_problem", "!=", False),
                ("link_ids", "any", failed),
            ]
        )
        tell_one_by_one(
            waiting,
            "Sending",
            lambda handover: handover._in_own_words()._settle_sending(),
            self.env.ref(CRON)._trigger,
        )

    def _settle_sending(self):
        """Follow the last message: it has left, waits, could not leave, or was deleted."""
        self.ensure_one()
        mail = self._get_last_mail()
        if mail.state == LEFT:
            self._note_sent()
        elif not mail:
            self._note_doubt()
        elif mail.state != WAITS:
            self._note_not_sent(mail)

    def _note_sent(self):
        """Note that the partner has the file: the message has left, or its link was opened."""
        self._end_sending_problem()
        if self.state == "sending":
            self._apply_event("deliver", {"transmitted_on": self.company_id._collection_today()})
            self._tell_case(self.env._("Handed to %s", self.agent_id.name))

    def _note_not_sent(self, mail):
        """Name what went wrong, once; a partner who has nothing may be chosen anew."""
        problem = (
            self.env["collection.channel.email"]._explain_failure(mail)
            if mail.state == "exception"
            else self.env._("The message was cancelled before it left.")
        )
        if problem == self.sending_problem:
            return
        self.sending_problem = problem
        words = self.env._(
            "The file could not be sent to %(agent)s: %(problem)s",
            agent=self.agent_id.name,
            problem=problem,
        )
        self._message_log(body=words)
        if self.state == "sending":
            self.link_ids._revoke()
            self._apply_event("fail")
            self._tell_case(words)
        self._give_sending_task(words)

    def _note_doubt(self):
        """Leave it to a person whether a message that is gone has left, once: its link stays."""
        if self.state != "sending" or self.sending_problem:
            return
        self.sending_problem = self.env._(
            "The message was deleted: whether it has left is not known. Ask %s, or send a new "
            "link.",
            self.agent_id.name,
        )
        self._message_log(body=self.sending_problem)
        self._give_sending_task(self.sending_problem)

    def _give_sending_task(self, words):
        user = self.case_user_id or self.requested_by_id
        if user:
            self.activity_schedule(FAILED_TASK, summary=words, user_id=user.id)

    def _end_sending_problem(self):
        task = self.env.ref(FAILED_TASK)
        self.activity_ids.filtered(lambda activity: activity.activity_type_id == task).unlink()
        self.sending_problem = False

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.dialogs import open_dialog

ANSWER_TASK = "recouvrement_creances.mail_activity_type_dispute"
CREDIT_TASK = "recouvrement_creances.mail_activity_type_credit_note"
LATE_TASK = "recouvrement_creances.mail_activity_type_dispute_late"
TASKS = (ANSWER_TASK, CREDIT_TASK, LATE_TASK)
# Nobody has decided: what is disputed is held.
UNDECIDED = ("open", "waiting", "answered")
# A credit note is asked for.
ACCEPTED = ("founded", "partly_founded")
# The next word is the owner's, or the debtor's.
WITH_OWNER = ("open", "waiting")
# What the decision does to the state.
DECISIONS = {"founded": "accept", "partly_founded": "accept_part", "unfounded": "reject"}


class CollectionDisputeFlow(models.AbstractModel):
    """How a dispute goes on: questions, answer, decision; what it holds follows each step."""

    _name = "collection.dispute.flow"
    _description = "Course of disputes"

    # === ACTIONS === #

    def action_answer(self):
        """Open the dialog in which the owner says what he thinks of it."""
        return self._open_dialog("collection.dispute.answer", self.env._("Answer the dispute"))

    def action_decide(self):
        """Open the dialog that decides the dispute."""
        return self._open_dialog("collection.dispute.decision", self.env._("Decide the dispute"))

    def action_ask(self):
        """Wait for papers or an answer of the debtor."""
        self._check_may_work()
        self._step("ask")

    def action_reopen(self):
        """Send the dispute back to its owner: the answer is not enough to decide."""
        self._check_may_work()
        self._step("reopen")
        # In sudo mode to give a colleague the task.
        self.sudo()._give_to_owner()

    def action_cancel(self):
        """Take back a dispute that was opened by mistake: reminders go on."""
        self._check_may_work()
        self._check_is_running()
        self._end("cancel", self.env._("Dispute cancelled"))

    def action_make_credit_note(self):
        """Open Odoo's own dialog of credit notes on the disputed invoices."""
        self.ensure_one()
        if self.state not in ACCEPTED:
            raise UserError(self.env._("Decide first what of the dispute is founded."))
        lines = self.line_ids.filtered("amount_accepted")
        amounts = ", ".join(
            f"{line.invoice_name} {line.currency_id.format(line.amount_accepted)}" for line in lines
        )
        return open_dialog(
            "account.move.reversal",
            self.env._("Credit note: %s", amounts),
            active_model="account.move",
            active_ids=lines.item_id.move_id.ids,
            default_reason=f"{self.name} · {amounts}",
        )

    def _open_dialog(self, model, name):
        self.ensure_one()
        return open_dialog(model, name, default_dispute_id=self.id)

    # === BUSINESS - CHECKS === #

    def _check_may_work(self):
        """Refuse what only who works on the case does."""
        self.check_access("read")
        if not self.env.su and not all(self.mapped("can_work")):
            raise AccessError(
                self.env._(
                    "The collector of the case or an accountant does this; answer the dispute "
                    "instead if you look into it."
                )
            )

    def _check_is_running(self):
        for dispute in self:
            if not dispute.is_running:
                raise UserError(self.env._("%s is over: open a new dispute instead.", dispute.name))

    # === BUSINESS - STEPS === #

    def _answer(self, opinion, text):
        """Note what the owner thinks; whoever works on the case decides.

        :param str opinion: founded, partly_founded or unfounded
        :param str text: why
        """
        self.ensure_one()
        if not (self.env.su or self.can_answer):
            raise AccessError(
                self.env._("Only who looks into this dispute, or works on the case, answers it.")
            )
        if not (text or "").strip():
            raise UserError(self.env._("Say why: the collector has to explain it to the debtor."))
        # In sudo mode to write what only the buttons write, after the check above.
        dispute_sudo = self.sudo()
        dispute_sudo._step("answer", {"answer_opinion": opinion, **self._prepare_answer(text)})
        labels = dict(self._fields["answer_opinion"]._description_selection(self.env))
        dispute_sudo._note(labels[opinion], text)
        said = f"{self.description or ''}\n{text}"
        self.env["collection.note.flag"]._flag(
            "dispute", [(dispute_sudo.case_id, dispute_sudo, said)]
        )
        dispute_sudo._replace_task(
            ANSWER_TASK, dispute_sudo.user_id, self.env._("Decide the dispute")
        )

    def _prepare_answer(self, text):
        return {
            "answer": text,
            "answered_on": fields.Date.context_today(self),
            "answered_by_id": self.env.uid,
        }

    def _decide(self, decision, text, accepted=None):
        """Decide: founded parts wait for a credit note, reminders of the rest go on.

        :param str decision: founded, partly_founded or unfounded
        :param str text: why
        :param dict accepted: {line: what was found right}, for partly_founded only
        """
        self.ensure_one()
        self._check_may_work()
        self._check_is_running()
        if not (text or "").strip():
            raise UserError(self.env._("Say why it is decided so: it is kept with the dispute."))
        today = fields.Date.context_today(self)
        # In sudo mode to write what only the buttons write, after the checks above.
        dispute_sudo = self.sudo()
        dispute_sudo._accept(decision, accepted or {})
        values = {
            "decision": text,
            "decided_on": today,
            "decided_by_id": self.env.uid,
            "days_to_decide": (today - self.opened_on).days,
        }
        if decision == "unfounded":
            dispute_sudo._end(
                DECISIONS[decision], self.env._("Dispute unfounded: reminders go on"), values
            )
        else:
            dispute_sudo._step(DECISIONS[decision], values)
            dispute_sudo._ask_for_credit_note()
        labels = dict(self._fields["state"]._description_selection(self.env))
        dispute_sudo._note(labels[decision], text)

    def _accept(self, decision, accepted):
        """Write what of each line was found right."""
        if decision != "partly_founded":
            for line in self.line_ids:
                line.amount_accepted = line.amount if decision == "founded" else 0.0
        else:
            for line in self.line_ids:
                amount = line.currency_id.round(accepted.get(line, 0.0))
                if amount < 0 or line.currency_id.compare_amounts(amount, line.amount) > 0:
                    raise UserError(
                        self.env._(
                            "%(amount)s of %(item)s is disputed: no more than that can be found "
                            "right.",
                            amount=line.currency_id.format(line.amount),
                            item=line.invoice_name,
                        )
                    )
                line.amount_accepted = amount
            if not sum(self.line_ids.mapped("amount_accepted")) or all(
                line.amount_accepted == line.amount for line in self.line_ids
            ):
                raise UserError(
                    self.env._(
                        "Give the part that was found right: more than nothing and less than all."
                    )
                )
        self.amount_accepted = sum(
            line.amount_company * line.amount_accepted / line.amount for line in self.line_ids
        )

    def _ask_for_credit_note(self):
        """Give who makes credit notes the task, and hold nothing but what is to be credited."""
        self.ensure_one()
        accountant = self.company_id.collection_accountant_id
        self.credit_user_id = accountant._filter_dispute_owners_of(self.company_id)
        # A credit note may have been made before anybody decided.
        self._judge(fields.Date.context_today(self))
        if self.is_running:
            self._replace_task(
                CREDIT_TASK,
                self.credit_user_id or self.user_id,
                self.env._("Make the credit note that was promised to the debtor"),
            )

    def _step(self, event, values=None):
        """Go on by one event; who has to act next gets the category's time for it."""
        self._check_is_running()
        today = fields.Date.context_today(self)
        # In sudo mode to write what only the buttons write: each caller has checked who asks.
        for dispute_sudo in self.sudo():
            deadline = max(
                dispute_sudo.deadline,
                fields.Date.add(today, days=dispute_sudo.category_id.days),
            )
            dispute_sudo._apply_event(
                event, {"deadline": deadline, "escalation": 0, **(values or {})}
            )

    def _end(self, event, text, values=None):
        """End what the disputes hold: the debtor may be reminded again from today on."""
        today = fields.Date.context_today(self)
        # In sudo mode to write what only the buttons write: each caller has checked who asks.
        disputes_sudo = self.sudo()
        disputes_sudo._apply_event(
            event, {"is_running": False, "ended_on": today, **(values or {})}
        )
        disputes_sudo._release_hold(text)
        disputes_sudo._drop_tasks()

    # === BUSINESS - HOLD === #

    def _hold(self):
        """Hold what is disputed, or what of it waits for its credit note, since it was said."""
        for day, disputes in self.grouped("opened_on").items():
            disputes._hold_contacts(day)

    def _get_hold_values(self):
        """IMPLEMENTS the agreement: its parts are held, and looked at on the deadline."""
        self.ensure_one()
        return {
            "lines": self._prepare_hold_lines(),
            "review_date": self.deadline,
            "note": f"{self.name} · {self.category_id.name}",
        }

    def _prepare_hold_lines(self, credited=None):
        """Return the values of the hold's lines; an empty amount holds the whole item.

        :param dict credited: of ``_read_credited``, where it was read for many disputes
        """
        self.ensure_one()
        is_accepted = self.state in ACCEPTED
        if credited is None:
            credited = self.line_ids._read_credited(self.line_ids.item_id)
        values = []
        for line in self.line_ids:
            is_over = is_accepted and not line._is_pending(credited)
            if is_over or not line.item_id._filter_due():
                continue
            found = line.amount_accepted if is_accepted else line.amount
            is_whole = line.is_whole and found == line.amount
            # Of what was found right, what was credited already is not disputed any more.
            amount = line._get_pending(credited) if is_accepted else found
            # Paid in part meanwhile: no more than what is due can be held.
            amount = 0.0 if is_whole else min(amount, line.amount_residual)
            values.append({"item_id": line.item_id.id, "amount": amount})
        return values

    def _follow_deadline(self):
        """Let the hold be looked at, and the task be due, on the new deadline."""
        for dispute_sudo in self.sudo().filtered("is_running"):
            if dispute_sudo.hold_id.state == "open":
                dispute_sudo.hold_id.review_date = dispute_sudo.deadline
            dispute_sudo.activity_ids.filtered(
                lambda task: task.activity_type_id == self.env.ref(ANSWER_TASK)
            ).date_deadline = dispute_sudo.deadline

    # === BUSINESS - TASKS === #

    def _give_to_owner(self):
        """Give the owner the task, due on the deadline; he may be outside of finance."""
        # In sudo mode to give a colleague the task.
        for dispute_sudo in self.sudo().filtered(lambda dispute: dispute.state in WITH_OWNER):
            dispute_sudo._replace_task(
                ANSWER_TASK,
                dispute_sudo.owner_id,
                self.env._("Look into the dispute: %s", dispute_sudo.category_id.name),
            )

    def _change_owner(self, before):
        """Give the task to the new owners; the former ones get no more messages.

        :param dict before: {dispute: its former owner}
        """
        # In sudo mode to take colleagues off the followers.
        for dispute_sudo in self.sudo():
            dispute_sudo.message_unsubscribe(before[dispute_sudo.with_env(self.env)].partner_id.ids)
        self._give_to_owner()

    def _replace_task(self, activity_type, user, summary):
        """Leave one task of ours on the dispute: what has to be done next."""
        self.ensure_one()
        self._drop_tasks()
        self._give_task(activity_type, user, summary)

    def _give_task(self, activity_type, user, summary):
        """Give a task; to a collection manager when there is nobody else to do it."""
        user = user.filtered("active")
        user = user or self.env["res.users"]._find_collection_manager(self.company_id)
        self.activity_schedule(
            activity_type, date_deadline=self.deadline, summary=summary, user_id=user.id
        )

    def _drop_tasks(self):
        """Take back the tasks that the flow gave; those that people planned stay."""
        types = self.env["mail.activity.type"].union(*(self.env.ref(name) for name in TASKS))
        self.activity_ids.filtered(lambda task: task.activity_type_id in types).unlink()

    def _note(self, title, text):
        """Add an inside note: the debtor never sees it."""
        self._message_log(body=Markup("<b>%s</b><br/>%s") % (title, text))

    def _answer_by_tasks(self, tasks, text):
        """Take ticked tasks with a word on them as the owners' answers, without an opinion."""
        owners = self.env.ref(ANSWER_TASK)
        ticked = tasks.filtered(lambda task: task.activity_type_id == owners and text)
        for dispute in self.browse(ticked.mapped("res_id")):
            if dispute.state not in WITH_OWNER or not dispute.can_answer:
                continue
            # In sudo mode to write what only the buttons write, after the check above.
            dispute_sudo = dispute.sudo()
            dispute_sudo._step("answer", dispute._prepare_answer(text))
            dispute_sudo._give_task(
                ANSWER_TASK, dispute_sudo.user_id, self.env._("Decide the dispute")
            )

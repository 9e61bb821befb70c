from odoo import api, models
from odoo.fields import Command, Domain
from odoo.tools.misc import clean_context


class CollectionPromiseReplacement(models.AbstractModel):
    """What another promise does to former ones about the same items."""

    _name = "collection.promise.replacement"
    _description = "Replacement of promises"

    def _replace_former(self):
        """From their first day on payments belong to these promises, no longer to former ones."""
        last = self.env["collection.settlement"]._find_last_matching()
        for day, made in self.grouped("date_start").items():
            # one query per day on which they were made: today, but for a demonstration
            former = self.sudo().search(made._former_domain())
            pending = former.filtered(lambda promise: promise.state == "pending")
            rests = pending._prepare_rests(made.item_ids, day, last)
            former._with_door().write({"superseded_on": day, "superseded_after": last})
            pending._withdraw_for_rests(
                rests,
                self.env._("Another promise replaces this one."),
                self.env._(
                    "Another promise replaces this one in part; what is left of it goes on as a "
                    "promise of its own."
                ),
            )
            self._keep_rests(rests, day)

    @api.model
    def _leave_to_schedule(self, schedule, as_of):
        """Withdraw what was promised of debts that a schedule, just signed, pays from now on.

        :param collection.schedule schedule: in effect
        :param date as_of: today, where it is
        """
        items = schedule.item_line_ids.item_id
        # In sudo mode to withdraw them whoever signs, the debtor too.
        promises_sudo = self.sudo().search(
            [("item_ids", "in", items.ids), ("state", "=", "pending")]
        )
        promises_sudo._judge_passed(as_of)
        pending = promises_sudo.filtered(lambda promise: promise.state == "pending")
        if not pending:
            return
        last = self.env["collection.settlement"]._find_last_matching()
        rests = pending._prepare_rests(items, as_of, last)
        pending._withdraw_for_rests(
            rests,
            self.env._("%s was signed: its instalments say when it is paid.", schedule.name),
            self.env._(
                "%s was signed about a part of it; what is left of the promise goes on as a "
                "promise of its own.",
                schedule.name,
            ),
        )
        self._keep_rests(rests, as_of)

    def _former_domain(self):
        """Return the domain of promises of the same items that nothing has replaced yet."""
        return (
            Domain("item_ids", "in", self.item_ids.ids)
            & Domain("id", "not in", self.ids)
            & Domain("superseded_on", "=", False)
            & Domain("state", "!=", "withdrawn")
        )

    def _prepare_rests(self, taken, day, last):
        """Return the values of what still holds of these promises, where anything does.

        :param taken: the items that something else is agreed on now
        :param date day: when it was agreed
        :param int last: the last matching before it
        """
        # What a schedule on time settles is promised by nothing else.
        taken |= self.env["collection.schedule.item"]._find_settled(self.item_ids)
        rests = [values for promise in self if (values := promise._prepare_rest(taken, day))]
        return [{**values, "matched_after": last} for values in rests]

    def _prepare_rest(self, taken, day):
        """Return what still holds of this promise when a part of its items is no longer in it.

        What is due of those items is taken off; nobody is taken at a word that the rest of the
        amount does not bear out.

        :param taken: the items that something else is agreed on now
        :param date day: when it was agreed
        :return: values of a promise, or None where nothing is left
        """
        self.ensure_one()
        items = (self.item_ids - taken).filtered(lambda item: item.case_id == self.case_id)
        again = self.item_ids - items
        left = self.amount - self.amount_paid - sum(again.mapped("amount_residual_currency"))
        due = sum(items.mapped("amount_residual_currency"))
        amount = self.currency_id.round(min(left, due))
        if self.currency_id.compare_amounts(amount, 0) <= 0:
            return None
        return {
            "case_id": self.case_id.id,
            "rest_of_id": self.id,
            "item_ids": [Command.set(items.ids)],
            "state": "pending",
            "amount": amount,
            # Its day may have passed while the bank still has time.
            "date": max(self.date, day),
            "date_start": day,
            "last_date": self.last_date,
            "tolerance": self.tolerance,
            "user_id": self.user_id.id,
            "promised_by_id": self.promised_by_id.id,
            "how": self.how,
            "note": self.note,
            "remind": self.remind,
        }

    def _withdraw_for_rests(self, rests, note, partly_note):
        """Withdraw the promises.

        :param list rests: values of what goes on of some of them
        :param str note: why, where nothing does
        :param str partly_note: why, where something does
        """
        deciding = self.with_context(collection_deciding=True)
        partly = deciding.browse(values["rest_of_id"] for values in rests)
        (deciding - partly)._withdraw(note)
        partly._withdraw(partly_note)

    @api.model
    def _keep_rests(self, rests, day):
        """Let what was promised of other items go on: no policy is asked, it was accepted."""
        if not rests:
            return
        # Through the door nothing is refused: defaults in the caller's context would choose what
        # only the judgement writes.
        context = {**clean_context(self.env.context), "collection_deciding": True}
        # In sudo mode to write what only the flow writes on a promise.
        promises_sudo = self.with_env(self.env(su=True, context=context))
        made_sudo = promises_sudo._with_door().create(rests)
        kept_sudo = promises_sudo.browse(made_sudo.ids)
        kept_sudo._hold_contacts(day)
        kept_sudo._plan_reminders()
        kept_sudo._flag_notes()
        for promise_sudo in kept_sudo:
            promise_sudo._log(
                self.env._("What is left of: %s", promise_sudo.rest_of_id.display_name)
            )

from odoo import models
from odoo.fields import Command, Domain


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
            rests = [values for promise in pending if (values := promise._prepare_rest(made, day))]
            former._with_door().write({"superseded_on": day, "superseded_after": last})
            deciding = pending.with_context(collection_deciding=True)
            partly = deciding.browse(values["rest_of_id"] for values in rests)
            (deciding - partly)._withdraw(self.env._("Another promise replaces this one."))
            partly._withdraw(
                self.env._(
                    "Another promise replaces this one in part; what is left of it goes on as a "
                    "promise of its own."
                )
            )
            self._keep_rests(rests, last, day)

    def _former_domain(self):
        """Return the domain of promises of the same items that nothing has replaced yet."""
        return (
            Domain("item_ids", "in", self.item_ids.ids)
            & Domain("id", "not in", self.ids)
            & Domain("superseded_on", "=", False)
            & Domain("state", "!=", "withdrawn")
        )

    def _prepare_rest(self, made, day):
        """Return what still holds of this promise beside new ones of a part of its items.

        What is due of the items promised anew is no longer in it; nobody is taken at a word that
        the rest of the amount does not bear out.

        :param made: the new promises
        :param date day: when they were made
        :return: values of a promise, or None where nothing is left
        """
        self.ensure_one()
        items = (self.item_ids - made.item_ids).filtered(lambda item: item.case_id == self.case_id)
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

    def _keep_rests(self, rests, last, day):
        """Let what was promised of other items go on: no policy is asked, it was accepted."""
        if not rests:
            return
        # In sudo mode to write what only the flow writes on a promise.
        promises_sudo = self.sudo().with_context(collection_deciding=True)
        made_sudo = promises_sudo._with_door().create(
            [{**values, "matched_after": last} for values in rests]
        )
        kept_sudo = promises_sudo.browse(made_sudo.ids)
        kept_sudo._hold_contacts(day)
        kept_sudo._plan_reminders()
        kept_sudo._flag_notes()
        for promise_sudo in kept_sudo:
            promise_sudo._log(
                self.env._("What is left of: %s", promise_sudo.rest_of_id.display_name)
            )

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...rules.insolvency import first_day_of, plan_periods


class CollectionInsolvencyOrder(models.AbstractModel):
    """What follows on what in proceedings: a day that does not fit is refused."""

    _name = "collection.insolvency.order"
    _description = "Order of insolvency proceedings"

    # === BUSINESS === #

    def _list_taken(self):
        """Return (code, day) of the steps that count, in the order in which they were recorded."""
        # A form that is being filled in asks what was saved.
        events = self._origin._get_effective_events().sorted("id")
        return [(event.code, event.date) for event in events]

    def _get_plans(self):
        """Return (first day, day of its end or None) of each plan, as the steps say."""
        return plan_periods(self._list_taken())

    def _check_after_opening(self, day):
        """Refuse what would have taken place, or ended, before what opens it all."""
        opened = self.judgement_date
        if not opened or day >= opened:
            return
        words = {"day": format_date(self.env, opened)}
        if self.is_consumer:
            raise UserError(
                self.env._(
                    "Nothing of these proceedings took place before the admission of %(day)s: "
                    "check the day.",
                    **words,
                )
            )
        raise UserError(
            self.env._(
                "Nothing of these proceedings took place before the judgement of %(day)s: check "
                "the day.",
                **words,
            )
        )

    def _check_follows(self, code, day):
        """Refuse a step of before what it follows on: its end, or a consumer's other steps.

        Those of a company run beside each other, and reach the creditor late.
        """
        if code == "reopening" and self.closed_on and day < self.closed_on:
            raise UserError(
                self.env._(
                    "These proceedings were closed on %s: they are not reopened before.",
                    format_date(self.env, self.closed_on),
                )
            )
        first = first_day_of(code, self._list_taken()) if self.is_consumer else None
        if first and day < first:
            raise UserError(
                self.env._(
                    "“%(step)s” follows on what took place on %(day)s: check the day.",
                    step=self._get_step_label(code),
                    day=format_date(self.env, first),
                )
            )

    def _check_ends_last(self, day):
        """Refuse an end of before what took place: a step, or a declaration."""
        days = [taken for _code, taken in self._list_taken()]
        days += self.declaration_ids.filtered("sent_on").mapped("sent_on")
        last = max(days, default=None)
        if last and day < last:
            raise UserError(
                self.env._(
                    "These proceedings did not end before what took place in them on %s: check "
                    "the day.",
                    format_date(self.env, last),
                )
            )

from odoo import api, models
from odoo.tools import format_date

from ...rules.limitation_events import WITHOUT_EFFECT


class CollectionLimitationText(models.AbstractModel):
    """Says in words what an event did to the end of a claim, or why it does not count."""

    _name = "collection.limitation.text"
    _description = "Words about limitation"

    # === BUSINESS === #

    @api.model
    def _explain_step(self, step):
        """Return one sentence on one event: what it did, by which text, who confirmed it.

        :param step: of rules/limitation.py
        """
        kinds = dict(
            self.env["collection.limitation.event"]._fields["kind"]._description_selection(self.env)
        )
        values = {
            "day": format_date(self.env, step.event.day),
            "kind": kinds[step.event.kind],
            "article": step.article,
        }
        if step.refusal:
            return self.env._(
                "%(day)s, %(kind)s: does not count, %(reason)s (%(article)s).",
                reason=self._name_refusal(step.refusal),
                **values,
            )
        values["date"] = format_date(self.env, step.date)
        if step.event.is_doubtful:
            return self.env._(
                "%(day)s, %(kind)s: until %(date)s (%(article)s), unless the dismissal becomes "
                "definitive: then it has interrupted nothing (C. civ. 2243).",
                **values,
            )
        if step.event.confirmed_by:
            return self.env._(
                "%(day)s, %(kind)s: until %(date)s (%(article)s), confirmed by %(person)s.",
                person=step.event.confirmed_by,
                **values,
            )
        return self.env._("%(day)s, %(kind)s: until %(date)s (%(article)s), to confirm.", **values)

    @api.model
    def _name_refusal(self, refusal):
        """Return why an event does not count, in a few words."""
        return {
            "no_effect": self.env._("nothing interrupts but what the law names"),
            "no_evidence": self.env._("nothing proves it: attach a file or choose an evidence"),
            "not_by_debtor": self.env._("the debtor himself has to do it"),
            "void": self.env._("the claim was withdrawn, lapsed or rejected"),
            "credit_not_interrupted": self.env._(
                "an acknowledgement does not interrupt the time-bar of consumer credit"
            ),
            "credit_not_suspended": self.env._("the time-bar of consumer credit is not suspended"),
            "before_start": self.env._("it came before the period began"),
            "too_late": self.env._("it came after the end: what is over does not begin again"),
            "still_running": self.env._("it lasts: its end is not known yet"),
        }[refusal]

    @api.model
    def _refuse_kind(self, kind):
        """Return why letters, calls and the like move nothing, with the article that decides."""
        return self.env._(
            "%(kind)s: this does not interrupt limitation (%(article)s). Only an acknowledgement "
            "or part payment by the debtor, a court claim, the service of an order, an "
            "enforcement or a declaration in insolvency does.",
            kind=dict(self._get_without_effect())[kind],
            article=WITHOUT_EFFECT[kind],
        )

    @api.model
    def _get_without_effect(self):
        """Return the choices of the dialog that move nothing, so that it can say so."""
        labels = {
            "reminder": self.env._("Reminder"),
            "formal_notice": self.env._("Formal notice"),
            "registered_letter": self.env._("Registered letter"),
            "electronic_registered_letter": self.env._("Electronic registered letter"),
            "invoice": self.env._("Invoice"),
            "call": self.env._("Phone call"),
            "complaint": self.env._("Complaint to the police"),
            "sent_to_lawyer": self.env._("File sent to a lawyer"),
            "order_requested": self.env._("Order for payment requested, not served"),
        }
        return list(labels.items())

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules.limitation_events import WITHOUT_EFFECT, Event


class CollectionLimitationCheck(models.AbstractModel):
    """Refuses what moves no limitation, with the article that decides."""

    _name = "collection.limitation.check"
    _description = "Checks of events on limitation"

    # === BUSINESS === #

    @api.model
    def _check_counts(self, case, items, kind, date, **values):
        """Refuse what does not count, with the article that decides."""
        texts = self.env["collection.limitation.text"]
        if kind in WITHOUT_EFFECT:
            raise UserError(texts._refuse_kind(kind))
        if not items or items.case_id != case:
            raise UserError(self.env._("Choose items of this case that the event is about."))
        # In sudo mode to compare an evidence that the person may not even see.
        evidence_sudo = (
            self.env["collection.evidence"].sudo().browse(values.get("evidence_id") or [])
        )
        if evidence_sudo.case_id - case:
            raise UserError(self.env._("Choose an evidence of this case."))
        if date > fields.Date.context_today(self):
            raise UserError(self.env._("An event is noted once it has happened: correct its day."))
        event = self._prepare_rule_event(kind, date, **values)
        claims = self.env["collection.limitation"]._work_out(
            items, {item.id: [event] for item in items}
        )
        refusals = []
        for item in items:
            if item.id not in claims:
                continue
            step = next(step for step in claims[item.id].steps if step.event is event)
            # A suspension that lasts moves nothing yet; it will once its end is noted.
            if step.refusal and step.refusal != "still_running":
                reason = texts._name_refusal(step.refusal)
                refusals.append(
                    self.env._(
                        "%(item)s: %(reason)s (%(article)s)",
                        item=item.display_name,
                        reason=reason,
                        article=step.article,
                    )
                )
        if refusals:
            raise UserError(
                self.env._("This does not move the limitation of:\n%s", "\n".join(refusals))
            )

    @api.model
    def _prepare_rule_event(self, kind, date, **values):
        evidence = values.get("evidence_id") or values.get("payment_reference")
        proofs = [file.name for file in values.get("attachments") or ()]
        return Event(
            kind,
            date,
            fields.Date.to_date(values.get("date_until")) or None,
            evidence=", ".join(proofs) or str(evidence or ""),
            by_debtor=values.get("by_debtor", True),
        )

    @api.model
    def _check_may_say(self, events, record_kind, date, note):
        """Refuse to say of events what cannot be, or without what it needs."""
        for event in events:
            if event.record_kind != "event" or event.state in ("cancelled", "void"):
                raise UserError(self.env._("%s counts no more.", event.display_name))
            if record_kind == "confirmation" and event.state == "confirmed":
                raise UserError(self.env._("%s is confirmed already.", event.display_name))
            if record_kind == "end" and not event.may_end:
                raise UserError(self.env._("%s has no end to note any more.", event.display_name))
            if record_kind == "end" and (not date or date < event.date):
                raise UserError(self.env._("Give the day it ended, not before it began."))
            if record_kind == "void" and not event.may_be_void:
                raise UserError(
                    self.env._("Only a court claim loses its effect by failing (C. civ. 2243).")
                )
            if record_kind in ("void", "cancellation") and not (note or "").strip():
                raise UserError(self.env._("Say why: the note is kept with the event."))

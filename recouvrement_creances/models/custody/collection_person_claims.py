from odoo import api, models


class CollectionPersonClaims(models.AbstractModel):
    """What an access request answers about a person's claims: judgements, charges, limitation."""

    _name = "collection.person.claims"
    _description = "Answer to an access request: claims"
    _inherit = ["collection.person.part"]

    @api.model
    def _describe(self, case, mask):
        """IMPLEMENTS collection.person.part: claimed, given up, judged, noted on limitation."""
        return {
            "charges": [self._describe_charge(one) for one in self._find("charge", case)],
            "waivers": [self._describe_waiver(one, mask) for one in self._find("waiver", case)],
            "judgements": [
                self._describe_judgement(one, mask) for one in self._find("judgement", case)
            ],
            "handovers": [
                self._describe_handover(one, mask) for one in self._find("handover", case)
            ],
            "checks": [self._describe_check(one, mask) for one in self._find("debtor.check", case)],
            "limitation_events": [
                self._describe_event(one, mask) for one in self._find("limitation.event", case)
            ],
            "insolvencies": [
                self._describe_insolvency(one, mask) for one in self._find("insolvency", case)
            ],
        }

    @api.model
    def _get_authors(self, cases):
        """IMPLEMENTS collection.person.part."""
        waivers = self._find("waiver", cases)
        return (
            waivers.create_uid
            | waivers.decided_by_id
            | self._find("judgement", cases).create_uid
            | self._find("limitation.event", cases).create_uid
            | self._find("handover", cases).decision_ids.user_id
            | self._find("debtor.check", cases).user_id
        )

    @api.model
    def _get_files(self, cases):
        """IMPLEMENTS collection.person.part: judgements, what proves events on limitation."""
        return self._date_files(
            self._find("judgement", cases).attachment_ids
            | self._find("limitation.event", cases).attachment_ids
        )

    def _describe_charge(self, charge):
        return {
            "number": charge.name,
            "claimed_on": str(charge.date),
            "state": self._get_label(charge, "state"),
            "amount": self._format(charge, "amount_total"),
        }

    def _describe_insolvency(self, record, mask):
        return {
            "kind": self._get_label(record, "kind"),
            "state": self._get_label(record, "state"),
            "opened_on": str(record.judgement_date or ""),
            "declared": self._format(record, "amount_declared"),
            "note": mask.apply(record.note),
        }

    def _describe_waiver(self, waiver, mask):
        return {
            "day": str(waiver.create_date.date()),
            "amount": self._format(waiver, "amount"),
            "state": self._get_label(waiver, "state"),
            "reason": waiver.reason_id.name,
            "why": mask.apply(waiver.note),
            "decision": mask.apply(waiver.decision_note),
        }

    def _describe_judgement(self, judgement, mask):
        return {
            "reference": mask.apply(judgement.name),
            "date": str(judgement.date),
            "interest_from": str(judgement.runs_from),
            "enforceable_on": str(judgement.enforceable_on or ""),
            "state": self._get_label(judgement, "state"),
        }

    def _describe_handover(self, handover, mask):
        return {
            "day": str(handover.create_date.date()),
            "amount": self._format(handover, "amount_requested"),
            "state": self._get_label(handover, "state"),
            "handed_to": handover.agent_id.name or "",
            "why": mask.apply(handover.note),
            "decisions": " ".join(mask.apply(one.note or "") for one in handover.decision_ids),
        }

    def _describe_check(self, check, mask):
        return {
            "day": str(check.date),
            "kind": self._get_label(check, "kind"),
            "source": mask.apply(check.source),
            "found": mask.apply(check.note),
        }

    def _describe_event(self, event, mask):
        return {
            "day": str(event.date),
            "until": str(event.date_until or ""),
            "kind": self._get_label(event, "kind"),
            "record": self._get_label(event, "record_kind"),
            "documents": ", ".join(
                filter(None, [*event.attachment_ids.mapped("name"), event.payment_reference])
            ),
            "note": mask.apply(event.note),
        }

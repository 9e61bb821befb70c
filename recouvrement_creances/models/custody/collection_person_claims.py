from odoo import api, models


class CollectionPersonClaims(models.AbstractModel):
    """What an access request answers about a person's claims: judgements, charges, limitation."""

    _name = "collection.person.claims"
    _description = "Answer to an access request: claims"

    @api.model
    def _describe(self, case, mask):
        """Return what was claimed, given up, judged and noted on limitation as plain values.

        :param case: in sudo mode, of a manager who answers the request
        :param mask: a rules.third_parties.Mask
        """
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
        """Return the colleagues who wrote or decided something of it."""
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
        """Return [(file, moment)] of judgements, and of what proves events on limitation."""
        files = (
            self._find("judgement", cases).attachment_ids
            | self._find("limitation.event", cases).attachment_ids
        )
        return [(file, file.create_date) for file in files.sorted("id")]

    def _find(self, name, cases):
        return cases.env[f"collection.{name}"].search([("case_id", "in", cases.ids)], order="id")

    def _describe_charge(self, charge):
        return {
            "number": charge.name,
            "claimed_on": str(charge.date),
            "state": self._get_label(charge, "state"),
            "amount": f"{charge.amount_total:.2f} {charge.currency_id.name}",
        }

    def _describe_insolvency(self, record, mask):
        return {
            "kind": self._get_label(record, "kind"),
            "state": self._get_label(record, "state"),
            "opened_on": str(record.judgement_date or ""),
            "declared": f"{record.amount_declared:.2f} {record.currency_id.name}",
            "note": mask.apply(record.note),
        }

    def _describe_waiver(self, waiver, mask):
        return {
            "day": str(waiver.create_date.date()),
            "amount": f"{waiver.amount:.2f} {waiver.currency_id.name or ''}",
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
            "amount": f"{handover.amount_requested:.2f} {handover.currency_id.name}",
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

    def _get_label(self, record, name):
        return self.env["collection.person.export"]._get_label(record, name)

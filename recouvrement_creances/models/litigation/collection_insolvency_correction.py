from odoo import models

from ...rules.insolvency import GROUNDS
from .collection_insolvency_claim import TOLD_FIELDS


class CollectionInsolvencyCorrection(models.AbstractModel):
    """Takes back a step of insolvency proceedings that was recorded by mistake."""

    _name = "collection.insolvency.correction"
    _description = "Correction of steps of insolvency proceedings"
    _inherit = ["collection.correctable"]

    _restored = (
        "kind",
        "plan_date",
        "certificate_date",
        "closing_ground",
        "closed_on",
        "wiped_out_before",
    )

    # === BUSINESS === #

    def _take_snapshot(self):
        """EXTENDS collection.correctable: what is admitted of the debts."""
        admitted = {
            str(claim.id): {name: claim[name] for name in TOLD_FIELDS} for claim in self.claim_ids
        }
        return {**super()._take_snapshot(), "admitted": admitted}

    def _prepare_effects(self, before):
        """EXTENDS collection.correctable: what was admitted of the debts that it spoke of."""
        now = {claim: before["admitted"].get(str(claim.id), {}) for claim in self.claim_ids}
        changed = {
            str(claim.id): amounts
            for claim, amounts in now.items()
            if any(claim[name] != amount for name, amount in amounts.items())
        }
        return {**super()._prepare_effects(before), "former_admitted": changed or False}

    def _prepare_correction(self, event):
        """OVERRIDES collection.correctable: it is the same kind of step."""
        return {"insolvency_id": self.id, "code": event.code}

    def _undo_effects(self, event, reason):
        """EXTENDS collection.correctable: what was admitted; the holds of what is closed again."""
        # Dividends are worked out on what is admitted.
        for claim in self.claim_ids:
            amounts = (event.former_admitted or {}).get(str(claim.id))
            if amounts:
                claim.write(amounts)
        if self.state == "closed" and self.wiped_out_before:
            running = self.hold_ids.filtered(lambda hold: hold.state == "open")
            running.write({"arose_before": self.wiped_out_before})
        if self.state == "closed" and GROUNDS.get(self.closing_ground):
            self.hold_ids.filtered(lambda hold: hold.state == "open")._release(reason)
        return super()._undo_effects(event, reason)

from odoo import models

from ...rules.insolvency import GROUNDS


class CollectionInsolvencyCorrection(models.AbstractModel):
    """Takes back a step of insolvency proceedings that was recorded by mistake."""

    _name = "collection.insolvency.correction"
    _description = "Correction of steps of insolvency proceedings"
    _inherit = ["collection.correctable"]

    _restored = ("kind", "plan_date", "certificate_date", "closing_ground", "closed_on")

    # === BUSINESS === #

    def _prepare_correction(self, event):
        """OVERRIDES collection.correctable: it is the same kind of step."""
        return {"insolvency_id": self.id, "code": event.code}

    def _undo_effects(self, event, reason):
        """EXTENDS collection.correctable: proceedings that are closed again hold what they held."""
        if self.state == "closed" and GROUNDS.get(self.closing_ground):
            self.hold_ids.filtered(lambda hold: hold.state == "open")._release(reason)
        return super()._undo_effects(event, reason)

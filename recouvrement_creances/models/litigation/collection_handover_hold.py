from odoo import fields, models

REVIEW_MONTHS = 12


class CollectionHandoverHold(models.AbstractModel):
    """What a handover holds, from its approval to its end."""

    _name = "collection.handover.hold"
    _description = "Holds of handovers"

    # === BUSINESS === #

    def _hold_contacts(self, as_of):
        """EXTENDS collection.agreement: who was to call of it calls no more."""
        result = super()._hold_contacts(as_of)
        note = self.env._("It was handed over.")
        for handover in self:
            handover.case_id._withdraw_contacts(handover.item_ids.filtered("is_open"), note)
        return result

    def _release_hold(self, note):
        """EXTENDS collection.agreement: what is in court stays held, by its proceeding."""
        result = super()._release_hold(note)
        # In sudo mode as what a court has is held whoever ends the handover.
        self.case_id.sudo()._hold_what_is_in_court()
        return result

    def _follow_items(self):
        """OVERRIDES collection.agreement: who is claimed from does not change by itself."""

    def _move_to(self, case):
        """EXTENDS collection.agreement: what has no item there stays where it was, as history."""
        return super(CollectionHandoverHold, self._filter_on(case))._move_to(case)

    def _get_hold_values(self):
        """OVERRIDES collection.agreement: what no other handover holds already is held."""
        today = fields.Date.context_today(self)
        return {
            "review_date": fields.Date.add(today, months=REVIEW_MONTHS),
            "note": self.display_name,
            "lines": [{"item_id": item.id} for item in self.case_id._filter_unheld(self.item_ids)],
        }

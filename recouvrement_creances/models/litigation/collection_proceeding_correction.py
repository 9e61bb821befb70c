from odoo import models
from odoo.fields import Command

from ...rules.procedure_standing import ENDS_APPEAL, GOES_ON
from .collection_proceeding_hold import CLOSES


class CollectionProceedingCorrection(models.AbstractModel):
    """Takes back a step of a proceeding: judgement, hearing, hold and limitation go with it."""

    _name = "collection.proceeding.correction"
    _description = "Correction of steps of court proceedings"
    _inherit = ["collection.correctable"]

    _restored = (
        "principal_claimed",
        "amount_claimed",
        "settled_state",
        "number",
        "order_date",
        "decided_on",
        "title_date",
        "amount_granted",
        "costs_granted",
        "irrecoverable_granted",
    )

    # === BUSINESS - WHAT A STEP DOES === #

    def _take_snapshot(self):
        """EXTENDS collection.correctable: judgement, handover and hearings."""
        return {
            **super()._take_snapshot(),
            "judgement": self.judgement_id,
            "standing": self.judgement_id.filtered(lambda one: one.state == "standing"),
            "handover": self.handover_id.state,
            "hearings": self.hearing_ids,
        }

    def _prepare_effects(self, before):
        """EXTENDS collection.correctable: judgement, handover and hearings."""
        closed = self.handover_id.state != before["handover"]
        overturned = before["standing"].filtered(lambda one: one.state == "cancelled")
        return {
            **super()._prepare_effects(before),
            "overturned_judgement_id": overturned.id,
            "handover_state": before["handover"] if closed else False,
            "judgement_id": (self.judgement_id - before["judgement"]).id,
            "hearing_ids": [Command.set((self.hearing_ids - before["hearings"]).ids)],
            "dropped_hearings": (before["hearings"] - self.hearing_ids).ids or False,
        }

    # === BUSINESS - TAKING IT BACK === #

    def _prepare_correction(self, event):
        """OVERRIDES collection.correctable: it is the same step of the procedure."""
        return {"proceeding_id": self.id, "step_id": event.step_id.id}

    def _undo_effects(self, event, reason):
        """EXTENDS collection.correctable: what the step decided, held and interrupted."""
        self._undo_decision(event)
        if event.handover_state:
            # Before the items are held: its own hold comes first.
            self.handover_id._reopen(event.handover_state, reason)
            # What the step had let go on ends again.
            self.handover_id._follow_proceedings(reason)
        self._undo_hold(event, reason)
        self._undo_limitation(event, reason)
        if event._is_dismissal() or event.step_id.event == ENDS_APPEAL:
            # Nobody has to choose any more between an appeal and an end.
            self._end_next_task()
        elif event.step_id.event == CLOSES:
            # Nor to make a credit note.
            self._end_next_task()
        if event.step_id.event in (*GOES_ON, CLOSES) and self._is_left_to_decide():
            self._ask_what_next(self._get_last_decision().step_id)
        event.hearing_ids.unlink()
        self._put_hearings_back(event.dropped_hearings or [])
        return super()._undo_effects(event, reason)

    def _is_left_to_decide(self):
        """Tell whether a person has to say what becomes of a claim that a judge has dismissed."""
        return self.state == "rejected" and self._get_last_decision()._is_dismissal()

    def _undo_decision(self, event):
        """Cancel the judgement that the step noted, or say that another one is no title."""
        standing = self._get_standing_judgement()
        if event.judgement_id:
            # Or the same, noted anew as a later step was taken back.
            standing.action_cancel()
            self.judgement_id = False
        elif event.step_id.event == "entitle":
            standing.enforceable_on = False
        if event.overturned_judgement_id:
            # What was cancelled is history: the same is noted anew.
            self.judgement_id = event.overturned_judgement_id.copy()

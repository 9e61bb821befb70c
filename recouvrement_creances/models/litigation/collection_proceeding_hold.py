from odoo import fields, models
from odoo.fields import Command

# In these states the proceeding holds nothing.
WITHOUT_HOLD = ("draft", "settled", "rejected", "withdrawn", "closed")
# A hold is looked at again after this.
REVIEW_MONTHS = 12
# A credit note that nobody has made by then is asked for again.
CREDIT_MONTHS = 1
HELD_REASON = "recouvrement_creances.collection_reason_hold_handover"
CREDIT_REASON = "recouvrement_creances.collection_reason_hold_credit_note"
NEXT_TASK = "mail.mail_activity_data_todo"
CLOSES = "close"


class CollectionProceedingHold(models.AbstractModel):
    """What a proceeding holds: nobody is reminded of what is in court, or was dismissed there."""

    _name = "collection.proceeding.hold"
    _description = "Holds of court proceedings"

    hold_id = fields.Many2one("collection.hold", readonly=True, copy=False, index="btree_not_null")
    credit_hold_id = fields.Many2one(
        "collection.hold",
        string="Held for a credit note",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What stays held of a claim that was dismissed, as its proceeding is closed.",
    )

    # === BUSINESS === #

    def _holds_items(self):
        """Tell whether nobody is reminded of its items as it stands."""
        self.ensure_one()
        return self.state not in WITHOUT_HOLD or self._is_left_to_decide()

    def _hold_items(self, day):
        """Hold the items that nothing else holds for a handover; the case is in litigation."""
        free = self.case_id._filter_unheld(self.item_ids)
        lines = [Command.create({"item_id": item.id}) for item in free]
        own = self.hold_id & self.case_id._get_handover_holds()
        if own and lines:
            # What another proceeding had held until now ends with the same hold as the rest.
            own.line_ids = lines
        elif lines:
            today = fields.Date.context_today(self)
            self.hold_id = self.env["collection.hold"].create(
                {
                    "case_id": self.case_id.id,
                    "kind": "handover",
                    "reason_id": self.env.ref(HELD_REASON).id,
                    "date_start": min(day, today),
                    "review_date": fields.Date.add(today, months=REVIEW_MONTHS),
                    "note": self.display_name,
                    "line_ids": lines,
                }
            )
        self.case_id._stand_at("litigation")
        self.case_id._withdraw_contacts(free, self.env._("It was brought to court."))

    def _release_items(self, why):
        """End what it holds; what another proceeding still has in court is held by that one."""
        self.hold_id.filtered(lambda hold: hold.state == "open")._release(why)
        self.case_id._hold_what_is_in_court()

    def _undo_hold(self, event, reason):
        """Hold the items as before the step."""
        if event.step_id.event == CLOSES:
            self.credit_hold_id.filtered(lambda hold: hold.state == "open")._release(reason)
        if self._holds_items():
            self._hold_items(event.date)
            return
        self._release_items(reason)
        if not self.case_id._is_in_court() and not self.handover_id:
            self.case_id._stand_at("prelitigation")

    # === BUSINESS - DISMISSED === #

    def _hold_dismissed(self, step):
        """Hold what a court has dismissed and is open still, until a person releases it.

        Closing the proceeding says that nobody appeals, not that the debtor owes it after all.
        """
        if step.event == CLOSES and self._get_last_decision()._is_dismissal():
            self._hold_for_credit(self.item_ids.filtered("is_open"))

    def _hold_for_credit(self, items):
        """Hold some items for a credit note, and ask for it; nothing without any."""
        if not items:
            return
        today = fields.Date.context_today(self)
        self.credit_hold_id = self.env["collection.hold"].create(
            {
                "case_id": self.case_id.id,
                "kind": "manual",
                "reason_id": self.env.ref(CREDIT_REASON).id,
                "date_start": today,
                "review_date": fields.Date.add(today, months=CREDIT_MONTHS),
                "note": self.env._("Dismissed by the court: credit note"),
                "line_ids": [Command.create({"item_id": item.id}) for item in items],
            }
        )
        user = (
            self.case_id._find_accountant()
            or self.env["res.users"]._find_collection_manager(self.company_id)
            or self.case_user_id
        )
        if user:
            self.activity_schedule(
                NEXT_TASK,
                summary=self.env._("Dismissed by the court: make the credit note"),
                note=self.env._("The invoices stay held until somebody releases them."),
                user_id=user.id,
            )

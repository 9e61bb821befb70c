from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...rules.deadline_rules import DEADLINES

NOTED = "note"
DECIDES = ("grant", "judge", "rejudge")
LETS_GO = ("reject", "overturn", "settle", "withdraw", "close")
# What a claim in court that came to nothing has interrupted: nothing (C. civ. 2243).
FAILS = ("reject", "overturn", "withdraw")
# A hold is looked at again after this.
REVIEW_MONTHS = 12
# A title binds whatever becomes of the proceeding.
LASTING_DEADLINES = ("title.execution",)
HELD_REASON = "recouvrement_creances.collection_reason_hold_handover"


class CollectionProceedingEffects(models.AbstractModel):
    """What follows from a step: holds, deadlines, limitation, amounts granted, the title."""

    _name = "collection.proceeding.effects"
    _description = "Effects of steps of court proceedings"
    _inherit = ["collection.correctable"]

    # === BUSINESS === #

    def _follow_step(self, record, values):
        """IMPLEMENTS collection.correctable: what follows in court.

        :param record: the collection.proceeding.event
        :param dict values: what was said of the step, as of ``_record_step``
        """
        step = record.step_id
        if values.get("hearing"):
            self._set_hearing(values["hearing"])
        if step.event not in (NOTED, *LETS_GO):
            self._hold_items(record.date)
        if step.event in DECIDES:
            self._note_decision(record, values)
        if step.event == "entitle":
            self._note_title(record, values)
        if values.get("number"):
            self.number = values["number"]
        self._move_deadlines(record, values)
        self._note_limitation(record)
        if step.event in LETS_GO:
            self._let_go(record)

    # === BUSINESS - DEADLINES === #

    def _move_deadlines(self, record, values):
        """Close and open the deadlines of the step."""
        step = record.step_id
        closes = step._get_codes("closes")
        self._close_deadlines(closes, record.date, record.attachment_ids, step.name)
        self._drop_deadlines(step.name, codes=step._get_codes("drops"))
        counts_from = values.get("counts_from") or record.date
        hearing = values.get("hearing")
        for code in step._get_codes("opens"):
            rule = DEADLINES[code][-1].value
            day = counts_from
            if rule.before:
                if not hearing:
                    raise UserError(
                        self.env._(
                            "“%s”: give the hearing, its deadlines count back from it.", step.name
                        )
                    )
                day = fields.Datetime.context_timestamp(self, hearing).date()
            regime = self.order_date if code.startswith("order.") else None
            self._open_deadlines([code], day, regime or None)

    # === BUSINESS - HOLDS === #

    def _hold_items(self, day):
        """Hold the items that nothing else holds for a handover; the case is in litigation."""
        held = self.case_id.hold_ids.filtered(
            lambda hold: hold.kind == "handover" and hold.state == "open"
        )
        free = self.item_ids - self.env["collection.item"].union(
            *(hold._get_items() for hold in held)
        )
        free = free.filtered("is_open")
        if free:
            today = fields.Date.context_today(self)
            self.hold_id = self.env["collection.hold"].create(
                {
                    "case_id": self.case_id.id,
                    "kind": "handover",
                    "reason_id": self.env.ref(HELD_REASON).id,
                    "date_start": min(day, today),
                    "review_date": fields.Date.add(today, months=REVIEW_MONTHS),
                    "note": self.display_name,
                    "line_ids": [Command.create({"item_id": item.id}) for item in free],
                }
            )
        self.case_id._stand_at("litigation")

    def _let_go(self, record):
        """End what the proceeding held: reminders of its items may go on."""
        step = record.step_id
        self._drop_deadlines(step.name, keep=LASTING_DEADLINES)
        if step.event in FAILS:
            self._void_limitation(step.name)
        if step.event == "overturn":
            self._lose_title(step.name)
        hold = self.hold_id.filtered(lambda hold: hold.state == "open")
        hold._release(step.name)
        self.handover_id._follow_proceedings(step.name)
        if not self.case_id._is_in_court():
            self.case_id._stand_at("prelitigation")

    # === BUSINESS - DECISIONS === #

    def _note_decision(self, record, values):
        """Keep what an order or a judgement grants."""
        vals = {
            name: values.get(name) or 0
            for name in ("amount_granted", "costs_granted", "irrecoverable_granted")
        }
        vals["decided_on"] = record.date
        if record.step_id.event == "grant":
            vals["order_date"] = record.date
        self.write(vals)
        if values.get("grants_legal_interest"):
            self._note_judgement(record, values)

    def _note_title(self, record, values):
        """Keep since when there is a title; five points more run two months later."""
        self.title_date = record.date
        if not self.judgement_id and values.get("grants_legal_interest"):
            self._note_judgement(record, values)
        self.judgement_id.filtered(
            lambda judgement: judgement.state == "standing"
        ).enforceable_on = record.date

    def _note_judgement(self, record, values):
        """Note the judgement by whose interest at the legal rate the items go on."""
        decided = self.decided_on or record.date
        files = record.attachment_ids or self.event_ids.attachment_ids
        self.judgement_id = self.env["collection.judgement"].create(
            {
                "name": " ".join(filter(None, (self.court_id.name, self.number)))
                or self.procedure_id.name,
                "case_id": self.case_id.id,
                "item_ids": [Command.set(self.item_ids.ids)],
                "date": decided,
                "runs_from": values.get("interest_from") or decided,
                "attachment_ids": [Command.set(files.ids)],
            }
        )

    def _lose_title(self, why):
        """Take back what the decision gave that was overturned: its interest, its title."""
        self.judgement_id.filtered(lambda judgement: judgement.state == "standing").action_cancel()
        self.title_date = False
        self._drop_deadlines(why, codes=LASTING_DEADLINES)

    # === BUSINESS - LIMITATION === #

    def _note_limitation(self, record):
        """Note that the step interrupts limitation, if it is one that does."""
        kind = record.step_id.limitation_kind
        if kind and record.attachment_ids and self.item_ids.filtered("is_open"):
            record.limitation_event_id = self._note_interruption(
                kind, record.date, self.item_ids, record.attachment_ids, self.display_name
            )

    def _void_limitation(self, why):
        """Say of court claims that they came to nothing."""
        events = self.event_ids.limitation_event_id.filtered("may_be_void")
        if events:
            events._say("void", note=why)

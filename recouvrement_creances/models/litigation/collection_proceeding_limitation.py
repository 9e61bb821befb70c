from odoo import models
from odoo.tools import format_date

# What a claim in court that came to nothing has interrupted: nothing (C. civ. 2243).
DISMISSES = ("reject", "overturn")
FAILS = (*DISMISSES, "withdraw")
DECIDES = ("grant", "judge", "rejudge")
OWN_APPEAL = ".own_appeal"
REMEDIES = (OWN_APPEAL, ".cassation")
# Of a remedy that may still be had, or was.
TAKEN_OR_OPEN = ("open", "done")


class CollectionProceedingLimitation(models.AbstractModel):
    """What the steps of a proceeding do to limitation.

    A claim that is withdrawn has interrupted nothing, nor has one that is dismissed for good
    (C. civ. 2243). While our appeal is possible, or runs, the interruption is doubtful: nothing is
    said of it, and it moves the possible date alone.
    """

    _name = "collection.proceeding.limitation"
    _description = "Limitation and court proceedings"
    _inherit = ["collection.correctable"]

    # === BUSINESS - WHERE IT STANDS === #

    def _get_last_decision(self):
        """Return the last step by which a judge decided, in the order of recording."""
        steps = self._get_effective_events()
        return steps.filtered(lambda one: one.step_id.event in (*DECIDES, *DISMISSES)).sorted("id")[
            -1:
        ]

    def _is_dismissed(self):
        """Tell whether nothing is granted as things stand, definitively or not."""
        self.ensure_one()
        return self._get_last_decision().step_id.event in DISMISSES

    def _has_remedy(self, remedies=REMEDIES, states=TAKEN_OR_OPEN):
        """Tell whether we may still go against the last decision, or have."""
        decision = self._get_last_decision()
        return bool(
            decision
            and self.deadline_ids.filtered(
                lambda one: (
                    one.rule_code.endswith(remedies)
                    and one.state in states
                    and one.event_date >= decision.date
                )
            )
        )

    # === BUSINESS - STEPS === #

    def _note_limitation(self, record):
        """Note that the step interrupts limitation, if it is one that does."""
        kind = record.step_id.limitation_kind
        if kind and record.attachment_ids and self.item_ids.filtered("is_open"):
            record.limitation_event_id = self._note_interruption(
                kind, record.date, self.item_ids, record.attachment_ids, self.display_name
            )

    def _weigh_limitation(self, record):
        """Do to earlier interruptions what a decision, an appeal or an end does to them."""
        step = record.step_id
        if step.event == "withdraw" or self._is_dismissed_for_good(step):
            self._void_limitation(step.name)
        elif step.event in DECIDES or any(
            code.endswith(OWN_APPEAL) for code in step._get_codes("closes")
        ):
            # An appeal in time that is recorded late, or a quashed dismissal.
            self._revive_limitation()
        if step.event in (*DECIDES, *DISMISSES):
            self._follow_doubt(step.name)

    def _is_dismissed_for_good(self, step):
        """Tell whether a dismissal is definitive by a step: it closes, or knows no appeal."""
        if step.event == "close":
            return self._is_dismissed()
        return step.event in DISMISSES and not self._has_remedy((OWN_APPEAL,), ("open",))

    def _after_missed(self, deadline):
        """EXTENDS collection.deadlined: nobody has appealed in time."""
        if deadline.rule_code.endswith(OWN_APPEAL) and self.state == "rejected":
            self._void_limitation(
                self.env._("No appeal by %s.", format_date(self.env, deadline.legal_date))
            )
        return super()._after_missed(deadline)

    def _undo_limitation(self, event, reason):
        """Cancel what a step said of limitation; what it had made void counts again."""
        event.limitation_event_id.filtered(lambda one: one.state in ("noted", "confirmed"))._say(
            "cancellation", note=reason
        )
        ends = event.step_id.event in (*FAILS, "close")
        if ends and (self.state != "rejected" or self._has_remedy((OWN_APPEAL,))):
            self._revive_limitation()
        if event.step_id.event in (*DECIDES, *DISMISSES):
            self._follow_doubt(event.step_id.name)

    # === BUSINESS - INTERRUPTIONS === #

    def _void_limitation(self, why):
        """Say of court claims that they came to nothing."""
        events = self.event_ids.limitation_event_id.filtered("may_be_void")
        if events:
            events._say("void", note=why)

    def _revive_limitation(self):
        """Note anew what was said to have come to nothing."""
        for former in self._get_effective_events():
            if former.limitation_event_id.state == "void":
                self._note_limitation(former)

    def _follow_doubt(self, why):
        """Work out the dates of the items anew, whose interruption is doubtful now or is no more.

        What a dismissal leaves of them is written on the record.
        """
        claims = self._get_effective_events().limitation_event_id
        if not claims:
            return
        claims.invalidate_recordset(["is_doubtful"])
        self.env["collection.limitation"]._follow([("id", "in", claims.item_ids.ids)])
        words = self._describe_doubt()
        if words:
            self._message_log(body=f"{why}. {words}")

    def _describe_doubt(self):
        """Return the last day to bring another claim, should a dismissal stand; else nothing."""
        claims = self._get_effective_events().limitation_event_id.filtered("is_doubtful")
        last_days = claims.item_ids.filtered("is_open").mapped("limitation_confirmed_date")
        if not any(last_days):
            return ""
        return self.env._(
            "If the dismissal becomes definitive, the claim in court has interrupted nothing "
            "(C. civ. 2243): the last day to bring another one is then %s.",
            format_date(self.env, min(filter(None, last_days))),
        )

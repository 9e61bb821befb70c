import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...rules.deadline_rules import OWN_APPEAL, REMEDIES
from ...rules.procedure_standing import APPEALS, ENDS_APPEAL, SENT_BACK, find_decision

_logger = logging.getLogger(__name__)

# What a claim in court that came to nothing has interrupted: nothing (C. civ. 2243).
DISMISSES = ("reject", "dismiss", "overturn")
DECIDES = ("grant", "judge", "rejudge")
# With these a dismissal stands for good; who withdraws an appeal accepts it (CPC 403).
FINAL = ("close", ENDS_APPEAL)
MOVES_APPEAL = (APPEALS, SENT_BACK, ENDS_APPEAL)
# What makes an interruption doubtful, or takes its doubt away.
MOVES_DOUBT = (*DECIDES, *DISMISSES, SENT_BACK)
# What is recorded instead of a judgement that grants nothing.
REFUSED_INSTEAD = {"grant": "reject", "judge": "dismiss", "rejudge": "overturn"}
# Of a remedy that may still be had, or was.
TAKEN_OR_OPEN = ("open", "done")
COUNTS = ("noted", "confirmed")


class CollectionProceedingLimitation(models.AbstractModel):
    """What the steps of a proceeding do to limitation.

    A claim that is withdrawn has interrupted nothing, nor has one that is dismissed for good
    (C. civ. 2243). While our appeal is possible, or runs, the interruption is doubtful: nothing is
    said of it, and it moves the possible date alone. Each step keeps what it said to be void or
    noted anew, so that exactly this is undone with it.
    """

    _name = "collection.proceeding.limitation"
    _description = "Limitation and court proceedings"
    _inherit = ["collection.correctable"]

    # === BUSINESS - WHERE IT STANDS === #

    def _get_last_decision(self):
        """Return the last step by which a judge decided, in the order of recording.

        What was quashed since is left out.
        """
        steps = self._get_effective_events().sorted("id")
        position = find_decision([one.step_id.event for one in steps])
        return steps[:0] if position is None else steps[position]

    def _is_dismissed(self):
        """Tell whether the claim itself is dismissed as things stand, definitively or not."""
        self.ensure_one()
        decision = self._get_last_decision()
        return decision.step_id.event in DISMISSES and not decision.is_formal

    def _has_remedy(self, remedies=REMEDIES, states=TAKEN_OR_OPEN):
        """Tell whether we may still go against the last decision, or have."""
        decision = self._get_last_decision()
        later = self._get_effective_events().filtered(lambda one: one.id > decision.id)
        last = later.filtered(lambda one: one.step_id.event in MOVES_APPEAL).sorted("id")[-1:]
        return bool(
            decision
            and last.step_id.event != ENDS_APPEAL
            and self.deadline_ids.filtered(
                lambda one: (
                    one.rule_code.endswith(remedies)
                    and one.state in states
                    and one.event_date >= decision.date
                )
            )
        )

    def _find_own_appeal(self):
        """Return our time to appeal against the last decision, and the step that made it run.

        It runs from the notification (CPC 528): where nobody has said when that was, the step is
        the decision itself, and the time is counted from its day for the sake of the alarms.
        """
        deadlines = self.env["collection.deadline"]
        decision = self._get_last_decision()
        later = self._get_effective_events().filtered(
            lambda one: decision and one.id >= decision.id
        )
        for step in later.sorted("id", reverse=True):
            opened = deadlines.browse(step.opened_deadlines or [])
            own = opened.filtered(lambda one: one.rule_code.endswith(OWN_APPEAL))[:1]
            if own:
                # A correction may have let the same run anew.
                same = self.deadline_ids.filtered(
                    lambda one, own=own: (
                        (one.rule_code, one.event_date) == (own.rule_code, own.event_date)
                    )
                )
                return same.sorted("id")[-1:], step
        return deadlines, later[:0]

    def _find_lapsed(self, as_of):
        """Return our time to appeal where it is known to be over on a day, and its step."""
        deadline, step = self._find_own_appeal()
        known = deadline and (step != self._get_last_decision() or deadline.event_date > step.date)
        if known and deadline.legal_date < as_of:
            return deadline, step
        return deadline[:0], step[:0]

    def _has_appealed(self, deadline):
        """Tell whether an appeal is recorded: as a step, or on its deadline with a document."""
        decision = self._get_last_decision()
        later = self._get_effective_events().filtered(lambda one: one.id > decision.id)
        appeals = later.filtered(lambda one: self._is_appeal(one.step_id))
        return bool(appeals) or deadline.state == "done"

    def _is_appeal(self, step):
        return step.event == APPEALS

    def _find_first_day(self, deadline):
        """EXTENDS collection.deadlined: who was not notified yet may appeal already (CPC 528)."""
        first = super()._find_first_day(deadline)
        decision = self._get_last_decision()
        if first and decision and deadline.rule_code.endswith(REMEDIES):
            return min(first, decision.date)
        return first

    # === BUSINESS - STEPS === #

    def _check_granted(self, step, values):
        """Refuse to record as a decision for us what grants nothing of a claim that is due."""
        amount = values.get("amount_granted")
        instead = REFUSED_INSTEAD.get(step.event)
        if not instead or amount is None or self.currency_id.compare_amounts(amount, 0) > 0:
            return
        if self._sum_open() <= 0:
            # What was paid meanwhile leaves costs alone to decide on.
            return
        steps = self.procedure_id.step_ids.filtered(lambda one: one.event == instead)
        raise UserError(
            self.env._(
                "A decision that grants nothing refuses the claim: record it as “%s”.",
                steps[:1].name or step.name,
            )
        )

    def _note_limitation(self, record):
        """Note that the step interrupts limitation, if it is one that does."""
        kind = record.step_id.limitation_kind
        if kind and record.attachment_ids and self.item_ids.filtered("is_open"):
            noted = self._note_interruption(
                kind, record.date, self.item_ids, record.attachment_ids, self.display_name
            )
            if noted:
                record.limitation_event_id = noted

    def _note_formal(self, record):
        """Note that a court refused the claim for another reason than the claim itself."""
        if record.step_id.event not in DISMISSES:
            return
        record.is_formal = True
        self._message_log(
            body=self.env._(
                "%s: for want of jurisdiction or for a defect of form, so that the limitation "
                "that the claim had interrupted stays interrupted (C. civ. 2241).",
                record.step_id.name,
            )
        )

    def _weigh_limitation(self, record):
        """Do to earlier interruptions what a decision, an appeal or an end does to them."""
        step = record.step_id
        if step.event == "withdraw" or self._is_dismissed_for_good(step):
            self._void_limitation(record, step.name)
        elif step.event in (*DECIDES, SENT_BACK) or (
            self._is_appeal(step) and self._is_in_time(record)
        ):
            # A quashed dismissal, or an appeal in time that is recorded late.
            self._revive_limitation(record)
        if step.event in MOVES_DOUBT:
            self._follow_doubt(step.name)

    def _is_dismissed_for_good(self, step):
        """Tell whether a dismissal is definitive by a step: an end, or one that knows no appeal."""
        if step.event not in (*DISMISSES, *FINAL) or not self._is_dismissed():
            return False
        return step.event in FINAL or not self._has_remedy((OWN_APPEAL,), ("open",))

    def _is_in_time(self, record):
        """Tell whether an appeal was made in time, as far as that is known; else write it."""
        deadline, _step = self._find_lapsed(record.date)
        if deadline:
            self._message_log(
                body=self.env._(
                    "%(step)s out of time, which ended on %(date)s: what the claim had interrupted "
                    "is not noted anew.",
                    step=record.step_id.name,
                    date=format_date(self.env, deadline.legal_date),
                )
            )
        return not deadline

    def _undo_limitation(self, event, reason):
        """Undo what a step said of limitation: noted, noted anew, or said to be void."""
        self._cancel_limitation(event, reason)
        for step_id, former_id in (event.revived_limitation or {}).items():
            step = self.event_ids.browse(int(step_id))
            self._cancel_limitation(step, reason)
            step.limitation_event_id = former_id
        self._note_anew(event.voided_limitation or [])
        if event.step_id.event in MOVES_DOUBT:
            self._follow_doubt(event.step_id.name)

    def _cancel_limitation(self, step, reason):
        step.limitation_event_id.filtered(lambda one: one.state in COUNTS)._say(
            "cancellation", note=reason
        )

    # === BUSINESS - DAY BY DAY === #

    @api.model
    def _end_doubts(self, company, as_of):
        """Say of dismissals that are definitive by a day what they void; one stops no other."""
        for proceeding in self.search(
            [("company_id", "=", company.id), ("state", "=", "rejected")]
        ):
            try:
                with self.env.cr.savepoint():
                    proceeding._end_doubt(as_of)
            except Exception as error:
                _logger.exception("Limitation of proceeding %s", proceeding.id)
                proceeding._message_log(
                    body=self.env._("What the dismissal voids could not be noted: %s", error)
                )

    def _end_doubt(self, as_of):
        """Void what a dismissal has voided for good: nobody has appealed in the time known."""
        deadline, step = self._find_lapsed(as_of)
        if deadline and self._is_dismissed() and not self._has_appealed(deadline):
            self._void_limitation(
                step, self.env._("No appeal by %s.", format_date(self.env, deadline.legal_date))
            )

    # === BUSINESS - INTERRUPTIONS === #

    def _void_limitation(self, record, why):
        """Say of court claims that they came to nothing, by a step that keeps which."""
        events = self._get_effective_events().limitation_event_id.filtered("may_be_void")
        if events:
            events._say("void", note=why)
            record.voided_limitation = [*(record.voided_limitation or []), *events.ids]

    def _revive_limitation(self, record):
        """Note anew, by a step that keeps it, what other steps said to have come to nothing."""
        steps = self._get_effective_events()
        voided = {one for step in steps for one in step.voided_limitation or []}
        record.revived_limitation = self._note_anew(voided) or False

    def _note_anew(self, event_ids):
        """Note void events on limitation again; return {step: the event it had}."""
        former = {}
        for step in self._get_effective_events():
            event = step.limitation_event_id
            if event.id in event_ids and event.state == "void":
                self._note_limitation(step)
                if step.limitation_event_id != event:
                    former[step.id] = event.id
        return former

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
            "(C. civ. 2243): the last day to bring another one is then %s. It does not become so "
            "by time alone before the day is recorded on which it was notified (CPC 528).",
            format_date(self.env, min(filter(None, last_days))),
        )

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...rules.deadline_rules import (
    DEADLINES,
    FROM_THE_STEP,
    LAPSES,
    REMEDIES,
    binds_before,
    code_at,
)
from ...rules.procedure_standing import (
    ENDS_APPEAL,
    GOES_ON,
    GRANTS,
    JUDGED,
    JUDGED_ON_APPEAL,
    RESUMES,
    SENT_BACK,
)
from ...rules.procedure_steps import opened_by
from .collection_proceeding_hold import NEXT_TASK
from .collection_proceeding_limitation import DECIDES, DISMISSES
from .collection_proceeding_obstacle import BEGINS, LATE, OUT_OF_TIME

NOTED = "note"
GRANTED = ("amount_granted", "costs_granted", "irrecoverable_granted")
LETS_GO = (*DISMISSES, "settle", "withdraw", "close")
# What stops no time: the debtor's and ours run on, should the agreement fail.
STOPS_NOTHING = ("settle",)
# A title binds whatever becomes of the proceeding, and of the debtor.
LASTING_DEADLINES = ("title.execution",)
# Who opposes a judgement by default need not wait for its notification, which nobody then asks for.
OF_LOST_JUDGEMENT = (*LASTING_DEADLINES, "judgement.default")
# These take the place of what stood until then, of a judgement by default too (CPC 572).
REPLACES = (*JUDGED, "overturn")


class CollectionProceedingEffects(models.AbstractModel):
    """What follows from a step: holds, deadlines, amounts granted, the title."""

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
        self._follow_hearing(step, values.get("hearing"))
        if values.get("is_formal"):
            self._note_formal(record)
        if step.event in RESUMES:
            self._take_up_again(step.name)
        elif step.event in GOES_ON:
            # Somebody has decided what comes next.
            self._end_next_task()
        lets_go = step.event in LETS_GO or (step.event == ENDS_APPEAL and self.state == "rejected")
        if step.event != NOTED and not lets_go and self.state != "settled":
            self._hold_items(record.date)
        if values.get("number"):
            self.number = values["number"]
        self._follow_decision(record, values)
        is_void = LATE in values.get("obstacles", ())
        self._close_or_drop_deadlines(record, values.get("obstacles", ()))
        if lets_go:
            self._end_deadlines(record)
        if not is_void:
            # What was served too late moves nothing: the debtor's time does not begin.
            self._count_deadlines(record, values)
            self._note_limitation(record)
        self._weigh_limitation(record)
        if record.former_state == "draft" and step.event in BEGINS:
            self._begin_on(record.date)
        if lets_go:
            self._let_go(record)

    def _begin_on(self, day):
        """Ask the court for what is due on a day; counsel learns of what comes in after it."""
        self._claim_what_is_due(day)
        self.amount_told = self._sum_open()

    # === BUSINESS - DEADLINES === #

    def _close_or_drop_deadlines(self, record, obstacles):
        """Close and drop the deadlines of the step; what came too late stays missed."""
        step = record.step_id
        closes = {
            code for code in step._get_known_codes("closes") if not _stays_missed(code, obstacles)
        }
        self._close_deadlines(closes, record.date, record.attachment_ids, step.name)
        # What took place before an insolvency stopped it is not counted again after it.
        stayed = self.env["collection.deadline"].browse(self.stayed_deadlines or [])
        self.stayed_deadlines = stayed.filtered(lambda one: one.rule_code not in closes).ids
        # Whose time to oppose was over has let it pass, whether or not the judge hears him.
        lapsed = self._find_lapsed_opposition(step, record.date)
        lapsed._elapse()
        self._drop_deadlines(step.name, codes=step._get_known_codes("drops"))

    def _end_deadlines(self, record):
        """Drop what bound anybody in a proceeding that ends here."""
        if record.step_id.event not in STOPS_NOTHING:
            keep = () if self._is_satisfied() else LASTING_DEADLINES
            self._drop_deadlines(record.step_id.name, keep=keep)

    def _is_satisfied(self):
        """Tell whether a title has nothing to enforce any more: costs are in nobody's ledger."""
        return not (self._sum_open() or self.costs_granted or self.irrecoverable_granted)

    def _is_short(self, record, values):
        """Tell whether a judge has granted less than was claimed."""
        if record.step_id.event == "reject":
            # A request that is refused without a hearing cannot be appealed against (CPC 1409).
            return False
        if record.step_id.event == NOTED:
            # From the notification our time counts anew (CPC 528).
            deadline, _step = self._find_own_appeal()
            return bool(deadline) and not self._has_appealed(deadline)
        granted = values.get("amount_granted") or 0
        return self.currency_id.compare_amounts(granted, self.amount_claimed) < 0

    def _count_deadlines(self, record, values):
        """Open the deadlines of the step."""
        step = record.step_id
        hearing = values.get("hearing")
        facts = self.procedure_id._get_facts()
        codes = sorted(opened_by(facts[step], self._get_standing(facts)))
        if self._is_short(record, values):
            codes += step._get_codes("opens_short")
        for each in codes:
            code = code_at(each, self._get_court_kind())
            rule = DEADLINES[code][-1].value
            day = record.date
            if code not in FROM_THE_STEP:
                day = values.get("counts_from") or day
            if rule.before:
                if not hearing:
                    raise UserError(
                        self.env._(
                            "“%s”: give the hearing, its deadlines count back from it.", step.name
                        )
                    )
                day = fields.Datetime.context_timestamp(self, hearing).date()
                if not binds_before(code, self._get_court_kind(), record.date, day):
                    continue
            regime = self.order_date if code.startswith("order.") else None
            self._open_deadlines([code], day, regime or None)

    # === BUSINESS - HOLDS === #

    def _let_go(self, record):
        """End what the proceeding held: reminders go on of what no court has, or has dismissed."""
        step = record.step_id
        if self._is_left_to_decide():
            self._ask_what_next(step)
            return
        self._end_next_task()
        self._hold_dismissed(step)
        self._release_items(step.name)
        self.handover_id._follow_proceedings(step.name)
        if not self.case_id._is_in_court():
            self.case_id._stand_at("prelitigation")

    def _ask_what_next(self, step):
        """Give a manager the decision on a claim that a judge has dismissed.

        Its items stay held: nobody reminds of what a debtor was found not to owe until a person
        has released it, also once the proceeding is closed.
        """
        manager = self.env["res.users"]._find_collection_manager(self.company_id)
        user = manager or self.case_user_id
        if user:
            note = self.env._(
                "The invoices stay held, also once the proceeding is closed, until somebody "
                "releases them: make a credit note of what is not due."
            )
            self.activity_schedule(
                NEXT_TASK,
                summary=self._word_next_task(step),
                note=" ".join(filter(None, (note, self._describe_doubt()))),
                user_id=user.id,
            )

    def _word_next_task(self, step):
        if step.event == ENDS_APPEAL:
            return self.env._("%s: the dismissal stands, close the proceeding", step.name)
        if step.event in JUDGED_ON_APPEAL:
            return self.env._("%s: appeal in cassation, or close the proceeding", step.name)
        return self.env._("%s: appeal, or close the proceeding", step.name)

    def _end_next_task(self):
        task = self.env.ref(NEXT_TASK)
        self.activity_ids.filtered(lambda one: one.activity_type_id == task).unlink()

    def _take_up_again(self, why):
        """Go on after an agreement that failed: its handover, and deadlines that it had dropped."""
        last = self._get_last_settlement()
        if last.handover_state:
            self.handover_id._reopen(last.handover_state, why)
        self._reopen_dropped(last)

    def _get_last_settlement(self):
        settled = self._get_effective_events().filtered(lambda one: one.step_id.event == "settle")
        return settled.sorted("id")[-1:]

    def _reopen_dropped(self, settled):
        """Let the deadlines run again that a settlement had dropped, but those counted anew since.

        Those that an insolvency has stopped run again after it. Today's settlements drop none:
        those of 19.0.1.0.0 did.
        """
        deadlines = self.env["collection.deadline"]
        known = self.deadline_ids.filtered(lambda one: one.state != "dropped")
        known |= deadlines.browse(self.stayed_deadlines or [])
        keys = {(one.rule_code, one.event_date) for one in known}
        for ended in deadlines.browse(settled.ended_deadlines or []):
            if ended.state == "dropped" and (ended.rule_code, ended.event_date) not in keys:
                self._open_deadlines([ended.rule_code], ended.event_date, ended.regime_date or None)

    # === BUSINESS - DECISIONS === #

    def _follow_decision(self, record, values):
        """Keep what a step gives, or takes back, of amounts, interest and title."""
        event = record.step_id.event
        if event in REPLACES:
            self._lose_title(record.step_id.name)
        if event in DECIDES:
            self._note_decision(record, values)
        elif event in DISMISSES:
            # What an order or a first judgement had granted is granted no more.
            self.write({**dict.fromkeys(GRANTED, 0), "decided_on": record.date})
        elif event == SENT_BACK:
            self._go_back_to_first(record.step_id.name)
        elif event == "entitle":
            self._note_title(record, values)

    def _note_decision(self, record, values):
        """Keep what an order or a judgement grants."""
        self._check_granted(record.step_id, values)
        vals = {name: values.get(name) or 0 for name in GRANTED}
        if min(vals.values()) < 0:
            raise UserError(self.env._("What a court grants is not below zero."))
        vals["decided_on"] = record.date
        if record.step_id.event == "grant":
            vals["order_date"] = record.date
        self.write(vals)
        if values.get("grants_legal_interest"):
            self._note_judgement(record, values)

    def _note_title(self, record, values):
        """Keep since when there is a title; five points more run two months later."""
        self.title_date = record.date
        if not self._get_standing_judgement() and values.get("grants_legal_interest"):
            self._note_judgement(record, values)
        self._get_standing_judgement().enforceable_on = record.date

    def _note_judgement(self, record, values):
        """Note the judgement by whose interest at the legal rate the items go on."""
        decided = self.decided_on or record.date
        files = record.attachment_ids or self.event_ids.attachment_ids
        # The court of the proceeding is the first one; that of its appeal is nowhere noted.
        is_on_appeal = self._get_last_decision().step_id.event in JUDGED_ON_APPEAL
        court = self.env._("Court of appeal") if is_on_appeal else self.court_id.name
        self.judgement_id = self.env["collection.judgement"].create(
            {
                "name": " ".join(filter(None, (court, self.number))) or self.procedure_id.name,
                "case_id": self.case_id.id,
                "item_ids": [Command.set(self.item_ids.ids)],
                "date": decided,
                "runs_from": values.get("interest_from") or decided,
                "attachment_ids": [Command.set(files.ids)],
            }
        )

    def _lose_title(self, why):
        """Take back what the decision gave that stands no more: its interest, its title."""
        self._get_standing_judgement().action_cancel()
        self.title_date = False
        self._drop_deadlines(why, codes=OF_LOST_JUDGEMENT)

    def _get_standing_judgement(self):
        return self.judgement_id.filtered(lambda judgement: judgement.state == "standing")

    def _go_back_to_first(self, why):
        """Let the first judgement live again, as what was decided on its appeal is quashed.

        On what it reaches a cassation puts the parties where they were before (CPC 625): what was
        dismissed first has granted nothing, and no title stands on it.
        """
        first = self._get_last_decision()
        if first.step_id.event not in GRANTS:
            self._lose_title(why)
            self.write({**dict.fromkeys(GRANTED, 0), "decided_on": first.date})
            return
        later = self._get_effective_events().filtered(lambda one: one.id > first.id).sorted("id")
        # What the next step found was what the first judgement had granted.
        granted = later[:1].former_values or {}
        vals = {name: granted[name] or 0 for name in GRANTED if name in granted}
        self.write({**vals, "decided_on": first.date})
        quashed = later.filtered(lambda one: one.step_id.event in JUDGED_ON_APPEAL)
        # What a former cassation brought back is of the first judgement.
        since = later.filtered(
            lambda one: (
                one.id >= min(quashed.ids, default=one.id) and one.step_id.event != SENT_BACK
            )
        )
        standing = self._get_standing_judgement()
        if standing and standing in since.judgement_id:
            # Its interest is of the decision that was quashed, as is what its title said of it.
            standing.action_cancel()
        overturned = quashed.overturned_judgement_id[-1:]
        if overturned and not self._get_standing_judgement():
            # What was cancelled is history: the same is noted anew; a title is made of it again.
            self.judgement_id = overturned.copy({"enforceable_on": False})


def _stays_missed(code, obstacles):
    """Tell whether a deadline stays missed: what was done for it came too late, and is nothing."""
    is_late_remedy = OUT_OF_TIME in obstacles and code.endswith(REMEDIES)
    return is_late_remedy or (LATE in obstacles and code in LAPSES)

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from ...rules.procedure_order import SERVES, SERVES_LATE
from ...rules.procedure_standing import (
    ENDS_APPEAL,
    GRANTS,
    RESUMES,
    RESUMES_TITLE,
    SENT_BACK,
    Standing,
)
from ...rules.procedure_standing import NOTE as NOTED
from ...rules.procedure_steps import is_founded, may_follow
from ...rules.transitions import PROCEEDING, next_state
from ...rules.transitions_litigation import DEADLINE_UNDONE

# What keeps a right alive, or makes it a title, goes on while an agreement is kept to.
THROUGH_SETTLEMENT = (SERVES, SERVES_LATE, "entitle")
# In years: who types a later day meant another one.
FARTHEST_HEARING = 5


class CollectionProceedingFlow(models.AbstractModel):
    """Records the steps of a proceeding: in their order, with their document, never changed."""

    _name = "collection.proceeding.flow"
    _description = "Steps of court proceedings"
    _inherit = ["collection.correctable"]

    # === BUSINESS - OPENING === #

    @api.model
    def _open(self, case, items, procedure, **values):
        """Open a proceeding in preparation; return it.

        :param case: the collection.case
        :param items: items of the case, of one currency
        :param procedure: the collection.procedure
        :param values: other fields: court_id, counsel_id, amount_claimed, note
        """
        case.check_access("write")
        # In sudo mode to open what an approval decided on, after the check of the case.
        proceeding_sudo = self.sudo().create(
            {
                "case_id": case.id,
                "item_ids": [Command.set(items.ids)],
                "procedure_id": procedure.id,
                **values,
            }
        )
        if not proceeding_sudo.court_id:
            proceeding_sudo.court_id = proceeding_sudo._find_court()
        return proceeding_sudo.with_env(self.env)

    @api.model
    def _open_from(self, handover):
        """Open the proceeding that a handover was approved for.

        :param handover: names ``case_id``, ``item_ids`` and ``route_code``, a kind of procedure
        """
        case = handover.case_id
        procedures = self.env["collection.procedure"]
        procedure = procedures._find_for(handover.route_code, case.partner_id)
        return self._open(case, handover.item_ids, procedure)

    def _follow_route(self, route_code):
        """Prepare it anew for another way that was approved of meanwhile; called in sudo mode."""
        for proceeding in self.filtered(lambda one: one.procedure_id.kind != route_code):
            procedures = self.env["collection.procedure"]
            proceeding.procedure_id = procedures._find_for(route_code, proceeding.partner_id)
            proceeding.court_id = proceeding._find_court()

    # === BUSINESS - STEPS === #

    def _get_next_steps(self):
        """Return the steps of the procedure that the state allows."""
        self.ensure_one()
        return self.procedure_id.step_ids.filtered(lambda step: self._allows(step.event))

    def _get_offered_steps(self):
        """Return those of the next steps that a person is offered: what had to come before did."""
        self.ensure_one()
        facts = self.procedure_id._get_facts()
        known, standing = list(facts.values()), self._get_standing(facts)
        return self._get_next_steps().filtered(
            lambda step: may_follow(facts[step], known, standing)
        )

    def _get_standing(self, facts):
        """Return where it stands, as ``rules.procedure_steps`` wants to know.

        :param facts: {step: its StepFacts}
        """
        undone = self.deadline_ids.filtered(lambda deadline: deadline.state in DEADLINE_UNDONE)
        # What an insolvency stops may have taken place before it.
        stayed = self.env["collection.deadline"].browse(self.stayed_deadlines or [])
        events = self._get_effective_events().sorted("id")
        return Standing(
            self._get_state_in_court(),
            tuple(facts[event.step_id] for event in events if event.step_id in facts),
            frozenset((undone | stayed).mapped("rule_code")),
            bool(self.title_date),
        )

    def _get_state_in_court(self):
        """Return where it stands before the court: an agreement changes nothing of it."""
        return self.settled_state or self.state

    def _allows(self, event):
        if event == NOTED:
            return bool(PROCEEDING[self.state])
        if self.state == "settled" and event in THROUGH_SETTLEMENT:
            return next_state(PROCEEDING, self.settled_state, event) is not None
        if event in RESUMES and self.settled_state:
            # Where somebody else's title is enforced, or goods were attached, it goes on as such.
            is_titled = bool(self.title_date)
            return self.state == "settled" and is_titled == (event == RESUMES_TITLE)
        return next_state(PROCEEDING, self.state, event) is not None

    def _advance(self, event):
        """EXTENDS collection.correctable: where it goes on depends on what came before."""
        self.ensure_one()
        if event == SERVES and self._get_state_in_court() == "filed":
            served = self._get_effective_events().sorted("id")[-1:].step_id
            event = SERVES_LATE if self._is_served_late(served) else event
        if self.state == "settled" and event in THROUGH_SETTLEMENT:
            self.settled_state = next_state(PROCEEDING, self.settled_state, event)
            return
        if event in RESUMES and self.settled_state:
            event = f"back_to_{self.settled_state}"
        elif event == SENT_BACK and self.title_date and not self._has_first_granted():
            # Its title was founded on what was quashed.
            event = "refer_dismissed"
        elif event == "hear" and self.state == "enforcement" and self.title_date:
            # On an opposition to its own title; of other titles the judge of enforcement hears.
            event = "hear_opposition"
        elif event == ENDS_APPEAL and self.state == "appealed" and not self._has_first_granted():
            event = "end_appeal_dismissed"
        self._apply_event(event, {"settled_state": event == "settle" and self.state})

    def _has_first_granted(self):
        """Tell whether the decision that stands grants something."""
        return self._get_last_decision().step_id.event in GRANTS

    def _record_step(self, step, day, attachments=None, **values):
        """Record one step, and do what follows from it; return its event.

        :param step: a collection.procedure.step of the procedure
        :param date day: when it took place
        :param attachments: ir.attachment records that prove it
        :param values: note, hearing (a moment, UTC), counts_from (the date that its deadlines
            count from; ``day`` when empty), amount_granted, costs_granted,
            irrecoverable_granted, number, grants_legal_interest, interest_from, reason (why it
            is recorded although something speaks against it)
        :raises UserError: when it comes too early, is not proven, or of another procedure
        """
        self.ensure_one()
        self.check_access("write")
        attachments = attachments or self.env["ir.attachment"]
        self._check_step(step, day, attachments, values)
        reason = (values.get("reason") or "").strip()
        granted = values.get("amount_granted") or 0
        values["obstacles"] = self._check_obstacles(step, day, reason, granted)
        entry = {
            "step_id": step.id,
            "date": day,
            "note": "\n".join(filter(None, (values.get("note"), reason))) or False,
            # What follows from it depends on where it came from.
            "former_state": self.state,
        }
        event = None if step.event == NOTED else step.event
        return self._take_step(step.name, event, entry, attachments, values)

    def _check_step(self, step, day, attachments, values):
        if step.procedure_id != self.procedure_id:
            raise UserError(
                self.env._("“%s” is a step of another procedure: choose another one.", step.name)
            )
        self._check_founded(step)
        if step.event == RESUMES_TITLE and not self.title_date:
            raise UserError(
                self.env._("There was no title before the agreement: it goes on before the judge.")
            )
        self._check_took_place(step.name, day, attachments, step.needs_document)
        self._check_after_debt(step, day)
        self._check_in_order(step, day)
        self._check_days(step, day, values)

    def _check_founded(self, step):
        """Refuse a step that comes too early, or makes no sense where the proceeding stands."""
        facts = self.procedure_id._get_facts()
        founded = is_founded(facts[step], list(facts.values()), self._get_standing(facts))
        if founded and self._allows(step.event):
            return
        words = {"step": step.name, "state": self._state_label()}
        missing = self._name_missing(step, facts)
        if missing:
            raise UserError(
                self.env._(
                    "“%(step)s” does not follow on “%(state)s”: record %(missing)s first, with "
                    "its own day.",
                    missing=missing,
                    **words,
                )
            )
        raise UserError(
            self.env._(
                "“%(step)s” does not follow on “%(state)s”: record first what came before.",
                **words,
            )
        )

    def _check_days(self, step, day, values):
        """Refuse days of a step's values that cannot be right."""
        hearing = values.get("hearing")
        if step.has_hearing and not hearing:
            raise UserError(self.env._("“%s”: give the day and hour of the hearing.", step.name))
        if hearing:
            held_on = fields.Datetime.context_timestamp(self, hearing).date()
            self._check_hearing(held_on, day)
            self._check_after_summons(held_on)
        self._check_counts_from(step, day, values.get("counts_from"))
        first, interest_from = self._find_day_of_debt(), values.get("interest_from")
        if first and interest_from and interest_from < first:
            raise UserError(
                self.env._(
                    "Interest does not run from %(start)s, before the first invoice, of %(first)s: "
                    "check the day.",
                    start=format_date(self.env, interest_from),
                    first=format_date(self.env, first),
                )
            )

    def _check_hearing(self, held_on, day):
        """Refuse a hearing from before it was set, and one that no court sets."""
        if held_on < day:
            raise UserError(self.env._("A hearing is not held before the day on which it is set."))
        today = fields.Date.context_today(self)
        if held_on > fields.Date.add(today, years=FARTHEST_HEARING):
            raise UserError(
                self.env._(
                    "The hearing of %s is more than five years away: check the day.",
                    format_date(self.env, held_on),
                )
            )

    def _check_counts_from(self, step, day, counts_from):
        """Refuse that a time runs before its event, or from what has not taken place yet."""
        if not counts_from:
            return
        if counts_from > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "“%(step)s”: deadlines do not count from %(start)s, which is to come. Record "
                    "the step once that day is known.",
                    step=step.name,
                    start=format_date(self.env, counts_from),
                )
            )
        # What others asked for may have begun before it is recorded; what is served may not.
        if step.event == SERVES and counts_from < day:
            raise UserError(
                self.env._(
                    "“%(step)s”: deadlines cannot count from %(start)s, before %(earliest)s. Check "
                    "the day.",
                    step=step.name,
                    start=format_date(self.env, counts_from),
                    earliest=format_date(self.env, day),
                )
            )

    def _find_day_of_debt(self):
        """Return the day of the first of its invoices: nothing of it took place before."""
        # In sudo mode to read the day of invoices, which collectors may not see.
        moves_sudo = self.sudo().item_ids.move_id
        return min((move.invoice_date or move.date for move in moves_sudo), default=None)

    def _check_after_debt(self, step, day):
        """Refuse what would have taken place before the first of its invoices was made."""
        first = self._find_day_of_debt()
        if first and day < first:
            raise UserError(
                self.env._(
                    "“%(step)s” of %(day)s comes before the first invoice, of %(first)s: check the "
                    "day.",
                    step=step.name,
                    day=format_date(self.env, day),
                    first=format_date(self.env, first),
                )
            )

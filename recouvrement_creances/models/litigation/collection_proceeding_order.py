from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...rules.competence import COMMERCIAL
from ...rules.deadline_rules import LAPSES
from ...rules.procedure_order import (
    FILES,
    HEARINGS,
    HEARS,
    SERVES,
    find_former,
    find_missing,
    is_served_late,
)
from ...rules.procedure_standing import APPEALS, NOTE, OPPOSES, OPPOSES_JUDGEMENT, TIME_TO_OPPOSE

OPPOSITIONS = (OPPOSES, OPPOSES_JUDGEMENT)
# Counts back from the hearing that a summons names.
SERVICE = "summons.service"


class CollectionProceedingOrder(models.AbstractModel):
    """What follows on what in a proceeding, and by which day: too early is refused, or explained.

    Where a step may have taken place all the same, what speaks against it is an obstacle.
    """

    _name = "collection.proceeding.order"
    _description = "Order of court proceedings"

    # === BUSINESS - WHAT COMES FIRST === #

    def _name_missing(self, step, facts):
        """Return the names of the steps that are recorded before one of them; none as a rule.

        :param facts: {step: its StepFacts} of the procedure
        """
        steps = {known: one for one, known in facts.items()}
        missing = find_missing(facts[step], list(facts.values()), self._get_standing(facts))
        return ", ".join(self.env._("“%s”", steps[one].name) for one in missing)

    def _check_in_order(self, step, day):
        """Refuse a step of before the last one that was recorded, or that it follows on."""
        # In sudo mode as what took place counts for everybody.
        events_sudo = self.sudo()._get_effective_events()
        if step.event == NOTE:
            self._check_follows(step, day)
            return
        if step.event == FILES:
            # The day of its hearing may have been known, and noted, before.
            events_sudo = events_sudo.filtered(lambda one: one.step_id.event not in (HEARS, NOTE))
        elif self._is_served_late(step):
            # It took place before all that was recorded without it.
            events_sudo = events_sudo.filtered(lambda one: one.step_id.event == SERVES)
        latest = max(events_sudo.mapped("date"), default=day)
        if day < latest:
            raise UserError(
                self.env._(
                    "Steps are recorded in their order: the last one is of %s.",
                    format_date(self.env, latest),
                )
            )

    def _is_served_late(self, step):
        """Tell whether a step is the service of what was filed before it was recorded."""
        facts = self.procedure_id._get_facts()
        return is_served_late(facts[step], list(facts.values()), self._get_standing(facts))

    def _check_follows(self, step, day):
        """Refuse a note of before what it follows on.

        Notes are recorded when they become known, whatever was recorded since.
        """
        facts = self.procedure_id._get_facts()
        events = self._get_effective_events().sorted("id")
        events = events.filtered(lambda event: event.step_id in facts)
        taken = self._get_standing(facts).taken
        former = [events[place] for place in find_former(facts[step], list(facts.values()), taken)]
        last = max(former, key=lambda event: (event.date, event.id), default=None)
        if last and day < last.date:
            raise UserError(
                self.env._(
                    "“%(step)s” of %(day)s follows on “%(former)s”, of %(last)s: check the day.",
                    step=step.name,
                    day=format_date(self.env, day),
                    former=last.step_id.name,
                    last=format_date(self.env, last.date),
                )
            )

    def _check_after_summons(self, held_on):
        """Refuse a hearing of before the debtor was summoned to it."""
        served = self._get_effective_events().filtered(lambda one: one.step_id.event == SERVES)
        last = max(served.mapped("date"), default=held_on)
        if held_on < last:
            raise UserError(
                self.env._(
                    "No hearing is held before what was served on %s: check the day.",
                    format_date(self.env, last),
                )
            )

    def _find_hearing_to_come(self, step, day):
        """Return why nothing is decided on a day: the hearing comes after it."""
        kinds = HEARINGS.get(step.event, ())
        # In sudo mode to read the day of a hearing, which is no secret of who records the step.
        events_sudo = self.sudo()._get_effective_events()
        setting_sudo = events_sudo.filtered(lambda one: one.step_id.event in kinds)
        days = [
            fields.Datetime.context_timestamp(self, hearing.start).date()
            for hearing in setting_sudo.hearing_ids.filtered("active")
        ]
        held_on = max(days, default=day)
        if held_on <= day:
            return ""
        return self.env._(
            "The hearing is on %(hearing)s, after %(day)s: check the day. Was it brought forward, "
            "record that first; if nobody was heard, say so.",
            hearing=format_date(self.env, held_on),
            day=format_date(self.env, day),
        )

    # === BUSINESS - DAYS THAT HAVE PASSED === #

    def _find_short_service(self, step, day):
        """Return why a summons does not hold for its hearing: it was served too late for it."""
        late = self._find_overdue({SERVICE} & set(step._get_codes("closes")), day)
        if not late:
            return ""
        return self.env._(
            "It was to be served by %(day)s for the hearing of %(hearing)s (%(article)s): obtain "
            "another date and record it first. If a judge has shortened the time (CPC 755, 858), "
            "say so.",
            day=format_date(self.env, late.legal_date),
            hearing=format_date(self.env, late.event_date),
            article=late.article if self._get_court_kind() == COMMERCIAL else "CPC 754",
        )

    def _find_lapse(self, step, day):
        """Return what is void because the step took place after its last day."""
        late = self._find_overdue(step._get_known_codes("closes") & set(LAPSES), day)
        if not late:
            return ""
        return self.env._(
            "The last day for it was %(day)s (%(article)s): what is done after it is void. "
            "Correct the day, or begin anew.",
            day=format_date(self.env, late[0].legal_date),
            article=late[0].article,
        )

    def _find_late_remedy(self, step, day):
        """Return why our appeal against a dismissal is not heard: it came after its last day.

        Against what grants us something the debtor appeals, in a time of his own.
        """
        if step.event != APPEALS or not self._get_last_decision()._is_dismissal():
            return ""
        # Where nobody has notified it, our time has not begun (CPC 528).
        late, _step = self._find_lapsed(day)
        if late.state not in ("open", "missed"):
            return ""
        return self.env._(
            "Our time to appeal ended on %(day)s (%(article)s): what comes after it is not heard. "
            "Correct the day.",
            day=format_date(self.env, late.legal_date),
            article=late.article,
        )

    def _find_late_opposition(self, step, day):
        """Return why the debtor's opposition may not be heard: it came after his last day.

        A judge alone finds that; relief is given, and who was not served in person has more time.
        """
        late = self._find_lapsed_opposition(step, day)
        if not late:
            return ""
        return self.env._(
            "His time ended on %(day)s (%(article)s): the judge says whether it is heard. Check "
            "the day, and say what is known of it.",
            day=format_date(self.env, late[0].legal_date),
            article=late[0].article,
        )

    def _find_lapsed_opposition(self, step, day):
        """Return the debtor's times to oppose that were over before a step by which he does."""
        if step.event not in OPPOSITIONS:
            return self.deadline_ids[:0]
        codes = step._get_codes("drops")
        return self.deadline_ids.filtered(
            lambda one: (
                one.rule_code in codes
                and one.rule_code.endswith(TIME_TO_OPPOSE)
                and one.state in ("open", "elapsed")
                and one.legal_date < day
            )
        )

    def _find_overdue(self, codes, day):
        """Return the deadlines of some codes that nobody has closed, and that a day is after.

        Who has obtained another date of hearing has the time that counts back from that.
        """
        overdue = self.deadline_ids.filtered(
            lambda one: (
                one.rule_code in codes and one.state in ("open", "missed") and one.legal_date < day
            )
        )
        counting = self.deadline_ids.filtered(lambda one: one.state != "dropped")
        return overdue.filtered(
            lambda one: (
                one.id == max(counting.filtered(lambda other: other.rule_code == one.rule_code).ids)
            )
        )

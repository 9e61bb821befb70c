from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.tools import SQL

from ...rules.contact_times import Contact, Limits
from ...rules.places import find_place

# Several letters of one day reach the debtor as one.
PAPER = ("letter", "registered_letter")
# Limits look back a year at most: a policy's spacing goes no further.
DAYS_BACK = 367


class CollectionContactFacts(models.AbstractModel):
    """What the guard has to know of many debtors at once: where they are, what took place.

    A fixed number of statements, however many contacts are asked about.
    """

    _name = "collection.contact.facts"
    _description = "Facts of collection contacts"

    @api.model
    def _describe(self, requests, moment):
        """Return {request: Contact}, as the rules of contact times take it.

        :param requests: of ``collection.guard._request``
        :param datetime moment: UTC, when the contacts would take place
        """
        cases = self.env["collection.case"].browse({request.case.id for request in requests})
        places = {case: self._find_place(case) for case in cases}
        history = self._read_history(cases, moment)
        described = {}
        for request in requests:
            place = places[request.case]
            entries = () if request.is_unlimited else history.get(request.case.id, ())
            contacts = self._count_contacts(request, entries, place.clock, moment)
            attempts = [entry["moment"] for entry in entries if entry["is_attempt"]]
            described[request] = Contact(
                request.case.partner_id.collection_debtor_kind or "consumer",
                request.channel,
                place.clock,
                tuple(contacts),
                place.is_holiday,
                None if request.is_unlimited else self._get_limits(request.policy),
                tuple(attempts),
                place.other_clocks,
            )
        return described

    def _count_contacts(self, request, entries, clock, moment):
        """Return the moments of the contacts that count when another one is asked for.

        The steps of one level are one contact, now and for later ones; so are the letters of one
        day, whatever they are about.
        """
        contacts, rounds, letters = [], set(), []
        for entry in entries:
            is_same_round = request.cycle and entry["cycle"] == request.cycle
            if entry["is_attempt"] or is_same_round:
                continue
            if entry["is_letter"]:
                letters.append((entry["moment"].astimezone(clock).date(), entry))
            elif not entry["round"] or entry["round"] not in rounds:
                contacts.append(entry["moment"])
                rounds.add(entry["round"])
        days = {day for day, letter in letters if letter["round"] in rounds - {None}}
        if request.channel in PAPER:
            days.add(moment.replace(tzinfo=timezone.utc).astimezone(clock).date())
        for day, letter in letters:
            if day not in days:
                contacts.append(letter["moment"])
                days.add(day)
        return contacts

    def _find_place(self, case):
        """Return where the person is who would be reached: the debtor, or who stands for it."""
        # In sudo mode to read addresses as the letters do.
        partner = (case.partner_id._get_collection_proxy() or case.partner_id).sudo()
        company_sudo = case.company_id.sudo()
        return find_place(
            (partner.country_id or company_sudo.country_id).code,
            partner.zip,
            partner.tz or ("" if partner.country_id else company_sudo._get_zone()),
            partner.state_id.code,
            company_sudo._get_zone(),
        )

    def _get_limits(self, policy):
        return Limits(
            per_week=policy.weekly_cap or None,
            per_month=policy.monthly_cap or None,
            days_between=policy.minimum_days_between or None,
        )

    def _read_history(self, cases, moment):
        """Return {case id: [{moment, cycle, round, is_attempt, is_letter}]} of the past year.

        ``round`` is the same for the steps of one level that left on one day.

        A conversation is as many attempts as outcomes were logged for it; the one that completed
        it is the contact. A task that stands for a step's message (a vulnerable person's) is a
        contact too; a call that the debtor made is none.
        """
        self.env.flush_all()
        scope = {
            "cases": tuple(cases.ids) or (0,),
            "since": moment.date() - timedelta(days=DAYS_BACK),
            "paper": PAPER,
        }
        rows = self.env.execute_query(
            SQL("%s UNION ALL %s", self._select_contacts(scope), self._select_attempts(scope))
        )
        companies = {case.id: case.company_id for case in cases}
        history = {}
        for case_id, cycle, day, occurred_at, is_attempt, is_step, is_letter in rows:
            moment = self._date_contact(companies[case_id], day, occurred_at)
            history.setdefault(case_id, []).append(
                {
                    "moment": moment,
                    "cycle": cycle,
                    "round": (cycle, day or moment.date()) if is_step else None,
                    "is_attempt": is_attempt,
                    "is_letter": is_letter,
                }
            )
        return history

    def _select_contacts(self, scope):
        """Return what took place, or may have.

        Nobody knows of a message that was interrupted; one that is being handed over is as good
        as sent for another process.
        """
        return SQL(
            """
            SELECT action.case_id, action.cycle, action.contact_date,
                   COALESCE(proof.occurred_at, action.claimed_at), FALSE AS is_attempt,
                   action.step_id IS NOT NULL AS is_step,
                   action.channel IN %(paper)s AS is_letter
              FROM collection_action action
         LEFT JOIN collection_level_step step ON step.id = action.step_id
         LEFT JOIN LATERAL (SELECT evidence.occurred_at
                              FROM collection_evidence evidence
                             WHERE evidence.action_id = action.id
                               AND evidence.kind IN ('sent', 'outcome')
                          ORDER BY evidence.id DESC LIMIT 1) proof ON TRUE
             WHERE action.case_id IN %(cases)s
               AND action.state IN ('sending', 'sent', 'done', 'ambiguous')
               AND COALESCE(NULLIF(action.channel, 'task'), step.channel, 'task') <> 'task'
               AND action.is_incoming IS NOT TRUE
               AND COALESCE(action.contact_date, action.claimed_at) > %(since)s
            """,
            **scope,
        )

    def _select_attempts(self, scope):
        """Return the calls and visits that reached nobody."""
        return SQL(
            """
            SELECT action.case_id, action.cycle, NULL, attempt.occurred_at, TRUE, FALSE, FALSE
              FROM collection_action action
         LEFT JOIN collection_level_step step ON step.id = action.step_id
              JOIN collection_evidence attempt
                ON attempt.action_id = action.id AND attempt.kind = 'outcome'
             WHERE action.case_id IN %(cases)s
               AND COALESCE(NULLIF(action.channel, 'task'), step.channel, 'task') <> 'task'
               AND attempt.occurred_at > %(since)s
               AND NOT (action.state = 'done'
                        AND NOT EXISTS (SELECT FROM collection_evidence later
                                         WHERE later.action_id = action.id
                                           AND later.kind = 'outcome'
                                           AND later.id > attempt.id))
            """,
            **scope,
        )

    @api.model
    def _date_contact(self, company, day, occurred_at):
        """Return when a contact took place: as it was noted, unless it was noted afterwards."""
        if occurred_at and (not day or company._get_collection_day(occurred_at) == day):
            return occurred_at.replace(tzinfo=timezone.utc)
        zone = ZoneInfo(company._get_zone())
        return datetime.combine(day, time(12), tzinfo=zone).astimezone(timezone.utc)

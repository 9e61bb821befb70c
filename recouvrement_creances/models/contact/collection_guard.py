from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from odoo import api, models
from odoo.exceptions import UserError

from ...rules import contact_times
from ...rules.neutral_words import ARTICLE as PRIVACY
from ...rules.verdicts import SILENT
from .collection_contact_facts import PAPER


@dataclass(frozen=True, eq=False)
class Request:
    """A contact that somebody wants to make: see ``collection.guard._request``.

    :ivar is_unlimited: no cap bears on it: it was agreed on, or is the letter of a formal notice
    """

    action: object
    case: object
    channel: str
    cycle: int | None
    policy: object
    is_unlimited: bool
    is_charge: bool

    def is_one_with(self, other):
        """Tell whether both reach the debtor as one contact: steps of a level, letters of a day."""
        is_same_round = self.cycle and self.cycle == other.cycle
        return bool(is_same_round or (self.channel in PAPER and other.channel in PAPER))

    @property
    def is_contact(self):
        """A task is one where it stands for a step's message."""
        step = self.action.step_id
        return self.channel != "task" or step.channel not in (False, "task")


@dataclass(frozen=True)
class Refusal:
    """Why a contact may not take place now.

    :ivar text: the rule and its article, in words
    :ivar until: UTC, when it may; None when it does not become possible by waiting
    :ivar is_final: no reason overrides it
    :ivar is_stop: nothing of the case leaves: what took place all the same may be written down, but
        nobody lets anything leave against it
    :ivar rule: the rule of contact times, to be put in words for whoever reads it later
    """

    text: str
    until: datetime | None = None
    is_final: bool = False
    is_stop: bool = False
    rule: dict | None = None


class CollectionGuard(models.AbstractModel):
    """The one guard, for people and for the machine: may this contact take place now?

    Asked at the moment of contact, whatever the proposal said: the ledger may have moved and
    somebody may have called in between. When, where and how often is the law's to say
    (``rules/contact_times``); who and whether, the debtor's own wishes on the partner.
    """

    _name = "collection.guard"
    _description = "Collection guard"
    _inherit = ["collection.guard.senior", "collection.guard.words"]

    @api.model
    def _withdraw_settled(self, actions, as_of, with_drafts=False):
        """Take off what is no longer claimed; return the actions that still have something to say.

        The verdicts are decided anew for these cases, so a payment made after the proposal
        counts.
        """
        cases = actions.case_id
        for company, company_cases in cases.grouped("company_id").items():
            self.env["collection.refresh"]._refresh(company, as_of, company_cases)
            self.env["collection.decision"]._decide(
                company, as_of, company_cases, with_drafts=with_drafts
            )
        ladder_actions = actions.filtered("step_id")
        lines = ladder_actions.line_ids
        lines.filtered(
            lambda line: (
                not line.item_id.is_open
                or line.item_id.verdict in SILENT
                or line._is_overtaken(as_of)
            )
        ).unlink()
        settled = ladder_actions.filtered(lambda action: not action.line_ids)
        announcing = settled.filtered(lambda action: action.level_id.delay_days < 0)
        announcing._withdraw(self.env._("What it announces is paid, held, or due by now."))
        (settled - announcing)._withdraw(
            self.env._("Nothing is claimed any more: paid, held or excluded.")
        )
        return (actions - settled)._withdraw_paid_instalments()

    # === QUESTIONS === #

    @api.model
    def _request(self, action, case=None, channel=None, is_charge=False):
        """Return what ``_find_refusals`` is asked: a planned action, or a contact without one.

        :param action: the action, or an empty one
        :param case: the case, where there is no action
        :param str channel: how, where it is not the action's own
        :param bool is_charge: it claims charges, which outlive the case
        """
        case, channel = case or action.case_id, channel or action.channel
        # The debtor's delay, and a consumer's interest, run from the notice (C. civ. 1344, 1231-6):
        # a habit of courtesy does not put it off.
        is_notice = action.level_id.is_formal_notice and channel in contact_times.UNTIMED
        return Request(
            action,
            case,
            channel,
            action.cycle or None,
            action.level_id.policy_id or case.policy_id,
            action.is_agreed or is_notice,
            is_charge,
        )

    @api.model
    def _request_sending(self, action):
        """Return what is asked of an action that has not left: by the channel it would take."""
        way = self.env["collection.channel"]._find_way(action)
        return self._request(action, channel=way.channel)

    @api.model
    def _find_refusals(self, requests, moment, beside=None):
        """Return {request: Refusal}; requests that may take place are absent.

        Set-based: the number of statements does not grow with the requests.

        :param requests: of ``_request``
        :param datetime moment: UTC, when the contacts would take place
        :param beside: they leave at once: one to a debtor counts for the next one to him, as do
            these, which leave whatever the rules say; None where each is asked about by itself
        """
        aware = moment.replace(tzinfo=timezone.utc)
        refusals = self._find_standing_refusals(requests, moment)
        asked = [request for request in requests if request not in refusals]
        facts = self.env["collection.contact.facts"]._describe(asked, moment) if asked else {}
        leaving = {}
        for request in beside or ():
            leaving.setdefault(request.case, []).append(request)
        # What was agreed on has its day: what the ladder has to say makes way for it.
        for request in sorted(facts, key=lambda one: (not one.is_unlimited, one.action.id)):
            contact = facts[request]
            others = leaving.setdefault(request.case, []) if beside is not None else []
            is_limited = not request.is_unlimited
            if is_limited and not all(request.is_one_with(other) for other in others):
                contact = replace(contact, history=(*contact.history, aware))
            block = contact_times.find_block(aware, contact)
            if block:
                refusals[request] = self._refuse_moment(aware, contact, block)
            elif request.is_contact:
                others.append(request)
        return refusals

    def _find_standing_refusals(self, requests, moment):
        """Return the refusals that do not depend on the hour: closed, held, barred, not wanted."""
        cases = self.env["collection.case"].browse({request.case.id for request in requests})
        reasons = self._find_hold_reasons(cases, moment)
        barred = self._find_time_barred(cases)
        refusals = {}
        for request in requests:
            refusal = self._find_stop(request, reasons, barred) or self._find_wish(request)
            if refusal:
                refusals[request] = refusal
        return refusals

    def _find_stop(self, request, reasons, barred):
        """Return why nothing of the case leaves, whoever wants it to; None when something may.

        :param dict reasons: of ``_find_hold_reasons``
        :param barred: of ``_find_time_barred``
        """
        if not (request.case.is_open or request.is_charge):
            return Refusal(self.env._("The case is closed: nothing is due."), is_stop=True)
        if request.case in reasons:
            text = self.env._("Contacts are held: %s.", reasons[request.case].name)
            return Refusal(text, is_stop=True)
        if request.case in barred:
            text = self.env._(
                "Everything is time-barred: a consumer is asked for nothing any more (C. conso "
                "L218-2, R632-1)."
            )
            return Refusal(text, is_stop=True, is_final=True)
        return None

    def _find_hold_reasons(self, cases, moment):
        """Return {case: reason} of the cases that are held as a whole, or by all that is due."""
        holds = self.env["collection.hold"]
        reasons = self.env["collection.insolvency"]._find_reasons(cases)
        for company, selected in cases.grouped("company_id").items():
            today = company._get_collection_day(moment)
            # one query per company: their days differ
            running = holds.search(
                holds._running_domain(today) & holds._whole_case_domain(selected)
            )
            reasons |= {hold.case_id: hold.reason_id for hold in running}
        return reasons

    def _find_time_barred(self, cases):
        """Return the cases of which nothing but time-barred items is open."""
        groups = self.env["collection.item"]._read_group(
            [("case_id", "in", cases.ids), ("is_open", "=", True)],
            ["case_id"],
            ["verdict:array_agg_distinct"],
        )
        found = [case.id for case, verdicts in groups if set(verdicts) == {"time_barred"}]
        return cases.browse(found)

    def _find_wish(self, request):
        """Return what the debtor or the law does not want, whatever the hour; else None."""
        debtor = request.case.partner_id
        # Before its sending a message has no recipient: the channel finds one among these, and
        # who received an earlier attempt may not be one of them any more.
        is_open = request.action.state in ("proposed", "confirmed")
        reached = request.action.partner_id if not is_open else debtor.browse()
        if reached and request.channel != "task" and not debtor._may_be_contacted(reached):
            text = self.env._(
                "%(person)s is a third party: nobody but the debtor, its contacts for "
                "collection and invoices or the registered representative is contacted "
                "(%(article)s).",
                person=reached.display_name,
                article=PRIVACY,
            )
            return Refusal(text, is_final=True)
        text = debtor._find_contact_refusal(request.channel) or self._find_senior_rule(request)
        return Refusal(text) if text else None

    def _refuse_moment(self, moment, contact, block):
        try:
            until = contact_times.next_lawful_moment(moment, contact)
        except contact_times.NoLawfulMoment:
            until = None
        rule = self._keep_rule(block, moment, contact)
        return Refusal(
            self._word_rule(rule),
            until and until.astimezone(timezone.utc).replace(tzinfo=None),
            rule=rule,
        )

    # === BY HAND === #

    @api.model
    def _find_block(self, action, case, channel, moment, is_charge=False):
        """Return why one case may not be contacted by hand at a moment; None when it may."""
        request = self._request(action, case, channel, is_charge)
        return self._find_refusals([request], moment).get(request)

    @api.model
    def _check(
        self, action, case, channel, moment, override_reason=None, is_past=False, is_charge=False
    ):
        """Refuse a contact by hand that the rules forbid, unless a manager overrides them.

        :param action: the planned action, or an empty one for a contact that nobody planned
        :param datetime moment: UTC, when it takes or took place
        :param override_reason: why it takes place all the same
        :param bool is_past: it has taken place: what happened is written down, with the rule
        :param bool is_charge: as for ``_request``
        :return: what was overridden, to be logged with the contact; empty when nothing was
        :raises UserError: forbidden, with the rule and its article
        """
        refusal = self._find_block(action, case, channel, moment, is_charge)
        if not refusal:
            return ""
        if refusal.is_final:
            raise UserError(refusal.text)
        if not is_past:
            self._check_override(refusal.text, override_reason)
        return refusal.text

    @api.model
    def _check_senior(self, action, case, override_reason=None):
        """Refuse a task about a vulnerable person to anybody but who looks after him.

        Arguments and answer as ``_check``, whose other rules do not bear on internal tasks.
        """
        text = self._find_senior_rule(self._request(action, case, "task"))
        if text:
            self._check_override(text, override_reason)
        return text

    @api.model
    def _check_override(self, text, override_reason):
        """Let managers alone override a rule, and not without a reason."""
        if not self.env.user.has_group("recouvrement_creances.group_manager"):
            raise UserError(
                self.env._(
                    "%(block)s\nOnly a collection manager may contact the debtor all the same.",
                    block=text,
                )
            )
        if not override_reason:
            raise UserError(
                self.env._(
                    "%(block)s\nTo contact the debtor all the same, choose a reason for it.",
                    block=text,
                )
            )

    # === BY THE MACHINE === #

    @api.model
    def _defer_blocked(self, actions, moment):
        """Let contacts that the rules forbid now wait; return those that may leave.

        What becomes possible by waiting leaves by itself then, by the background sender. The
        others go back among the proposals. The hour of calls, visits and meetings is checked when
        they take place; whether the debtor may be reached so at all, before somebody is asked.
        """
        judged = actions.filtered(lambda action: not action.override_reason_id)
        spoken = judged.filtered(lambda action: action._is_conversation())
        written = [self._request(action) for action in judged - spoken]
        overridden = (actions - judged).filtered(lambda action: not action._is_conversation())
        leaving = overridden | self._find_agreed_beside(actions, moment)
        beside = filter(lambda one: one.is_contact, map(self._request, leaving))
        refusals = {
            **self._find_standing_refusals([self._request(action) for action in spoken], moment),
            **self._find_refusals(written, moment, beside=list(beside)),
        }
        waiting = self.env["collection.action"]
        for request, refusal in refusals.items():
            waiting |= request.action
            if refusal.until:
                request.action.write({"not_before": refusal.until, "wait_rule": refusal.rule})
            else:
                request.action._apply_event("defer", {"failure_reason": refusal.text})
        ready = actions - waiting
        ready.filtered("not_before").write({"not_before": False, "wait_rule": False})
        self._wake_sender_at({refusal.until for refusal in refusals.values() if refusal.until})
        return ready

    def _find_agreed_beside(self, actions, moment):
        """Return what was agreed on with these debtors and leaves within a day, by itself.

        Another process may be about to take it up, or its hour comes: nothing stops it any more
        when a reminder has left first.
        """
        return self.env["collection.action"].search(
            [
                ("case_id", "in", actions.case_id.ids),
                ("id", "not in", actions.ids),
                ("state", "=", "confirmed"),
                ("is_agreed", "=", True),
                "|",
                ("not_before", "=", False),
                ("not_before", "<", moment + timedelta(days=1)),
            ]
        )

    def _wake_sender_at(self, moments):
        if moments:
            # In sudo mode to wake the background sender when contacts become lawful.
            sender_sudo = self.env.ref("recouvrement_creances.ir_cron_send_collection").sudo()
            sender_sudo._trigger(sorted(moments))

    @api.model
    def _find_closing(self, actions, moment):
        """Return when (UTC) the hours of the first of these contacts close; None when none do.

        What is handed over afterwards would reach the debtor too late in the evening.
        """
        judged = actions.filtered(lambda action: not action.override_reason_id)
        if not judged:
            return None
        aware = moment.replace(tzinfo=timezone.utc)
        requests = [self._request(action) for action in judged]
        facts = self.env["collection.contact.facts"]._describe(requests, moment)
        closing = [contact_times.closing_moment(aware, contact) for contact in facts.values()]
        first = min(filter(None, closing), default=None)
        return first and first.astimezone(timezone.utc).replace(tzinfo=None)

    @api.model
    def _find_posting_refusals(self, letters, moment):
        """Return {letter: why it may not be posted any more}: a wish or a hold came in between.

        So did a payment of something that it asks for. How often was asked when it was drawn up: it
        disturbs nobody on the day it is posted, and what follows is counted from it.
        """
        asked = letters.filtered(lambda letter: not letter.override_reason_id)
        if not asked:
            return {}
        requests = [self._request(letter) for letter in asked]
        refusals = self._find_standing_refusals(requests, moment)
        overtaken = self._find_overtaken(asked)
        return overtaken | {request.action: refusal.text for request, refusal in refusals.items()}

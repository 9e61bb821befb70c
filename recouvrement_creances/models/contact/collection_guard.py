from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...rules.verdicts import SILENT


class CollectionGuard(models.AbstractModel):
    """The one guard, for people and for the machine: may this contact take place now?

    Asked at the moment of contact, whatever the proposal said: the ledger may have moved and
    somebody may have called in between.
    """

    _name = "collection.guard"
    _description = "Collection guard"

    @api.model
    def _withdraw_settled(self, actions, as_of, with_drafts=False):
        """Take off what is no longer claimed; return the actions that still have something to say.

        The verdicts are decided anew for these cases, so a payment made after the proposal
        counts.
        """
        cases = actions.case_id
        for company, company_cases in cases.grouped("company_id").items():
            lines = self.env["collection.ledger"]._open_lines(company, company_cases)
            self.env["collection.refresh"]._refresh(company, as_of, company_cases, lines)
            self.env["collection.decision"]._decide(
                company, as_of, company_cases, with_drafts, lines
            )
        ladder_actions = actions.filtered("step_id")
        lines = ladder_actions.line_ids
        lines.filtered(
            lambda line: not line.item_id.is_open or line.item_id.verdict in SILENT
        ).unlink()
        settled = ladder_actions.filtered(lambda action: not action.line_ids)
        settled._withdraw(self.env._("Nothing is claimed any more: paid, held or excluded."))
        return actions - settled

    @api.model
    def _find_blocks(self, cases, as_of, cycles=None, policies=None, agreed=()):
        """Return {case: why it may not be contacted on a day}; cases without a block are absent.

        :param dict cycles: {case: round}: contacts of that round do not count, as the steps of
            one level are one contact
        :param dict policies: {case: policy} whose limits count, where it is not the case's own
        :param agreed: cases whose debtor asked for this contact: spacing and caps do not count
        """
        holds = self.env["collection.hold"]
        running = holds.search(holds._running_domain(as_of) & holds._whole_case_domain(cases))
        reasons = {hold.case_id: hold.reason_id for hold in running}
        contacts = self._read_contacts(cases)
        barred = self._find_time_barred(cases)
        blocks = {}
        for case in cases:
            block = ""
            if not case.is_open:
                block = self.env._("The case is closed: nothing is due.")
            elif case in reasons:
                block = self.env._("Contacts are held: %s.", reasons[case].name)
            elif case in barred:
                block = self.env._(
                    "Everything is time-barred: a consumer is asked for nothing any more (C. conso "
                    "L218-2, R632-1)."
                )
            elif case not in agreed:
                cycle = (cycles or {}).get(case)
                dates = [date for date, number in contacts.get(case.id, []) if number != cycle]
                policy = (policies or {}).get(case) or case.policy_id
                block = self._find_cap(policy, dates, as_of)
            if block:
                blocks[case] = block
        return blocks

    def _find_time_barred(self, cases):
        """Return the cases of which nothing but time-barred items is open."""
        groups = self.env["collection.item"]._read_group(
            [("case_id", "in", cases.ids), ("is_open", "=", True)],
            ["case_id"],
            ["verdict:array_agg_distinct"],
        )
        found = [case.id for case, verdicts in groups if set(verdicts) == {"time_barred"}]
        return cases.browse(found)

    def _read_contacts(self, cases):
        """Return {case id: [(day, round)]} of the contacts of the last months, latest first."""
        groups = self.env["collection.action"]._read_group(
            [
                ("case_id", "in", cases.ids),
                ("state", "in", ("sent", "done")),
                ("channel", "!=", "task"),
                ("contact_date", "!=", False),
            ],
            ["case_id", "contact_date:day", "cycle"],
            order="contact_date:day desc",
        )
        contacts = {}
        for case, day, cycle in groups:
            contacts.setdefault(case.id, []).append((day, cycle))
        return contacts

    def _find_cap(self, policy, dates, as_of):
        """Return the spacing or cap of the policy that forbids one more contact, in words."""
        if dates and (as_of - dates[0]).days < policy.minimum_days_between:
            return self.env._(
                "The debtor was contacted on %(date)s; the policy wants %(days)s days between "
                "two contacts.",
                date=format_date(self.env, dates[0]),
                days=policy.minimum_days_between,
            )
        for cap, window in ((policy.weekly_cap, 7), (policy.monthly_cap, 30)):
            if cap and len([date for date in dates if (as_of - date).days < window]) >= cap:
                return self.env._(
                    "The debtor was contacted %(cap)s times in %(days)s days: the policy allows "
                    "no more.",
                    cap=cap,
                    days=window,
                )
        return ""

    @api.model
    def _check(self, action, case, as_of, override_reason=None):
        """Refuse a contact by hand that the rules forbid, unless it is overridden with a reason.

        :param action: the planned action, or an empty one for a contact that nobody planned
        :return: what was overridden, to be logged with the contact; empty when nothing was
        """
        block = self._find_block(action, case, as_of)
        if block and not override_reason:
            raise UserError(
                self.env._(
                    "%(block)s\nTo contact the debtor all the same, choose a reason for it.",
                    block=block,
                )
            )
        return block

    @api.model
    def _find_block(self, action, case, as_of):
        """Return why one case may not be contacted by hand on a day; empty when it may."""
        return self._find_blocks(
            case,
            as_of,
            {case: action.cycle or None},
            {case: action.level_id.policy_id},
            agreed=case if action.is_agreed else (),
        ).get(case, "")

    @api.model
    def _defer_blocked(self, actions, as_of):
        """Put contacts that the rules forbid today back among the proposals; return the others.

        Calls, visits and meetings are checked when they take place, tasks reach nobody.
        """
        leaving = actions.filtered(lambda action: not action._is_conversation())
        blocks = self._find_blocks(
            leaving.case_id,
            as_of,
            {action.case_id: action.cycle for action in leaving},
            {action.case_id: action.level_id.policy_id for action in leaving},
        )
        blocked = leaving.filtered(lambda action: action.case_id in blocks)
        for action in blocked:
            action._apply_event("defer", {"failure_reason": blocks[action.case_id]})
        return actions - blocked

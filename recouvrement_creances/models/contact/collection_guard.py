from odoo import api, models
from odoo.exceptions import UserError

from ...rules.verdicts import SILENT


class CollectionGuard(models.AbstractModel):
    """The one guard, for people and for the machine: may this contact take place now?

    Asked at the moment of contact, whatever the proposal said: the ledger may have moved and
    somebody may have called in between.
    """

    _name = "collection.guard"
    _description = "Collection guard"

    @api.model
    def _withdraw_settled(self, actions, as_of):
        """Take off what is no longer claimed; return the actions that still have something to say.

        The verdicts are decided anew for these cases, so a payment made after the proposal
        counts.
        """
        cases = actions.case_id
        for company, company_cases in cases.grouped("company_id").items():
            self.env["collection.refresh"]._refresh(company, as_of, company_cases)
            self.env["collection.decision"]._decide(company, as_of, company_cases, with_drafts=True)
        ladder_actions = actions.filtered("step_id")
        lines = ladder_actions.line_ids
        lines.filtered(
            lambda line: not line.item_id.is_open or line.item_id.verdict in SILENT
        ).unlink()
        settled = ladder_actions.filtered(lambda action: not action.line_ids)
        settled._withdraw(self.env._("Nothing is claimed any more: paid, held or excluded."))
        return actions - settled

    @api.model
    def _find_block(self, case, as_of, round_cycle=None):
        """Return why a debtor may not be contacted on a day, or an empty string.

        :param int round_cycle: contacts of this round do not count, one round being one contact
        """
        if not case.is_open:
            return self.env._("The case is closed: nothing is due.")
        hold = self.env["collection.hold"].search(
            self.env["collection.hold"]._running_domain(as_of)
            & self.env["collection.hold"]._whole_case_domain(case),
            limit=1,
        )
        if hold:
            return self.env._("Contacts are held: %s.", hold.reason_id.name)
        return self._find_cap(case, as_of, round_cycle)

    @api.model
    def _find_cap(self, case, as_of, round_cycle):
        policy = case.policy_id
        dates = (
            self.env["collection.action"]
            .search(
                [
                    ("case_id", "=", case.id),
                    ("state", "in", ("sent", "done")),
                    ("channel", "!=", "task"),
                    ("cycle", "!=", round_cycle),
                ],
                order="contact_date desc",
            )
            .mapped("contact_date")
        )
        if dates and (as_of - dates[0]).days < policy.minimum_days_between:
            return self.env._(
                "The debtor was contacted on %(date)s; the policy wants %(days)s days between "
                "two contacts.",
                date=dates[0],
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
    def _check(self, case, as_of, override_reason=None, round_cycle=None):
        """Refuse a contact by hand that the rules forbid, unless it is overridden with a reason.

        :return: what was overridden, to be logged with the contact; empty when nothing was
        """
        block = self._find_block(case, as_of, round_cycle)
        if block and not override_reason:
            raise UserError(
                self.env._(
                    "%(block)s\nTo contact the debtor all the same, choose a reason for it.",
                    block=block,
                )
            )
        return block

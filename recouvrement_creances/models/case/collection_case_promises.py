from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...rules.settlement import JUDGED, UNKEPT


class CollectionCasePromises(models.AbstractModel):
    """What a debtor promised, how much of it he kept, and whether another promise is accepted."""

    _name = "collection.case.promises"
    _description = "Promises of a collection case"

    promise_ids = fields.One2many("collection.promise", "case_id", readonly=True)
    promise_count = fields.Integer(compute="_compute_promise_count", compute_sudo=True)
    promise_rate = fields.Char(
        string="Promises kept",
        compute="_compute_promise_rate",
        compute_sudo=True,
        help="Of all promises of this debtor to the company that were judged.",
    )
    promise_block = fields.Char(
        compute="_compute_promise_block",
        help="Why no further promise is accepted, in words; empty when one is.",
    )

    # === COMPUTE === #

    @api.depends("promise_ids")
    def _compute_promise_count(self):
        counts = dict(
            self.env["collection.promise"]._read_group(
                [("case_id", "in", self.ids)], ["case_id"], ["__count"]
            )
        )
        for case in self:
            case.promise_count = counts.get(case._origin, 0)

    @api.depends("promise_ids.state")
    def _compute_promise_rate(self):
        """Of the debtor, not of the case: a habit outlives the case that it showed in."""
        counts = {}
        for partner, company, state, count in self.env["collection.promise"]._read_group(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "in", JUDGED),
            ],
            ["partner_id", "company_id", "state"],
            ["__count"],
        ):
            kept, judged = counts.get((partner, company), (0, 0))
            counts[partner, company] = (kept + count * (state == "kept"), judged + count)
        for case in self:
            kept, judged = counts.get((case.partner_id, case.company_id), (0, 0))
            case.promise_rate = (
                self.env._("%(kept)s of %(judged)s", kept=kept, judged=judged) if judged else ""
            )

    @api.depends("promise_ids.state", "policy_id", "is_open")
    @api.depends_context("uid")
    def _compute_promise_block(self):
        for case in self:
            case.promise_block = case._find_promise_obstacle()

    # === ACTIONS === #

    def action_add_promise(self):
        """Open the form of a new promise."""
        return self._open_dialog("collection.promise", self.env._("Promise to pay"))

    def action_open_promises(self):
        """Open the promises of the debtor."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recouvrement_creances.collection_promise_action"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.partner_id.id)],
            "context": {"default_case_id": self.id},
        }

    # === BUSINESS === #

    def _count_broken_promises(self):
        """Return {case: promises that were not kept, wholly or in part}."""
        return dict(
            # In sudo mode to count: the portal and colleagues are told whether, not which.
            self.env["collection.promise"]
            .sudo()
            ._read_group(
                Domain("case_id", "in", self.ids) & Domain("state", "in", UNKEPT),
                ["case_id"],
                ["__count"],
            )
        )

    def _get_promisable_items(self):
        """Return what a debtor promises unless he says otherwise: overdue items of one currency.

        What a schedule on time settles is promised for no other day.
        """
        # In sudo mode to read the ledger: collectors need no accounting right.
        items_sudo = self.sudo().open_item_ids
        return self._choose_overdue(
            items_sudo - self.env["collection.schedule.item"]._find_settled(items_sudo)
        )

    def _get_waivable_items(self):
        """Return what is waived unless one says otherwise: overdue items of one currency."""
        # In sudo mode to read the ledger: collectors need no accounting right.
        return self._choose_overdue(self.sudo().open_item_ids)

    def _choose_overdue(self, items_sudo):
        """Return what is owed of some items: the overdue ones if any are, of one currency."""
        items_sudo = items_sudo.filtered(lambda item: item.amount_residual_currency > 0)
        items_sudo = items_sudo.filtered("days_overdue") or items_sudo
        own = items_sudo.filtered(lambda item: item.currency_id == self.company_id.currency_id)
        currency = own.currency_id or items_sudo.currency_id[:1]
        return items_sudo.filtered(lambda item: item.currency_id == currency).with_env(self.env)

    def _find_promise_obstacle(self, date=None):
        """Return why the present user may note no promise of this debtor, empty if he may.

        Asked by the dialog, the form and the debtor's page.

        :param date date: the day promised, where it is known
        """
        self.ensure_one()
        if not self.is_open:
            return self.env._("The case is closed: nothing is due.")
        if self.env.user.has_group("recouvrement_creances.group_manager"):
            return ""
        # In sudo mode to read the policy, which the debtor's page may not.
        policy_sudo = self.sudo().policy_id
        broken = self._count_broken_promises().get(self, 0)
        if policy_sudo.promise_broken_limit and broken >= policy_sudo.promise_broken_limit:
            return self.env._(
                "%(count)s promises were not kept: only a collection manager accepts another one.",
                count=broken,
            )
        days = policy_sudo.promise_longest_days
        latest = fields.Date.add(fields.Date.context_today(self), days=days)
        if date and days and date > latest:
            return self.env._(
                "A promise is for %(date)s at the latest; a collection manager may accept a later "
                "day. For a longer time, agree on a schedule.",
                date=format_date(self.env, latest),
            )
        return ""

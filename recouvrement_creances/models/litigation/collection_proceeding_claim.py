from datetime import date, timedelta

from odoo import models
from odoo.tools import format_date

from ...rules.procedure_standing import ENFORCES, GRANTS


class CollectionProceedingClaim(models.AbstractModel):
    """What a court is asked for: what is due on the day on which it is asked.

    A proceeding in preparation keeps what it was prepared with; what was paid meanwhile, within
    what the approval tolerates, is left out as its first step is recorded.
    """

    _name = "collection.proceeding.claim"
    _description = "Claim of a court proceeding"

    # === BUSINESS === #

    def _read_due(self, day):
        """Return what was due of the principal at the end of a day.

        What came in after it was still asked for.
        """
        self.ensure_one()
        items = self.item_ids
        settlement = self.env["collection.settlement"]
        later = settlement._read_credits([(self.id, items.ids, day + timedelta(days=1))])
        since = sum(float(credit.amount) for credit in later[self.id])
        return self.currency_id.round(self._sum_open() + since)

    def _find_nothing_due(self, step, day):
        """Return why nothing is asked for any more by the first step before a court, or enforced.

        Costs that a title grants are in nobody's ledger, and are enforced all the same.
        """
        is_enforced = step.event == ENFORCES
        # In sudo mode to read payments; whether something is due is no secret.
        record_sudo = self.sudo()
        if not (is_enforced or self._begins(step)) or record_sudo._read_due(day) > 0:
            return ""
        if is_enforced and record_sudo._find_costs_due() > 0:
            return ""
        return self.env._(
            "Nothing of it was due any more on %s: close the proceeding, or correct the day.",
            format_date(self.env, day),
        )

    def _find_costs_due(self):
        """Return what was granted of costs, by whichever title of its items, and has not come in.

        What came in through a proceeding pays the principal first.
        """
        self.ensure_one()
        titled = self.case_id.proceeding_ids.filtered(
            lambda one: one.title_date and one.item_ids & self.item_ids
        )
        granted = sum(one.costs_granted + one.irrecoverable_granted for one in titled)
        received = sum((titled | self).mapped("amount_received"))
        surplus = max(received - sum(titled.mapped("principal_claimed")), 0)
        return self.currency_id.round(granted - surplus)

    def _claim_what_is_due(self, day):
        """Leave out what was paid since it was prepared. In sudo mode, as it leaves the draft.

        Never is more claimed than was approved of, or than a part that was chosen.
        """
        due = self._read_due(day)
        if due <= 0 or self.currency_id.compare_amounts(due, self.principal_claimed) >= 0:
            return
        former = self.amount_claimed
        total = former + due - self.principal_claimed
        if self.handover_id:
            # Interest and indemnities too are those of what is left.
            claim = self.handover_id._prepare_claim(day)
            total = claim["amount_claimed"] + due - claim["principal_claimed"]
        self.write({"principal_claimed": due, "amount_claimed": max(min(total, former), due)})
        self._message_log(
            body=self.env._(
                "Claimed: %(now)s instead of %(before)s, as payments came in since it was "
                "prepared.",
                now=self.currency_id.format(self.amount_claimed),
                before=self.currency_id.format(former),
            )
        )

    # === BUSINESS - WHAT IS GRANTED === #

    def _find_above_claim(self, step, amount, day):
        """Return why an amount granted is more than the file knows to have been asked for.

        :param step: a collection.procedure.step
        :param float amount: principal, interest and indemnities; costs are apart
        :param date day: of the decision
        """
        if step.event not in GRANTS:
            return ""
        # In sudo mode as what it is compared with is no secret of who may record the step.
        claimed = self.sudo().amount_claimed
        if self.currency_id.compare_amounts(amount or 0, claimed) <= 0:
            return ""
        most = self._find_most_grantable(day)
        if self.currency_id.compare_amounts(amount, most) <= 0:
            return ""
        return self.env._(
            "%(amount)s is more than the file knows to have been asked for: %(claimed)s was "
            "claimed, which interest and indemnities until %(day)s bring to %(most)s. A court "
            "grants no more than it was asked for (CPC 5, 464), costs have their own fields. A "
            "penalty clause (C. civ. 1231-5), damages (C. civ. 1231-6), interest on interest "
            "(C. civ. 1343-2) or an additional claim (CPC 4, 65, 70) may make more: say which.",
            amount=self.currency_id.format(amount),
            claimed=self.currency_id.format(claimed),
            day=format_date(self.env, day),
            most=self.currency_id.format(most),
        )

    def _find_most_grantable(self, day):
        """Return the claim, with what late payment costs until a day: it may be in it or not.

        Where a rate is missing nobody knows that: it is taken to double the item at most.
        """
        self.ensure_one()
        # In sudo mode to read what the ledger says of them.
        items_sudo = self.sudo().item_ids
        # What was claimed of the debtor by a statement of charges is due all the same.
        interest_sudo = self.env["collection.interest"].sudo()
        charged = interest_sudo._compute_items(items_sudo, day, claimed_until=date.min)
        most = self.amount_claimed
        for item in items_sudo:
            entry = charged.get(item.id)
            if not entry or not entry.charges:
                most += abs(item.amount)
                continue
            most += interest_sudo._sum_charges(
                entry.charges, self.currency_id, self.company_id, day
            )
        return self.currency_id.round(most)

    def _find_most_payable(self, day):
        """Return what the debtor may owe of it at most: open, late payment until a day, costs."""
        # In sudo mode to read what the ledger says of the items.
        record_sudo = self.sudo()
        late = record_sudo._find_most_grantable(day) - record_sudo.amount_claimed
        costs = record_sudo.costs_granted + record_sudo.irrecoverable_granted
        return self.currency_id.round(record_sudo._sum_open() + late + costs)

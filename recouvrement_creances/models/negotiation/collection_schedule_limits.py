from odoo import models

from ...rules import plan


class CollectionScheduleLimits(models.AbstractModel):
    """What a policy allows of a plan without anybody's approval, and what a manager approves."""

    _name = "collection.schedule.limits"
    _description = "Limits of a schedule"

    def _get_policy(self):
        """Return the policy whose limits and days count, or an empty one: then nothing is set."""
        self.ensure_one()
        # In sudo mode to read limits that the portal's user does not see.
        return self.case_id.sudo().policy_id or self.company_id.sudo().collection_policy_id

    def _check_limits(self):
        """Return the sentences that say why the schedule needs an approval; none: it needs none."""
        self.ensure_one()
        policy, lines = self._get_policy(), self._get_lines()
        if not policy or not lines:
            return []
        texts = [self._check_duration(policy), self._check_wait(policy), self._check_least(policy)]
        return [text for text in texts if text]

    def _check_duration(self, policy):
        """Return what the policy has against the length of the plan, or nothing."""
        longest = policy.schedule_longest_months
        months = self._count_months()
        if not longest or months <= longest:
            return ""
        return self.env._(
            "It lasts %(months)s months; the policy allows %(longest)s.",
            months=months,
            longest=longest,
        )

    def _check_wait(self, policy):
        """Return what the policy has against a time without any payment, or nothing."""
        longest = policy.schedule_wait_months
        start = self.date_start or self.company_id._collection_today()
        months = plan.longest_wait(start, self._get_lines().mapped("due_date"))
        if not longest or months <= longest:
            return ""
        return self.env._(
            "Nothing is paid for %(months)s months; the policy allows %(longest)s.",
            months=months,
            longest=longest,
        )

    def _check_least(self, policy):
        """Return what the policy has against the smallest instalment, or nothing."""
        least = policy.currency_id._convert(
            policy.schedule_least_instalment,
            self.currency_id,
            self.company_id,
            self.company_id._collection_today(),
        )
        # The one that takes the rest is small by nature.
        smallest = sorted(self._get_lines().mapped("amount"))[:2][-1]
        if self.currency_id.compare_amounts(smallest, least) >= 0:
            return ""
        return self.env._(
            "The smallest instalment is %(amount)s; the policy wants %(least)s.",
            amount=self.currency_id.format(smallest),
            least=self.currency_id.format(least),
        )

    def _count_months(self):
        """Return how long the plan lasts, from its first day to its last instalment.

        A new version goes on from the first day of the first one: what is put off again and again
        is a long plan.
        """
        first = self
        while first.previous_id:
            first = first.previous_id
        start = first.date_start or self.company_id._collection_today()
        return plan.months_between(start, max(self.instalment_ids.mapped("due_date")))

    def _is_within_manager_limit(self):
        """Managers agree to plans up to a duration; beyond it a finance director does."""
        most = self._get_policy().schedule_manager_months
        return bool(most) and self._count_months() <= most

    def _get_approval_summary(self):
        return " ".join([self.display_name, *self._check_limits()])

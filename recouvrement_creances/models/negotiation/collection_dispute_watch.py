from odoo import api, fields, models

from .collection_dispute_flow import LATE_TASK

# Who is told, one after the other, once for each step of the dispute.
ALARMS = ("recouvrement_creances.group_manager", "recouvrement_creances.group_finance_director")


class CollectionDisputeWatch(models.AbstractModel):
    """Disputes that nobody has dealt with in time go up: to a manager, then to the director."""

    _name = "collection.dispute.watch"
    _description = "Overdue disputes"

    # === BUSINESS === #

    @api.model
    def _escalate(self, company, as_of):
        """Tell a superior of the disputes whose deadline has passed; return them.

        Each alarm is given once until the dispute takes another step.
        """
        late = self.search(
            [
                ("company_id", "=", company.id),
                ("is_running", "=", True),
                ("deadline", "<", as_of),
                ("escalation", "<", len(ALARMS)),
            ]
        )
        late = late.filtered(lambda dispute: dispute._is_late_for_next_alarm(as_of))
        users = self.env["res.users"]
        for given, disputes in late.grouped("escalation").items():
            # A company without a director has nobody above its managers.
            told = users._find_collection_manager(company, ALARMS[given])
            disputes._alarm(told or users._find_collection_manager(company), as_of)
            disputes.escalation = given + 1
        return late

    def _is_late_for_next_alarm(self, as_of):
        self.ensure_one()
        wait = self.escalation * self.category_id.escalation_days
        return fields.Date.add(self.deadline, days=wait) < as_of

    def _alarm(self, user, as_of):
        """Give a superior the task of seeing to the disputes."""
        for dispute in self:
            dispute.activity_schedule(
                LATE_TASK,
                date_deadline=as_of,
                summary=self.env._(
                    "Dispute overdue: %s", dispute.owner_id.name or dispute.user_id.name or ""
                ),
                user_id=user.id,
            )

    # === CRON === #

    @api.model
    def _cron_watch(self):
        """Look at the disputes of every company that has some, on its own day, in its language."""
        running = self._read_group([("is_running", "=", True)], ["company_id"])
        for (company,) in running:
            self.with_company(company).with_context(lang=company.partner_id.lang)._escalate(
                company, company._collection_today()
            )

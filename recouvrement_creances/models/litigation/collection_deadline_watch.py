import logging

from odoo import api, models
from odoo.tools import format_date

_logger = logging.getLogger(__name__)

TASK = "recouvrement_creances.mail_activity_type_deadline"


class CollectionDeadlineWatch(models.AbstractModel):
    """Deadlines that come near are told of, more often and higher up as their day comes."""

    _name = "collection.deadline.watch"
    _description = "Alarms of legal deadlines"

    # === BUSINESS === #

    @api.model
    def _warn(self, company, as_of):
        """Give the alarms of a day: what comes near, what was missed, what has become possible.

        A day that was missed is caught up; of several alarms passed at once one is told. What would
        reach nobody waits until there is somebody, and is logged.

        :return: the deadlines that were told of
        """
        due = self._find_due(company, as_of)
        manager = self.env["res.users"]._find_collection_manager(company)
        people = {}
        for kind, deadlines in due.items():
            for deadline in deadlines:
                goes_up = kind == "missed" or (kind == "near" and deadline._is_last_alarm(as_of))
                user = deadline.user_id.filtered("active")
                people[deadline] = user | manager if goes_up else user or manager
        unheard = self.browse(deadline.id for deadline, users in people.items() if not users)
        if unheard:
            _logger.error(
                "collection company=%s alarms of %s legal deadlines reach nobody: give somebody "
                "the role of a manager of collection",
                company.id,
                len(unheard),
            )
            due = {kind: deadlines - unheard for kind, deadlines in due.items()}
        self._tell({deadline: users for deadline, users in people.items() if users}, as_of)
        due["missed"]._apply_event("miss", {"next_alarm_date": False, "is_escalated": True})
        (due["over"] | due["begun"])._apply_event("elapse", {"next_alarm_date": False})
        self._set_next_alarms(due["near"], as_of)
        return self.union(*due.values())

    @api.model
    def _find_due(self, company, as_of):
        """Return what has to be told on a day: {missed, over, begun, near: deadlines}."""
        running = [("company_id", "=", company.id), ("state", "=", "open")]
        missed = self.search([*running, ("purpose", "=", "act"), ("legal_date", "<", as_of)])
        over = self.search([*running, ("purpose", "=", "watch"), ("legal_date", "<", as_of)])
        begun = self.search([*running, ("purpose", "=", "opening"), ("alarm_date", "<=", as_of)])
        near = self.search([*running, ("purpose", "=", "act"), ("next_alarm_date", "<=", as_of)])
        return {"missed": missed, "over": over, "begun": begun, "near": near - missed}

    def _is_last_alarm(self, as_of):
        """Tell whether at most one alarm is left after this one."""
        following = self._get_next_alarm(as_of)
        return not following or not self._get_next_alarm(following)

    def _set_next_alarms(self, deadlines, as_of):
        """Write the days of the next alarms, one statement per day."""
        told = [(deadline._get_next_alarm(as_of), deadline) for deadline in deadlines]
        for day in {day for day, _deadline in told}:
            same = self.browse(deadline.id for next_day, deadline in told if next_day == day)
            same.next_alarm_date = day
        last = deadlines.filtered(lambda deadline: deadline._is_last_alarm(as_of))
        last.is_escalated = True

    @api.model
    def _tell(self, people, as_of):
        """Replace the tasks of deadlines by those of the day, one per person."""
        deadlines = self.browse(deadline.id for deadline in people)
        # In sudo mode to take back earlier alarms, of colleagues too.
        deadlines.sudo().activity_ids.unlink()
        vals_list = [
            deadline._prepare_task(user, as_of)
            for deadline, users in people.items()
            for user in users
        ]
        # Seen in the lists of activities: no mail for each of them.
        return (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create(vals_list)
        )

    def _prepare_task(self, user, as_of):
        """Return the values of one person's activity, in the person's language."""
        deadline = self.with_context(lang=user.lang or self.env.lang)
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            # From the cache: a reference is looked up again for each task.
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(TASK),
            "user_id": user.id,
            "date_deadline": max(as_of, self.alarm_date) if self.purpose == "act" else as_of,
            "summary": deadline._get_alarm_text(as_of),
        }

    def _get_alarm_text(self, as_of):
        """Return what an alarm says."""
        self.ensure_one()
        words = {
            "name": self.display_name,
            "date": format_date(self.env, self.legal_date),
            "day": format_date(self.env, self.alarm_date),
        }
        if self.purpose == "opening":
            return self.env._("%(name)s: from %(date)s on", **words)
        if self.purpose == "watch":
            return self.env._("%(name)s: over since %(date)s, take the next step", **words)
        if self.legal_date < as_of:
            return self.env._("%(name)s: missed on %(date)s", **words)
        return self.env._("%(name)s: act by %(day)s (legally %(date)s)", **words)

    # === CRON === #

    @api.model
    def _cron_warn(self):
        """Look at the deadlines of every company that has some, on its own day and language.

        What breaks for one stops no other; what the law sets comes before what a policy sets. What
        was paid in time is taken off before it counts as missed.
        """
        insured = self._read_group(
            [("state", "=", "open"), ("rule_code", "=", "insurance.declaration")], ["company_id"]
        )
        for (company,) in insured:
            self._in_company(company)._do_safely(company, "_end_insurance")
        running = self._read_group([("state", "=", "open")], ["company_id"])
        for (company,) in running:
            self._in_company(company)._do_safely(company, "_warn")
        rejected = self.env["collection.proceeding"]._read_group(
            [("state", "=", "rejected")], ["company_id"]
        )
        for (company,) in rejected:
            self._in_company(company)._do_safely(company, "_end_doubts")
        waiting = self.env["collection.handover"]._read_group(
            [("state", "=", "requested")], ["company_id"]
        )
        for (company,) in waiting:
            self._in_company(company)._do_safely(company, "_renew_approvals")
        planned = self.env["collection.insolvency.dividend"]._read_group(
            ["|", ("told_on", "!=", False), ("insolvency_id.state", "=", "plan")], ["company_id"]
        )
        for (company,) in planned:
            self._in_company(company)._do_safely(company, "_warn_of_dividends")
        for company in self.env["res.company"].search([("collection_insurer_days", ">", 0)]):
            self._in_company(company)._do_safely(company, "_warn_of_insurance")

    def _in_company(self, company):
        return self.with_company(company).with_context(lang=company.partner_id.lang)

    def _do_safely(self, company, phase):
        """Do a part of a company's work by its name, and commit it; what breaks is logged."""
        try:
            with self.env.cr.savepoint():
                getattr(self, phase)(company, company._collection_today())
        except Exception:
            _logger.exception("collection company=%s deadlines phase=%s failed", company.id, phase)
        self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _end_doubts(self, company, as_of):
        """Look at the dismissals against which our time to appeal has ended, heard of or not."""
        self.env["collection.proceeding"]._end_doubts(company, as_of)

    @api.model
    def _renew_approvals(self, company, _as_of):
        """Give what waits to who stands in from today on, or back once that is over."""
        self.env["collection.approval.rule"]._renew_tasks(company)

    @api.model
    def _warn_of_dividends(self, company, as_of):
        """Tell of the dividends of plans that did not come, and withdraw what was told once."""
        self.env["collection.insolvency.dividend"]._warn_of_missed(company, as_of)

    @api.model
    def _end_insurance(self, company, _as_of):
        """Take off what need not be declared to the insurer any more."""
        self.env["collection.insurance"]._drop_settled(company)

    @api.model
    def _warn_of_insurance(self, company, as_of):
        """Open what has to be declared to the insurer, and tell of it on the same day."""
        if self.env["collection.insurance"]._open_due(company, as_of):
            self._warn(company, as_of)

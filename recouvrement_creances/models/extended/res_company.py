import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """The company's way of collecting: its policy, its collector, what its letters say of it."""

    _inherit = "res.company"

    collection_policy_id = fields.Many2one(
        "collection.policy",
        string="Collection policy",
        ondelete="restrict",
        help="Followed by debtors whom no other policy chooses.",
    )
    collection_user_id = fields.Many2one(
        "res.users",
        string="Collector of new cases",
        ondelete="set null",
        help="Given to new cases whose debtor has no collector. Empty: they stay unassigned.",
    )
    collection_email = fields.Char(
        string="Collection e-mail", help="The address that reminders are sent from."
    )
    collection_run_limit = fields.Integer(
        string="Contacts per run",
        help="At most so many contacts leave in one run, the most urgent cases first; the others "
        "wait for the next run. 0: no limit.",
    )
    collection_senior_user_id = fields.Many2one(
        "res.users",
        string="Looks after vulnerable persons",
        ondelete="set null",
        help="Contacts with vulnerable persons become tasks of this person.",
    )
    collection_legal_mention = fields.Char(
        string="Legal mentions",
        help="Legal form, capital, SIREN, RCS: printed on every letter (C. com. R123-237, "
        "R123-238).",
    )

    _collection_run_limit_positive = models.Constraint(
        "CHECK(collection_run_limit >= 0)", "The number of contacts per run is 0 or more."
    )

    @api.constrains("collection_policy_id")
    def _check_collection_policy_id(self):
        """The policy is live and for every company, this one or a parent of it."""
        for company in self:
            policy = company.collection_policy_id
            if policy and (not policy.active or policy.company_id - company.parent_ids):
                raise ValidationError(
                    self.env._(
                        "“%(policy)s” cannot be the policy of %(company)s: it is archived or "
                        "belongs to another company.",
                        policy=policy.name,
                        company=company.name,
                    )
                )

    @api.constrains("collection_user_id")
    def _check_collection_user_id(self):
        for company in self:
            company.collection_user_id._check_collector_of(company)

    @api.constrains("collection_senior_user_id")
    def _check_collection_senior_user_id(self):
        """The person works on every case and may know why."""
        for company in self:
            # In sudo mode to read the roles of a colleague.
            senior_sudo = company.collection_senior_user_id.sudo()
            senior_sudo._check_collector_of(company)
            groups = ("group_accountant", "group_sensitive")
            if senior_sudo and not all(
                senior_sudo.has_group(f"recouvrement_creances.{group}") for group in groups
            ):
                raise ValidationError(
                    self.env._(
                        "%s cannot look after vulnerable persons: it takes the role Accountant or "
                        "Manager of collection and the right “Sensitive situations”.",
                        senior_sudo.name,
                    )
                )

    def _collection_today(self):
        """Return the date of today where the company is: the only clock of the daily run."""
        return fields.Date.context_today(self._in_own_zone())

    def _get_collection_day(self, moment):
        """Return the date of a moment (UTC) where the company is."""
        return fields.Datetime.context_timestamp(self._in_own_zone(), moment).date()

    def _in_own_zone(self):
        """Return the company with its own time zone."""
        return self.with_context(tz=self._get_zone())

    def _get_zone(self):
        """Return the name of the company's time zone: its partner's, else the country's."""
        self.ensure_one()
        name = self.partner_id.tz or self.env.user.tz
        if not name and self.country_id:
            name = next(iter(pytz.country_timezones.get(self.country_id.code, [])), None)
        return name or "UTC"

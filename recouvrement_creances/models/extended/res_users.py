from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

COLLECTORS = "recouvrement_creances.group_collector"


class ResUsers(models.Model):
    """Who can follow cases: active users with the collector's role in the case's company."""

    _inherit = "res.users"

    @api.model
    def _collector_domain(self, company):
        """Return the domain of the users who can follow the cases of a company.

        Branches have the collectors of their parents, as they have their settings.
        """
        return (
            Domain("all_group_ids", "in", self.env.ref(COLLECTORS).ids)
            & Domain("company_ids", "in", company.parent_ids.ids)
            & Domain("active", "=", True)
        )

    @api.constrains("active")
    def _check_looks_after_vulnerable_persons(self):
        """Whoever looks after vulnerable persons is not archived with their tasks."""
        archived = self.filtered(lambda user: not user.active)
        # In sudo mode to read the settings of companies.
        companies_sudo = self.env["res.company"].sudo()
        for company_sudo in companies_sudo.search(
            [("collection_senior_user_id", "in", archived.ids)]
        ):
            raise ValidationError(
                self.env._(
                    "%(user)s looks after the vulnerable persons of %(company)s: name somebody "
                    "else in the settings of collection first.",
                    user=company_sudo.collection_senior_user_id.name,
                    company=company_sudo.name,
                )
            )

    def _check_collector_of(self, company):
        """Refuse users to whom a company's cases would be lost."""
        # In sudo mode to read the roles of colleagues.
        users_sudo = self.sudo().with_context(active_test=False)
        fit = users_sudo.filtered_domain(users_sudo._collector_domain(company))
        for user_sudo in users_sudo - fit:
            raise ValidationError(
                self.env._(
                    "%(user)s cannot follow cases of %(company)s: the collector is an active "
                    "user of the company with that role.",
                    user=user_sudo.name,
                    company=company.name,
                )
            )

    def _filter_dispute_owners_of(self, company):
        """Return those who can answer a dispute: any active colleague of the company can."""
        # In sudo mode to read the companies of colleagues.
        fit_sudo = self.sudo().filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        return fit_sudo.with_env(self.env)

    def _check_dispute_owner_of(self, company):
        """Refuse users who could not answer a dispute."""
        # In sudo mode to name colleagues.
        for user_sudo in (self - self._filter_dispute_owners_of(company)).sudo():
            raise ValidationError(
                self.env._(
                    "%(user)s cannot look into disputes of %(company)s: choose an active "
                    "colleague who works in that company.",
                    user=user_sudo.name,
                    company=company.name,
                )
            )

    @api.model
    def _find_collection_manager(self, company, group="recouvrement_creances.group_manager"):
        """Return who is told what threatens a company: a manager of collection, or nobody.

        :param str group: another role to look for
        """
        return self.browse()._get_other_collection_managers(company, group).sorted("id")[-1:]

    def _get_other_collection_managers(self, company, group="recouvrement_creances.group_manager"):
        """Return the managers of collection of a company, other than these users."""
        # In sudo mode to read the roles of colleagues.
        group_sudo = self.env.ref(group).sudo()
        people = group_sudo.all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        return (people - self).with_env(self.env)

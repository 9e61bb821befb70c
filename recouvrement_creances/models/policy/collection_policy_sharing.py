from odoo import models
from odoo.exceptions import AccessError


class CollectionPolicySharing(models.AbstractModel):
    """A policy without a company is followed in all of them: one company does not decide alone."""

    _name = "collection.policy.sharing"
    _description = "Policies that companies share"

    # === CRUD === #

    def copy_data(self, default=None):
        """Give who may not change a shared policy a copy that belongs to his company."""
        own_company = self._get_own_company()
        return [
            {**vals, "company_id": vals.get("company_id") or own_company.id}
            for vals in super().copy_data(default)
        ]

    # === BUSINESS === #

    def _check_shared(self):
        """Let a shared policy be changed by who may work in each company that collects.

        And by who administers the system. Data files and the add-on's own code are let through;
        the order among the policies stays free, as one drag writes the places of them all.

        :raise AccessError: names the other companies
        """
        shared = self.filtered(lambda policy: not policy.company_id)
        others_sudo = shared and shared._find_other_companies()
        if others_sudo:
            raise AccessError(
                self.env._(
                    "“%(policy)s” is shared with %(companies)s, where you do not work: duplicate "
                    "it for your company, or ask a manager of all of them.",
                    policy=shared[0].name,
                    companies=", ".join(others_sudo.mapped("name")),
                )
            )

    def _get_own_company(self):
        """Return the company that new policies of the user belong to; empty: they may be shared."""
        return self.env.company if self._find_other_companies() else self.env["res.company"]

    def _find_other_companies(self):
        """Return, in sudo mode, the companies that collect and where the user does not work.

        A company collects when it has a case, or is told to follow one of these policies.
        """
        # In sudo mode to find companies that the manager does not work in.
        companies_sudo = self.env["res.company"].sudo()
        if self.env.su or self.env.user._is_system():
            return companies_sudo
        cases_sudo = self.env["collection.case"].sudo()
        collecting = [company for (company,) in cases_sudo._read_group([], ["company_id"])]
        following = companies_sudo.search([("collection_policy_id", "in", self.ids)])
        return following.union(*collecting) - self.env.user.sudo().company_ids

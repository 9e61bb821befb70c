from odoo import models
from odoo.tools import SQL


class CollectionRefreshAssignment(models.AbstractModel):
    """Last part of the refresh: whose policy each case follows, and who looks after it."""

    _name = "collection.refresh.assignment"
    _description = "Policies and collectors of cases"

    # === SCOPE === #

    @staticmethod
    def _pick(scope, *names):
        return {name: scope[name] for name in names}

    # === POLICIES AND COLLECTORS === #

    def _assign_policies(self, scope):
        """Each case's policy: the partner's, else the first that matches, else the company's."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_case debt
                   SET policy_id = choice.policy_id
                  FROM (SELECT debt.id, %(policy_id)s AS policy_id
                          FROM collection_case debt %(join_policies)s
                         WHERE debt.is_open IS TRUE
                           AND debt.company_id = %(company_id)s
                           AND %(debtors)s) choice
                 WHERE debt.id = choice.id
                   AND debt.policy_id IS DISTINCT FROM choice.policy_id
                """,
                **self._pick(scope, "company_id", "debtors", "policy_id", "join_policies"),
            )
        )

    def _join_policies(self, company):
        """Return the joins that the expression of a case's policy reads; ``debt`` is the case."""
        return SQL(
            """
            JOIN res_partner partner ON partner.id = debt.partner_id
       LEFT JOIN collection_policy own ON own.active
             AND own.id = %(own_id)s
       LEFT JOIN collection_policy fallback ON fallback.active
             AND fallback.id = %(fallback_id)s
            """,
            own_id=self.env["collection.partner.value"]._of(
                "partner", "collection_policy_id", company
            ),
            fallback_id=self._find_default(company, "collection_policy_id"),
        )

    def _find_collectors(self, scope):
        """Return the ids of those who can follow the company's cases."""
        company = self.env["res.company"].browse(scope["company_id"])
        # In sudo mode to read everybody's roles.
        users_sudo = self.env["res.users"].sudo()
        return tuple(users_sudo.search(users_sudo._collector_domain(company)).ids) or (0,)

    def _find_default(self, company, field):
        """Return the id that a company's setting names, or its nearest parent's; None if none."""
        return company._find_inherited(field).id or None

    def _match_policies(self, company):
        """Return one CASE expression: the first policy, by sequence, whose debtors match.

        Policies are few; their domains become sub-selects of the one statement.
        """
        policies = self.env["collection.policy"].search(
            [("company_id", "in", [False, *company.parent_ids.ids])]
        )
        partner_model = (
            self.env["res.partner"].with_company(company).with_context(active_test=False)
        )
        branches = [
            SQL(
                "WHEN debt.partner_id IN %s THEN %s",
                # one query per policy: only a sub-select is built, none is run
                partner_model._search(policy._get_debtor_domain()).subselect(),
                policy.id,
            )
            for policy in policies
            if policy.is_selective and policy.level_ids
        ]
        if not branches:
            return SQL("NULL::int")
        self.env.flush_all()
        return SQL("CASE %s END", SQL(" ").join(branches))

    def _assign_collectors(self, scope):
        """Cases whose collector left, or that have none, get the partner's or the company's."""
        company = self.env["res.company"].browse(scope["company_id"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_case debt
                   SET user_id = COALESCE(own.id, fallback.id)
                  FROM res_partner partner
             LEFT JOIN res_users own ON own.id IN %(collector_ids)s
                   AND own.id = %(own_id)s
             LEFT JOIN res_users fallback ON fallback.id IN %(collector_ids)s
                   AND fallback.id = %(fallback_id)s
                 WHERE debt.is_open IS TRUE
                   AND (debt.user_id IS NULL AND COALESCE(own.id, fallback.id) IS NOT NULL
                        OR debt.user_id NOT IN %(collector_ids)s)
                   AND debt.company_id = %(company_id)s
                   AND %(debtors)s
                   AND partner.id = debt.partner_id
                """,
                own_id=self.env["collection.partner.value"]._of(
                    "partner", "collection_user_id", company
                ),
                collector_ids=self._find_collectors(scope),
                fallback_id=self._find_default(company, "collection_user_id"),
                **self._pick(scope, "company_id", "debtors"),
            )
        )

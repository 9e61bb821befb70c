from odoo import api, models, tools
from odoo.tools import SQL


class CollectionPartnerValue(models.AbstractModel):
    """Reads in SQL what each company has of its own of a debtor: its policy, rate, cover.

    Where a company says nothing of a debtor, what Odoo gives all users by default counts
    (``ir.default``), as it does where the field itself is read.
    """

    _name = "collection.partner.value"
    _description = "Values of debtors by company"

    @api.model
    def _of(self, alias, name, company):
        """Return the expression of a field for one company.

        :param str alias: of res_partner
        :param str name: of a field that depends on the company
        """
        # In sudo mode to read what any run or screen of ours is about.
        partners_sudo = self.env["res.partner"].sudo().with_company(company)
        return partners_sudo._field_to_sql(alias, name)

    @api.model
    @tools.ormcache("name")
    def _find_given(self, name):
        """Return the ids of the companies where all users get a field by default.

        Defaults and companies that change empty the cache.
        """
        # In sudo mode to read the defaults of every company that rows may be of.
        partners_sudo = self.env["res.partner"].sudo()
        field = partners_sudo._fields[name]
        return tuple(
            company.id
            for company in partners_sudo.env["res.company"].search([])
            if field.get_company_dependent_fallback(partners_sudo.with_company(company))
        )

    @api.model
    def _of_each(self, alias, name, company_id):
        """Return the expression of a field where each row is of a company of its own.

        :param SQL company_id: the id of the row's company
        """
        field = self.env["res.partner"]._fields[name]
        given = self.env["res.company"].browse(self._find_given(name))
        own = SQL(
            "(%s ->> (%s)::text)::%s",
            SQL.identifier(alias, name, to_flush=field),
            company_id,
            SQL(field._column_type[1]),
        )
        if not given:
            return own
        branches = [
            SQL("WHEN %s THEN %s", company.id, self._of(alias, name, company)) for company in given
        ]
        return SQL("CASE %s %s ELSE %s END", company_id, SQL(" ").join(branches), own)

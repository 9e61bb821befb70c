from odoo import api, models
from odoo.tools import SQL

TABLE = "collection_open_line"
# Memory for one sort or join of a run over the whole ledger, unless the server gives more:
# PostgreSQL's own 4 MB would put a hundred thousand items in order on disk.
WORK_MEMORY = "64MB"


class CollectionLedger(models.AbstractModel):
    """What is open in the ledger, as every phase of a run reads it.

    A run over the whole ledger reads the journal items once, into a table of its transaction;
    a few cases are read where they are used. Both give the same columns, so that each phase is
    written once.
    """

    _name = "collection.ledger"
    _description = "Open receivables of the ledger"

    # === BUSINESS === #

    @api.model
    def _read(self, company, cases=None):
        """Read a company's open receivables for the phases to come.

        :param cases: only the debtors of these cases, which are not worth a table
        :return: SQL that names the relation; its table ends with the transaction
        """
        if cases is not None:
            return self._open_lines(company, cases)
        self.env.flush_all()
        table = SQL.identifier(TABLE)
        self.env.cr.execute(
            SQL(
                "SELECT set_config('work_mem', %(memory)s, TRUE) "
                "WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes(%(memory)s); "
                "DROP TABLE IF EXISTS pg_temp.%(table)s; "
                "CREATE TEMPORARY TABLE %(table)s ON COMMIT DROP AS %(lines)s; "
                # Only what the planner asks for: amounts take as long again.
                "ANALYZE %(table)s (id, partner_id, is_claim)",
                memory=WORK_MEMORY,
                table=table,
                lines=self._select(company, SQL("TRUE")),
            )
        )
        return table

    @api.model
    def _open_lines(self, company, cases=None):
        """Return the relation as a sub-select: of some cases' debtors, or of the whole ledger."""
        condition = SQL("TRUE")
        if cases is not None:
            condition = SQL("partner.commercial_partner_id IN %s", self._find_partners(cases))
        return SQL("(%s)", self._select(company, condition))

    @api.model
    def _find_partners(self, cases):
        """Return the ids of the cases' debtors, and of those whose items they hold by now.

        A debtor may have become part of another one since.
        """
        cases.flush_recordset(["partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT debt.partner_id FROM collection_case debt WHERE debt.id IN %(case_ids)s
                 UNION
                SELECT partner.commercial_partner_id
                  FROM collection_item item
                  JOIN account_move_line line ON line.id = item.move_line_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                 WHERE item.is_open IS TRUE AND item.case_id IN %(case_ids)s
                """,
                case_ids=tuple(cases.ids) or (0,),
            )
        )
        return tuple(row[0] for row in rows) or (0,)

    @api.model
    def _find_accounts(self):
        """Return the ids of the accounts that hold customers.

        Other receivable accounts (the VAT credit 445670 of the French chart) carry the account's
        "non trade" flag: type alone does not mean a customer. As values and not as a join, they
        let PostgreSQL see how many lines to expect.
        """
        # In sudo mode to read the accounts of every company that shares the ledger.
        accounts_sudo = self.env["account.account"].sudo().with_context(active_test=False)
        found = accounts_sudo.search(
            [("account_type", "=", "asset_receivable"), ("non_trade", "=", False)]
        )
        return tuple(found.ids) or (0,)

    def _select(self, company, condition):
        """Return the query of the open lines, entered by the ledger's partial index.

        ``is_claim`` tells what a debtor owes from what he has paid too much: payments and
        credit notes that nobody has matched.
        """
        return SQL(
            """
            SELECT line.id, line.move_id, partner.commercial_partner_id AS partner_id,
                   line.currency_id, line.amount_residual, line.amount_residual_currency,
                   COALESCE(line.date_maturity, line.date) AS due_date,
                   line.no_followup IS TRUE AS no_followup,
                   line.balance > 0 AS is_claim
              FROM account_move_line line
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE line.reconciled IS NOT TRUE
               AND line.account_id IN %(account_ids)s
               AND line.parent_state = 'posted'
               AND line.company_id = %(company_id)s
               AND (line.balance > 0
                    AND (line.amount_residual > 0 OR line.amount_residual_currency > 0)
                    OR line.balance < 0 AND line.amount_residual_currency < 0)
               AND %(condition)s
            """,
            account_ids=self._find_accounts(),
            company_id=company.id,
            condition=condition,
        )

    def _select_chosen(self):
        """Return the few invoices that have a policy of their own."""
        return SQL(
            """
            SELECT move.id, policy.id AS policy_id
              FROM collection_policy policy
              JOIN account_move move ON move.collection_policy_id = policy.id
             WHERE policy.active
            """
        )

    def _select_blocked(self):
        """Return the few blocked invoices, by Odoo's own index: it begins with the journal."""
        return SQL(
            """
            SELECT move.id
              FROM account_journal journal
              JOIN account_move move ON move.journal_id = journal.id
             WHERE move.state = 'posted' AND move.payment_state = 'blocked'
            """
        )

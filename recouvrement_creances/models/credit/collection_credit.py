from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...rules.payer import PayerFacts, weighted_days

# What a payer did longer ago says little of him.
MONTHS_BACK = 12


class CollectionCredit(models.AbstractModel):
    """Reads what credit managers ask of debtors: one statement for each kind of fact."""

    _name = "collection.credit"
    _description = "Credit information of debtors"

    # === BUSINESS === #

    @api.model
    def _read_facts(self, partners, company, today):
        """Return {id of a commercial partner: PayerFacts} of the year before a day."""
        self.env.flush_all()
        since = fields.Date.subtract(today, months=MONTHS_BACK)
        scope = {"partners": tuple(partners.ids) or (0,), "company": company.id, "since": since}
        paid = self._read_payments(scope)
        broken = dict(self.env.execute_query(self._select_broken(scope)))
        incidents = dict(self.env.execute_query(self._select_incidents(scope)))
        insolvent = self.env["collection.insolvency"]._find_insolvent(partners, company)
        return {
            partner.id: PayerFacts(
                days_late=weighted_days(paid.get(partner.id, ())),
                promises_broken=broken.get(partner.id, 0),
                incidents=incidents.get(partner.id, 0),
                is_insolvent=partner.id in insolvent,
            )
            for partner in partners
        }

    def _read_payments(self, scope):
        """Return {id: [(days after the due date, amount)]} of what was paid, in the books."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.commercial_partner_id,
                       paid.date - COALESCE(line.date_maturity, line.date) AS days,
                       SUM(partial.amount)::text
                  FROM account_move_line line
                  JOIN res_partner partner ON partner.id = line.partner_id
                  JOIN account_partial_reconcile partial ON partial.debit_move_id = line.id
                  JOIN account_move_line paid ON paid.id = partial.credit_move_id
                  JOIN account_move move ON move.id = paid.move_id
                  JOIN account_journal journal ON journal.id = paid.journal_id
                 WHERE partner.commercial_partner_id IN %(partners)s
                   AND line.company_id = %(company)s
                   AND line.account_id IN %(account_ids)s
                   AND paid.date >= %(since)s
                   AND move.state = 'posted'
                   AND %(is_money)s
              GROUP BY partner.commercial_partner_id, days
                """,
                is_money=self.env["collection.settlement"]._select_is_money(),
                account_ids=self.env["collection.ledger"]._find_accounts(),
                **scope,
            )
        )
        paid = {}
        for partner_id, days, amount in rows:
            paid.setdefault(partner_id, []).append((days, Decimal(amount)))
        return paid

    def _select_broken(self, scope):
        return SQL(
            """
            SELECT debt.partner_id, COUNT(*)
              FROM collection_promise promise
              JOIN collection_case debt ON debt.id = promise.case_id
             WHERE debt.partner_id IN %(partners)s AND debt.company_id = %(company)s
               AND promise.state IN ('broken', 'partly_kept') AND promise.date >= %(since)s
          GROUP BY debt.partner_id
            """,
            **scope,
        )

    def _select_incidents(self, scope):
        """Return formal notices that left and proceedings that were begun."""
        return SQL(
            """
            SELECT incident.partner_id, COUNT(*)
              FROM (SELECT debt.partner_id
                      FROM collection_action action
                      JOIN collection_case debt ON debt.id = action.case_id
                     WHERE debt.partner_id IN %(partners)s AND debt.company_id = %(company)s
                       AND action.is_notice IS TRUE AND action.state IN ('sent', 'done')
                       AND action.contact_date >= %(since)s
                     UNION ALL
                    SELECT debt.partner_id
                      FROM collection_proceeding proceeding
                      JOIN collection_case debt ON debt.id = proceeding.case_id
                     WHERE debt.partner_id IN %(partners)s AND debt.company_id = %(company)s
                       AND proceeding.state <> 'draft' AND proceeding.create_date >= %(since)s)
                   incident
          GROUP BY incident.partner_id
            """,
            **scope,
        )

    @api.model
    def _read_due(self, partners, company, today):
        """Return {id of a commercial partner: (open, late invoices, in credit)}.

        In the company's currency. What is in credit is taken off what is open, not yet off what is
        late. Without what arose before an insolvency, credits too: it is declared, and no reason to
        stop deliveries.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.commercial_partner_id, SUM(line.amount_residual)::text,
                       COALESCE(SUM(line.amount_residual) FILTER (
                           WHERE COALESCE(line.date_maturity, line.date) < %(today)s
                             AND line.amount_residual > 0), 0)::text,
                       COALESCE(-SUM(line.amount_residual) FILTER (
                           WHERE line.amount_residual < 0), 0)::text
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                 WHERE partner.commercial_partner_id IN %(partners)s
                   AND line.company_id = %(company)s
                   AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE
                   AND line.account_id IN %(account_ids)s
                   AND %(counts)s
              GROUP BY partner.commercial_partner_id
                """,
                today=today,
                partners=tuple(partners.ids) or (0,),
                company=company.id,
                account_ids=self.env["collection.ledger"]._find_accounts(),
                counts=self._counts(),
            )
        )
        return {row[0]: tuple(map(Decimal, row[1:])) for row in rows}

    def _counts(self):
        insolvency = self.env["collection.insolvency"]
        if not insolvency._are_any_running():
            return SQL("TRUE")
        is_running = SQL("record.state IN ('open', 'plan') AND record.kind <> 'conciliation'")
        return SQL(
            """
            line.id NOT IN (SELECT side.line_id FROM (%(sides)s) side
                              JOIN collection_insolvency record ON record.id = side.insolvency_id
                             WHERE side.is_earlier AND %(is_running)s)
            -- What is in credit has no side: it is of the day on which it arose.
            AND NOT (line.amount_residual < 0
                     AND EXISTS (SELECT FROM collection_insolvency record
                                  WHERE record.partner_id = partner.commercial_partner_id
                                    AND record.company_id = line.company_id AND %(is_running)s
                                    AND %(arose_on)s < GREATEST(record.wiped_out_before,
                                                                record.judgement_date)))
            """,
            sides=insolvency._select_sides(),
            is_running=is_running,
            arose_on=insolvency._arose_on("line", "move"),
        )

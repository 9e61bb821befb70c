from odoo import api, models, tools
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...rules.insolvency import KINDS, RUNNING
from .insolvency_labels import BARRING_GROUNDS, STAYING, STAYING_KINDS


class CollectionInsolvencyQuery(models.AbstractModel):
    """Which debts are earlier and which later, in SQL and for any number of debtors."""

    _name = "collection.insolvency.query"
    _description = "Debts before and after an insolvency"

    # === WHO === #

    @api.model
    @tools.ormcache()
    def _are_any_running(self):
        """Tell whether anybody is insolvent: most ledgers need not be asked more than once.

        Or was, when what was not paid may never be asked for again: its hold stays.
        """
        # In sudo mode as it is a fact of the whole database.
        return bool(
            self.env["collection.insolvency"]
            .sudo()
            .search_count(Domain("state", "in", RUNNING) | self._ended_for_good(), limit=1)
        )

    @api.model
    def _ended_for_good(self):
        """Return the domain of those that ended, while earlier debts may still not be asked for."""
        return Domain("hold_ids.state", "=", "open") | self._barring_domain()

    @api.model
    def _barring_domain(self):
        """Return the domain of those whose end took the right to ask for earlier debts."""
        return Domain("state", "=", "closed") & Domain("closing_ground", "in", BARRING_GROUNDS)

    @api.model
    def _forget_running(self):
        """Let every process ask again whether anybody is insolvent."""
        self.env.registry.clear_cache()
        # Again once others can see the record: a thread may have looked in between.
        self.env.cr.postcommit.add(self.env.registry.clear_cache)

    @api.model
    def _find_reasons(self, cases):
        """Return {case: reason} of the cases of which nothing but earlier debts is open.

        Contacts without a list of debts, calls and letters by hand, would demand these.
        """
        if not cases or not self._are_any_running():
            return {}
        holds = self.env["collection.hold"].search(
            [
                ("case_id", "in", cases.ids),
                ("state", "=", "open"),
                ("arose_before", "!=", False),
            ]
        )
        if not holds:
            return {}
        groups = self.env["collection.item"]._read_group(
            [("case_id", "in", holds.case_id.ids), ("is_open", "=", True)],
            ["case_id"],
            ["verdict:array_agg_distinct"],
        )
        collected = {case.id for case, verdicts in groups if set(verdicts) != {"insolvency"}}
        return {hold.case_id: hold.reason_id for hold in holds if hold.case_id.id not in collected}

    # === WHAT === #

    @api.model
    def _arose_on(self, line, move):
        """Return the day on which a debt arose: its delivery, else its invoice (C. com. L622-17).

        On the judgement's own day it is later: that takes effect at its first hour (R621-4). The
        entry of late-payment charges arose with the earliest debt that they were claimed of,
        whenever they were claimed or booked: the accessory follows the principal.

        :param str line: alias of account_move_line
        :param str move: alias of account_move
        """
        move, line = SQL.identifier(move), SQL.identifier(line)
        return SQL(
            """
            COALESCE(%(move)s.delivery_date, %(move)s.invoice_date,
                     (SELECT MIN(COALESCE(late.delivery_date, late.invoice_date, late.date))
                        FROM collection_charge charge
                        JOIN collection_charge_line part ON part.charge_id = charge.id
                        JOIN account_move late ON late.id = part.invoice_id
                       WHERE charge.move_id = %(move)s.id),
                     %(line)s.date)
            """,
            move=move,
            line=line,
        )

    @api.model
    def _arose_on_side(self):
        """Return the same for ``item``, ``line`` and ``move``, as a person may have found it out.

        Who said that a debt is earlier has put it before the judgement, else on its day.
        """
        return SQL(
            """
            COALESCE((SELECT CASE claim.side WHEN 'earlier' THEN record.judgement_date - 1
                             ELSE record.judgement_date END
                        FROM collection_insolvency_claim claim
                        JOIN collection_insolvency record ON record.id = claim.insolvency_id
                       WHERE claim.item_id = item.id AND claim.side IS NOT NULL
                    ORDER BY claim.id DESC LIMIT 1), %s)
            """,
            self._arose_on("line", "move"),
        )

    @api.model
    def _select_sides(self):
        """Return each item of each record with whether it is earlier, in SQL.

        Personal recovery wipes out what was due when it was decided on, which is later than the
        admission (C. conso L741-2). What the end of earlier proceedings has barred is no debt of
        later ones: nobody declares it there. Columns: insolvency_id, item_id, line_id, is_earlier.
        """
        return SQL(
            """
            SELECT record.id AS insolvency_id, item.id AS item_id, line.id AS line_id,
                   COALESCE(claim.side = 'earlier', %(arose_on)s
                       < GREATEST(record.wiped_out_before, record.judgement_date)) AS is_earlier
              FROM collection_insolvency record
              JOIN collection_case debt ON debt.partner_id = record.partner_id
               AND debt.company_id = record.company_id
              JOIN collection_item item ON item.case_id = debt.id
              JOIN account_move_line line ON line.id = item.move_line_id
              JOIN account_move move ON move.id = line.move_id
         LEFT JOIN collection_insolvency_claim claim ON claim.insolvency_id = record.id
               AND claim.item_id = item.id
             WHERE record.judgement_date IS NOT NULL AND line.parent_state = 'posted'
               AND NOT EXISTS (
                       SELECT FROM collection_insolvency former
                    LEFT JOIN collection_insolvency_claim known
                           ON known.insolvency_id = former.id AND known.item_id = item.id
                        WHERE former.partner_id = record.partner_id
                          AND former.company_id = record.company_id
                          AND former.judgement_date < record.judgement_date
                          AND former.state = 'closed' AND former.closing_ground IN %(barring)s
                          AND COALESCE(known.side = 'earlier', %(arose_on)s
                              < GREATEST(former.wiped_out_before, former.judgement_date)))
            """,
            arose_on=self._arose_on("line", "move"),
            barring=BARRING_GROUNDS,
        )

    def _read_sides(self):
        """Return {id: (open earlier debts, open later debts)}, in the company's currency."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT side.insolvency_id,
                       COALESCE(SUM(line.amount_residual) FILTER (WHERE side.is_earlier), 0),
                       COALESCE(SUM(line.amount_residual) FILTER (WHERE NOT side.is_earlier), 0)
                  FROM (%s) side
                  JOIN account_move_line line ON line.id = side.line_id
                 WHERE side.insolvency_id IN %s AND line.amount_residual > 0
              GROUP BY side.insolvency_id
                """,
                self._select_sides(),
                tuple(self._origin.ids) or (0,),
            )
        )
        return {row[0]: row[1:] for row in rows}

    @api.model
    def _find_insolvent(self, partners, company):
        """Return the ids of the partners whose proceedings run."""
        if not self._are_any_running():
            return set()
        # In sudo mode as it is a fact about the debtor, of which the caller shows a word only.
        found = (
            self.env["collection.insolvency"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", partners.ids),
                    ("company_id", "=", company.id),
                    ("state", "in", STAYING),
                ]
            )
        )
        # Whom it stops from nothing keeps it confidential (C. com. L611-15).
        return set(found.filtered(lambda record: KINDS[record.kind].stays).partner_id.ids)

    @api.model
    def _get_earlier_open(self, partner, company):
        """Return what is open of a debtor's earlier debts, 0 while it is not insolvent."""
        if not partner or not self._are_any_running():
            return 0.0
        # In sudo mode as whoever sells has no right on collection.
        records_sudo = self.env["collection.insolvency"].sudo()
        staying = records_sudo.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("state", "in", STAYING),
                # A conciliation may run beside: it makes nothing an earlier debt.
                ("kind", "in", STAYING_KINDS),
            ],
            limit=1,
        )
        return float(staying.amount_earlier)

    def _find_earlier(self):
        """Return the items of the debtor, paid ones too, that arose before the opening.

        None of a record that is not saved yet.
        """
        self.ensure_one()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT side.item_id FROM (%s) side WHERE side.insolvency_id = %s "
                "AND side.is_earlier ORDER BY side.item_id",
                self._select_sides(),
                self._origin.id or 0,
            )
        )
        return self.env["collection.item"].browse([row[0] for row in rows])

    def _read_credits_before(self, opening):
        """Return what is unmatched of the debtor's credits from before a day, from the ledger.

        Credit notes on earlier debts are of before it, whatever their day.
        """
        self.ensure_one()
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT line.id, line.currency_id, move.move_type,
                       COALESCE(NULLIF(move.name, '/'), line.name, '') AS number,
                       COALESCE(move.invoice_date, line.date) AS date,
                       -line.amount_residual_currency AS amount
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                 WHERE line.reconciled IS NOT TRUE AND line.account_id IN %(accounts)s
                   AND line.parent_state = 'posted' AND line.company_id = %(company)s
                   AND partner.commercial_partner_id = %(debtor)s
                   AND line.balance < 0 AND line.amount_residual_currency < 0
                   AND (COALESCE(move.invoice_date, line.date) < %(opening)s
                        OR move.move_type = 'out_refund' AND move.reversed_entry_id IN %(earlier)s)
              ORDER BY date, line.id
                """,
                accounts=self.env["collection.ledger"]._find_accounts(),
                company=self.company_id.id,
                debtor=self.partner_id.id,
                opening=opening,
                earlier=tuple(self._find_earlier().move_id.ids) or (0,),
            )
        )

    def _find_barred_by_others(self):
        """Return the items that the end of other proceedings of the debtor has barred."""
        self.ensure_one()
        others = self.search(
            Domain("partner_id", "=", self.partner_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("id", "!=", self.id)
            & self._barring_domain()
        )
        # one query per record: a debtor has one or two
        return self.env["collection.item"].union(*(other._find_earlier() for other in others))

    def _filter_earlier(self, items):
        """Return those of some items that arose before the opening."""
        return items & self._find_earlier()

    @api.model
    def _find_stopping(self, partners, companies):
        """Return, in sudo mode, the proceedings that stop demands of the debtors' earlier debts.

        Those that run, and ended ones whose hold stays: the law has taken the right to ask
        (C. com. L643-11; C. conso L741-2, L742-22).
        """
        if not self._are_any_running():
            return self.env["collection.insolvency"].sudo()
        # In sudo mode as the law stops everybody, whoever sees the record.
        records_sudo = self.env["collection.insolvency"].sudo()
        return records_sudo.search(
            Domain("partner_id", "in", partners.ids)
            & Domain("company_id", "in", companies.ids)
            & Domain("kind", "in", STAYING_KINDS)
            & (Domain("state", "in", STAYING) | self._ended_for_good())
        )

    @api.model
    def _check_free(self, items):
        """Refuse to claim charges of debts from before an opening, or to agree on their payment.

        :raises UserError: names the debts (C. com. L622-7, L622-21; C. conso L722-2, L722-5)
        """
        stopping_sudo = self._find_stopping(items.sudo().partner_id, items.sudo().company_id)
        for record_sudo in stopping_sudo:
            held = record_sudo._filter_earlier(items)
            if held:
                raise UserError(
                    self.env._(
                        "%(debtor)s is insolvent: nothing is claimed of, or agreed on, what arose "
                        "before the opening (%(items)s). It is declared.",
                        debtor=record_sudo.partner_id.display_name,
                        items=", ".join(held.mapped("display_name")),
                    )
                )

    def _find_mixed_charges(self):
        """Return the statements claimed since the opening of earlier and of later debts together.

        As one entry they are earlier, by the earliest debt that they are of.
        """
        self.ensure_one()
        charges = self.env["collection.charge"].search(
            [
                ("case_id.partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "claimed"),
                ("date", ">=", self.judgement_date),
            ],
            order="date, id",
        )
        earlier = self._find_earlier() if charges else self.env["collection.item"]
        return charges.filtered(
            lambda charge: charge.line_ids.item_id & earlier and charge.line_ids.item_id - earlier
        )

    def _list_claims(self):
        """Give each debt of the debtor that was not paid before the opening its row; add only."""
        self.ensure_one()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT side.item_id FROM (%s) side
                  JOIN account_move_line line ON line.id = side.line_id
                 WHERE side.insolvency_id = %s
                   AND (line.amount_residual > 0
                        OR side.item_id IN (SELECT told.item_id
                                              FROM collection_insolvency_declaration_line told))
                   AND side.item_id NOT IN (SELECT claim.item_id
                                              FROM collection_insolvency_claim claim
                                             WHERE claim.insolvency_id = %s)
                """,
                self._select_sides(),
                self.id,
                self.id,
            )
        )
        # In sudo mode to list what the ledger knows; people only change what became of it.
        self.sudo().write(
            {"claim_ids": [Command.create({"item_id": item_id}) for (item_id,) in rows]}
        )

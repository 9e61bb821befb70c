from odoo import api, models
from odoo.tools import SQL

from ...rules.limitation import (
    FROM_JUDGEMENT,
    TITLE,
    Limitation,
    find_start,
    last_day,
    standing,
)
from ...rules.parameters import MissingLegalValue
from .collection_limitation_query import JUDGED, LAST_DAY, LINES


class CollectionLimitationPage(models.AbstractModel):
    """Limitation of a page of invoices: few, so that the rules themselves are followed.

    PostgreSQL would take longer to plan its reading of the same rules, which is made for many.
    """

    _name = "collection.limitation.page"
    _description = "Limitation dates of a page of invoices"

    @api.model
    def _read_moves(self, moves, as_of):
        """Return {move id: the dates of its open item that ends first} in one query."""
        self.env["collection.limitation.query"]._flush()
        first = {}
        for move_id, *facts, nature, start, confirmed, possible in self._read_facts(moves):
            claim = self._reckon(*facts, (nature, start), confirmed, possible)
            if claim and (move_id not in first or claim.legal_date < first[move_id].legal_date):
                first[move_id] = claim
        return {
            move_id: {
                "collection_limitation_date": claim.legal_date,
                "collection_possible_date": claim.possible_date,
                "collection_limitation_state": standing(claim, as_of),
            }
            for move_id, claim in first.items()
        }

    def _read_facts(self, moves):
        """Return rows of (move id, the parameters of ``_reckon``), in the order of the items."""
        return self.env.execute_query(
            SQL(
                """
                SELECT move.move_id, %(nature)s, judged.enforceable_on, %(chosen)s,
                       %(performed_on)s, %(due)s,
                       moved.nature, moved.start, moved.confirmed_date, moved.possible_date
                  -- Fenced: joining four and four, PostgreSQL plans in half the time of eight.
                  FROM (SELECT move.collection_claim_nature, move.collection_claim_start,
                               move.delivery_date, line.move_id, line.due_date,
                               item.id AS item_id, debt.company_id, debt.partner_id
                          FROM account_move move
                          JOIN %(lines)s line ON line.move_id = move.id
                          JOIN collection_item item ON item.move_line_id = line.id
                          JOIN collection_case debt ON debt.id = item.case_id
                         WHERE move.id IN %(move_ids)s AND item.is_open IS TRUE
                        OFFSET 0) move
            CROSS JOIN LATERAL (SELECT move.company_id) debt
                  JOIN res_partner debtor ON debtor.id = move.partner_id
             LEFT JOIN %(judged)s judged ON judged.item_id = move.item_id
                   AND move.collection_claim_nature IS DISTINCT FROM %(title)s
             LEFT JOIN collection_limitation moved ON moved.item_id = move.item_id
              ORDER BY move.item_id
                """,
                nature=self.env["collection.limitation.query"]._nature(),
                chosen=self._readable(SQL("move.collection_claim_start")),
                performed_on=self._readable(SQL("move.delivery_date")),
                due=self._readable(SQL("move.due_date")),
                lines=LINES,
                judged=JUDGED,
                title=TITLE,
                move_ids=tuple(moves._origin.ids) or (0,),
            )
        )

    @staticmethod
    def _readable(day):
        return SQL("CASE WHEN %s > %s THEN %s ELSE %s END", day, LAST_DAY, LAST_DAY, day)

    def _reckon(self, nature, judged_on, chosen, performed_on, due_date, moved_from, *moved):
        """Return the limitation of one item, or None where no period is known for its day.

        :param moved: the confirmed and the possible date that events gave
        :param moved_from: the nature and the start that these were worked out from; as in the
            query, they count as long as it is the item's
        :return: ``rules.limitation.Limitation`` without article and steps
        """
        start, hypothesis = find_start(due_date, performed_on, judged_on or chosen)
        if judged_on:
            hypothesis = FROM_JUDGEMENT
        try:
            legal_date = last_day(nature, start)
        except MissingLegalValue:
            return None
        confirmed, possible = moved if moved_from == (nature, start) else (legal_date, legal_date)
        return Limitation(
            nature=nature,
            start=start,
            hypothesis=hypothesis,
            legal_date=legal_date,
            possible_date=max(legal_date, possible),
            confirmed_date=max(legal_date, confirmed),
        )

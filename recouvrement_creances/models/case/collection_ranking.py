from odoo import api, models
from odoo.tools import SQL

from ...rules.priority import CaseFacts, priority_points


class CollectionRanking(models.AbstractModel):
    """Gives every open case its place in the worklist, with the points that put it there."""

    _name = "collection.ranking"
    _description = "Collection ranking"

    @api.model
    def _rank(self, company, as_of, cases=None, lines=None):
        """Rank the open cases of a company, or only ``cases``: two statements in all.

        :param SQL lines: the open lines, where they were read already (``collection.ledger``)
        """
        self.env.flush_all()
        lines = lines or self.env["collection.ledger"]._open_lines(company, cases)
        identifiers, scores, details = [], [], []
        for case_id, *values in self._gather_facts(company, as_of, cases, lines):
            points = priority_points(CaseFacts(*values))
            identifiers.append(case_id)
            scores.append(sum(value for _factor, value in points))
            details.append(" ".join(f"{factor}:{value}" for factor, value in points))
        if not identifiers:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_case debt
                   SET priority = ranked.score, priority_detail = ranked.detail
                  FROM unnest(%(identifiers)s::int[], %(scores)s::int[], %(details)s::text[])
                       AS ranked(id, score, detail)
                 WHERE debt.id = ranked.id
                   AND (debt.priority, debt.priority_detail)
                       IS DISTINCT FROM (ranked.score, ranked.detail)
                """,
                identifiers=identifiers,
                scores=scores,
                details=details,
            )
        )
        self.env["collection.case"].invalidate_model(["priority", "priority_detail"])

    def _gather_facts(self, company, as_of, cases, lines):
        """Return rows of (case id, then the fields of ``CaseFacts`` in their order)."""
        scope = SQL(
            "IN (SELECT id FROM collection_case WHERE is_open IS TRUE AND company_id = %s)",
            company.id,
        )
        if cases is not None:
            scope = SQL("IN %s", tuple(cases.ids) or (0,))
        return self.env.execute_query(
            SQL(
                """
                SELECT debt.id,
                       COALESCE(item.amount_overdue, 0)::float,
                       COALESCE(%(as_of)s - item.oldest_due_date, 0),
                       COALESCE(item.level_number, 0),
                       COALESCE(work.tasks_late, 0),
                       COALESCE(work.contacts_failed, 0),
                       COALESCE(item.ladder_done, FALSE),
                       EXISTS (SELECT FROM collection_hold hold
                                WHERE hold.case_id = debt.id
                                  AND (hold.state = 'expired' AND hold.date_end > %(as_of)s - 30
                                       OR hold.state = 'open' AND hold.review_date <= %(as_of)s)),
                       EXISTS (SELECT FROM collection_promise promise
                                WHERE promise.case_id = debt.id
                                  AND promise.state IN ('broken', 'partly_kept')
                                  AND promise.superseded_on IS NULL
                                  AND promise.last_date > %(as_of)s - 30)
                  FROM collection_case debt
             LEFT JOIN (%(items)s) item ON item.case_id = debt.id
             LEFT JOIN (%(work)s) work ON work.case_id = debt.id
                 WHERE debt.is_open IS TRUE AND debt.company_id = %(company_id)s
                   AND debt.id %(scope)s
                """,
                as_of=as_of,
                company_id=company.id,
                scope=scope,
                items=self._select_items(as_of, scope, lines),
                work=self._select_work(as_of, scope),
            )
        )

    def _select_items(self, as_of, scope, lines):
        """What each case's open items add up to; held amounts do not count."""
        return SQL(
            """
            SELECT item.case_id,
                   SUM(line.amount_residual) FILTER (
                       WHERE line.due_date < %(as_of)s
                         AND item.verdict IN ('remind', 'too_soon', 'ladder_done',
                                              'notice_running', 'below_minimum')) AS amount_overdue,
                   MIN(line.due_date) AS oldest_due_date,
                   MAX(level.number) AS level_number,
                   BOOL_OR(item.verdict = 'ladder_done') AS ladder_done
              FROM collection_item item
              JOIN %(lines)s line ON line.id = item.move_line_id
         LEFT JOIN collection_level level ON level.id = item.level_id
             WHERE item.is_open IS TRUE AND item.case_id %(scope)s
          GROUP BY item.case_id
            """,
            as_of=as_of,
            lines=lines,
            scope=scope,
        )

    def _select_work(self, as_of, scope):
        """What waits for a person on each case."""
        return SQL(
            """
            SELECT action.case_id,
                   COUNT(*) FILTER (WHERE action.state = 'planned' AND action.date_planned < %s)
                       AS tasks_late,
                   COUNT(*) FILTER (WHERE action.state IN ('failed', 'ambiguous'))
                       AS contacts_failed
              FROM collection_action action
             WHERE action.state IN ('planned', 'failed', 'ambiguous') AND action.case_id %s
          GROUP BY action.case_id
            """,
            as_of,
            scope,
        )

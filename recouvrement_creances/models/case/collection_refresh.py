from odoo import api, models
from odoo.tools import SQL

# From so many new rows on, the planner's statistics are renewed before the next query.
ANALYZE_FROM = 1000


class CollectionRefresh(models.AbstractModel):
    """First phase of the flow: the ledger's open receivables become items and cases.

    A fixed number of statements for a whole company, whatever the number of items. Nothing is
    written on invoices or journal items.
    """

    _name = "collection.refresh"
    _description = "Collection refresh"
    _inherit = ["collection.refresh.assignment"]

    # === BUSINESS === #

    @api.model
    def _refresh(self, company, as_of, cases=None, lines=None):
        """Bring items and cases in line with the ledger.

        :param company: the company whose ledger is read
        :param date as_of: the day, noted as opening and closing day of cases
        :param cases: only the debtors of these cases; None for the whole ledger
        :param SQL lines: the open lines, where they were read already (``collection.ledger``)
        :return: number of new items
        """
        self.env.flush_all()
        scope = self._get_scope(company, cases, lines)
        self._close_items(scope)
        self._reopen_items(scope)
        self._reopen_cases(scope, as_of)
        self._open_cases(scope, as_of)
        self._assign_items(scope)
        inserted = self._insert_items(scope)
        self._close_cases(scope, as_of)
        self._assign_policies(scope)
        self._assign_collectors(scope)
        self._renew_statistics("collection_item", inserted)
        self._renew_statistics("collection_case", inserted)
        self.env["collection.item"].invalidate_model()
        self.env["collection.case"].invalidate_model()
        self.env["collection.insolvency"]._follow_new_cases(company, as_of)
        return inserted

    # === SCOPE === #

    def _get_scope(self, company, cases, lines):
        """Return the named conditions that every statement shares."""
        ledger = self.env["collection.ledger"]
        partners = debtors = SQL("TRUE")
        if cases is not None:
            partner_ids = ledger._find_partners(cases)
            partners = SQL("partner.commercial_partner_id IN %s", partner_ids)
            debtors = SQL("debt.partner_id IN %s", partner_ids)
        return {
            "company_id": company.id,
            "partners": partners,
            "debtors": debtors,
            "lines": lines or ledger._open_lines(company, cases),
            "uid": self.env.uid,
            "policy_id": SQL("COALESCE(own.id, %s, fallback.id)", self._match_policies(company)),
            "join_policies": self._join_policies(company),
        }

    # === ITEMS === #

    def _close_items(self, scope):
        """Items whose line is settled, or no longer a posted customer receivable, close."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_item item
                   SET is_open = FALSE, verdict = 'paid', next_level_id = NULL, next_date = NULL
                  FROM collection_case debt
                 WHERE item.is_open IS TRUE
                   AND debt.id = item.case_id
                   AND debt.company_id = %(company_id)s
                   AND %(debtors)s
                   AND NOT EXISTS (SELECT FROM %(lines)s line
                                    WHERE line.id = item.move_line_id AND line.is_claim)
                """,
                **self._pick(scope, "company_id", "debtors", "lines"),
            )
        )

    def _reopen_items(self, scope):
        """Items whose payment was taken back open again, at the level they had."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_item item
                   SET is_open = TRUE
                 WHERE item.is_open IS NOT TRUE
                   AND item.move_line_id IN (SELECT line.id FROM %s line WHERE line.is_claim)
                """,
                scope["lines"],
            )
        )

    def _move_holds(self, scope):
        """Holds on a whole case follow a debtor that became part of another one."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_hold hold
                   SET case_id = debt.id
                  FROM collection_case former
                  JOIN res_partner partner ON partner.id = former.partner_id
                  JOIN collection_case debt
                    ON debt.partner_id = partner.commercial_partner_id
                   AND debt.company_id = former.company_id
                   AND debt.is_open IS TRUE
                 WHERE hold.case_id = former.id
                   AND hold.state = 'open'
                   AND former.company_id = %(company_id)s
                   AND former.partner_id <> partner.commercial_partner_id
                   AND %(partners)s
                   AND NOT EXISTS (SELECT FROM collection_hold_line line
                                    WHERE line.hold_id = hold.id)
                """,
                **self._pick(scope, "company_id", "partners"),
            )
        )
        self.env["collection.hold"].invalidate_model(["case_id"])

    def _assign_items(self, scope):
        """Open items belong to their debtor's open case, also after a merge of partners.

        Ended holds on the cases that they leave and join name their items first.
        """
        self._move_holds(scope)
        self.env.cr.execute(
            SQL(
                """
                WITH moved AS (
                    UPDATE collection_item item
                       SET case_id = debt.id
                      FROM %(lines)s line
                      JOIN collection_case debt
                        ON debt.partner_id = line.partner_id
                       AND debt.company_id = %(company_id)s
                       AND debt.is_open IS TRUE
                     WHERE item.is_open IS TRUE
                       AND line.id = item.move_line_id
                       AND item.case_id <> debt.id
                 RETURNING item.id, item.case_id)
                %(name_held_items)s
                """,
                name_held_items=self.env["collection.hold"]._name_held_items(
                    SQL(
                        """
                        SELECT moved.case_id FROM moved
                         UNION
                        SELECT former.case_id
                          FROM moved JOIN collection_item former ON former.id = moved.id
                        """
                    )
                ),
                **self._pick(scope, "company_id", "lines"),
            )
        )
        if self.env.cr.rowcount:
            self.env["collection.hold.line"].invalidate_model()
            self.env["collection.hold"].invalidate_model(["line_ids"])

    def _insert_items(self, scope):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO collection_item (move_line_id, case_id, is_open, verdict)
                SELECT line.id, debt.id, TRUE, 'not_due'
                  FROM %(lines)s line
                  JOIN collection_case debt
                    ON debt.partner_id = line.partner_id
                   AND debt.company_id = %(company_id)s
                   AND debt.is_open IS TRUE
                 WHERE line.is_claim
                   AND NOT EXISTS (SELECT FROM collection_item item
                                    WHERE item.move_line_id = line.id)
                ON CONFLICT DO NOTHING
                """,
                **self._pick(scope, "company_id", "lines"),
            )
        )
        return self.env.cr.rowcount

    # === CASES === #

    def _open_cases(self, scope, as_of):
        """Open one case per debtor that has none; its reference is its number in the table."""
        stage = self.env["collection.stage"]._first_of_kind("amicable")
        # With its policy at once: to write it afterwards takes as long as the case itself.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO collection_case (
                    id, name, company_id, partner_id, stage_id, policy_id, is_open, opened_on,
                    cycle, create_uid, create_date, write_uid, write_date)
                SELECT debt.id, 'DR' || lpad(debt.id::text, 6, '0'), %(company_id)s,
                       debt.partner_id, %(stage_id)s, %(policy_id)s, TRUE, %(as_of)s, 1,
                       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM (SELECT nextval('collection_case_id_seq') AS id, debtor.partner_id
                          FROM (SELECT DISTINCT line.partner_id
                                  FROM %(lines)s line WHERE line.is_claim) debtor
                         WHERE NOT EXISTS (SELECT FROM collection_case debt
                                            WHERE debt.partner_id = debtor.partner_id
                                              AND debt.company_id = %(company_id)s
                                              AND debt.is_open IS TRUE)) debt
                       %(join_policies)s
                ON CONFLICT DO NOTHING
                """,
                stage_id=stage.id,
                as_of=as_of,
                **self._pick(scope, "company_id", "uid", "lines", "policy_id", "join_policies"),
            )
        )
        self._renew_statistics("collection_case", self.env.cr.rowcount)

    def _renew_statistics(self, table, inserted):
        """Let the next statement know what this one has filled a table with."""
        if inserted >= ANALYZE_FROM:
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    def _reopen_cases(self, scope, as_of):
        """The last case of a debtor opens again when one of its items does.

        Also when something new is due while its hold still runs: the hold counts for it too. What
        is said of it from then on is purged in its turn.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_case debt
                   SET is_open = TRUE, closed_on = NULL, purged_on = NULL,
                       stage_id = %(stage_id)s
                 WHERE debt.id IN (
                       SELECT DISTINCT ON (closed.partner_id) closed.id
                         FROM collection_case closed
                        WHERE closed.is_open IS NOT TRUE
                          AND closed.company_id = %(company_id)s
                          AND (EXISTS (SELECT FROM collection_item item
                                        WHERE item.case_id = closed.id AND item.is_open IS TRUE)
                               OR EXISTS (SELECT FROM collection_hold hold
                                           WHERE hold.case_id = closed.id
                                             AND hold.state = 'open'
                                             AND (hold.date_end IS NULL
                                                  OR hold.date_end >= %(as_of)s))
                                  AND closed.partner_id IN (
                                      SELECT line.partner_id
                                        FROM %(lines)s line WHERE line.is_claim))
                          AND NOT EXISTS (SELECT FROM collection_case other
                                           WHERE other.partner_id = closed.partner_id
                                             AND other.company_id = closed.company_id
                                             AND other.is_open IS TRUE)
                     ORDER BY closed.partner_id, closed.id DESC)
                   AND %(debtors)s
                """,
                stage_id=self._select_stage(as_of),
                as_of=as_of,
                **self._pick(scope, "company_id", "debtors", "lines"),
            )
        )

    def _select_stage(self, as_of):
        """Return SQL of where case ``debt`` opens again: what is in court still is so."""
        kinds = ("amicable", "litigation")
        stages = self.env["collection.stage"].search_fetch([("kind", "in", kinds)], ["kind"])
        amicable, litigation = (
            stages.filtered(lambda stage, kind=kind: stage.kind == kind)[:1] for kind in kinds
        )
        return SQL(
            """
            CASE WHEN EXISTS (
                SELECT FROM collection_hold hold
                 WHERE hold.case_id = debt.id AND hold.kind = 'handover' AND hold.state = 'open'
                   AND (hold.date_end IS NULL OR hold.date_end >= %s)
                   AND (NOT EXISTS (SELECT FROM collection_hold_line line
                                     WHERE line.hold_id = hold.id)
                        OR EXISTS (SELECT FROM collection_hold_line line
                                     JOIN collection_item item ON item.id = line.item_id
                                    WHERE line.hold_id = hold.id AND item.is_open IS TRUE)))
            THEN %s ELSE %s END
            """,
            as_of,
            (litigation or amicable).id,
            amicable.id,
        )

    def _close_cases(self, scope, as_of):
        """A case without an open item closes by itself."""
        stage = self.env["collection.stage"]._first_of_kind("closed")
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_case debt
                   SET is_open = FALSE, closed_on = %(as_of)s, stage_id = %(stage_id)s,
                       priority = 0
                 WHERE debt.is_open IS TRUE
                   AND debt.company_id = %(company_id)s
                   AND %(debtors)s
                   AND NOT EXISTS (SELECT FROM collection_item item
                                    WHERE item.case_id = debt.id AND item.is_open IS TRUE)
                """,
                as_of=as_of,
                stage_id=stage.id,
                **self._pick(scope, "company_id", "debtors"),
            )
        )

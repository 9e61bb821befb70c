from odoo import api, fields, models
from odoo.tools import SQL

from ...rules.verdicts import SILENT


class CollectionProposal(models.AbstractModel):
    """Third phase of the flow: verdicts become proposed actions, one message per debtor.

    A debtor gets one round at a time, at the highest level that any of its items reaches. The
    unique key (case, cycle, step) makes a second run of the day, or another process, insert
    nothing.
    """

    _name = "collection.proposal"
    _description = "Collection proposal"

    @api.model
    def _propose(self, run, lines=None):
        """Bring the open proposals in line with the verdicts and add what is missing.

        :param SQL lines: the open lines, where they were read already (``collection.ledger``)
        """
        self.env.flush_all()
        scope = {
            "company_id": run.company_id.id,
            "run_id": run.id,
            "lines": lines
            or self.env["collection.ledger"]._open_lines(run.company_id, run.case_ids or None),
            "as_of": run.date,
            "uid": self.env.uid,
            "scope": SQL("debt.id IN %s", tuple(run.case_ids.ids)) if run.case_ids else SQL("TRUE"),
            "is_daily": run.origin == "daily",
        }
        self._withdraw_outdated(scope)
        self.env["collection.action"].invalidate_model()
        self._withdraw_settled(scope)
        self._adopt_proposals(scope)
        self._insert_actions(scope)
        self._clear_action_items(scope)
        self._insert_action_items(scope)
        self.env["collection.action"].invalidate_model()
        self.env["collection.action.item"].invalidate_model()
        self.env["collection.case"].invalidate_model(["cycle"])
        if run.origin == "daily":
            self.env["collection.schedule"]._contact_due(run)
            self.env["collection.channel.human"]._follow_collectors(run.company_id, run.date)

    # === NAMED PARTS === #

    def _chosen(self, scope):
        """Return each case's highest level among the items to remind of."""
        return SQL(
            """
            SELECT DISTINCT ON (item.case_id) item.case_id, level.id AS level_id
              FROM collection_item item
              JOIN collection_case debt ON debt.id = item.case_id
              JOIN collection_level level ON level.id = item.next_level_id
             WHERE item.is_open IS TRUE
               AND item.verdict = 'remind'
               AND debt.company_id = %(company_id)s
               AND %(scope)s
          ORDER BY item.case_id, level.number DESC, level.delay_days DESC, level.id
            """,
            company_id=scope["company_id"],
            scope=scope["scope"],
        )

    def _withdraw_outdated(self, scope):
        """Proposals that the ledger or a hold has overtaken go; their debtors start a new round.

        Set-based, so not through ``_apply_event``: it is the event "withdraw" of the table.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH chosen AS (%(chosen)s), outdated AS (
                    UPDATE collection_action action
                       SET state = 'cancelled', failure_reason = %(outdated)s
                      FROM collection_case debt
                     WHERE debt.id = action.case_id
                       AND debt.company_id = %(company_id)s
                       AND %(scope)s
                       AND action.state = 'proposed'
                       AND action.step_id IS NOT NULL
                       AND (action.cycle = debt.cycle
                            OR EXISTS (SELECT FROM chosen
                                        WHERE chosen.case_id = action.case_id))
                       AND NOT EXISTS (SELECT FROM chosen
                                        WHERE (chosen.case_id, chosen.level_id, debt.cycle)
                                            = (action.case_id, action.level_id, action.cycle))
                 RETURNING action.case_id, action.cycle)
                UPDATE collection_case debt
                   SET cycle = debt.cycle + 1
                  FROM (SELECT DISTINCT case_id, cycle FROM outdated) stale
                 WHERE debt.id = stale.case_id
                   AND debt.cycle = stale.cycle
                   AND NOT EXISTS (SELECT FROM collection_action other
                                    WHERE other.case_id = debt.id
                                      AND other.cycle = debt.cycle
                                      AND other.state NOT IN ('proposed', 'cancelled'))
                """,
                chosen=self._chosen(scope),
                outdated=self.env._("Overtaken by a payment, a hold or another level."),
                company_id=scope["company_id"],
                scope=scope["scope"],
            )
        )

    def _withdraw_settled(self, scope):
        """What waits, for a person or for its hour, goes when nothing of it is claimed any more."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT action.id
                  FROM collection_action action
                  JOIN collection_case debt ON debt.id = action.case_id
                 WHERE (action.state IN ('proposed', 'planned', 'failed')
                        OR action.state = 'confirmed' AND action.not_before > %(now)s)
                   AND action.step_id IS NOT NULL
                   AND debt.company_id = %(company_id)s
                   AND %(scope)s
                   AND NOT EXISTS (SELECT FROM collection_action_item line
                                     JOIN collection_item item ON item.id = line.item_id
                                    WHERE line.action_id = action.id
                                      AND item.is_open IS TRUE
                                      AND item.verdict NOT IN %(silent)s)
                """,
                company_id=scope["company_id"],
                scope=scope["scope"],
                silent=tuple(sorted(SILENT)),
                now=fields.Datetime.now(),
            )
        )
        self.env["collection.action"].browse([row[0] for row in rows])._withdraw(
            self.env._("Overtaken by a payment, a hold or another level.")
        )

    def _adopt_proposals(self, scope):
        """Proposals of earlier runs that still stand become part of this one.

        Also what a run that is over had still to send; whether it has to wait is asked anew. The
        daily run sends nothing of a policy that was revised or archived since: that waits for a
        person.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_action action
                   SET run_id = %(run_id)s,
                       not_before = NULL,
                       wait_rule = NULL,
                       write_date = now() AT TIME ZONE 'UTC',
                       state = CASE WHEN NOT %(is_daily)s THEN action.state
                                    WHEN policy.state <> 'confirmed'
                                         OR NOT (policy.active AND level.active)
                                    THEN 'proposed'
                                    WHEN step.mode = 'automatic' THEN 'confirmed'
                                    ELSE action.state END
                  FROM collection_case debt, collection_level_step step,
                       collection_level level, collection_policy policy
                 WHERE debt.id = action.case_id
                   AND step.id = action.step_id
                   AND level.id = step.level_id
                   AND policy.id = level.policy_id
                   AND debt.company_id = %(company_id)s
                   AND %(scope)s
                   AND (action.state = 'proposed'
                        OR action.state = 'confirmed'
                           AND EXISTS (SELECT FROM collection_run former
                                        WHERE former.id = action.run_id
                                          AND former.state NOT IN ('proposed', 'running')))
                   AND action.run_id IS DISTINCT FROM %(run_id)s
                """,
                **{key: scope[key] for key in ("run_id", "is_daily", "company_id", "scope")},
            )
        )

    def _insert_actions(self, scope):
        """One action per step of the chosen level, unless the debtor's round has begun."""
        self.env.cr.execute(
            SQL(
                """
                WITH chosen AS (%(chosen)s)
                INSERT INTO collection_action (
                    company_id, case_id, run_id, level_id, step_id, channel, mode, state, cycle,
                    date_planned, user_id, attempt_count,
                    create_uid, create_date, write_uid, write_date)
                SELECT debt.company_id, debt.id, %(run_id)s, chosen.level_id, step.id,
                       step.channel, step.mode,
                       CASE WHEN %(is_daily)s AND step.mode = 'automatic'
                                 AND policy.state = 'confirmed'
                            THEN 'confirmed' ELSE 'proposed' END,
                       debt.cycle, %(as_of)s, debt.user_id, 0,
                       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM chosen
                  JOIN collection_case debt ON debt.id = chosen.case_id
                  JOIN collection_level_step step ON step.level_id = chosen.level_id
                  JOIN collection_level level ON level.id = step.level_id
                  JOIN collection_policy policy ON policy.id = level.policy_id
                 WHERE NOT EXISTS (SELECT FROM collection_action begun
                                    WHERE begun.case_id = debt.id AND begun.cycle = debt.cycle
                                      AND begun.step_id IS NOT NULL)
                   AND NOT EXISTS (%(returned)s)
              -- By their numbers they leave in the order of the steps.
              ORDER BY debt.id, step.sequence, step.id
                ON CONFLICT DO NOTHING
                """,
                chosen=self._chosen(scope),
                returned=self._select_returned(),
                **{key: scope[key] for key in ("run_id", "as_of", "uid", "is_daily")},
            )
        )
        self.env["collection.refresh"]._renew_statistics("collection_action", self.env.cr.rowcount)

    def _select_returned(self):
        """Select what came back after its round was over, and waits for a person, or leaves again.

        The items fell back to the level before; the same level is not told a second time beside.
        """
        return SQL(
            """
            SELECT FROM collection_action former
              JOIN collection_action_item told
                ON told.action_id = former.id AND told.level_id = chosen.level_id
              JOIN collection_item item
                ON item.id = told.item_id AND item.next_level_id = chosen.level_id
             WHERE former.case_id = debt.id
               AND former.level_id = chosen.level_id
               AND former.cycle < debt.cycle
               AND former.state IN ('failed', 'confirmed', 'sending', 'planned', 'ambiguous')
               AND item.is_open IS TRUE
               AND item.verdict = 'remind'
            """
        )

    def _clear_action_items(self, scope):
        """Open proposals are listed anew: the ledger has moved since they were made."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM collection_action_item line
                 USING collection_action action, collection_case debt
                 WHERE action.id = line.action_id AND debt.id = action.case_id
                   AND action.run_id = %(run_id)s AND action.state IN ('proposed', 'confirmed')
                   AND %(scope)s
                """,
                run_id=scope["run_id"],
                scope=scope["scope"],
            )
        )

    def _insert_action_items(self, scope):
        """List on each new action what is to remind of, and what else is overdue.

        A reminder leaves out what is not due, and what stands above its level: a courteous word
        on a debt in formal notice would take the notice back. A preventive message speaks of
        what is about to fall due and of nothing else.
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO collection_action_item (action_id, item_id, level_id)
                SELECT action.id, item.id,
                       CASE WHEN item.verdict = 'remind' THEN item.next_level_id END
                  FROM collection_action action
                  JOIN collection_item item ON item.case_id = action.case_id
                   AND item.is_open IS TRUE
                  JOIN %(lines)s line ON line.id = item.move_line_id
                  JOIN collection_level level ON level.id = action.level_id
             LEFT JOIN collection_level own_level ON own_level.id = item.level_id
             LEFT JOIN collection_level next_level ON next_level.id = item.next_level_id
                 WHERE action.run_id = %(run_id)s
                   AND action.state IN ('proposed', 'confirmed')
                   AND CASE WHEN level.delay_days < 0
                            THEN item.verdict = 'remind' AND next_level.delay_days < 0
                            ELSE item.verdict IN ('remind', 'too_soon', 'ladder_done',
                                                  'notice_running')
                                 AND line.due_date < %(as_of)s
                                 AND COALESCE(own_level.number, 0) <= level.number
                       END
                """,
                **{key: scope[key] for key in ("run_id", "as_of", "lines")},
            )
        )

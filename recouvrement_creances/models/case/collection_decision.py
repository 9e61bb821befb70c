from odoo import api, models
from odoo.tools import SQL


class CollectionDecision(models.AbstractModel):
    """Second phase of the flow: one query gives every open item its verdict.

    The query is built from named parts; it takes the day and, optionally, cases. It is the only one
    that decides verdicts: the daily run, the button, the explanation on a case and the tests all
    call ``_decide``. The refresh writes two before it: ``paid`` on what closes, ``not_due`` on what
    is new. Holds are read by others as well: by the guard and the claim as something leaves, by the
    ranking, by interest and on the debtor's page.
    """

    _name = "collection.decision"
    _description = "Collection decision"

    # === BUSINESS === #

    @api.model
    def _decide(self, company, as_of, cases=None, with_drafts=False, lines=None):
        """Write each open item's verdict; rows whose verdict stays are not written.

        :param company: the company whose items are decided
        :param date as_of: the day that the verdicts are for
        :param cases: only these cases; None for all
        :param bool with_drafts: policies that wait for confirmation count too (a proposal made
            by hand, so that a manager sees what a policy would do before confirming it)
        :param SQL lines: the open lines, where they were read already (``collection.ledger``)
        """
        self.env.flush_all()
        lines = lines or self.env["collection.ledger"]._open_lines(company, cases)
        parts = {**self._get_parts(company, as_of, cases, with_drafts), "lines": lines}
        self.env.cr.execute(
            SQL(
                """
                WITH %(tables)s
                UPDATE collection_item item
                   SET verdict = decided.verdict,
                       verdict_date = CASE WHEN item.verdict = decided.verdict
                                           THEN COALESCE(item.verdict_date, %(as_of)s)
                                           ELSE %(as_of)s END,
                       next_level_id = decided.next_level_id,
                       next_date = decided.next_date
                  FROM (%(decided)s) decided
                 WHERE item.id = decided.id
                   AND (item.verdict, item.next_level_id, item.next_date,
                        item.verdict_date IS NULL)
                       IS DISTINCT FROM
                       (decided.verdict, decided.next_level_id, decided.next_date, FALSE)
                """,
                tables=self._tables(parts),
                decided=self._select_decided(parts),
                as_of=as_of,
            )
        )
        self._forget()

    @api.model
    def _forget(self):
        written = ["verdict", "verdict_date", "next_level_id", "next_date"]
        self.env["collection.item"].invalidate_model(written)
        # They show it without depending on items: see there.
        self.env["account.move"]._forget_collection()
        self.env["account.move.line"]._forget_collection()

    def _get_parts(self, company, as_of, cases, with_drafts):
        return {
            "company_id": company.id,
            "as_of": as_of,
            "scope": SQL("debt.id IN %s", tuple(cases.ids) or (0,))
            if cases is not None
            else SQL("debt.is_open IS TRUE"),
            "policy_state": SQL("TRUE") if with_drafts else SQL("policy.state = 'confirmed'"),
        }

    # === NAMED PARTS === #

    def _tables(self, parts):
        # Materialized where a fresh table's statistics would let them be read for each item anew.
        return SQL(
            "open_item AS (%s), ladder AS MATERIALIZED (%s), held AS MATERIALIZED (%s), "
            "credit AS MATERIALIZED (%s), contact AS MATERIALIZED (%s), "
            "barred AS MATERIALIZED (%s), weighed AS (%s), notice AS MATERIALIZED (%s), "
            "judged AS (%s)",
            self._table_open_item(parts),
            self._table_ladder(parts),
            self._table_held(parts),
            self._table_credit(parts),
            self._table_contact(parts),
            self.env["collection.limitation.query"]._select_barred(parts),
            self._table_weighed(parts),
            self.env["collection.action"]._select_running_notices(parts),
            self._table_judged(parts),
        )

    def _table_open_item(self, parts):
        """Open items with what the ledger says of them, and the policy that counts for each."""
        return SQL(
            """
            SELECT item.id, item.case_id, item.last_contact_date,
                   line.currency_id, line.amount_residual, line.amount_residual_currency,
                   line.due_date,
                   line.id IS NULL AS is_paid,
                   line.no_followup OR blocked.id IS NOT NULL AS is_excluded,
                   COALESCE(chosen.policy_id, policy.id) AS policy_id,
                   COALESCE(level.number, 0) AS level_number,
                   COALESCE(level.delay_days, 0) AS level_delay,
                   level.id IS NOT NULL AND level.delay_days >= 0 AS was_reminded
              FROM collection_item item
              JOIN collection_case debt ON debt.id = item.case_id
         LEFT JOIN %(lines)s line ON line.id = item.move_line_id AND line.is_claim
         LEFT JOIN (%(blocked)s) blocked ON blocked.id = line.move_id
         LEFT JOIN (%(chosen)s) chosen ON chosen.id = line.move_id
         LEFT JOIN collection_level level ON level.id = item.level_id
         LEFT JOIN collection_policy policy ON policy.active AND policy.id = debt.policy_id
             WHERE item.is_open IS TRUE
               AND debt.company_id = %(company_id)s
               AND %(scope)s
            """,
            company_id=parts["company_id"],
            lines=parts["lines"],
            scope=parts["scope"],
            blocked=self.env["collection.ledger"]._select_blocked(),
            chosen=self.env["collection.ledger"]._select_chosen(),
        )

    def _table_ladder(self, parts):
        """For each policy and rung reached: the next rung, before and after the due date.

        Preventive levels (negative delay) only exist before the due date; nothing else is
        ever skipped.
        """
        return SQL(
            """
            SELECT DISTINCT ON (policy.id, reached.number, moment.is_due)
                   policy.id AS policy_id, reached.number AS level_number, moment.is_due,
                   level.id AS next_level_id,
                   CASE WHEN level.delay_days > 36500 THEN 36500
                        WHEN level.delay_days < -36500 THEN -36500
                        ELSE level.delay_days END AS next_delay,
                   policy.minimum_amount,
                   LEAST(COALESCE(policy.minimum_days_between, 0), 36500)
                       AS minimum_days_between,
                   policy.weekly_cap, policy.monthly_cap
              FROM collection_policy policy
              JOIN (SELECT DISTINCT number FROM collection_level
                     UNION SELECT 0) reached(number) ON TRUE
              JOIN (VALUES (TRUE), (FALSE)) moment(is_due) ON TRUE
         LEFT JOIN collection_level level ON level.policy_id = policy.id
               AND level.active
               AND level.number > reached.number
               AND (level.delay_days >= 0 OR NOT moment.is_due)
             WHERE policy.active AND %(policy_state)s
               AND EXISTS (SELECT FROM collection_level any_level
                            WHERE any_level.policy_id = policy.id AND any_level.active)
          ORDER BY policy.id, reached.number, moment.is_due, level.number
            """,
            policy_state=parts["policy_state"],
        )

    def _table_held(self, parts):
        """What holds each item: kinds, the disputed part, and when the last hold ends.

        A hold on items follows them to another case; a hold without items is its whole case's, that
        of insolvency only of what arose before it.
        """
        return SQL(
            """
            SELECT held_item.id,
                   BOOL_OR(hold.kind = 'insolvency') AS insolvency,
                   BOOL_OR(hold.kind = 'handover') AS handover,
                   BOOL_OR(hold.kind = 'schedule') AS schedule,
                   BOOL_OR(hold.kind = 'promise') AS promise,
                   BOOL_OR(hold.kind = 'manual') AS manual,
                   BOOL_OR(hold.kind = 'dispute' AND COALESCE(held_item.amount, 0) = 0)
                       AS disputed_whole,
                   COALESCE(SUM(held_item.amount) FILTER (WHERE hold.kind = 'dispute'), 0)
                       AS disputed_amount,
                   CASE WHEN BOOL_OR(hold.date_end IS NULL) THEN NULL
                        ELSE MAX(hold.date_end) + 1 END AS free_on
              FROM collection_hold hold
              JOIN (SELECT held_line.item_id AS id, held_line.hold_id, held_line.amount
                      FROM collection_hold_line held_line
                     UNION ALL
                    SELECT item.id, whole.id, NULL
                      FROM collection_hold whole
                      JOIN collection_item item ON item.case_id = whole.case_id
                     WHERE NOT EXISTS (SELECT FROM collection_hold_line any_line
                                        WHERE any_line.hold_id = whole.id)
                       AND %(bears_on)s) held_item
                ON held_item.hold_id = hold.id
             WHERE hold.state = 'open'
               AND hold.date_start <= %(as_of)s
               AND (hold.date_end IS NULL OR hold.date_end >= %(as_of)s)
          GROUP BY held_item.id
            """,
            bears_on=self.env["collection.hold"]._bears_on(),
            as_of=parts["as_of"],
        )

    def _table_credit(self, parts):
        """Unallocated payments and credit notes of each debtor, by currency."""
        return SQL(
            """
            SELECT debt.id AS case_id, line.currency_id,
                   -SUM(line.amount_residual_currency) AS amount
              FROM %(lines)s line
              JOIN collection_case debt ON debt.partner_id = line.partner_id
               AND debt.company_id = %(company_id)s
               AND debt.is_open IS TRUE
             WHERE NOT line.is_claim
               AND %(scope)s
          GROUP BY debt.id, line.currency_id
            """,
            company_id=parts["company_id"],
            lines=parts["lines"],
            scope=parts["scope"],
        )

    def _table_contact(self, parts):
        """When each debtor was last contacted, and when the caps leave room again.

        The n-th last contact leaves a window of w days on its day + w: with a cap of n, that is
        the first day with room. As the guard counts: the steps of a level and the letters of one
        day are one contact, what the debtor did himself takes no room, a task that stands for a
        message to a vulnerable person does.
        """
        return SQL(
            """
            SELECT action.case_id,
                   MAX(action.contact_date) AS last_date,
                   ARRAY_AGG(DISTINCT action.contact_date ORDER BY action.contact_date DESC)
                   AS dates
              FROM collection_action action
              JOIN collection_case debt ON debt.id = action.case_id
         LEFT JOIN collection_level_step step ON step.id = action.step_id
             WHERE action.state IN ('sent', 'done')
               AND COALESCE(NULLIF(action.channel, 'task'), step.channel, 'task') <> 'task'
               AND action.is_incoming IS NOT TRUE
               AND action.contact_date > %(as_of)s - 90
               AND debt.company_id = %(company_id)s
               AND %(scope)s
          GROUP BY action.case_id
            """,
            as_of=parts["as_of"],
            company_id=parts["company_id"],
            scope=parts["scope"],
        )

    def _table_weighed(self, parts):
        """What can be claimed of each item once its disputed part and the credits are taken off.

        Credits go to the oldest due date first, in their own currency.
        """
        return SQL(
            """
            SELECT claim.*,
                   GREATEST(LEAST(claim.claimable,
                                  SUM(claim.claimable) OVER oldest_first - claim.credit), 0)
                       AS claimable_net,
                   claim.credit > 0
                       AND SUM(claim.claimable) OVER oldest_first <= claim.credit AS is_covered
              FROM (SELECT open_item.*, held.insolvency, held.handover, held.schedule,
                           held.promise, held.manual, held.free_on,
                           COALESCE(held.disputed_whole, FALSE)
                               OR COALESCE(held.disputed_amount > 0
                                           AND held.disputed_amount
                                               >= open_item.amount_residual_currency, FALSE)
                               AS is_disputed,
                           open_item.due_date < %(as_of)s AS is_due,
                           CASE WHEN open_item.is_paid OR open_item.is_excluded
                                     OR COALESCE(held.disputed_whole, FALSE) THEN 0
                                ELSE GREATEST(open_item.amount_residual_currency
                                              - COALESCE(held.disputed_amount, 0), 0)
                                 END AS claimable,
                           COALESCE(credit.amount, 0) AS credit
                      FROM open_item
                 LEFT JOIN held ON held.id = open_item.id
                 LEFT JOIN credit ON credit.case_id = open_item.case_id
                       AND credit.currency_id = open_item.currency_id) claim
            WINDOW oldest_first AS (PARTITION BY claim.case_id, claim.currency_id
                                        ORDER BY claim.due_date, claim.id)
            """,
            as_of=parts["as_of"],
        )

    def _table_judged(self, parts):
        """The reasons that bear on one item alone, and the day its next level is reached."""
        return SQL(
            """
            SELECT weighed.id, weighed.case_id, weighed.due_date, weighed.free_on,
                   ladder.next_level_id, ladder.minimum_amount,
                   notice.id IS NOT NULL AS notice_runs, notice.open_on,
                   %(own_verdict)s AS own_verdict,
                   CASE WHEN weighed.amount_residual_currency = weighed.amount_residual
                        THEN weighed.claimable_net
                        WHEN weighed.amount_residual_currency = 0 THEN 0
                        ELSE weighed.claimable_net * weighed.amount_residual
                             / weighed.amount_residual_currency END AS claimable_company,
                   weighed.due_date + ladder.next_delay AS level_day,
                   GREATEST(
                       weighed.due_date + ladder.next_delay,
                       CASE WHEN weighed.was_reminded
                            THEN weighed.last_contact_date
                                 + ladder.next_delay - weighed.level_delay END,
                       contact.last_date + ladder.minimum_days_between,
                       contact.dates[NULLIF(ladder.weekly_cap, 0)] + 7,
                       contact.dates[NULLIF(ladder.monthly_cap, 0)] + 30
                   ) AS earliest
              FROM weighed
         LEFT JOIN ladder ON ladder.policy_id = weighed.policy_id
               AND ladder.level_number = weighed.level_number
               AND ladder.is_due = weighed.is_due
         LEFT JOIN contact ON contact.case_id = weighed.case_id
         LEFT JOIN barred ON barred.id = weighed.id
         LEFT JOIN notice ON notice.id = weighed.id
            """,
            own_verdict=self._own_verdict(parts),
        )

    def _own_verdict(self, parts):
        """One CASE in the order of rules/verdicts.py; NULL goes on to what the case decides."""
        return SQL(
            """
            CASE WHEN weighed.is_paid THEN 'paid'
                 WHEN weighed.is_excluded THEN 'not_collectible'
                 WHEN weighed.insolvency THEN 'insolvency'
                 WHEN weighed.handover THEN 'handed_over'
                 WHEN barred.id IS NOT NULL THEN 'time_barred'
                 WHEN weighed.is_disputed THEN 'disputed'
                 WHEN weighed.schedule THEN 'schedule'
                 WHEN weighed.promise THEN 'promise'
                 WHEN weighed.manual THEN 'held'
                 WHEN ladder.policy_id IS NULL THEN 'no_policy'
                 WHEN NOT weighed.is_due
                      AND (ladder.next_level_id IS NULL
                           OR weighed.due_date + ladder.next_delay > %(as_of)s
                           OR ladder.next_delay >= 0) THEN 'not_due'
                 WHEN weighed.is_covered THEN 'covered'
            END
            """,
            as_of=parts["as_of"],
        )

    def _select_decided(self, parts):
        """The reasons that bear on the case as a whole, and the day on which to look again.

        For an item to remind of it is the day from which it could have been: it stays the same
        from day to day, so the row is not written again.
        """
        return SQL(
            """
            SELECT verdict.id, verdict.verdict,
                   CASE WHEN verdict.verdict IN ('remind', 'too_soon', 'notice_running')
                        THEN verdict.next_level_id END AS next_level_id,
                   %(next_date)s AS next_date
              FROM (SELECT judged.*,
                           CASE WHEN judged.own_verdict IS NOT NULL THEN judged.own_verdict
                                WHEN SUM(judged.claimable_company)
                                         FILTER (WHERE judged.own_verdict IS NULL)
                                         OVER (PARTITION BY judged.case_id)
                                     < judged.minimum_amount
                                THEN 'below_minimum'
                                WHEN judged.notice_runs THEN 'notice_running'
                                WHEN judged.earliest > %(as_of)s
                                     AND judged.next_level_id IS NOT NULL THEN 'too_soon'
                                WHEN judged.next_level_id IS NULL THEN 'ladder_done'
                                ELSE 'remind'
                           END AS verdict
                      FROM judged) verdict
            """,
            as_of=parts["as_of"],
            next_date=self._next_date(),
        )

    def _next_date(self):
        """The day on which the verdict can change; PostgreSQL's calendar is longer than Python's.

        An imported due date or hold of the last year would give a day that no screen can read.
        """
        return SQL(
            """
            (SELECT CASE WHEN looked.day > DATE '9999-12-31' THEN DATE '9999-12-31'
                         WHEN looked.day < DATE '0001-01-01' THEN DATE '0001-01-01'
                         ELSE looked.day END
               FROM (SELECT CASE verdict.verdict
                                 WHEN 'remind' THEN verdict.earliest
                                 WHEN 'too_soon' THEN verdict.earliest
                                 WHEN 'notice_running' THEN verdict.open_on
                                 WHEN 'not_due' THEN verdict.level_day
                                 WHEN 'disputed' THEN verdict.free_on
                                 WHEN 'schedule' THEN verdict.free_on
                                 WHEN 'promise' THEN verdict.free_on
                                 WHEN 'held' THEN verdict.free_on
                            END AS day) looked)
            """
        )

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

from ...rules.places import FRANCE, find_place
from ...rules.procedural_deadlines import DAYS, DeadlineRule, compute

CODE = "insurance.declaration"
# So many days before the last one the deadline is opened, and its alarms begin.
DAYS_AHEAD = 45
TASK = "mail.mail_activity_data_todo"


class CollectionInsurance(models.AbstractModel):
    """Non-payments of insured customers are declared to the insurer in time."""

    _name = "collection.insurance"
    _description = "Declarations to the credit insurer"

    # === BUSINESS === #

    @api.model
    def _open_due(self, company, as_of):
        """Open the deadlines to declare what is late of each insured customer, once.

        One for the oldest debt that can still be declared in time, and beside it one for the last
        that cannot any more, which is missed as it is opened. What fell due before either is told
        with it.

        :return: the new deadlines
        """
        # In sudo mode to read the company's policy and to append what the flow alone appends.
        days = company.sudo().collection_insurer_days
        deadlines_sudo = self.env["collection.deadline"].sudo()
        if not days:
            return deadlines_sudo
        self.env.flush_all()
        rows = self.env.execute_query(self._select_due(company, as_of, days))
        cases = self.env["collection.case"].sudo().browse(row[0] for row in rows)
        users = {case.id: case.user_id for case in cases}
        manager = self.env["res.users"]._find_collection_manager(company)
        return deadlines_sudo.create(
            [
                self._prepare(case_id, due_date, days, users[case_id] or manager)
                for case_id, due_date in rows
            ]
        )

    @api.model
    def _drop_settled(self, company):
        """Drop the deadlines of which nothing is open, or insured, any more; return them.

        In nobody's name: should the debt be open again, it is told again.
        """
        self.env.flush_all()
        rows = self.env.execute_query(self._select_settled(company))
        deadlines = self.env["collection.deadline"].with_user(SUPERUSER_ID)
        unpaid = deadlines.browse(row[0] for row in rows if row[1])
        settled = deadlines.browse(row[0] for row in rows if not row[1])
        settled._drop(self.env._("What it was about is settled"))
        unpaid._drop(self.env._("What it was about is not insured"))
        return settled | unpaid

    @api.model
    def _is_any_covered(self, items):
        """Tell whether the insurer covers any of some open debts of one company, or of none."""
        if not items:
            # Their invoices were deleted: without items there is no company to ask about either.
            return False
        self.env.flush_all()
        query = SQL(
            "SELECT 1 FROM (%s) debt WHERE debt.item_id IN %s AND debt.is_covered LIMIT 1",
            self._select_debts(items.company_id),
            tuple(items.ids),
        )
        return bool(self.env.execute_query(query))

    @api.model
    def _ask_for_amounts(self, company, partner_ids):
        """Ask what the insurer covers of customers that were marked as insured without an amount.

        A manager gets a task on each of them, without a message; without one it is only noted.
        """
        manager = self.env["res.users"]._find_collection_manager(company)
        lang = manager.lang or company.partner_id.lang
        # In sudo mode to write on any customer; nobody is sent anything.
        customers_sudo = self.env["res.partner"].sudo().browse(partner_ids)
        customers_sudo = customers_sudo.with_context(lang=lang, mail_activity_quick_update=True)
        words = customers_sudo.env._(
            "%s: marked as insured, without an insured amount. Give the amount that the insurer "
            "covers: until then the customer counts as not insured.",
            company.name,
        )
        if manager:
            customers_sudo.activity_schedule(TASK, summary=words, user_id=manager.id)
        else:
            customers_sudo._message_log_batch(bodies=dict.fromkeys(partner_ids, words))

    # === QUERIES === #

    def _select_debts(self, company):
        """Return (case, item, due date, whether it is covered) of all that is open, in SQL.

        What is invoiced up to the last day of the cover, that day too, is covered by it; without a
        day the cover goes on, as in the figures of the customer.
        """
        values = self.env["collection.partner.value"]
        return SQL(
            """
            SELECT debt.id AS case_id, item.id AS item_id,
                   COALESCE(line.date_maturity, line.date) AS due_date,
                   COALESCE(%(amount)s, 0) > 0
                   AND COALESCE(%(until)s
                                >= COALESCE(move.invoice_date, line.date), TRUE) AS is_covered
              FROM collection_case debt
              JOIN res_partner partner ON partner.id = debt.partner_id
              JOIN collection_item item ON item.case_id = debt.id
              JOIN account_move_line line ON line.id = item.move_line_id
              JOIN account_move move ON move.id = line.move_id
             WHERE debt.company_id = %(company)s
               AND line.parent_state = 'posted' AND line.amount_residual > 0
            """,
            company=company.id,
            amount=values._of("partner", "collection_insured_amount", company),
            until=values._of("partner", "collection_insured_until", company),
        )

    def _select_settled(self, company):
        """Return (running deadline, whether a debt of its day is unpaid), where none is covered."""
        return SQL(
            """
            SELECT told.id, COUNT(debt.case_id) > 0
              FROM collection_deadline told
         LEFT JOIN (%(debts)s) debt
                ON debt.case_id = told.case_id AND debt.due_date = told.event_date
             WHERE told.company_id = %(company)s AND told.rule_code = %(code)s
               AND told.state = 'open'
          GROUP BY told.id
            HAVING NOT COALESCE(BOOL_OR(debt.is_covered), FALSE)
          ORDER BY told.id
            """,
            debts=self._select_debts(company),
            company=company.id,
            code=CODE,
        )

    def _select_due(self, company, as_of, days):
        """Return (case, due date) of what is told, in SQL: the last lost, the first savable."""
        return SQL(
            """
              WITH untold AS (%(untold)s)
            SELECT case_id, MAX(due_date) AS due_date
              FROM untold
             WHERE NOT is_savable
          GROUP BY case_id
             UNION
            SELECT case_id, MIN(due_date)
              FROM untold
             WHERE is_savable
          GROUP BY case_id
            HAVING MIN(due_date) + %(days)s <= %(horizon)s
               -- What fell due earlier has its days still: it is declared first.
               AND NOT EXISTS (SELECT FROM collection_deadline told
                                WHERE told.case_id = untold.case_id AND told.rule_code = %(code)s
                                  AND told.state = 'open' AND told.legal_date >= %(as_of)s
                                  AND told.event_date <= MIN(untold.due_date))
          ORDER BY case_id, due_date
            """,
            untold=self._select_untold(company, as_of, days),
            as_of=as_of,
            days=days,
            horizon=SQL("%s::date + %s", as_of, DAYS_AHEAD),
            code=CODE,
        )

    def _select_untold(self, company, as_of, days):
        """Return (case, due date, can it be declared in time) of late covered debts, in SQL.

        What was declared, missed or let go by a person was so with all that fell due before it.
        """
        return SQL(
            """
            SELECT late.case_id, late.due_date, late.due_date + %(days)s >= %(as_of)s AS is_savable
              FROM (%(debts)s) late
              JOIN collection_case debt ON debt.id = late.case_id AND debt.is_open IS TRUE
             WHERE late.is_covered AND late.due_date < %(as_of)s
               AND NOT EXISTS (SELECT FROM collection_deadline told
                                WHERE told.case_id = late.case_id AND told.rule_code = %(code)s
                                  AND CASE told.state
                                      WHEN 'open' THEN told.event_date = late.due_date
                                      WHEN 'dropped' THEN told.event_date >= late.due_date
                                                      AND told.closed_by_id <> %(nobody)s
                                      ELSE told.event_date >= late.due_date END)
            """,
            debts=self._select_debts(company),
            as_of=as_of,
            days=days,
            code=CODE,
            nobody=SUPERUSER_ID,
        )

    def _prepare(self, case_id, due_date, days, user):
        """Return the values of one deadline; a contract's days are not extended."""
        found = compute(
            DeadlineRule(DAYS, days, extend=False), due_date, find_place(FRANCE, "").is_holiday
        )
        deadlines = self.env["collection.deadline"]
        return {
            "case_id": case_id,
            "source_model": "collection.case",
            "source_id": case_id,
            "user_id": user.id,
            "rule_code": CODE,
            "purpose": "act",
            "article": self.env._("Credit insurance policy"),
            "event_date": due_date,
            "counted_date": found.counted,
            "alarm_date": found.alarm,
            "legal_date": found.legal,
            "next_alarm_date": deadlines._find_next_alarm(CODE, "act", due_date, found),
        }

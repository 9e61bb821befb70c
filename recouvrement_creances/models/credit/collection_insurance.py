from odoo import api, models
from odoo.tools import SQL

from ...rules.places import FRANCE, find_place
from ...rules.procedural_deadlines import DAYS, DeadlineRule, compute

CODE = "insurance.declaration"
# So many days before the last one the deadline is opened, and its alarms begin.
DAYS_AHEAD = 45


class CollectionInsurance(models.AbstractModel):
    """Non-payments of insured customers are declared to the insurer in time."""

    _name = "collection.insurance"
    _description = "Declarations to the credit insurer"

    # === BUSINESS === #

    @api.model
    def _open_due(self, company, as_of):
        """Open the deadline to declare the oldest debt of each insured customer, once.

        Who has missed it hears of those that fell due later.

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

    def _select_due(self, company, as_of, days):
        """Return (case, its oldest due date) of insured customers whose day comes near, in SQL."""
        key = str(company.id)
        return SQL(
            """
            SELECT debt.id, MIN(COALESCE(line.date_maturity, line.date)) AS due_date
              FROM collection_case debt
              JOIN res_partner partner ON partner.id = debt.partner_id
              JOIN collection_item item ON item.case_id = debt.id AND item.is_open IS TRUE
              JOIN account_move_line line ON line.id = item.move_line_id
             WHERE debt.company_id = %(company)s AND debt.is_open IS TRUE
               AND COALESCE((partner.collection_insured_amount ->> %(key)s)::float, 0) > 0
               AND line.parent_state = 'posted' AND line.amount_residual > 0
               -- What was missed is lost: what fell due later still has its own days.
               AND NOT EXISTS (SELECT FROM collection_deadline lost
                                WHERE lost.case_id = debt.id AND lost.rule_code = %(code)s
                                  AND lost.state = 'missed'
                                  AND lost.event_date >= COALESCE(line.date_maturity, line.date))
          GROUP BY debt.id
            HAVING MIN(COALESCE(line.date_maturity, line.date)) + %(days)s <= %(horizon)s
               AND NOT EXISTS (SELECT FROM collection_deadline told
                                WHERE told.case_id = debt.id AND told.rule_code = %(code)s
                                  AND (told.state = 'open'
                                       OR told.event_date
                                          >= MIN(COALESCE(line.date_maturity, line.date))))
          ORDER BY debt.id
            """,
            company=company.id,
            key=key,
            days=days,
            horizon=SQL("%s::date + %s", as_of, DAYS_AHEAD),
            code=CODE,
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

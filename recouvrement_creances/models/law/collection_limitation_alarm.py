import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...rules.limitation import alarm_months

_logger = logging.getLogger(__name__)

# Of one activity; the list of items shows the others.
LISTED = 20
# Nothing is asked for of these.
LEFT_OUT = ("paid", "not_collectible")
ACTIVITY_TYPE = "recouvrement_creances.mail_activity_type_limitation"


class CollectionLimitationAlarm(models.Model):
    """An alarm that was given: one per item, threshold and date, so that none is given twice."""

    _name = "collection.limitation.alarm"
    _description = "Limitation alarm"
    _order = "raised_on desc, id desc"
    _rec_name = "item_id"
    _log_access = False

    item_id = fields.Many2one(
        "collection.item", required=True, readonly=True, index=True, ondelete="cascade"
    )
    months = fields.Integer(required=True, readonly=True, help="How long before the date.")
    date = fields.Date(
        required=True, readonly=True, help="The legal date, or the confirmed one that follows it."
    )
    raised_on = fields.Date(required=True, readonly=True)

    _once = models.UniqueIndex("(item_id, date, months)", "This alarm was given already.")

    # === BUSINESS === #

    @api.model
    def _raise_alarms(self, company, as_of):
        """Give the alarms that are due and not given yet: one activity per case and person.

        A day that was missed is caught up; of several thresholds passed at once the last one is
        told. The manager is told of the last threshold before the end. What would reach nobody
        waits until there is somebody, and is logged.

        :return: the activities
        """
        rows = self._note_due(company, as_of)
        if not rows:
            return self.env["mail.activity"]
        last = {}
        for _alarm_id, item_id, months, day in rows:
            last[item_id] = min(last.get(item_id, (months, day)), (months, day))
        cases = self.env["collection.item"].browse(last).grouped("case_id")
        manager = self.env["res.users"]._find_collection_manager(company)
        in_general = company.collection_user_id.filtered("active") or manager
        vals_list, unheard = [], set()
        for case, items in cases.items():
            told = {item: last[item.id] for item in items}
            person = case.user_id.filtered("active") or in_general
            people = person | manager if self._is_last(told, as_of) else person
            vals_list += [self._prepare_activity(case, told, user, as_of) for user in people]
            if not people:
                unheard |= set(items.ids)
        self.browse(row[0] for row in rows if row[1] in unheard)._let_wait(company)
        # Seen in the lists of activities: no mail for each of them.
        return (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create(vals_list)
        )

    def _let_wait(self, company):
        """Take back alarms that reach nobody: they are due again on the next day."""
        if self:
            _logger.error(
                "collection company=%s %s alarms of limitation reach nobody: give somebody the "
                "role of a manager of collection",
                company.id,
                len(self),
            )
            self.unlink()

    def _note_due(self, company, as_of):
        """Note the alarms that are due; return [(id, item id, months, date)] of the new ones."""
        query = self.env["collection.limitation.query"]
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                WITH threatened AS MATERIALIZED (
                    SELECT item.id, claim.nature, claim.legal_date, claim.confirmed_date
                      FROM %(source)s
                     WHERE item.is_open IS TRUE
                       AND item.verdict NOT IN %(left_out)s
                       AND debt.company_id = %(company_id)s
                       AND claim.confirmed_date >= %(as_of)s)
                INSERT INTO collection_limitation_alarm (item_id, months, date, raised_on)
                SELECT DISTINCT threatened.id, threshold.months, ending.day, %(as_of)s::date
                  FROM threatened
                  JOIN (%(thresholds)s) threshold(nature, months)
                    ON threshold.nature = threatened.nature
            CROSS JOIN LATERAL (VALUES (threatened.legal_date), (threatened.confirmed_date))
                       ending(day)
                 WHERE ending.day >= %(as_of)s
                   AND ending.day - threshold.months * interval '1 month' <= %(as_of)s
                    ON CONFLICT DO NOTHING
             RETURNING id, item_id, months, date
                """,
                as_of=as_of,
                source=query._source(),
                thresholds=query._select_thresholds(as_of),
                left_out=LEFT_OUT,
                company_id=company.id,
            )
        )

    @api.model
    def _is_last(self, told, as_of):
        """Tell whether one of the items is within the last threshold before its end."""
        return any(
            months <= alarm_months(item.limitation_nature, as_of)[-1]
            for item, (months, _day) in told.items()
        )

    def _prepare_activity(self, case, told, user, as_of):
        """Return the values of one person's activity on a case, in the person's language."""
        alarms = self.with_context(lang=user.lang or self.env.lang)
        items = sorted(told, key=lambda item: (told[item][1], item.id))
        first = told[items[0]][1]
        months = min(months for months, _day in told.values())
        return {
            "res_model_id": self.env["ir.model"]._get_id("collection.case"),
            "res_id": case.id,
            "activity_type_id": self.env.ref(ACTIVITY_TYPE).id,
            "user_id": user.id,
            "date_deadline": as_of,
            "summary": alarms.env._(
                "Limitation in less than %(months)s month(s): %(count)s item(s), the first on "
                "%(date)s",
                months=months,
                count=len(items),
                date=format_date(alarms.env, first),
            ),
            "note": alarms._describe(items, told),
        }

    def _describe(self, items, told):
        """Return the list of items of a note: number, amount, date."""
        lines = Markup().join(
            Markup("<li>%s · %s · %s</li>")
            % (
                item.display_name,
                item.currency_id.format(item.amount_residual_currency),
                format_date(self.env, told[item][1]),
            )
            for item in items[:LISTED]
        )
        more = len(items) - LISTED
        if more > 0:
            lines += Markup("<li>%s</li>") % self.env._("and %s more", more)
        text = self.env._(
            "After this day the claim can no longer be brought to court. A reminder or a "
            "registered letter does not interrupt limitation (Cass. com. 18/05/2022 n° "
            "20-23.204): an acknowledgement by the debtor, a court claim or an enforcement does."
        )
        return Markup("<p>%s</p><ul>%s</ul>") % (text, lines)

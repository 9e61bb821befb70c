from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

INTEREST_FIELDS = {"stops_interest", "interest_ground"}


class CollectionHoldInterest(models.AbstractModel):
    """A hold stops contacts, not interest, unless a manager says by which right it does.

    Insolvency proceedings need none of this: they stop the interest of older debts by law.
    """

    _name = "collection.hold.interest"
    _description = "Interest during a collection hold"

    stops_interest = fields.Boolean(
        tracking=True,
        help="No late-payment interest from the first to the last day of the hold, on what it "
        "holds: a judge's grace (C. civ. 1343-5), a waiver in a signed schedule ...",
    )
    interest_ground = fields.Char(
        string="By which right",
        tracking=True,
        help="The article, judgement or agreement that stops interest.",
    )

    # === CONSTRAINTS === #

    @api.constrains(*INTEREST_FIELDS, "kind")
    def _check_interest_ground(self):
        for hold in self:
            if hold.stops_interest and not (hold.interest_ground or "").strip():
                raise ValidationError(
                    self.env._(
                        "Say by which right interest stops: the article, judgement or agreement."
                    )
                )
            if hold.stops_interest and hold.kind == "insolvency":
                raise ValidationError(
                    self.env._(
                        "Insolvency proceedings stop the interest of older debts by themselves "
                        "(C. com. L622-28)."
                    )
                )

    def _check_interest_allowed(self, vals):
        """Let managers alone stop interest, or change for how long it is stopped.

        :raises AccessError: somebody else tries
        """
        if self.env.user.has_group("recouvrement_creances.group_manager"):
            return
        stops = any(hold.stops_interest for hold in self)
        sets = any(vals.get(name) for name in INTEREST_FIELDS)
        changes = stops and {*INTEREST_FIELDS, "date_start", "date_end", "line_ids"} & vals.keys()
        if sets or changes:
            raise AccessError(
                self.env._("Only a manager stops interest, or changes for how long it stops.")
            )

    # === BUSINESS === #

    @api.model
    def _name_held_items(self, case_ids):
        """Return the statement that says of which items an ended hold on a whole case was.

        Of those that stop interest, before items leave their case or join it: the days without
        interest stay with what they were of. In SQL, which sees the cases as they were.

        :param SQL case_ids: the query of the cases that items leave or join
        """
        return SQL(
            """
            INSERT INTO collection_hold_line (hold_id, item_id, create_date, write_date)
            SELECT whole.id, item.id, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM collection_hold whole
              JOIN collection_item item ON item.case_id = whole.case_id
             WHERE whole.stops_interest IS TRUE AND whole.state <> 'open'
               AND NOT EXISTS (SELECT FROM collection_hold_line line
                                WHERE line.hold_id = whole.id)
               AND whole.case_id IN (%s)
            """,
            case_ids,
        )

    @api.model
    def _name_items_of(self, cases):
        """Say of which items ended holds on whole cases were, before the cases become one."""
        self.env.flush_all()
        self.env.cr.execute(self._name_held_items(SQL("SELECT unnest(%s)", cases.ids)))
        self.env["collection.hold.line"].invalidate_model()
        self.env["collection.hold"].invalidate_model(["line_ids"])

    @api.model
    def _read_interest_stops(self, item_ids):
        """Return {item id: ((first day, last day or None) without interest, ...)}, both included.

        In one statement. A hold on items follows them to another case; a hold on a whole case
        bears on every item of that case, and names them once they leave it.

        :param item_ids: ids of collection.item records
        """
        found = self.env.execute_query(
            SQL(
                """
                SELECT held.item_id, hold.date_start,
                       CASE hold.state
                       WHEN 'released' THEN LEAST(hold.released_on, hold.date_end)
                       ELSE hold.date_end END,
                       hold.state = 'released'
                  FROM collection_hold hold
                  JOIN (SELECT line.hold_id, line.item_id
                          FROM collection_hold_line line
                         WHERE line.item_id IN %(item_ids)s
                         UNION ALL
                        SELECT whole.id, item.id
                          FROM collection_item item
                          JOIN collection_hold whole ON whole.case_id = item.case_id
                         WHERE item.id IN %(item_ids)s
                           AND NOT EXISTS (SELECT FROM collection_hold_line line
                                            WHERE line.hold_id = whole.id)) held
                    ON held.hold_id = hold.id
                 WHERE hold.stops_interest IS TRUE
              ORDER BY hold.date_start, hold.id
                """,
                item_ids=tuple(item_ids) or (0,),
            )
        )
        stops = {}
        for item_id, start, end, is_released in found:
            # What was released on the day it was noted was noted by mistake.
            if not is_released or end > start:
                stops[item_id] = (*stops.get(item_id, ()), (start, end))
        return stops

import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ...rules.limitation import limitation

_logger = logging.getLogger(__name__)


class CollectionLimitation(models.Model):
    """What events moved of one item: only items with events have a row, written by the flow.

    ``nature`` and ``start`` say what the dates were worked out from; a row that no longer agrees
    with its item counts for nothing until it is worked out anew.
    """

    _name = "collection.limitation"
    _description = "Limitation moved by events"
    _rec_name = "item_id"
    _log_access = False

    item_id = fields.Many2one(
        "collection.item", required=True, readonly=True, index=True, ondelete="cascade"
    )
    nature = fields.Char(required=True, readonly=True)
    start = fields.Date(required=True, readonly=True)
    possible_date = fields.Date(required=True, readonly=True)
    confirmed_date = fields.Date(required=True, readonly=True)

    _item_unique = models.UniqueIndex("(item_id)", "This item has its limitation dates already.")

    # === BUSINESS === #

    @api.model
    def _work_out(self, items, added=None):
        """Return {item id: Limitation} of the items that have events.

        :param dict added: {item id: [Event]} to count as well, of which no record exists yet
        """
        events = self.env["collection.limitation.event"]._read_events(items)
        rows = self.env["collection.limitation.query"]._read(items, fields.Date.context_today(self))
        claims = {}
        for item_id, row in rows.items():
            own = [*events.get(item_id, ()), *(added or {}).get(item_id, ())]
            if own and row["limitation_date"]:
                claims[item_id] = limitation(
                    row["limitation_nature"], row["limitation_start"], events=own
                )
        return claims

    @api.model
    def _bring_up_to_date(self, items):
        """Work the dates of some items out anew and keep them."""
        claims = self._work_out(items)
        self.env["collection.item"].flush_model()
        gone = tuple(set(items.ids) - claims.keys())
        if gone:
            self.env.cr.execute(SQL("DELETE FROM collection_limitation WHERE item_id IN %s", gone))
        if claims:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO collection_limitation
                           (item_id, nature, start, possible_date, confirmed_date)
                    VALUES %s
                        ON CONFLICT (item_id) DO UPDATE
                       SET nature = EXCLUDED.nature, start = EXCLUDED.start,
                           possible_date = EXCLUDED.possible_date,
                           confirmed_date = EXCLUDED.confirmed_date
                    """,
                    SQL(", ").join(
                        SQL(
                            "(%s, %s, %s::date, %s::date, %s::date)",
                            item_id,
                            claim.nature,
                            claim.start,
                            claim.possible_date,
                            claim.confirmed_date,
                        )
                        for item_id, claim in claims.items()
                    ),
                )
            )
        self.invalidate_model()
        self.env["collection.item"].invalidate_model()
        self.env["collection.case"].invalidate_model()

    @api.model
    def _follow(self, domain):
        """Bring the open items of a domain up to date: a person changed what their dates rest on.

        Their verdicts are decided anew, as one of them may be that a consumer is asked no more.
        """
        items = self.env["collection.item"].search(domain)
        self._bring_up_to_date(self.search([("item_id", "in", items.ids)]).item_id)
        cases = items.filtered("is_open").case_id
        cases._refresh_verdicts(fields.Date.context_today(self))

    @api.model
    def _find_stale(self, company):
        """Return the items whose dates were worked out from another nature or start."""
        self.env["collection.limitation.query"]._flush()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.id
                  FROM %s
                  JOIN collection_limitation kept ON kept.item_id = item.id
                 WHERE debt.company_id = %s
                   AND (kept.nature, kept.start) IS DISTINCT FROM (claim.nature, claim.start)
                """,
                self.env["collection.limitation.query"]._source(),
                company.id,
            )
        )
        return self.env["collection.item"].browse(row[0] for row in rows)

    # === CRON === #

    @api.model
    def _cron_watch(self):
        """Bring moved dates up to date and give the alarms of the day, company by company."""
        companies = self.env["res.company"].search([("active", "=", True)])
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            records = self.with_company(company).with_context(lang=company.partner_id.lang)
            try:
                with self.env.cr.savepoint():
                    records._watch(company, company._collection_today())
            except Exception:
                _logger.exception("collection company=%s phase=limitation failed", company.id)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _watch(self, company, as_of):
        """Do the day's work of one company; return the activities that were given."""
        stale = self._find_stale(company)
        if stale:
            self._bring_up_to_date(stale)
        return self.env["collection.limitation.alarm"]._raise_alarms(company, as_of)

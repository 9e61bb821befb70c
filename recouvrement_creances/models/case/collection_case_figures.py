from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


def _item_figures(today):
    """Return the figures of a case: sums over its open items, read from the ledger when asked."""
    return {
        "amount_open": SQL("COALESCE(SUM(line.amount_residual), 0)"),
        "amount_overdue": SQL(
            "COALESCE(SUM(line.amount_residual) FILTER ("
            "WHERE COALESCE(line.date_maturity, line.date) < %s), 0)",
            today,
        ),
        "item_count": SQL("COUNT(*)"),
        "oldest_due_date": SQL("MIN(COALESCE(line.date_maturity, line.date))"),
        "days_overdue": SQL(
            "GREATEST(%s - MIN(COALESCE(line.date_maturity, line.date)), 0)", today
        ),
        "level_number": SQL("COALESCE(MAX(level.number), 0)"),
        "next_date": SQL("MIN(item.next_date)"),
    }


FIGURES = (
    "amount_open",
    "amount_overdue",
    "item_count",
    "oldest_due_date",
    "days_overdue",
    "level_number",
    "next_date",
)
SQL_OPERATORS = {
    ">": SQL(">"),
    ">=": SQL(">="),
    "<": SQL("<"),
    "<=": SQL("<="),
}


def _figure_search(name):
    """Return the search method of one figure (a search method is not told its field)."""
    return lambda self, operator, value: self._search_figure(name, operator, value)


class CollectionCaseFigures(models.AbstractModel):
    """The amounts and dates of a case: read from the ledger when asked, searched in SQL."""

    _name = "collection.case.figures"
    _description = "Figures of a collection case"

    company_id = fields.Many2one("res.company")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_open = fields.Monetary(
        string="Amount open",
        compute="_compute_figures",
        search=_figure_search("amount_open"),
        compute_sudo=True,
    )
    amount_overdue = fields.Monetary(
        string="Amount overdue",
        compute="_compute_figures",
        search=_figure_search("amount_overdue"),
        compute_sudo=True,
    )
    item_count = fields.Integer(
        compute="_compute_figures", search=_figure_search("item_count"), compute_sudo=True
    )
    oldest_due_date = fields.Date(
        compute="_compute_figures", search=_figure_search("oldest_due_date"), compute_sudo=True
    )
    days_overdue = fields.Integer(
        compute="_compute_figures",
        search=_figure_search("days_overdue"),
        compute_sudo=True,
        aggregator="max",
    )
    level_number = fields.Integer(
        string="Highest level",
        compute="_compute_figures",
        search=_figure_search("level_number"),
        compute_sudo=True,
        aggregator="max",
    )
    next_date = fields.Date(
        string="Next on",
        compute="_compute_figures",
        search=_figure_search("next_date"),
        compute_sudo=True,
    )
    amount_credit = fields.Monetary(
        string="Unallocated credits",
        compute="_compute_credits",
        compute_sudo=True,
        help="Payments and credit notes that nobody has matched with invoices yet.",
    )
    credit_per_currency = fields.Json(
        compute="_compute_credits",
        compute_sudo=True,
        help="The same by currency, in the currency: {id of the currency: amount}.",
    )

    # === COMPUTE === #

    @api.depends("item_ids", "item_ids.is_open", "item_ids.level_id", "item_ids.next_date")
    @api.depends_context("uid", "tz")
    def _compute_figures(self):
        today = fields.Date.context_today(self)
        figures = self._read_figures(today)
        for case in self:
            row = figures.get(case._origin.id, {})
            for name in FIGURES:
                case[name] = row.get(name) or False

    def _search_figure(self, name, operator, value):
        """Search on a figure, compared in SQL with what the ledger says today."""
        if operator in ("in", "not in"):
            return self._search_figure_in(name, operator, set(value))
        if operator not in SQL_OPERATORS:
            return NotImplemented

        def to_sql(model, alias, query):
            return SQL(
                "%s %s %s", model._figure_to_sql(alias, name), SQL_OPERATORS[operator], value
            )

        return Domain.custom(to_sql=to_sql)

    def _search_figure_in(self, name, operator, values):
        """Search for values of a figure; an empty amount is 0, an empty date is none."""
        is_empty_wanted = False in values or 0 in values
        present = tuple(value for value in values if value) or (None,)

        def to_sql(model, alias, query):
            figure = model._figure_to_sql(alias, name)
            if self._fields[name].type == "date":
                empty = SQL("%s IS NULL", figure)
            else:
                empty = SQL("COALESCE(%s, 0) = 0", figure)
            found = SQL("COALESCE(%s IN %s, FALSE)", figure, present)
            if is_empty_wanted:
                found = SQL("(%s OR %s)", found, empty)
            return SQL("NOT %s", found) if operator == "not in" else found

        return Domain.custom(to_sql=to_sql)

    @api.depends("item_ids")
    def _compute_credits(self):
        """What was received counts even before somebody matches it with invoices."""
        groups = self.env["account.move.line"]._read_group(
            [
                ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("account_id", "in", self.env["collection.ledger"]._find_accounts()),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual_currency", "<", 0),
            ],
            ["partner_id", "company_id", "currency_id"],
            ["amount_residual:sum", "amount_residual_currency:sum"],
        )
        totals, currencies = {}, {}
        for partner, company, currency, amount, amount_currency in groups:
            key = (partner.commercial_partner_id, company)
            totals[key] = totals.get(key, 0.0) - amount
            own = currencies.setdefault(key, {})
            own[str(currency.id)] = own.get(str(currency.id), 0.0) - amount_currency
        for case in self:
            key = (case.partner_id, case.company_id)
            case.amount_credit = totals.get(key, 0.0)
            case.credit_per_currency = currencies.get(key, {})

    # === FIGURES IN SQL === #

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let figures be sorted, grouped and summed in SQL although nothing stores them."""
        if field_expr in FIGURES:
            return self._figure_to_sql(alias, field_expr)
        return super()._field_to_sql(alias, field_expr, query)

    def _figure_to_sql(self, alias, name):
        self.env["account.move.line"].flush_model(["amount_residual", "date_maturity"])
        self.env["collection.item"].flush_model()
        expression = _item_figures(fields.Date.context_today(self))[name]
        return SQL(
            """(SELECT %s
                  FROM collection_item item
                  JOIN account_move_line line ON line.id = item.move_line_id
             LEFT JOIN collection_level level ON level.id = item.level_id
                 WHERE item.is_open IS TRUE AND item.case_id = %s)""",
            expression,
            SQL.identifier(alias, "id"),
        )

    def _read_figures(self, today):
        """Return {case id: {figure: value}} in one query."""
        self.env["account.move.line"].flush_model(["amount_residual", "date_maturity"])
        self.env["collection.item"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT item.case_id, %s
                  FROM collection_item item
                  JOIN account_move_line line ON line.id = item.move_line_id
             LEFT JOIN collection_level level ON level.id = item.level_id
                 WHERE item.is_open IS TRUE AND item.case_id IN %s
              GROUP BY item.case_id
                """,
                SQL(", ").join(
                    SQL("%s AS %s", expression, SQL.identifier(name))
                    for name, expression in _item_figures(today).items()
                ),
                tuple(self._origin.ids) or (0,),
            )
        )
        return {row["case_id"]: row for row in rows}

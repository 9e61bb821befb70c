from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...rules.limitation import FROM_CHOICE, FROM_JUDGEMENT, FROM_PERFORMANCE
from ...rules.parameters import parameter_on

NATURE_LABELS = [
    ("professional", "Sale to a professional"),
    ("civil", "Civil claim"),
    ("consumer", "Sale to a consumer"),
    ("transport", "Carriage of goods"),
    ("residential_rent", "Residential rent and charges"),
    ("telecommunications", "Electronic communications"),
    ("insurance_premium", "Insurance premium"),
    ("consumer_credit", "Consumer credit"),
    ("public", "Public body (four-year rule)"),
    ("bill_of_exchange", "Bill of exchange, against the acceptor"),
    ("cheque", "Cheque, against the drawer"),
    ("title", "Enforceable title"),
]
HYPOTHESIS_LABELS = [
    ("due_date", "Due date"),
    ("performance", "Delivery or end of performance"),
    ("chosen", "Date chosen on the invoice"),
    ("judgement", "Day that a judgement became enforceable"),
]
STANDING_LABELS = [
    ("running", "Far"),
    ("near", "Near"),
    ("kept", "Kept by a confirmed event"),
    ("uncertain", "Kept by events to confirm"),
    ("expired", "Expired"),
]
LIMITATION = (
    "limitation_nature",
    "limitation_start",
    "limitation_hypothesis",
    "limitation_date",
    "limitation_confirmed_date",
    "limitation_possible_date",
    "limitation_state",
)
SQL_OPERATORS = {">": SQL(">"), ">=": SQL(">="), "<": SQL("<"), "<=": SQL("<=")}


def _limitation_search(name):
    """Return the search method of one field (a search method is not told its field)."""
    return lambda self, operator, value: self._search_limitation(name, operator, value)


class CollectionItemLimitation(models.AbstractModel):
    """Until when an item can be brought to court: worked out in SQL when asked, never stored."""

    _name = "collection.item.limitation"
    _description = "Limitation of a collection item"

    limitation_nature = fields.Selection(
        selection=NATURE_LABELS,
        string="Nature of the claim",
        compute="_compute_limitation",
        search=_limitation_search("limitation_nature"),
        compute_sudo=True,
        help="Decides how long the claim can be brought to court. Chosen on the invoice or on the "
        "debtor, else by the kind of debtor; an enforceable judgement makes it a title.",
    )
    limitation_start = fields.Date(
        string="Counts from",
        compute="_compute_limitation",
        search=_limitation_search("limitation_start"),
        compute_sudo=True,
        help="The earlier of due date and delivery, the cautious reading.",
    )
    limitation_hypothesis = fields.Selection(
        selection=HYPOTHESIS_LABELS,
        string="Counts from which fact",
        compute="_compute_limitation",
        search=_limitation_search("limitation_hypothesis"),
        compute_sudo=True,
    )
    limitation_date = fields.Date(
        string="Legal limitation date",
        compute="_compute_limitation",
        search=_limitation_search("limitation_date"),
        compute_sudo=True,
        help="The last day to bring the claim to court, as if nothing had ever interrupted it. "
        "Alarms are set on it; it never moves by itself.",
    )
    limitation_confirmed_date = fields.Date(
        string="Confirmed date",
        compute="_compute_limitation",
        search=_limitation_search("limitation_confirmed_date"),
        compute_sudo=True,
        help="The last day after the interruptions and suspensions that a manager confirmed.",
    )
    limitation_possible_date = fields.Date(
        string="Possible date",
        compute="_compute_limitation",
        search=_limitation_search("limitation_possible_date"),
        compute_sudo=True,
        help="The last day after every interruption and suspension noted with its evidence.",
    )
    limitation_state = fields.Selection(
        selection=STANDING_LABELS,
        string="Limitation",
        compute="_compute_limitation",
        search=_limitation_search("limitation_state"),
        compute_sudo=True,
    )
    limitation_explanation = fields.Text(
        compute="_compute_limitation_explanation",
        compute_sudo=True,
        string="How the dates come about",
    )

    # === COMPUTE === #

    @api.depends("move_line_id", "case_id")
    @api.depends_context("uid", "tz")
    def _compute_limitation(self):
        query = self.env["collection.limitation.query"]
        rows = query._read(self, fields.Date.context_today(self))
        for item in self:
            row = rows.get(item._origin.id, {})
            for name in LIMITATION:
                item[name] = row.get(name) or False

    @api.depends("move_line_id", "case_id")
    @api.depends_context("uid", "lang")
    def _compute_limitation_explanation(self):
        """Say where the dates come from: the period, then each event with its article."""
        claims = self.env["collection.limitation"]._work_out(self)
        texts = self.env["collection.limitation.text"]
        for item in self:
            lines = []
            if item.limitation_date:
                lines.append(item._explain_limitation())
            if item._origin.id in claims:
                lines += [texts._explain_step(step) for step in claims[item._origin.id].steps]
            item.limitation_explanation = "\n".join(lines)

    # === SEARCH === #

    def _search_limitation(self, name, operator, value):
        """Search on a date or a choice; the matching items are found by one set-based query."""
        if operator in SQL_OPERATORS:
            if not value:
                return Domain.FALSE

            def compare(column):
                return SQL("%s %s %s", column, SQL_OPERATORS[operator], value)

        elif operator == "in":
            present = tuple(one for one in value if one) or (None,)
            is_empty_wanted = False in value

            def compare(column):
                found = SQL("COALESCE(%s IN %s, FALSE)", column, present)
                return SQL("(%s OR %s IS NULL)", found, column) if is_empty_wanted else found

        else:
            return NotImplemented
        query = self.env["collection.limitation.query"]
        as_of = fields.Date.context_today(self)

        def to_sql(model, alias, outer):
            query._flush()
            return SQL(
                "%s IN (SELECT item.id FROM %s WHERE %s)",
                SQL.identifier(alias, "id"),
                query._source(),
                compare(query._column(name, as_of)),
            )

        return Domain.custom(to_sql=to_sql)

    # === SQL === #

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let limitation dates be sorted and grouped in SQL although nothing stores them."""
        name, _colon, granularity = field_expr.partition(":")
        if name not in LIMITATION or granularity:
            return super()._field_to_sql(alias, field_expr, query)
        limitation = self.env["collection.limitation.query"]
        limitation._flush()
        return SQL(
            "(SELECT %s FROM %s WHERE item.id = %s)",
            limitation._column(name, fields.Date.context_today(self)),
            limitation._source(),
            SQL.identifier(alias, "id"),
        )

    # === BUSINESS === #

    def _explain_limitation(self):
        """Return one sentence: from when the period counts, why, until when, by which text."""
        self.ensure_one()
        values = {
            "start": format_date(self.env, self.limitation_start),
            "end": format_date(self.env, self.limitation_date),
            "article": parameter_on(
                f"limitation.{self.limitation_nature}", self.limitation_start
            ).article,
        }
        if self.limitation_hypothesis == FROM_PERFORMANCE:
            return self.env._(
                "From %(start)s, the delivery, until %(end)s (%(article)s).", **values
            )
        if self.limitation_hypothesis == FROM_JUDGEMENT:
            return self.env._(
                "From %(start)s, when the judgement became enforceable, until %(end)s "
                "(%(article)s).",
                **values,
            )
        if self.limitation_hypothesis == FROM_CHOICE:
            return self.env._(
                "From %(start)s, chosen on the invoice, until %(end)s (%(article)s).", **values
            )
        return self.env._("From %(start)s, the due date, until %(end)s (%(article)s).", **values)

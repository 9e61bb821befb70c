from odoo import api, models
from odoo.tools import SQL

from ...rules.limitation import (
    FROM_CHOICE,
    FROM_DUE_DATE,
    FROM_JUDGEMENT,
    FROM_PERFORMANCE,
    NATURE_OF_DEBTOR,
    NATURE_OF_UNKNOWN,
    NATURES,
    PUBLIC,
    TITLE,
    alarm_months,
)
from ...rules.parameters import PARAMETERS

# The last day that Python can read: an imported due date may lead beyond it.
LAST_DAY = SQL("DATE '9999-12-31'")
# The journal items with their payment date, as everywhere (``collection.ledger`` has it too).
LINES = SQL(
    "(SELECT id, move_id, COALESCE(date_maturity, date) AS due_date FROM account_move_line)"
)
DUE = SQL("line.due_date")
MOVES = SQL("account_move")
# Few deliveries are so long before the due date; an index of account.move knows them, and the
# few invoices whose limitation somebody decided on.
USUAL_DAYS = 120
UNUSUAL = SQL(
    "collection_claim_nature IS NOT NULL OR collection_claim_start IS NOT NULL "
    f"OR delivery_date < COALESCE(invoice_date_due, DATE 'infinity') - {USUAL_DAYS}"
)
# What a judgement grants has its own period, whatever the claim was, from the day on which it is
# enforceable (CPCE L111-4).
JUDGED = SQL(
    """
    (SELECT rel.collection_item_id AS item_id, MAX(judgement.enforceable_on) AS enforceable_on
       FROM collection_judgement judgement
       JOIN collection_item_collection_judgement_rel rel
         ON rel.collection_judgement_id = judgement.id
      WHERE judgement.state = 'standing' AND judgement.enforceable_on IS NOT NULL
   GROUP BY rel.collection_item_id)
    """
)
# An event that was noted of a payment, even if it was cancelled since.
NOTED_PAYMENT = SQL(
    """
    SELECT FROM collection_limitation_event event
      JOIN collection_item_collection_limitation_event_rel named
        ON named.collection_limitation_event_id = event.id
     WHERE named.collection_item_id = item.id
       AND event.payment_reference = payment.name
    """
)
# What the query says of each item; the aliases are those of ``_source``.
COLUMNS = {
    "limitation_nature": SQL("claim.nature"),
    "limitation_start": SQL("claim.start"),
    "limitation_hypothesis": SQL("claim.hypothesis"),
    "limitation_date": SQL("claim.legal_date"),
    "limitation_confirmed_date": SQL("claim.confirmed_date"),
    "limitation_possible_date": SQL("claim.possible_date"),
}


class CollectionLimitationQuery(models.AbstractModel):
    """Limitation in SQL: the same dates as ``rules/limitation.py`` gives, for any number of items.

    The legal date is plain arithmetic on the ledger and the parameters, so it is worked out when
    asked and never stored. Only what events moved is kept (``collection.limitation``).
    """

    _name = "collection.limitation.query"
    _description = "Query of limitation dates"

    # === READING === #

    @api.model
    def _read(self, items, as_of):
        """Return {item id: its dates and where it stands} in one query."""
        self._flush()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT item.id, debtor.collection_debtor_kind AS debtor_kind, %s,
                       %s AS limitation_state
                  FROM %s
                 WHERE item.id IN %s
                """,
                SQL(", ").join(
                    SQL("%s AS %s", expression, SQL.identifier(name))
                    for name, expression in COLUMNS.items()
                ),
                self._standing(as_of),
                self._source(),
                tuple(items._origin.ids) or (0,),
            )
        )
        return {row["id"]: row for row in rows}

    @api.model
    def _column(self, name, as_of):
        """Return the expression of one of the fields that items show."""
        return self._standing(as_of) if name == "limitation_state" else COLUMNS[name]

    @api.model
    def _flush(self):
        for model, names in {
            "account.move": [
                "collection_claim_nature",
                "collection_claim_start",
                "delivery_date",
            ],
            "account.move.line": ["date", "date_maturity", "move_id"],
            "res.partner": ["collection_debtor_kind", "collection_claim_nature"],
            "collection.case": ["company_id", "partner_id"],
            "collection.item": ["case_id", "move_line_id", "is_open"],
            "collection.judgement": ["enforceable_on", "state"],
        }.items():
            self.env[model].flush_model(names)

    # === PARTS OF THE QUERY === #

    @api.model
    def _select_barred(self, parts):
        """Open items that a consumer can no longer be asked for (C. conso L218-2, R632-1).

        :param dict parts: of the decision: company_id, scope, as_of and lines
        """
        return SQL(
            """
            SELECT item.id
              FROM %(source)s
             WHERE debtor.collection_debtor_kind = 'consumer'
               AND item.is_open IS TRUE
               AND debt.company_id = %(company_id)s
               AND %(scope)s
               AND claim.confirmed_date < %(as_of)s
            """,
            source=self._source(
                self._select_old_lines(parts),
                # One by one, as they are few: PostgreSQL would read every invoice there is.
                SQL("LATERAL (SELECT * FROM account_move WHERE id = line.move_id OFFSET 0)"),
            ),
            company_id=parts["company_id"],
            scope=parts["scope"],
            as_of=parts["as_of"],
        )

    def _select_old_lines(self, parts):
        """What consumers owe that can be old enough: most of the ledger is looked at no further."""
        months = max(
            parameter.value
            for parameter in PARAMETERS[f"limitation.{NATURE_OF_DEBTOR['consumer']}"]
        )
        given = self.env["collection.partner.value"]._find_given("collection_claim_nature")
        return SQL(
            """
            (SELECT line.id, line.move_id, line.due_date
               FROM %(lines)s line
               JOIN res_partner payer ON payer.id = line.partner_id
              WHERE line.is_claim
                AND payer.collection_debtor_kind = 'consumer'
                AND (line.due_date < %(as_of)s - %(months)s * interval '1 month'
                                     + %(days)s * interval '1 day'
                     OR payer.collection_claim_nature IS NOT NULL OR %(is_given)s
                     OR line.move_id IN (SELECT id FROM account_move WHERE %(unusual)s))
             -- First of all: joined in another order, each line of the ledger is looked up.
             OFFSET 0)
            """,
            lines=parts["lines"],
            as_of=parts["as_of"],
            months=months,
            days=USUAL_DAYS,
            is_given=parts["company_id"] in given,
            unusual=UNUSUAL,
        )

    @api.model
    def _source(self, lines=LINES, moves=MOVES):
        """FROM of every question on limitation: item, debt, debtor, line, move, and the claim.

        A date that events moved counts only as long as it was worked out from the same nature and
        start: after a correction the legal date stands until the events are read again.
        """
        return SQL(
            """
                 collection_item item
            JOIN collection_case debt ON debt.id = item.case_id
            JOIN res_partner debtor ON debtor.id = debt.partner_id
            JOIN %(lines)s line ON line.id = item.move_line_id
            JOIN %(moves)s move ON move.id = line.move_id
            LEFT JOIN %(judged)s judged ON judged.item_id = item.id
                  AND move.collection_claim_nature IS DISTINCT FROM %(title)s
            CROSS JOIN LATERAL (SELECT %(nature)s AS nature, %(start)s AS start,
                                       %(hypothesis)s AS hypothesis) basis
            CROSS JOIN LATERAL (SELECT %(legal_date)s AS legal_date) period
            LEFT JOIN collection_limitation moved ON moved.item_id = item.id
                  AND moved.nature = basis.nature AND moved.start = basis.start
            CROSS JOIN LATERAL (
                SELECT basis.nature, basis.start, basis.hypothesis, period.legal_date,
                       GREATEST(period.legal_date, moved.confirmed_date) AS confirmed_date,
                       GREATEST(period.legal_date, moved.possible_date) AS possible_date) claim
            """,
            lines=lines,
            moves=moves,
            judged=JUDGED,
            title=TITLE,
            nature=self._nature(),
            start=SQL(
                "COALESCE(judged.enforceable_on, move.collection_claim_start, "
                "LEAST(%s, move.delivery_date))",
                DUE,
            ),
            hypothesis=self._hypothesis(),
            legal_date=self._legal_date(),
        )

    def _nature(self):
        """A title, else the invoice's own nature, the debtor's in this company, or its kind's."""
        return SQL(
            """COALESCE(CASE WHEN judged.enforceable_on IS NOT NULL THEN %s END,
                        move.collection_claim_nature,
                        %s,
                        CASE debtor.collection_debtor_kind %s ELSE %s END)""",
            TITLE,
            self.env["collection.partner.value"]._of_each(
                "debtor", "collection_claim_nature", SQL.identifier("debt", "company_id")
            ),
            SQL(" ").join(
                SQL("WHEN %s THEN %s", kind, nature) for kind, nature in NATURE_OF_DEBTOR.items()
            ),
            NATURE_OF_UNKNOWN,
        )

    def _hypothesis(self):
        return SQL(
            "CASE WHEN judged.enforceable_on IS NOT NULL THEN %s "
            "WHEN move.collection_claim_start IS NOT NULL THEN %s "
            "WHEN move.delivery_date < %s THEN %s ELSE %s END",
            FROM_JUDGEMENT,
            FROM_CHOICE,
            DUE,
            FROM_PERFORMANCE,
            FROM_DUE_DATE,
        )

    def _legal_date(self):
        """``rules.limitation.last_day`` in SQL; NULL where no period is known for the day."""
        branches = []
        for nature in NATURES:
            start = SQL("basis.start")
            if nature == PUBLIC:
                start = SQL("make_date(EXTRACT(YEAR FROM basis.start)::int, 12, 31)")
            for parameter in PARAMETERS[f"limitation.{nature}"]:
                branches.append(
                    SQL(
                        "WHEN basis.nature = %s AND basis.start >= %s AND basis.start <= %s "
                        "THEN (%s + %s * interval '1 month')::date",
                        nature,
                        parameter.valid_from or SQL("DATE '-infinity'"),
                        parameter.valid_until or SQL("DATE 'infinity'"),
                        start,
                        parameter.value,
                    )
                )
        return SQL("LEAST(CASE %s END, %s)", SQL(" ").join(branches), LAST_DAY)

    def _standing(self, as_of):
        """``rules.limitation.standing`` in SQL."""
        return SQL(
            """
            CASE WHEN claim.legal_date IS NULL THEN NULL
                 WHEN claim.possible_date < %(as_of)s THEN 'expired'
                 WHEN claim.confirmed_date < %(as_of)s THEN 'uncertain'
                 WHEN claim.legal_date < %(as_of)s THEN 'kept'
                 WHEN claim.legal_date - (CASE claim.nature %(first)s END) * interval '1 month'
                      <= %(as_of)s THEN 'near'
                 ELSE 'running' END
            """,
            as_of=as_of,
            first=SQL(" ").join(
                SQL("WHEN %s THEN %s", nature, alarm_months(nature, as_of)[0]) for nature in NATURES
            ),
        )

    @api.model
    def _select_thresholds(self, as_of):
        """VALUES of (nature, months before the end) on which alarms are given."""
        return SQL(
            "VALUES %s",
            SQL(", ").join(
                SQL("(%s, %s)", nature, months)
                for nature in NATURES
                for months in alarm_months(nature, as_of)
            ),
        )

    # === PAYMENTS === #

    @api.model
    def _find_payments(self, cases):
        """Return the part payments of open items that nobody has noted as an event yet.

        They are proposed to a person, who knows whether the debtor himself paid without reserve
        (C. civ. 2240). Credit notes are no acknowledgement by the debtor.

        :return: [{case_id, item_id, payment_reference, date, amount, currency_id, by_debtor}], the
            amount in the currency of the item
        """
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move"].flush_model(["name", "journal_id"])
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT item.case_id, item.id AS item_id, payment.name AS payment_reference,
                       paid.date, SUM(partial.debit_amount_currency) AS amount,
                       line.currency_id,
                       BOOL_AND(payer.commercial_partner_id = debt.partner_id) AS by_debtor
                  FROM collection_item item
                  JOIN collection_case debt ON debt.id = item.case_id
                  JOIN account_move_line line ON line.id = item.move_line_id
                  JOIN account_partial_reconcile partial ON partial.debit_move_id = line.id
                  JOIN account_move_line paid ON paid.id = partial.credit_move_id
                  JOIN account_move payment ON payment.id = paid.move_id
                  JOIN account_journal journal ON journal.id = payment.journal_id
             LEFT JOIN res_partner payer ON payer.id = paid.partner_id
                 WHERE item.case_id IN %s
                   AND item.is_open IS TRUE
                   AND journal.type IN ('bank', 'cash', 'credit')
                   AND NOT EXISTS (%s)
              GROUP BY item.case_id, item.id, payment.name, paid.date, line.currency_id
              ORDER BY paid.date, item.id, payment.name
                """,
                tuple(cases._origin.ids) or (0,),
                NOTED_PAYMENT,
            )
        )

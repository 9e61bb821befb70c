from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL, format_date

from ...rules.charges import ItemCharges, ItemFacts, item_charges, share_indemnity
from ...rules.interest_terms import CREDIT_NOTE, PAYMENT, Movement
from ...rules.parameters import MissingLegalValue
from ...rules.rates import MissingRate

# Statements that are still worth something: what they claimed is not claimed again.
STANDING = ("claimed", "paid", "waived")


@dataclass(frozen=True)
class ChargedItem:
    """What late payment of one item costs, or why that is not known.

    :ivar item_id: the collection.item
    :ivar move_id: its invoice
    :ivar number: the invoice's number
    :ivar due_date: its due date
    :ivar currency_id: its currency
    :ivar debtor_kind: professional, public or consumer
    :ivar ItemCharges charges: what is claimable; None when a value is missing
    :ivar problem: names what is missing; empty otherwise
    """

    item_id: int
    move_id: int
    number: str
    due_date: date
    currency_id: int
    debtor_kind: str
    charges: ItemCharges | None
    problem: str = ""


class CollectionInterest(models.AbstractModel):
    """Interest and fixed indemnities of many items, in a fixed number of queries.

    Gathers what the ledger and the cases say, and lets ``rules/charges.py`` compute. Paid items
    count too: what late payment cost stays due after the principal is paid.
    """

    _name = "collection.interest"
    _description = "Late-payment charges of items"

    # === BUSINESS === #

    @api.model
    def _compute_items(self, items, as_of, claimed_until=None):
        """Return what is claimable of items and was not claimed yet.

        An item that needs a rate which nobody has entered is named with it; the others are
        computed all the same.

        :param items: collection.item records, open or paid
        :param date as_of: last day that counts
        :param date claimed_until: what was claimed later and is unpaid counts as not claimed
        :return: {item id: ChargedItem}, by due date
        """
        self.env.flush_all()
        rows = self._read_items(items)
        item_ids = [row["item_id"] for row in rows]
        context = {
            "company_rates": self._read_company_rates(rows),
            "movements": self._read_movements(rows),
            "openings": self._read_openings(rows, as_of),
            "stops": self.env["collection.hold"]._read_interest_stops(item_ids),
            "notices": self._read_notices(rows, as_of),
            "judgements": self.env["collection.judgement"]._read_standing(item_ids),
            "claimed": self._read_claimed(rows, claimed_until or date.max),
            "suspensions": self._read_suspensions(rows),
        }
        rates = self.env["collection.rate"]._get_table()
        charged = [self._charge(row, context, rates, as_of) for row in rows]
        known = [entry for entry in charged if entry.charges]
        shared = share_indemnity(
            [(entry.move_id, entry.due_date, entry.charges) for entry in known]
        )
        by_item = dict(zip((entry.item_id for entry in known), shared, strict=True))
        return {
            entry.item_id: self._with_charges(entry, by_item.get(entry.item_id))
            for entry in charged
        }

    @api.model
    def _sum_charges(self, charges, currency, company, day):
        """Return interest and fixed indemnity of an item in its currency.

        The indemnity is set in EUR, whatever the invoice.

        :param ItemCharges charges: of ``_compute_items``
        :param currency: of the item, in which its interest is
        """
        euro = self.env.ref("base.EUR")
        indemnity = euro._convert(float(charges.indemnity), currency, company, day)
        return float(charges.interest.total) + indemnity

    @staticmethod
    def _with_charges(entry, charges):
        return ChargedItem(**{**entry.__dict__, "charges": charges})

    def _charge(self, row, context, rates, as_of):
        """Return the ChargedItem of one row of the ledger."""
        facts = self._get_facts(row, context)
        charges, problem = None, ""
        try:
            charges = item_charges(facts, as_of, rates)
        except MissingLegalValue as error:
            problem = self._explain_missing(error)
        return ChargedItem(
            item_id=row["item_id"],
            move_id=row["move_id"],
            number=row["number"],
            due_date=row["due_date"],
            currency_id=row["currency_id"],
            debtor_kind=facts.debtor_kind,
            charges=charges,
            problem=problem,
        )

    def _explain_missing(self, error):
        """Return what is missing, in the user's language."""
        if not isinstance(error, MissingRate):
            return self.env._("A legal value is missing: %s", error)
        kinds = dict(self.env["collection.rate"]._fields["kind"]._description_selection(self.env))
        return self.env._(
            "The rate in force from %(date)s is missing: %(kind)s. A manager enters it in the "
            "rates.",
            date=format_date(self.env, error.half_year),
            kind=kinds[error.kind],
        )

    def _get_facts(self, row, context):
        rate = Decimal(row["own_rate"] or "0") or context["company_rates"][row["company_id"]]
        claimed, has_indemnity = context["claimed"]
        debtor = (row["partner_id"], row["company_id"])
        opening, ended = context["openings"].get(debtor, (None, ()))
        return ItemFacts(
            principal=Decimal(row["principal"]),
            due_date=row["due_date"],
            issued_on=row["issued_on"],
            arose_on=row["arose_on"],
            # Of whom nobody says what he is, nothing is claimed that consumers do not owe.
            debtor_kind=row["debtor_kind"] or "consumer",
            contract_rate=round(rate, 2) if rate else None,
            movements=context["movements"].get(row["line_id"], ()),
            is_settled=row["is_settled"],
            notice_date=context["notices"].get(row["item_id"]),
            judgement=context["judgements"].get(row["item_id"]),
            insolvency_date=opening,
            ended_proceedings=ended,
            suspensions=(
                *context["stops"].get(row["item_id"], ()),
                *context["suspensions"].get(row["item_id"], ()),
            ),
            claimed=(
                *claimed.get(row["item_id"], ()),
                *claimed.get(("invoice", row["move_id"]), ()),
            ),
            indemnity_claimed=row["move_id"] in has_indemnity,
            is_insurance_indemnity=row["is_insurance"],
            owes_indemnity=row["owes_indemnity"],
            digits=self.env["res.currency"].browse(row["currency_id"]).decimal_places,
        )

    # === WHAT THE LEDGER AND THE CASES SAY === #

    def _read_items(self, items):
        """Return the items' invoices, debtors and terms; statements of charges bear no interest.

        Nor does what a consumer can no longer be asked for: the decision says so of the item.
        """
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT item.id AS item_id, debt.partner_id, debt.company_id,
                       line.id AS line_id, line.move_id,
                       COALESCE(NULLIF(move.name, '/'), line.name, '') AS number,
                       COALESCE(line.date_maturity, line.date) AS due_date,
                       COALESCE(move.invoice_date, line.date) AS issued_on,
                       %(arose_on)s AS arose_on,
                       line.currency_id, line.amount_currency::text AS principal,
                       line.reconciled IS TRUE AS is_settled,
                       move.collection_is_insurance IS TRUE AS is_insurance,
                       partner.collection_debtor_kind AS debtor_kind,
                       partner.collection_owes_indemnity IS NOT FALSE AS owes_indemnity,
                       (%(own_rate)s)::text AS own_rate
                  FROM collection_item item
                  JOIN collection_case debt ON debt.id = item.case_id
                  JOIN res_partner partner ON partner.id = debt.partner_id
                  JOIN account_move_line line ON line.id = item.move_line_id
                  JOIN account_move move ON move.id = line.move_id
                 WHERE item.id IN %(item_ids)s
                   AND line.parent_state = 'posted'
                   AND item.verdict IS DISTINCT FROM 'time_barred'
                   AND NOT EXISTS (SELECT FROM collection_charge charge
                                    WHERE charge.move_id = line.move_id)
              ORDER BY due_date, item.id
                """,
                own_rate=self.env["collection.partner.value"]._of_each(
                    "partner", "collection_late_rate", SQL.identifier("debt", "company_id")
                ),
                arose_on=self.env["collection.insolvency"]._arose_on_side(),
                item_ids=tuple(items.ids) or (0,),
            )
        )

    def _read_company_rates(self, rows):
        """Return {company id: the rate of its general terms, its own or its nearest parent's}."""
        companies = self.env["res.company"].browse({row["company_id"] for row in rows})
        return {
            company.id: Decimal(str(company._find_inherited("collection_late_rate")))
            for company in companies
        }

    def _read_movements(self, rows):
        """Return {journal item: its payments and credit notes}, with their dates.

        What was booked as a loss is like a credit note: nobody paid it late.
        """
        settlement = self.env["collection.settlement"]
        found = self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, %(day)s,
                       partial.debit_amount_currency::text, %(kind)s
                  FROM account_partial_reconcile partial
                  JOIN account_move_line line ON line.id = partial.credit_move_id
                  JOIN account_move move ON move.id = line.move_id
                  JOIN account_journal journal ON journal.id = line.journal_id
                 WHERE partial.debit_move_id IN %(lines)s AND partial.debit_amount_currency <> 0
              ORDER BY partial.id
                """,
                day=settlement._select_day(),
                kind=settlement._select_kind(),
                lines=tuple(row["line_id"] for row in rows) or (0,),
            )
        )
        movements = {}
        for line_id, day, amount, found_kind in found:
            kind = CREDIT_NOTE if found_kind == CREDIT_NOTE else PAYMENT
            own = movements.get(line_id, ())
            movements[line_id] = (*own, Movement(day, Decimal(amount), kind))
        return movements

    def _read_openings(self, rows, as_of):
        """Return {(debtor, company): (day that insolvency stops interest, ended periods of it)}.

        Proceedings are the debtor's: they bear on his older cases, closed ones too.
        """
        found = self.env.execute_query(
            SQL(
                """
                SELECT debt.partner_id, debt.company_id, hold.date_start,
                       CASE hold.state
                       WHEN 'released' THEN LEAST(hold.released_on, hold.date_end)
                       WHEN 'expired' THEN hold.date_end
                       WHEN 'open' THEN CASE WHEN hold.date_end < %(as_of)s THEN hold.date_end END
                       END,
                       hold.state = 'released'
                  FROM collection_hold hold
                  JOIN collection_case debt ON debt.id = hold.case_id
                 WHERE hold.kind = 'insolvency' AND debt.partner_id IN %(debtors)s
              ORDER BY hold.date_start DESC, hold.id
                """,
                as_of=as_of,
                debtors=tuple({row["partner_id"] for row in rows}) or (0,),
            )
        )
        openings = {}
        for partner_id, company_id, start, end, is_released in found:
            opening, periods = openings.get((partner_id, company_id), (None, ()))
            if not end:
                opening = start
            # What was released on the day it was noted was noted by mistake.
            elif not is_released or end > start:
                periods = (*periods, (start, end))
            openings[partner_id, company_id] = (opening, periods)
        return openings

    def _read_suspensions(self, rows):
        """Return {item: periods on which agreements waive interest}."""
        return self.env["collection.schedule"]._get_suspensions([row["item_id"] for row in rows])

    def _read_notices(self, rows, as_of):
        """Return {item: day its first formal notice took effect}."""
        notices = self.env["collection.action"]._read_notices([row["item_id"] for row in rows])
        return {
            item_id: runs_from
            for item_id, (runs_from, _over_from) in notices.items()
            if runs_from and runs_from <= as_of
        }

    def _read_claimed(self, rows, until):
        """Return ({item: periods whose interest was claimed}, invoices with an indemnity).

        Days between them bore none then: they can be claimed when that turns out to be untrue, a
        payment that was returned or a waiver that lost its condition.
        """
        found = self.env.execute_query(
            SQL(
                """
                SELECT line.kind, line.item_id, line.invoice_id,
                       (segment ->> 'start')::date, (segment ->> 'end')::date
                  FROM collection_charge_line line
                  JOIN collection_charge charge ON charge.id = line.charge_id
             LEFT JOIN LATERAL jsonb_array_elements(line.segments) segment ON TRUE
                 WHERE line.invoice_id IN %s AND charge.state IN %s
                   AND (charge.date <= %s OR charge.state != 'claimed')
                """,
                tuple({row["move_id"] for row in rows}) or (0,),
                STANDING,
                until,
            )
        )
        periods, invoices = {}, set()
        for kind, item_id, invoice_id, start, end in found:
            if kind == "indemnity":
                invoices.add(invoice_id)
            else:
                # An item that is gone (its invoice was corrected) counts for the whole invoice.
                key = item_id or ("invoice", invoice_id)
                periods.setdefault(key, []).append((start, end))
        return periods, invoices

"""Late-payment charges equal an independent computation: each segment, each day once, 40 EUR once.

C. com. L441-10 II and D441-5 (professionals), CCP L2192-13 and R2192-31 (public bodies),
C. civ. 1231-6 (consumers: from the formal notice, no indemnity).
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .books import CENT
from .finding import Finding
from .rates import INDEMNITY, Table

LINES = """
    SELECT line.*, charge.case_id, charge.name AS charge_name, charge.state, charge.date,
           charge.date_until, charge.debtor_kind, charge.currency_id, currency.name AS currency,
           charge.amount_interest, charge.amount_indemnity, charge.amount_total
      FROM collection_charge_line line
      JOIN collection_charge charge ON charge.id = line.charge_id
      JOIN res_currency currency ON currency.id = charge.currency_id
     WHERE charge.company_id IN %(companies)s AND charge.state <> 'cancelled'
  ORDER BY line.id
"""
RATES = "SELECT kind, date_start, rate FROM collection_rate"
COMPANIES = "SELECT id, collection_late_rate AS rate FROM res_company"
NOTICES = """
    SELECT told.item_id, MIN(action.notice_runs_from) AS day
      FROM collection_action_item told
      JOIN collection_action action ON action.id = told.action_id
     WHERE action.is_notice AND action.state IN ('sent', 'done')
       AND told.level_id = action.level_id AND action.notice_runs_from IS NOT NULL
  GROUP BY told.item_id
"""
# What changes from when and how interest runs is a person's or a judge's decision.
UNUSUAL = """
    SELECT collection_item_id AS item_id FROM collection_item_collection_judgement_rel
     UNION
    SELECT cover.item_id FROM collection_schedule_item cover
      JOIN collection_schedule schedule ON schedule.id = cover.schedule_id
     WHERE schedule.interest_clause = 'waived' AND cover.item_id IS NOT NULL
     UNION
    SELECT line.item_id FROM collection_hold hold
      JOIN collection_hold_line line ON line.hold_id = hold.id
     WHERE hold.stops_interest AND line.item_id IS NOT NULL
     UNION
    SELECT item.id FROM collection_hold hold
      JOIN collection_item item ON item.case_id = hold.case_id
     WHERE hold.stops_interest
"""
OPENINGS = """
    SELECT company_id, partner_id, MIN(judgement_date) AS day
      FROM collection_insolvency
     WHERE judgement_date IS NOT NULL AND kind <> 'conciliation' AND state <> 'cancelled'
  GROUP BY company_id, partner_id
"""


def check(books):
    """Yield lines of the day's statements of charges that come out otherwise."""
    lines = books.rows(LINES)
    new = [line for line in lines if line.date == books.date]
    if not new:
        return
    computation = _Computation(books, lines)
    for line in new:
        subject = f"{books.name(line.case_id)}, {line.charge_name}, {line.number}"
        if line.kind == "interest":
            books.count("interest lines")
            yield from computation.check_segments(subject, line)
            yield from computation.check_days(subject, line)
        else:
            books.count("indemnities")
            yield from computation.check_indemnity(subject, line)


class _Computation:
    """What the ledger, the notices and the published rates say of charges."""

    def __init__(self, books, lines):
        self.books = books
        kinds = {"ecb": "ecb", "legal_other_cases": "legal"}
        entered = {
            (kinds[row.kind], row.date_start): Decimal(str(row.rate))
            for row in books.rows(RATES)
            if row.kind in kinds
        }
        self.table = Table(entered)
        self.company_rates = {row.id: row.rate for row in books.rows(COMPANIES)}
        self.notices = {row.item_id: row.day for row in books.rows(NOTICES)}
        self.unusual = {row.item_id for row in books.rows(UNUSUAL)}
        self.openings = {(row.company_id, row.partner_id): row.day for row in books.rows(OPENINGS)}
        self.claimed, self.indemnities = defaultdict(list), defaultdict(list)
        for line in lines:
            if line.kind == "indemnity":
                self.indemnities[line.invoice_id].append(line)
            else:
                self.claimed[line.item_id or line.invoice_id].append(line)

    # === INTEREST === #

    def check_segments(self, subject, line):
        """Yield segments whose days, base, rate or amount are not what they have to be."""
        total = Decimal(0)
        item = self.books.items.get(line.item_id)
        own = self.books.lines.get(item.line_id) if item else None
        for segment in line.segments or ():
            start, end = date.fromisoformat(segment["start"]), date.fromisoformat(segment["end"])
            base, rate = Decimal(segment["base"]), Decimal(segment["rate"])
            days = (end - start).days + 1
            amount = self._round(
                base * rate * days / (100 * Decimal(segment["divisor"])), line.currency_id
            )
            total += amount
            said = (segment["days"], Decimal(segment["amount"]))
            if said != (days, amount):
                yield Finding("interest is computed", subject, f"{days}, {amount}", str(said))
            if own is None or line.item_id in self.unusual:
                continue
            yield from self._check_segment(subject, line, own, (start, end, base, rate))
        if abs(total - line.amount) > CENT:
            yield Finding("interest adds up", subject, str(total), str(line.amount))

    def _check_segment(self, subject, line, own, segment):
        start, end, base, rate = segment
        first = own.due + timedelta(days=1)
        if start < first or end > line.date_until:
            yield Finding(
                "interest runs while it is late",
                subject,
                f"{first} to {line.date_until}",
                f"{start} to {end}",
            )
        for day in (start, end):
            wanted = self.table.rate_on(line.debtor_kind, day, first, self._contract(line))
            if wanted is not None and wanted != rate:
                yield Finding("the rate is the published one", f"{subject}, {day}", wanted, rate)
            bases = self._bases(own, day)
            if not any(abs(base - one) <= CENT for one in bases):
                yield Finding("interest is of what was due", f"{subject}, {day}", str(bases), base)
        yield from self._check_start(subject, line, start, end)

    def _check_start(self, subject, line, start, end):
        notice = self.notices.get(line.item_id)
        if line.debtor_kind == "consumer" and (notice is None or start < notice):
            yield Finding(
                "a consumer's interest runs from the notice", subject, str(notice), str(start)
            )
        opening = self._opening(line)
        if opening and end >= opening and self._is_earlier(line, opening):
            yield Finding("insolvency stops interest", subject, f"before {opening}", str(end))

    def check_days(self, subject, line):
        """Yield days that are claimed twice, and days late that are left out."""
        claimed = defaultdict(int)
        for other in self.claimed[line.item_id or line.invoice_id]:
            for segment in other.segments or ():
                day = date.fromisoformat(segment["start"])
                while day <= date.fromisoformat(segment["end"]):
                    claimed[day] += 1
                    day += timedelta(days=1)
        twice = sorted(day for day, number in claimed.items() if number > 1)
        if twice:
            yield Finding("interest is claimed once", subject, "each day once", f"{twice[0]} twice")
        missing = next((day for day in self._days(line) if day not in claimed), None)
        if missing:
            yield Finding("interest is claimed wholly", subject, "each day late", f"not {missing}")

    def _days(self, line):
        """Return the days that bear interest for sure."""
        item = self.books.items.get(line.item_id)
        own = self.books.lines.get(item.line_id) if item else None
        if own is None or line.item_id in self.unusual or self._opening(line):
            return
        day = own.due + timedelta(days=1)
        if line.debtor_kind == "consumer":
            notice = self.notices.get(line.item_id)
            if notice is None:
                return
            day = max(day, notice + timedelta(days=1))
        while day <= line.date_until:
            if min(self._bases(own, day)) > CENT:
                yield day
            day += timedelta(days=1)

    def _bases(self, own, day):
        """Return what was due of an item on a day.

        A payment counts from the day after its value date. A credit note was perhaps never owed:
        from the start, from its day on or from the day after are all accepted.
        """
        paid = self._matched(own, "payment", lambda one: one.day < day)
        never = self._matched(own, "credit_note", lambda one: True)
        since = self._matched(own, "credit_note", lambda one: one.day <= day)
        after = self._matched(own, "credit_note", lambda one: one.day < day)
        return sorted({own.amount - paid - taken for taken in (never, since, after)})

    def _matched(self, own, kind, condition):
        kinds = ("payment", "other") if kind == "payment" else (kind,)
        return sum(
            (
                one.amount
                for one in self.books.matchings.get(own.id, ())
                if one.kind in kinds and condition(one)
            ),
            Decimal(0),
        )

    def _contract(self, line):
        """Return the rate that was agreed on with the debtor, or stands in the company's terms."""
        case = self.books.cases[line.case_id]
        own = (self.books.debtors[case.debtor_id].late_rates or {}).get(str(case.company_id))
        rate = own or self.company_rates.get(case.company_id)
        return round(Decimal(str(rate)), 2) if rate else None

    def _opening(self, line):
        case = self.books.cases[line.case_id]
        return self.openings.get((case.company_id, case.debtor_id))

    def _is_earlier(self, line, opening):
        item = self.books.items.get(line.item_id)
        own = self.books.lines.get(item.line_id) if item else None
        return bool(own and (own.delivery_date or own.invoice_date or own.date) < opening)

    def _round(self, amount, currency_id):
        step = Decimal(1).scaleb(-self.books.digits[currency_id])
        return amount.quantize(step, ROUND_HALF_UP)

    # === INDEMNITY === #

    def check_indemnity(self, subject, line):
        """Yield indemnities of consumers, twice for an invoice, or of another amount."""
        claims = self.indemnities[line.invoice_id]
        debtor = self.books.debtors[self.books.cases[line.case_id].debtor_id]
        lines = self.books.lines_of_moves[line.invoice_id]
        wrong = {
            "once per invoice": len(claims) > 1,
            "40.00": line.currency == "EUR" and line.amount != INDEMNITY,
            "not of a consumer": line.debtor_kind == "consumer",
            "not where it was left out": not debtor.owes_indemnity,
            "not of an insurance indemnity": any(one.is_insurance for one in lines),
            "of what is late": not any(self._was_late(one, line.date_until) for one in lines),
        }
        for rule, is_broken in wrong.items():
            if is_broken:
                yield Finding("the indemnity is the law's", subject, rule, str(line.amount))

    def _was_late(self, own, until):
        if own.balance <= 0 or own.due >= until:
            return False
        if self.books.is_claim(own):
            return True
        matchings = self.books.matchings.get(own.id, ())
        return any(one.day > own.due for one in matchings if one.kind != "credit_note")

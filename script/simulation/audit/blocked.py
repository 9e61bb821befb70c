"""What keeps each item from being asked for, read from agreements and the ledger, not from holds.

Only a pause made by hand has no other record than its hold. The reasons are words of the trade:
``insolvent``, ``handed_over``, ``disputed``, ``scheduled``, ``promised``, ``paused``, ``paid``.
"""

from collections import defaultdict
from decimal import Decimal

UNDECIDED = ("open", "waiting", "answered")
# An insurer's or partner's refusal changes nothing until the handover is taken back.
HANDED_OVER = ("approved", "sending", "transmitted", "accepted", "declined")
NOT_IN_COURT = ("draft", "rejected", "withdrawn", "closed", "settled")
ENDS_WITH_DEBTS = ("insufficient", "wiped_out")  # what the law has taken is not asked for again

PROMISED = """
    SELECT promise.id, promised.item_id FROM collection_promise promise
      JOIN collection_promise_item_rel promised ON promised.promise_id = promise.id
     WHERE promise.state = 'pending' AND promise.company_id IN %(companies)s
       AND promise.date_start <= %(day)s
"""
SCHEDULED = """
    SELECT schedule.id, cover.item_id FROM collection_schedule schedule
      JOIN collection_schedule_item cover ON cover.schedule_id = schedule.id
     WHERE schedule.state IN ('signed', 'running', 'late')
       AND schedule.company_id IN %(companies)s AND cover.item_id IS NOT NULL
"""
DISPUTED = """
    SELECT line.*, dispute.state AS decision
      FROM collection_dispute_line line
      JOIN collection_dispute dispute ON dispute.id = line.dispute_id
     WHERE dispute.is_running AND dispute.company_id IN %(companies)s
       AND dispute.opened_on <= %(day)s AND line.item_id IS NOT NULL
"""
CREDITED = """
    SELECT item.id AS item_id, SUM(partial.debit_amount_currency) AS amount
      FROM collection_dispute_line line
      JOIN collection_item item ON item.id = line.item_id
      JOIN account_partial_reconcile partial ON partial.debit_move_id = item.move_line_id
      JOIN account_move_line credit ON credit.id = partial.credit_move_id
      JOIN account_move_line debit ON debit.id = partial.debit_move_id
      JOIN account_move note ON note.id = credit.move_id
     WHERE note.move_type = 'out_refund' OR note.reversed_entry_id = debit.move_id
  GROUP BY item.id, line.id
"""
IN_COURT = """
    SELECT handover.id, given.item_id, handover.state, 'handover' AS way
      FROM collection_handover handover
      JOIN collection_handover_item_rel given ON given.handover_id = handover.id
     WHERE handover.company_id IN %(companies)s
     UNION ALL
    SELECT proceeding.id, given.collection_item_id, proceeding.state, 'court'
      FROM collection_proceeding proceeding
      JOIN collection_item_collection_proceeding_rel given
        ON given.collection_proceeding_id = proceeding.id
     WHERE proceeding.company_id IN %(companies)s
"""
INSOLVENT = """
    SELECT record.* FROM collection_insolvency record
     WHERE record.company_id IN %(companies)s AND record.judgement_date <= %(day)s
       AND record.kind <> 'conciliation'
       AND (record.state IN ('open', 'plan')
            OR record.state = 'closed' AND record.closing_ground IN %(ends)s)
"""
SIDES = """
    SELECT insolvency_id, item_id, side FROM collection_insolvency_claim WHERE side IS NOT NULL
"""
PAUSED = """
    SELECT hold.id, hold.case_id, line.item_id
      FROM collection_hold hold
 LEFT JOIN collection_hold_line line ON line.hold_id = hold.id
     WHERE hold.kind = 'manual' AND hold.state = 'open' AND hold.company_id IN %(companies)s
       AND hold.date_start <= %(day)s AND (hold.date_end IS NULL OR hold.date_end >= %(day)s)
"""


class Blocked:
    """{item: reasons} and the disputed parts, as they are at the end of the day."""

    def __init__(self, books):
        self.books = books
        self.reasons = defaultdict(set)
        self.records = defaultdict(set)  # {item: (reason, number of the record that gives it)}
        self.parts = defaultdict(Decimal)  # {item: the disputed part, when not all of it}
        self._read_agreements()
        self._read_disputes()
        self._read_court()
        self._read_insolvency()
        self._read_pauses()

    def _read_agreements(self):
        for reason, query in (("promised", PROMISED), ("scheduled", SCHEDULED)):
            for row in self.books.rows(query):
                self._add(row.item_id, reason, row.id)

    def _add(self, item_id, reason, record_id):
        self.reasons[item_id].add(reason)
        self.records[item_id].add((reason, record_id))

    def _read_disputes(self):
        """A dispute bears on its part; once decided, on what still waits for a credit note."""
        credited = {row.item_id: row.amount for row in self.books.rows(CREDITED)}
        for line in self.books.rows(DISPUTED):
            if line.decision in UNDECIDED:
                part = None if line.is_whole else line.amount
            else:
                since = credited.get(line.item_id, Decimal(0)) - (line.credited_before or 0)
                part = (line.amount_accepted or Decimal(0)) - since
            if part is None:
                self._add(line.item_id, "disputed", line.dispute_id)
            elif part > 0:
                # Some amounts are stored as floating numbers.
                self.parts[line.item_id] += Decimal(str(part))
        for item_id, part in self.parts.items():
            item = self.books.items[item_id]
            line = self.books.lines.get(item.line_id)
            if line and part >= line.residual:
                self._add(item_id, "disputed", 0)

    def _read_court(self):
        for row in self.books.rows(IN_COURT):
            is_given = (
                row.state in HANDED_OVER if row.way == "handover" else row.state not in NOT_IN_COURT
            )
            if is_given:
                # From the handover to its proceeding they stay handed over.
                self._add(row.item_id, "handed_over", 0)

    def _read_insolvency(self):
        """What arose before the judgement is not asked for any more (C. com. L622-7, L622-21)."""
        records = self.books.rows(INSOLVENT, ends=ENDS_WITH_DEBTS)
        sides = {(row.insolvency_id, row.item_id): row.side for row in self.books.rows(SIDES)}
        by_debtor = defaultdict(list)
        for record in records:
            by_debtor[record.company_id, record.partner_id].append(record)
        for key, own_records in by_debtor.items():
            for case in self.books.cases_of_debtors[key]:
                for item in self.books.items_of_cases[case.id]:
                    self._read_side(item, own_records, sides)

    def _read_side(self, item, records, sides):
        line = self.books.lines.get(item.line_id)
        arose = line and (line.delivery_date or line.invoice_date or line.date)
        for record in records:
            side = sides.get((record.id, item.id))
            if side == "earlier" or (side is None and arose and arose < record.judgement_date):
                self._add(item.id, "insolvent", record.id)

    def _read_pauses(self):
        for row in self.books.rows(PAUSED):
            if row.item_id:
                self._add(row.item_id, "paused", row.id)
                continue
            for item in self.books.items_of_cases[row.case_id]:
                self._add(item.id, "paused", row.id)

"""Promises and disputes stand where a replay of the matchings puts them."""

from datetime import timedelta
from decimal import Decimal

from .finding import Finding
from .places import is_working

PROMISES = """
    SELECT promise.*, ARRAY_AGG(promised.item_id) AS item_ids
      FROM collection_promise promise
      JOIN collection_promise_item_rel promised ON promised.promise_id = promise.id
     WHERE promise.state <> 'withdrawn' AND promise.company_id IN %(companies)s
  GROUP BY promise.id
"""
# What is left of a promise, when others were made of some of its items, keeps the day of the first.
GIVEN = """
    WITH RECURSIVE given AS (
        SELECT id, date FROM collection_promise
         WHERE rest_of_id IS NULL AND company_id IN %(companies)s
         UNION ALL
        SELECT rest.id, given.date FROM collection_promise rest
          JOIN given ON given.id = rest.rest_of_id)
    SELECT id, date FROM given
"""
DISPUTES = """
    SELECT dispute.id, dispute.name, dispute.case_id, dispute.state, dispute.is_running,
           line.item_id, line.amount_accepted, line.credited_before,
           COALESCE((SELECT SUM(partial.debit_amount_currency)
                       FROM account_partial_reconcile partial
                       JOIN account_move_line credit ON credit.id = partial.credit_move_id
                       JOIN account_move note ON note.id = credit.move_id
                      WHERE partial.debit_move_id = item.move_line_id
                        AND (note.move_type = 'out_refund'
                             OR note.reversed_entry_id = debit.move_id)), 0) AS credited
      FROM collection_dispute dispute
      JOIN collection_dispute_line line ON line.dispute_id = dispute.id
 LEFT JOIN collection_item item ON item.id = line.item_id
 LEFT JOIN account_move_line debit ON debit.id = item.move_line_id
     WHERE dispute.company_id IN %(companies)s AND dispute.state <> 'cancelled'
"""
UNDECIDED = ("open", "waiting", "answered")


def check(books):
    """Yield promises and disputes of which the ledger says something else."""
    for promise in books.rows(PROMISES):
        if promise.company_id in books.judged:
            yield from _check_promise(books, promise, books.bank_days[promise.company_id])
    yield from _check_disputes(books)


# === PROMISES === #


def _check_promise(books, promise, bank_days):
    subject = f"{books.name(promise.case_id)}, promise {promise.id} for {promise.date}"
    given = {row.id: row.date for row in books.once(GIVEN)}
    last = add_working_days(given[promise.id], bank_days)
    if promise.date_start == books.date and promise.last_date != last:
        yield Finding("a promise waits for the bank", subject, str(last), str(promise.last_date))
    expected = judge_promise(books, promise)
    if expected is None:
        return
    books.count("promises")
    books.count(f"promises: {promise.state}")
    if promise.state not in expected:
        yield Finding(
            "promises follow the matchings", subject, " or ".join(expected), promise.state
        )


def add_working_days(day, number):
    """Return the day that is so many working days later."""
    while number:
        day += timedelta(days=1)
        number -= is_working(day)
    return day


def received(books, item_ids):
    """Return the matchings of items, each with its value date, the first made first."""
    line_ids = {books.items[item_id].line_id for item_id in item_ids if item_id in books.items}
    found = [one for line_id in line_ids for one in books.matchings.get(line_id, ())]
    return sorted(found, key=lambda one: (one.day, one.id))


def judge_promise(books, promise):
    """Return the states that the matchings allow; None when they do not say."""
    arrived = [
        one
        for one in received(books, promise.item_ids)
        if one.day > promise.date_start
        or (one.day == promise.date_start and one.id > (promise.matched_after or 0))
    ]
    if any(one.kind == "other" for one in arrived) or promise.last_date is None:
        return None
    payments = [one for one in arrived if one.kind == "payment"]
    late_credits = sum(
        (one.amount for one in arrived if one.kind != "payment" and one.day > promise.last_date),
        Decimal(0),
    )
    residual = sum(
        (
            books.lines[books.items[item_id].line_id].residual
            for item_id in promise.item_ids
            if item_id in books.items and books.items[item_id].line_id in books.lines
        ),
        Decimal(0),
    )
    owed = residual + late_credits + sum((one.amount for one in payments), Decimal(0))
    amount = min(promise.amount, owed)
    if amount <= 0:
        return ("void",)
    return _judge(promise, [one for one in payments if _is_own(promise, one)], amount, books.date)


def _is_own(promise, one):
    """A payment counts for one promise: the last one of the same items before it."""
    end = promise.superseded_on
    return (
        not end or one.day < end or (one.day == end and one.id <= (promise.superseded_after or 0))
    )


def _judge(promise, payments, amount, today):
    wanted = amount - (promise.tolerance or 0)
    in_time = sum((one.amount for one in payments if one.day <= promise.last_date), Decimal(0))
    so_far = sum((one.amount for one in payments if one.day <= today), Decimal(0))
    if min(in_time, so_far) >= wanted:
        return ("kept",)
    if today <= promise.last_date:
        return ("pending",)
    if so_far >= wanted:
        return ("late",)
    if in_time > 0:
        return ("partly_kept",)
    # A part that came too late may be called one or the other.
    return ("partly_kept", "broken") if so_far > 0 else ("broken",)


# === DISPUTES === #


def _check_disputes(books):
    disputes = {}
    for row in books.rows(DISPUTES):
        disputes.setdefault(row.id, []).append(row)
    for rows in disputes.values():
        books.count("disputes")
        first = rows[0]
        subject = f"{books.name(first.case_id)}, dispute {first.name}"
        is_due = any(_is_due(books, row.item_id) for row in rows)
        if first.state in UNDECIDED and not is_due:
            yield Finding("disputes follow the ledger", subject, "settled", first.state)
        elif first.state == "settled" and is_due:
            yield Finding("disputes follow the ledger", subject, "open again", first.state)
        elif first.state in ("founded", "partly_founded"):
            waits = any(
                _is_due(books, row.item_id)
                and (row.amount_accepted or 0) > row.credited - (row.credited_before or 0)
                for row in rows
            )
            if waits != bool(first.is_running):
                yield Finding(
                    "disputes follow the ledger",
                    subject,
                    f"running: {waits}",
                    f"running: {bool(first.is_running)} ({first.state})",
                )


def _is_due(books, item_id):
    item = books.items.get(item_id)
    line = books.lines.get(item.line_id) if item else None
    return bool(line and books.is_claim(line))

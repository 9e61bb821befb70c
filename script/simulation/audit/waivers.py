"""Waivers are booked once their condition is met, for what was given up, and else lapse."""

from datetime import timedelta
from decimal import Decimal

from .books import CENT
from .finding import Finding

WAIVERS = """
    SELECT waiver.*, COALESCE(booked.posted, 0) AS posted, COALESCE(booked.number, 0) AS number,
           COALESCE(booked.amount, 0) AS booked, owed.residual
      FROM collection_waiver waiver
 LEFT JOIN LATERAL (
           SELECT COUNT(*) AS number, COUNT(*) FILTER (WHERE move.state = 'posted') AS posted,
                  SUM((SELECT -SUM(line.amount_currency)
                         FROM account_move_line line
                         JOIN account_account account ON account.id = line.account_id
                        WHERE line.move_id = move.id
                          AND account.account_type = 'asset_receivable')) AS amount
             FROM collection_waiver_move_rel made
             JOIN account_move move ON move.id = made.move_id
            WHERE made.waiver_id = waiver.id) booked ON TRUE
 LEFT JOIN LATERAL (
           SELECT SUM(line.amount_residual_currency) AS residual
             FROM collection_waiver_item_rel chosen
             JOIN collection_item item ON item.id = chosen.item_id
             JOIN account_move_line line ON line.id = item.move_line_id
            WHERE chosen.waiver_id = waiver.id) owed ON TRUE
     WHERE waiver.company_id IN %(companies)s
"""
LIMITS = "SELECT id, collection_waiver_limit AS most FROM res_company"


def check(books):
    """Yield waivers that stand where neither their approval nor the ledger puts them."""
    for waiver in books.rows(WAIVERS):
        books.count("waivers")
        subject = f"{books.name(waiver.case_id)}, waiver {waiver.id} of {waiver.amount}"
        if waiver.state == "done":
            yield from _check_booked(books, subject, waiver)
        elif waiver.number:
            yield Finding("a waiver is booked once done", subject, "no entry", waiver.state)
        if waiver.requested_by_id and waiver.requested_by_id == waiver.decided_by_id:
            yield from _check_own(books, subject, waiver)
        if waiver.state == "approved" and waiver.company_id in books.judged:
            yield from _check_waiting(books, subject, waiver)
        if waiver.state == "met" and not waiver.failure:
            yield from _check_met(books, subject, waiver)


def _check_booked(books, subject, waiver):
    if waiver.kind == "charges":
        return
    if not waiver.number or waiver.posted != waiver.number:
        yield Finding(
            "a waiver is booked once done", subject, "posted entries", f"{waiver.posted} of them"
        )
    elif not _is_given_up(books, waiver):
        yield Finding(
            "a waiver gives up its amount", subject, str(waiver.amount), str(waiver.booked)
        )


def _is_given_up(books, waiver):
    """Tell whether all was given up, or all that was left when more had been paid than was asked.

    A payment may be undone later: what is left counts on the day of the booking alone.
    """
    if abs(waiver.booked - waiver.amount) <= CENT:
        return True
    if waiver.carried_out_on != books.date:
        return waiver.id in books.memory.get("waived_the_rest", ())
    is_rest = waiver.booked < waiver.amount and not waiver.residual
    if is_rest:
        books.memory.setdefault("waived_the_rest", set()).add(waiver.id)
    return is_rest


def _check_own(books, subject, waiver):
    """Within the company's limit one decides by oneself; above it, somebody else does."""
    limits = {row.id: row.most for row in books.once(LIMITS)}
    limit = limits[waiver.company_id] or Decimal(0)
    if waiver.amount > limit and waiver.state != "requested":
        yield Finding("nobody approves his own waiver", subject, "somebody else", waiver.state)


def _check_waiting(books, subject, waiver):
    if waiver.last_date and waiver.last_date < books.date:
        yield Finding(
            "a condition ends on its day", subject, "void, or met", f"approved on {books.date}"
        )


def _check_met(books, subject, waiver):
    """What is met is booked in the background, on the same day or the next one."""
    write_day = books.memory.setdefault("met_waivers", {}).setdefault(waiver.id, books.date)
    if books.date > write_day + timedelta(days=1):
        yield Finding("a waiver that is met is booked", subject, "done", f"met since {write_day}")

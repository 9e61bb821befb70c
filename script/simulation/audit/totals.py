"""Sums that are stored, or that a screen showed, equal the ledger and their own parts."""

from collections import Counter, defaultdict
from decimal import Decimal

from .books import CENT
from .finding import Finding

CHARGES = """
    SELECT charge.id, charge.case_id, charge.name, charge.amount_interest,
           charge.amount_indemnity, charge.amount_total, charge.state, charge.move_id,
           SUM(line.amount) FILTER (WHERE line.kind = 'interest') AS interest,
           SUM(line.amount) FILTER (WHERE line.kind = 'indemnity') AS indemnity,
           (SELECT SUM(entry.amount_currency) FROM account_move_line entry
              JOIN account_account account ON account.id = entry.account_id
             WHERE entry.move_id = charge.move_id
               AND account.account_type = 'asset_receivable') AS booked,
           charge.amount_waived
      FROM collection_charge charge
      JOIN collection_charge_line line ON line.charge_id = charge.id
     WHERE charge.company_id IN %(companies)s
  GROUP BY charge.id
"""
DISPUTES = """
    SELECT dispute.case_id, dispute.name, dispute.amount, SUM(line.amount_company) AS total
      FROM collection_dispute dispute
      JOIN collection_dispute_line line ON line.dispute_id = dispute.id
     WHERE dispute.company_id IN %(companies)s
  GROUP BY dispute.id
"""
COUNTS = "SELECT * FROM collection_run_count WHERE run_id = %(run_id)s"


def check(books):
    """Yield sums that are not the sums of what they are made of."""
    for charge in books.rows(CHARGES):
        yield from _check_charge(books, charge)
    for dispute in books.rows(DISPUTES):
        if abs((dispute.amount or 0) - (dispute.total or 0)) > CENT:
            yield Finding(
                "totals equal their parts",
                f"{books.name(dispute.case_id)}, {dispute.name}",
                str(dispute.total),
                str(dispute.amount),
            )
    for run in books.runs:
        yield from _check_run(books, run)
    yield from _check_screens(books)
    yield from _check_claimed(books)


def _check_charge(books, charge):
    books.count("statements of charges")
    interest, indemnity = charge.interest or Decimal(0), charge.indemnity or Decimal(0)
    pairs = [
        ("interest", interest, charge.amount_interest or Decimal(0)),
        ("indemnities", indemnity, charge.amount_indemnity or Decimal(0)),
        ("total", interest + indemnity, charge.amount_total or Decimal(0)),
    ]
    if charge.move_id and charge.state in ("claimed", "paid"):
        due = interest + indemnity - (charge.amount_waived or Decimal(0))
        pairs.append(("entry", due, charge.booked or Decimal(0)))
    for what, expected, found in pairs:
        if abs(expected - found) > CENT:
            yield Finding(
                "totals equal their parts",
                f"{books.name(charge.case_id)}, {charge.name}, {what}",
                str(expected),
                str(found),
            )


def _check_run(books, run):
    """What a run counted lies between what stands still and all there is."""
    debtors, cases, _policies = books.touched(run)
    # It counted before it contacted anybody.
    cases |= {one.case_id for one in books.actions.values() if one.contact_date == books.date}
    still = Counter()
    amounts = defaultdict(Decimal)
    for item in books.items.values():
        case = books.cases[item.case_id]
        if case.company_id != run.company_id or not item.is_open:
            continue
        if case.id in cases or case.debtor_id in debtors:
            continue
        still[item.verdict] += 1
        line = books.lines.get(item.line_id)
        amounts[item.verdict] += line.residual_company if line else 0
    counts = {row.verdict: row for row in books.rows(COUNTS, run_id=run.id)}
    is_quiet = not (debtors or cases)
    for verdict, number in still.items():
        row = counts.get(verdict)
        found = (row.item_count, row.amount) if row else (0, Decimal(0))
        books.count("counts of runs")
        if found[0] < number or (is_quiet and _differs(found, (number, amounts[verdict]))):
            yield Finding(
                "totals equal the ledger",
                f"{run.name}, {verdict}",
                f"{number}, {amounts[verdict]}",
                f"{found[0]}, {found[1]}",
            )


def _differs(found, wanted):
    return found[0] != wanted[0] or abs(found[1] - wanted[1]) > CENT


def _check_screens(books):
    """What screens showed of cases, and the sums of their list, where somebody looked at them."""
    sums = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for case_id, shown in (getattr(books.day, "screens", None) or {}).items():
        case = books.cases[case_id]
        due, overdue = _add_up(books, case)
        credit = books.company_credits.get((case.company_id, case.debtor_id), Decimal(0))
        sums[case.company_id][0] += due
        sums[case.company_id][1] += overdue
        books.count("cases on screens")
        yield from _compare_shown(books.name(case_id), shown, (due, overdue, credit))
    for company, shown in (getattr(books.day, "totals", None) or {}).items():
        yield from _compare_shown(f"list of cases, company {company}", shown, sums[company])


def _add_up(books, case):
    """Return what is due of a case, and how much of it is late, in the company's currency."""
    due = overdue = Decimal(0)
    for item in books.items_of_cases[case.id]:
        line = books.lines.get(item.line_id)
        if item.is_open and line and books.is_claim(line):
            due += line.residual_company
            overdue += line.residual_company if line.due < books.date else 0
    return due, overdue


def _compare_shown(subject, shown, wanted):
    if any(
        abs(Decimal(str(said)) - amount) > CENT for said, amount in zip(shown, wanted, strict=True)
    ):
        yield Finding(
            "totals equal the ledger", subject, ", ".join(map(str, wanted)), str(tuple(shown))
        )


def _check_claimed(books):
    """What an e-mail of today claimed is the sum of its items, unless somebody paid today."""
    for action in books.actions_of_day:
        if action.channel != "email":
            continue
        debtor_id = books.cases[action.case_id].debtor_id
        if action.state != "sent" or not action.claimed_amount or books.acts[debtor_id]:
            continue
        lines = [
            books.lines.get(books.items[told.item_id].line_id) for told in books.told[action.id]
        ]
        total = sum((line.residual_company for line in lines if line), Decimal(0))
        if abs(total - action.claimed_amount) > CENT:
            yield Finding(
                "totals equal the ledger",
                f"{books.name(action.case_id)}, e-mail {action.id}",
                str(total),
                str(action.claimed_amount),
            )

"""Cases and items stand where the ledger puts them: one item per open line, one case per debtor."""

import ast
from collections import Counter

from .finding import Finding


def check(books):
    """Yield items and cases that the ledger contradicts."""
    yield from _check_uniqueness(books)
    for run in books.runs:
        debtors, cases, policies = books.touched(run)
        yield from _check_items(books, run.company_id, debtors)
        yield from _check_cases(books, run.company_id, debtors, cases)
        if not policies:
            yield from _check_policies(books, run.company_id, debtors)


def _check_uniqueness(books):
    lines = Counter(item.line_id for item in books.items.values())
    for line_id, number in lines.items():
        if number > 1:
            yield Finding("one item per line", f"journal item {line_id}", "1", str(number))
    open_cases = Counter(
        (case.company_id, case.debtor_id) for case in books.cases.values() if case.is_open
    )
    for (company_id, debtor_id), number in open_cases.items():
        if number > 1:
            name = books.debtors[debtor_id].name
            yield Finding("one open case per debtor", f"{name}, company {company_id}", "1", number)


def _check_items(books, company_id, debtors):
    """What the debtor owes is followed, what is settled is not."""
    followed = {item.line_id: item for item in books.items.values()}
    for line in books.lines.values():
        if line.company_id != company_id or line.debtor_id in debtors or line.balance <= 0:
            continue
        books.count("journal items")
        item = followed.get(line.id)
        is_owed = books.is_claim(line)
        if is_owed != bool(item and item.is_open):
            yield Finding(
                "items are what the ledger has open",
                f"{line.number}, journal item {line.id}",
                f"open: {is_owed}",
                f"open: {bool(item and item.is_open)}",
            )
        if is_owed and item:
            owner = books.cases[item.case_id].debtor_id
            if owner != line.debtor_id:
                yield Finding(
                    "items stand in their debtor's case",
                    f"{line.number}, item {item.id}",
                    str(line.debtor_id),
                    str(owner),
                )


def _check_cases(books, company_id, debtors, cases):
    for case in books.cases.values():
        if case.company_id != company_id or case.debtor_id in debtors or case.id in cases:
            continue
        books.count("cases")
        is_owed = any(item.is_open for item in books.items_of_cases[case.id])
        if is_owed != case.is_open or case.is_open == bool(case.closed_on):
            yield Finding(
                "a case is open while something is owed",
                books.name(case.id),
                f"open: {is_owed}",
                f"open: {case.is_open}, closed on {case.closed_on}",
            )
        if case.closed_on and case.closed_on > books.date:
            yield Finding(
                "a case closes on its day", books.name(case.id), f"<= {books.date}", case.closed_on
            )


def _check_policies(books, company_id, debtors):
    """A partner's policy, else the first whose debtors match; other domains are left alone."""
    ordered = [
        (policy, _kind_of(policy.domain))
        for policy in sorted(books.policies.values(), key=lambda one: (one.sequence, one.id))
        if policy.active and policy.company_id in (None, company_id)
    ]
    if any(kind is None for _policy, kind in ordered):
        return
    for case in books.cases.values():
        if case.company_id != company_id or not case.is_open or case.debtor_id in debtors:
            continue
        debtor = books.debtors[case.debtor_id]
        named = (debtor.policies or {}).get(str(company_id))
        matching = [policy.id for policy, kind in ordered if kind and kind == debtor.kind]
        wanted = named or (matching[0] if matching else None)
        if wanted and case.policy_id != wanted:
            yield Finding(
                "a case has its debtor's policy",
                books.name(case.id),
                str(wanted),
                str(case.policy_id),
            )


def _kind_of(domain):
    """Return the kind of debtors of a domain of one condition; "" for none, None if unknown."""
    try:
        conditions = ast.literal_eval(domain or "[]")
    except (SyntaxError, ValueError):
        return None
    if not conditions:
        return ""
    if len(conditions) == 1 and conditions[0][:2] == ("collection_debtor_kind", "="):
        return conditions[0][2]
    return None

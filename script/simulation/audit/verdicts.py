"""Every open item has one verdict, and it is the one that an independent reading gives."""

from .finding import Finding
from .reading import DOUBT, Reading

WORDS = [
    "paid",
    "not_collectible",
    "insolvency",
    "handed_over",
    "time_barred",
    "disputed",
    "schedule",
    "promise",
    "held",
    "no_policy",
    "not_due",
    "covered",
    "below_minimum",
    "notice_running",
    "too_soon",
    "ladder_done",
    "remind",
]


def check(books):
    """Yield items without a known verdict, and those whose verdict is another one."""
    for item in books.items.values():
        if item.is_open and item.verdict not in WORDS:
            yield Finding(
                "every open item has a verdict",
                f"{books.name(item.case_id)}, item {item.id}",
                "one of the design's",
                str(item.verdict),
            )
    reading = Reading(books) if books.runs else None
    for run in books.runs:
        yield from _check_run(books, reading, run)


def _check_run(books, reading, run):
    debtors, cases, policies = books.touched(run)
    if policies:
        return
    for case in books.cases.values():
        if case.company_id != run.company_id or not case.is_open:
            continue
        if case.id in cases or case.debtor_id in debtors:
            continue
        for item_id, found in reading.read(case).items():
            yield from _compare(books, books.items[item_id], found)


def _compare(books, item, found):
    if found.verdict is DOUBT:
        return
    books.count("verdicts")
    books.count(f"verdicts: {found.verdict}")
    subject = f"{books.name(item.case_id)}, item {item.id}"
    if item.verdict != found.verdict:
        yield Finding(
            "the verdict is the one of the rules", subject, found.verdict, str(item.verdict)
        )
    elif _differ(found.earliest, item.next_date, books.date):
        yield Finding(
            "the next day is the one of the rules",
            f"{subject} ({found.verdict})",
            str(found.earliest),
            str(item.next_date),
        )


def _differ(wanted, stored, today):
    """Tell whether the next day is another one.

    Once it has passed it binds nobody any more: contacts of long ago that had put it off are not
    read for ever.
    """
    if not wanted or wanted == stored:
        return False
    return not stored or max(wanted, stored) > today

"""Legal deadlines stand on the right days, and are there where the law opens them.

CPC 641: a period of months ends on the day of the same number, else on the month's last day; the
day of the event does not count in days. CPC 642: what ends on a Saturday, a Sunday or a public
holiday goes on to the next working day. The alarm stands on the last working day before.
"""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from .finding import Finding
from .places import is_working

REFORM = date(2026, 9, 1)  # décret 2026-96: orders made since then
MONTHS = {
    "order.opposition": 1,
    "order.clerk_notice": 1,
    "small_claims.answer": 1,
    "traders.contest": 1,
    "traders.service": 6,
    "judgement.default": 6,
    "judgement.opposition": 1,
    "judgement.appeal": 1,
    "attachment.execution": 3,
    "attachment.action": 1,
    "insolvency.declaration": 2,
    "insolvency.relief": 6,
    "insolvency.goods": 3,
    "insolvency.claim_state": 1,
    "insolvency.contract_notice": 1,
    "overindebtedness.recovery": 2,
}
DAYS = {
    "order.fees": 15,
    "order.opposition_costs": 15,
    "order.lawyer": 15,
    "european.opposition": 30,
    "interim.opposition": 15,
    "attachment.notice": 8,
    "insolvency.contest": 30,
    "overindebtedness.claim": 30,
    "overindebtedness.contest": 15,
}
COLLECTIVE = ("safeguard", "reorganisation", "liquidation")
# They count for the debtor, who has more months when he lives elsewhere (CPC 643).
OF_DEBTOR = (
    "order.opposition",
    "judgement.opposition",
    "interim.opposition",
    "judgement.appeal",
    "small_claims.answer",
    "traders.contest",
)

DEADLINES = """
    SELECT deadline.*, court.zip AS court_zip,
           record.is_creditor_abroad IS TRUE AS is_abroad
      FROM collection_deadline deadline
 LEFT JOIN collection_insolvency record
        ON deadline.source_model = 'collection.insolvency' AND record.id = deadline.source_id
 LEFT JOIN collection_proceeding proceeding
        ON deadline.source_model = 'collection.proceeding' AND proceeding.id = deadline.source_id
 LEFT JOIN collection_court court ON court.id = COALESCE(record.court_id, proceeding.court_id)
     WHERE deadline.company_id IN %(companies)s
"""
MISSING = """
    SELECT record.id, record.case_id, record.partner_id, record.publication_date
      FROM collection_insolvency record
     WHERE record.company_id IN %(companies)s AND record.kind IN %(kinds)s
       AND record.state IN ('open', 'plan') AND record.publication_date IS NOT NULL
       AND record.case_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM collection_deadline deadline
                        WHERE deadline.source_model = 'collection.insolvency'
                          AND deadline.source_id = record.id
                          AND deadline.rule_code = 'insolvency.declaration'
                          AND deadline.event_date = record.publication_date)
"""


def check(books):
    """Yield deadlines on a wrong day, those that passed unseen, and those that are missing."""
    for deadline in books.rows(DEADLINES):
        counted = count_deadline(books, deadline)
        if counted is not None:
            books.count("deadlines")
            yield from _check_days(books, deadline, counted)
        if deadline.state == "open" and _told_by(books, deadline) < books.date - timedelta(days=1):
            yield Finding(
                "a deadline that passed is told",
                _subject(books, deadline),
                f"over since {deadline.legal_date}",
                deadline.state,
            )
    for record in books.rows(MISSING, kinds=COLLECTIVE):
        yield Finding(
            "insolvency opens the declaration",
            books.name(record.case_id),
            f"a deadline from {record.publication_date}",
            "none",
        )


def _told_by(books, deadline):
    """Return the day on which it is told: what opens is begun with on a working day."""
    day = deadline.legal_date
    while deadline.purpose == "opening" and not is_working(day, "FR", _place(books, deadline)):
        day += timedelta(days=1)
    return day


def _place(books, deadline):
    # Where no court is named, the holidays of the debtor's place are as good as known.
    return deadline.court_zip or _debtor_of(books, deadline).zip or ""


def _subject(books, deadline):
    return f"{books.name(deadline.case_id)}, {deadline.rule_code} from {deadline.event_date}"


def count_deadline(books, deadline):
    """Return the last day of a period before it is extended; None where it is not known here."""
    code, day = deadline.rule_code, deadline.event_date
    if code in OF_DEBTOR and _lives_elsewhere(books, deadline):
        return None
    if code == "order.service":
        ordered = deadline.regime_date or day
        return day + relativedelta(months=3 if ordered >= REFORM else 6)
    if code in DAYS:
        return day + timedelta(days=DAYS[code])
    if code not in MONTHS:
        return None
    more = 2 if code == "insolvency.declaration" and deadline.is_abroad else 0
    return day + relativedelta(months=MONTHS[code] + more)


def _lives_elsewhere(books, deadline):
    debtor = _debtor_of(books, deadline)
    return (debtor.country or "FR") != "FR" or (debtor.zip or "")[:2] in ("97", "98")


def _debtor_of(books, deadline):
    return books.debtors[books.cases[deadline.case_id].debtor_id]


def _check_days(books, deadline, counted):
    place = _place(books, deadline)
    legal = counted
    while not is_working(legal, "FR", place):
        legal += timedelta(days=1)
    alarm = counted
    while not is_working(alarm, "FR", place):
        alarm -= timedelta(days=1)
    for what, wanted, found in (
        ("counted", counted, deadline.counted_date),
        ("legal day", legal, deadline.legal_date),
        ("alarm", alarm if deadline.purpose == "act" else deadline.alarm_date, deadline.alarm_date),
    ):
        if wanted != found:
            yield Finding(
                "deadlines stand on their day",
                f"{_subject(books, deadline)}, {what}",
                str(wanted),
                str(found),
            )

"""How long what is kept of a closed case stays: GDPR art. 5(1)(e), with the periods of the law.

The default periods are dated parameters; a company may set its own. The same conditions are
enforced by the database when a purge erases evidence.
"""

from dataclasses import dataclass
from datetime import date

from .delays import add_months

# Below this, claims against the creditor may still be brought (C. conso L218-2): never shorter.
SHORTEST_MONTHS = 24


@dataclass(frozen=True)
class Periods:
    """A company's periods, in months.

    :ivar int case: what a closed case says of people
    :ivar int title: the same, of a case that went to court
    :ivar int piece: evidence that carries documents (accounting pieces)
    """

    case: int
    title: int
    piece: int


def expiry(closed_on, last_on, has_files, in_court, periods):
    """Return the last day on which a record of a closed case is kept.

    Counted from the later of the closing and the record itself; of documents, from the end of that
    calendar year, since accounting pieces are kept from the end of their financial year.

    :param date closed_on: the day the case closed
    :param date last_on: the day of the record
    :param bool has_files: the record carries documents
    :param bool in_court: the case was handed over to court

    >>> expiry(date(2020, 3, 10), date(2020, 1, 5), False, False, Periods(60, 120, 120))
    datetime.date(2025, 3, 10)
    >>> expiry(date(2020, 3, 10), date(2020, 1, 5), True, False, Periods(60, 120, 120))
    datetime.date(2030, 12, 31)
    """
    months = max(
        periods.case,
        periods.title if in_court else 0,
        periods.piece if has_files else 0,
        SHORTEST_MONTHS,
    )
    latest = max(closed_on, last_on)
    base = date(latest.year, 12, 31) if has_files else latest
    return add_months(base, months)


def is_expired(day, closed_on, last_on, has_files, in_court, periods):
    """Say whether a record may be erased on a day; a case that is open never expires.

    :param closed_on: a date, or None while the case is open
    """
    if closed_on is None:
        return False
    return expiry(closed_on, last_on, has_files, in_court, periods) < day

"""Every legal number of the add-on, once, with its article, its dates and how sure it is."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

# How sure a value is.
OFFICIAL = "official"  # read on an official page
SECONDARY = "secondary"  # read in a secondary source
GENERAL = "general"  # common knowledge of the trade, not read again in a source
PRACTICE = "practice"  # no text sets it: a careful habit, chosen as the default
CERTAINTIES = (OFFICIAL, SECONDARY, GENERAL, PRACTICE)


class MissingLegalValue(ValueError):
    """A value that the computation needs is not known for that date; the text names it."""


@dataclass(frozen=True)
class Parameter:
    """One value of the law, for the days on which it holds.

    :ivar value: the number, duration or hours; its unit stands in ``unit``
    :ivar str unit: what the value counts
    :ivar article: the text it comes from
    :ivar source: where it was read
    :ivar certainty: one of CERTAINTIES
    :ivar valid_from: first day; None when the beginning was not looked for and lies before
        everything that the add-on handles
    :ivar valid_until: last day; None while no end is known
    """

    value: object
    unit: str
    article: str
    source: str
    certainty: str
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day):
        """Say whether the value is in force on a day."""
        after_start = self.valid_from is None or self.valid_from <= day
        return after_start and (self.valid_until is None or day <= self.valid_until)


def parameter_on(name, day, table=None):
    """Return the Parameter in force on a day.

    :param table: {name: Parameters by date}; PARAMETERS unless told otherwise
    :raises MissingLegalValue: no such name, or no value known for that day; names both

    >>> parameter_on("late.professional.margin", date(2026, 11, 21)).article
    'C. com. L441-10 II'
    """
    table = PARAMETERS if table is None else table
    if name not in table:
        raise MissingLegalValue(f"There is no legal parameter {name!r}.")
    for parameter in table[name]:
        if parameter.holds_on(day):
            return parameter
    raise MissingLegalValue(f"No value of {name!r} is known for {day.isoformat()}.")


def value_on(name, day):
    """Return the value alone; errors as ``parameter_on``.

    >>> value_on("indemnity.amount", date(2026, 11, 21))
    Decimal('40.00')
    """
    return parameter_on(name, day).value


def _one(value, unit, article, source, certainty, since=None):
    return (Parameter(value, unit, article, source, certainty, since),)


_LATE = "C. com. L441-10 II"
_PUBLIC_LATE = "CCP L2192-10, R2192-31"
_MONITEUR = "Le Moniteur"
_REVIEW = "legal review of 25/09/2026 quoting Légifrance"
_TRADE = "common knowledge of the trade"

CHARGES = {
    "late.professional.margin": (
        Parameter(
            Decimal("10"),
            "points above the ECB rate",
            "C. com. L441-6 (as it was)",
            "table of half-years; the anchoring on half-years is younger than these years",
            GENERAL,
            date(2009, 1, 1),
            date(2012, 12, 31),
        ),
        Parameter(
            Decimal("10"),
            "points above the ECB rate",
            _LATE,
            _REVIEW,
            SECONDARY,
            date(2013, 1, 1),
        ),
    ),
    "late.public.margin": _one(
        Decimal("8"),
        "points above the ECB rate",
        _PUBLIC_LATE,
        _MONITEUR,
        SECONDARY,
        date(2013, 3, 16),
    ),
    "late.floor.multiple": _one(
        3, "times the legal rate", _LATE, _REVIEW, SECONDARY, date(2009, 1, 1)
    ),
    "judgement.increase": _one(
        Decimal("5"), "points above the legal rate", "CMF L313-3", _TRADE, GENERAL
    ),
    "judgement.increase.delay": _one(
        2, "months after enforceability", "CMF L313-3", _TRADE, GENERAL
    ),
    "indemnity.amount": _one(
        Decimal("40.00"),
        "EUR per late invoice",
        "C. com. L441-10 II, D441-5",
        "Service-Public F23211",
        OFFICIAL,
        date(2013, 1, 1),
    ),
    # L2192-13 (LEGIARTI000037703787): interest and indemnity by law and without formality;
    # D2192-35 (LEGIARTI000037729645): its amount, both in force since 01/04/2019, of décret
    # 2013-269 art. 9 before. R2192-36 was read in the LEGI data: both are paid within 45 days.
    "indemnity.amount.public": _one(
        Decimal("40.00"),
        "EUR per late payment request",
        "CCP L2192-13, D2192-35",
        "décret 2013-269 art. 9 (gazette, 40 EUR), french-business-law.com L2192-13",
        SECONDARY,
        date(2013, 3, 16),
    ),
    "insolvency.interest.deferral": _one(
        12, "months between invoice and payment date", "C. com. L622-28 al. 1", _REVIEW, SECONDARY
    ),
}

NOTICE = {
    "notice.days.professional": _one(
        8, "days from first presentation", "C. civ. 1231, 1344", "habit", PRACTICE
    ),
    "notice.days.public": _one(
        8, "days from first presentation", "C. civ. 1231, 1344", "habit", PRACTICE
    ),
    "notice.days.consumer": _one(
        15, "days from first presentation", "C. civ. 1231, 1344", "habit", PRACTICE
    ),
    "notice.electronic.window": _one(
        15,
        "days to accept, from the day after the e-mail",
        "CPCE-postes L100, R53 to R53-4",
        _REVIEW,
        SECONDARY,
    ),
}


def _period(months, article, certainty, source=_REVIEW):
    return _one(months, "months", article, source, certainty)


LIMITATION = {
    "limitation.professional": _period(60, "C. com. L110-4 I", SECONDARY),
    "limitation.civil": _period(60, "C. civ. 2224", SECONDARY),
    "limitation.consumer": _period(24, "C. conso L218-2", SECONDARY),
    "limitation.transport": _period(12, "C. com. L133-6, L132-8", SECONDARY),
    "limitation.residential_rent": _period(36, "Loi 89-462 art. 7-1", GENERAL, _TRADE),
    "limitation.telecommunications": _period(12, "CPCE-postes L34-2", GENERAL, _TRADE),
    "limitation.insurance_premium": _period(24, "C. assur. L114-1", GENERAL, _TRADE),
    "limitation.consumer_credit": _period(24, "C. conso R312-35", GENERAL, _TRADE),
    "limitation.public": _period(48, "Loi 68-1250 art. 1", GENERAL, _TRADE),
    "limitation.bill_of_exchange": _period(36, "C. com. L511-78", GENERAL, _TRADE),
    "limitation.cheque": _period(12, "CMF L131-59", GENERAL, _TRADE),
    "limitation.title": _period(120, "CPCE L111-3, L111-4", SECONDARY),
    "limitation.ceiling": _period(240, "C. civ. 2232", SECONDARY),
    "limitation.suspension.minimum": _period(6, "C. civ. 2238", SECONDARY),
    "limitation.alarms.long": _one(
        (12, 6, 3, 1), "months before the legal date", "none", "habit", PRACTICE
    ),
    "limitation.alarms.short": _one(
        (6, 3, 1), "months before the legal date", "none", "habit", PRACTICE
    ),
    "limitation.alarms.short.up_to": _one(24, "months of limitation", "none", "habit", PRACTICE),
}

_NOTICE_FIRST = "C. civ. 1225; 1re civ. 22/06/2017"
_FAIR_PERIOD = "C. conso R212-2; 1re civ. 22/03/2023, 29/05/2024"
AGREED = {
    "schedule.longest": _one(
        24, "months", "C. civ. 1343-5 (by analogy: what a judge may grant)", "habit", PRACTICE
    ),
    "schedule.cure.professional": _one(
        15, "days from the notice before the whole becomes due", _NOTICE_FIRST, "habit", PRACTICE
    ),
    "schedule.cure.public": _one(
        15, "days from the notice before the whole becomes due", _NOTICE_FIRST, "habit", PRACTICE
    ),
    "schedule.cure.consumer": _one(
        30, "days from the notice before the whole becomes due", _FAIR_PERIOD, "habit", PRACTICE
    ),
}

# No text sets hours or numbers for a creditor who collects for himself: the texts that the
# habits lean on.
_NO_HOURS = "C. pén. 222-16, 222-33-2-2"
_COLD_CALLS = "C. conso D223-9"
_HARASSMENT = "C. pén. 222-33-2-2, C. conso L121-6"
_OFFICE_HOURS = ((time(8), time(20)),)
_HOME_HOURS = ((time(10), time(13)), (time(14), time(20)))


def _hours(windows, article):
    return _one(windows, "hours of the debtor's day, end left out", article, "habit", PRACTICE)


def _cap(count, window):
    return _one(count, f"contacts in {window}", _HARASSMENT, "habit", PRACTICE)


CONTACT = {
    "contact.hours.professional": _hours(_OFFICE_HOURS, _NO_HOURS),
    "contact.hours.public": _hours(_OFFICE_HOURS, _NO_HOURS),
    "contact.hours.consumer": _hours(_HOME_HOURS, _COLD_CALLS),
    "contact.per_day": _cap(1, "a day"),
    "contact.per_week": _cap(3, "7 days"),
    "contact.per_month.consumer": _cap(4, "30 days"),
}

RETENTION = {
    "retention.case": _one(
        60, "months after closing", "RGPD art. 5(1)(e); C. civ. 2224", "cnil.fr", GENERAL
    ),
    "retention.title": _one(
        120, "months after closing", "CPCE L111-4; RGPD art. 5(1)(e)", _TRADE, GENERAL
    ),
    "retention.piece": _one(
        120, "months after the end of the year", "C. com. L123-22", "cnil.fr", OFFICIAL
    ),
}

HARDSHIP = {
    "schedule.proposed.longest": _one(
        24, "months", "none (C. civ. 1343-5 by analogy: two years by a judge)", "habit", PRACTICE
    ),
    "assessment.validity": _one(6, "months", "RGPD art. 5(1)(d)", "habit", PRACTICE),
}

# Every name with its values in the order of their dates.
PARAMETERS = {
    **CHARGES,
    **NOTICE,
    **LIMITATION,
    **AGREED,
    **CONTACT,
    **RETENTION,
    **HARDSHIP,
}

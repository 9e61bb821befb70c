"""Published rates, copied by hand from the tables of the law's digest; the add-on has its own.

Rates of half-years that were not published when this was written are missing on purpose.
"""

from datetime import date
from decimal import Decimal

# Main refinancing rate of the ECB on 1 January and 1 July (C. com. L441-10 II).
ECB = {
    (2023, 1): "2.50",
    (2023, 2): "4.00",
    (2024, 1): "4.50",
    (2024, 2): "4.25",
    (2025, 1): "3.15",
    (2025, 2): "2.15",
    (2026, 1): "2.15",
    (2026, 2): "2.40",
}
# Legal rate, "other cases": what a company may claim of a consumer (CMF L313-2).
LEGAL = {
    (2023, 1): "2.06",
    (2023, 2): "4.22",
    (2024, 1): "5.07",
    (2024, 2): "4.92",
    (2025, 1): "3.71",
    (2025, 2): "2.76",
    (2026, 1): "2.62",
    (2026, 2): "2.75",
}
B2B_POINTS, PUBLIC_POINTS = 10, 8
INDEMNITY = Decimal(40)  # C. com. D441-5


def half(day):
    """Return the half-year of a day."""
    return day.year, 1 if day.month < 7 else 2


def first_day(half_year):
    """Return the day on which a half-year begins."""
    return date(half_year[0], 1 if half_year[1] == 1 else 7, 1)


class Table:
    """The rates: those above, and for later half-years those that the simulation has entered."""

    def __init__(self, entered):
        """Take the rates that were entered in the database.

        :param dict entered: {(kind, first day): rate}, used for half-years unknown here
        """
        self.entered = entered

    def _get(self, published, kind, half_year):
        if half_year in published:
            return Decimal(published[half_year])
        return self.entered.get((kind, first_day(half_year)))

    def rate_on(self, kind, day, starts, contract):
        """Return the yearly rate in percent on a day, None when it is not known.

        :param str kind: of the debtor
        :param date starts: first day late: a public body's rate stays the one of that half-year
        :param contract: the rate that was agreed on, if any
        """
        if kind == "consumer":
            return self._get(LEGAL, "legal", half(day))
        if kind == "public":
            rate = self._get(ECB, "ecb", half(starts))
            return None if rate is None else rate + PUBLIC_POINTS
        if contract:
            return contract
        rate = self._get(ECB, "ecb", half(day))
        return None if rate is None else rate + B2B_POINTS

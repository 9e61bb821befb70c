"""The ECB's rate and the legal rate of interest, half-year by half-year.

Rates are data that is passed in: ``{kind: [(first day of the half-year, percent)]}``. A half-year
that is not there is missing: the rate before it is never used in its place.
"""

from datetime import date

from .money import to_decimal
from .parameters import MissingLegalValue, value_on

# Main refinancing rate of the European Central Bank, in force on 1 January and 1 July
# (C. com. L441-10 II).
ECB = "ecb"
# Legal rate, "other cases" (CMF L313-2, D313-1-A): every creditor but a person acting for private
# needs. It is the column of every company, whether its debtor is a company or a consumer.
LEGAL_OTHER_CASES = "legal_other_cases"
# Legal rate for creditors who are natural persons acting for private needs. No company's claim
# uses it, a claim on a consumer neither.
LEGAL_INDIVIDUAL = "legal_individual"
KINDS = (ECB, LEGAL_OTHER_CASES, LEGAL_INDIVIDUAL)

JULY = 7


class MissingRate(MissingLegalValue):
    """A half-year's rate is not known.

    :ivar kind: which rate
    :ivar half_year: first day of the half-year
    """

    def __init__(self, kind, half_year):
        super().__init__(f"The rate {kind!r} of {half_year_name(half_year)} is missing.")
        self.kind = kind
        self.half_year = half_year


def half_year_start(day):
    """Return the first day of the half-year of a day.

    >>> half_year_start(date(2026, 11, 21))
    datetime.date(2026, 7, 1)
    """
    return date(day.year, JULY if day.month >= JULY else 1, 1)


def next_half_year(day):
    """Return the first day of the half-year after that of a day.

    >>> next_half_year(date(2026, 11, 21))
    datetime.date(2027, 1, 1)
    """
    return date(day.year + 1, 1, 1) if day.month >= JULY else date(day.year, JULY, 1)


def half_year_name(day):
    """Return how a half-year is called.

    >>> half_year_name(date(2026, 11, 21))
    '2026 H2'
    """
    return f"{day.year} H{2 if day.month >= JULY else 1}"


class RateTable:
    """Rates that are looked up many times.

    :param dict series: {kind: [(first day of a half-year, percent)]}; percents are Decimals, ints
        or texts
    :raises ValueError: a day that does not begin a half-year, or two rates of one half-year
    """

    def __init__(self, series):
        self._rates = {}
        for kind, rates in series.items():
            for start, rate in rates:
                if start != half_year_start(start):
                    raise ValueError(f"{start.isoformat()} does not begin a half-year.")
                if (kind, start) in self._rates:
                    raise ValueError(f"Two rates {kind!r} of {half_year_name(start)}.")
                self._rates[kind, start] = to_decimal(rate)

    def rate_on(self, kind, day):
        """Return the rate of the half-year of a day, in percent a year.

        :raises MissingRate: names kind and half-year

        >>> table = RateTable({ECB: [(date(2026, 7, 1), "2.40")]})
        >>> table.rate_on(ECB, date(2026, 11, 21))
        Decimal('2.40')
        """
        start = half_year_start(day)
        try:
            return self._rates[kind, start]
        except KeyError:
            raise MissingRate(kind, start) from None

    def missing_on(self, day, kinds=(ECB, LEGAL_OTHER_CASES)):
        """Return the kinds whose rate of the half-year of a day is not known.

        >>> RateTable({ECB: [(date(2026, 7, 1), "2.40")]}).missing_on(date(2026, 11, 21))
        ('legal_other_cases',)
        """
        start = half_year_start(day)
        return tuple(kind for kind in kinds if (kind, start) not in self._rates)

    def floor_on(self, day):
        """Return the least rate that a contract between professionals may set, in percent.

        Three times the legal rate, "other cases" (C. com. L441-10 II).

        :raises MissingLegalValue: the legal rate of the half-year is missing
        """
        return self.rate_on(LEGAL_OTHER_CASES, day) * value_on("late.floor.multiple", day)

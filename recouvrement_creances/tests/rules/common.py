"""What the tests of the rules share: the published rates and how hypotheses are tried."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import settings
from lxml import etree

from ...rules.interest import late_interest
from ...rules.rates import RateTable

RATES_FOLDER = Path(__file__).parents[2] / "data"

# The same examples at every run, nothing written to disk.
TRIED = settings(max_examples=50, deadline=None, database=None, derandomize=True)


def read_rate_rows():
    """Return the rows of the published rates, as they are loaded into Odoo."""
    return [
        {"id": record.get("id"), **{field.get("name"): field.text for field in record}}
        for path in sorted(RATES_FOLDER.glob("collection_rate_*_data.xml"))
        for record in etree.parse(path).iter("record")
    ]


def published_series():
    """Return {kind: [(first day of the half-year, percent)]}."""
    series = {}
    for row in read_rate_rows():
        start = date.fromisoformat(row["date_start"])
        series.setdefault(row["kind"], []).append((start, Decimal(row["rate"])))
    return series


RATES = RateTable(published_series())


def D(text):
    """Return an exact amount or rate."""
    return Decimal(text)


class InterestAssertions:
    """Compares interest with what was worked out by hand."""

    def assert_segments(self, claim, as_of, expected, **options):
        """Expect [(days, base, rate, amount)] as texts, and their sum as the total."""
        interest = late_interest(claim, as_of, RATES, **options)
        found = [
            (segment.days, segment.base, segment.rate, segment.amount)
            for segment in interest.segments
        ]
        wanted = [(days, D(base), D(rate), D(amount)) for days, base, rate, amount in expected]
        self.assertEqual(found, wanted)
        self.assertEqual(interest.total, sum(row[3] for row in wanted))
        return interest

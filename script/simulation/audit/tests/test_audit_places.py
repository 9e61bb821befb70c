"""Hours, holidays and periods, by hand."""

from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from simulation.audit import deadlines, places, rates
from simulation.audit.agreements import add_working_days, judge_promise
from simulation.audit.mails import words


@pytest.mark.parametrize(
    ("day", "postcode", "expected"),
    [
        (date(2026, 4, 6), "75001", True),  # Easter Monday
        (date(2026, 4, 3), "75001", False),  # Good Friday is one in Alsace-Moselle alone
        (date(2026, 4, 3), "67000", True),
        (date(2026, 12, 26), "57000", True),
        (date(2026, 5, 14), "69001", True),  # Ascension
        (date(2026, 5, 25), "69001", True),  # Whit Monday
        (date(2026, 12, 20), "97400", True),  # Réunion
        (date(2026, 12, 20), "75001", False),
        (date(2025, 7, 21), "97200", True),  # Victor Schœlcher, a custom of the Antilles
        (date(2025, 7, 21), "97400", False),
        (date(2025, 3, 27), "97100", True),  # Mid-Lent, in Guadeloupe alone
        (date(2025, 3, 27), "97200", False),
        (date(2025, 4, 18), "97200", True),
        (date(2025, 9, 24), "98800", True),
        (date(2026, 3, 16), "75001", False),
    ],
)
def test_holidays_are_those_of_the_place(day, postcode, expected):
    """The eleven of mainland France, and those of Alsace-Moselle and overseas."""
    assert places.is_holiday(day, "FR", postcode) is expected


def test_other_countries_have_their_own_holidays():
    """The national day of Belgium is none in France."""
    assert places.is_holiday(date(2026, 7, 21), "BE", "1000")
    assert not places.is_holiday(date(2026, 7, 21), "FR", "75001")


def test_zone_comes_from_postcode_or_country():
    """A territory has its own clock; a country of several has all of them unless one is noted."""
    assert places.zones("FR", "97410", None) == ("Indian/Reunion",)
    assert places.zones("FR", "75001", "America/New_York") == ("Europe/Paris",)
    assert places.zones("US", "10001", "America/New_York") == ("America/New_York",)
    assert len(places.zones("US", "10001", None)) > 1
    moment = datetime(2026, 1, 5, 22, 30)
    assert places.local_day(moment, "Indian/Reunion") == date(2026, 1, 6)


def deadline(code, day, **more):
    """Return a deadline as the database has it."""
    values = {"rule_code": code, "event_date": day, "regime_date": None, "is_abroad": False}
    return SimpleNamespace(**{**values, **more})


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (deadline("order.service", date(2026, 11, 30)), date(2027, 2, 28)),
        (deadline("order.service", date(2026, 8, 31)), date(2027, 2, 28)),
        (deadline("insolvency.declaration", date(2026, 12, 31)), date(2027, 2, 28)),
        (deadline("insolvency.declaration", date(2026, 3, 10), is_abroad=True), date(2026, 7, 10)),
        (deadline("insolvency.contest", date(2026, 3, 1)), date(2026, 3, 31)),
        (deadline("title.execution", date(2026, 3, 1)), None),
    ],
)
def test_periods_are_counted_by_the_code(found, expected):
    """CPC 641, before any extension; what is not known here is left alone."""
    assert deadlines.count_deadline(None, found) == expected


def test_rates_follow_the_half_year():
    """C. com. L441-10: the rate of each half-year; a public body keeps its first one."""
    table = rates.Table({("ecb", date(2027, 1, 1)): Decimal("2.65")})
    late = date(2026, 3, 1)
    assert table.rate_on("professional", date(2026, 6, 30), late, None) == Decimal("12.15")
    assert table.rate_on("professional", date(2026, 7, 1), late, None) == Decimal("12.40")
    assert table.rate_on("professional", date(2027, 1, 1), late, None) == Decimal("12.65")
    assert table.rate_on("public", date(2027, 1, 1), late, None) == Decimal("10.15")
    assert table.rate_on("consumer", date(2026, 7, 1), late, None) == Decimal("2.75")
    assert table.rate_on("consumer", date(2027, 1, 1), late, None) is None
    assert table.rate_on("professional", date(2026, 7, 1), late, Decimal(9)) == Decimal(9)


def test_bank_days_skip_the_week_end():
    """A promise for a Friday waits until Tuesday."""
    assert add_working_days(date(2026, 3, 20), 2) == date(2026, 3, 24)


def test_words_leave_markup_and_addresses_out():
    """What a person reads is compared, not how it is written."""
    markup = "<style>p{}</style><p>Bonjour&nbsp;<a href='http://x/c/1'>http://x/c/1</a>, merci</p>"
    assert words(markup) == "Bonjour , merci"


# === PROMISES === #


def promise(**more):
    """Return a promise of 100 for 10 March, made on the 1st."""
    values = {
        "item_ids": [1],
        "date_start": date(2026, 3, 1),
        "last_date": date(2026, 3, 12),
        "matched_after": 0,
        "superseded_on": None,
        "superseded_after": 0,
        "tolerance": Decimal(1),
        "amount": Decimal(100),
    }
    return SimpleNamespace(**{**values, **more})


def ledger(today, residual, *matchings):
    """Return books with one item and what it has received."""
    return SimpleNamespace(
        date=today,
        items={1: SimpleNamespace(line_id=7)},
        lines={7: SimpleNamespace(residual=Decimal(residual))},
        matchings={
            7: [
                SimpleNamespace(id=number, day=day, amount=Decimal(amount), kind=kind)
                for number, (day, amount, kind) in enumerate(matchings, start=1)
            ]
        },
    )


@pytest.mark.parametrize(
    ("books", "expected"),
    [
        (ledger(date(2026, 3, 12), 100), ("pending",)),
        (ledger(date(2026, 3, 13), 100), ("broken",)),
        (ledger(date(2026, 3, 13), 0, (date(2026, 3, 12), 100, "payment")), ("kept",)),
        (ledger(date(2026, 3, 20), 0, (date(2026, 3, 13), 100, "payment")), ("late",)),
        (ledger(date(2026, 3, 20), 60, (date(2026, 3, 5), 40, "payment")), ("partly_kept",)),
        (ledger(date(2026, 3, 20), 0, (date(2026, 3, 5), 100, "credit_note")), ("void",)),
        (ledger(date(2026, 3, 20), 0, (date(2026, 2, 5), 100, "payment")), ("void",)),
        (ledger(date(2026, 3, 20), 0, (date(2026, 3, 5), 100, "other")), None),
    ],
)
def test_promises_are_replayed(books, expected):
    """Only payments of its own time keep a promise."""
    assert judge_promise(books, promise()) == expected

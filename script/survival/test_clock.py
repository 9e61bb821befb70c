"""The clock: midnight, the change of the hour, other time zones, days missed and set back."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from servers import CONFLICT, until

DEBTORS = 12
PARIS = ZoneInfo("Europe/Paris")


def _utc(day, hour, minute=0, second=0):
    """Return a moment of Paris as the processes' clock shows it (UTC)."""
    moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=PARIS)
    return str(moment.astimezone(timezone.utc).replace(tzinfo=None))


def _next_change(month):
    """Return the next last Sunday of March or October: the hour changes at 01:00 UTC."""
    today = date.today()
    for year in (today.year, today.year + 1):
        last = date(year, month, 31)
        sunday = last - timedelta(days=(last.weekday() + 1) % 7)
        if sunday > today:
            return sunday
    raise AssertionError("no change of the hour ahead")


def _contact_days(books):
    return {row["contact_date"] for row in books.actions("sent")}


def test_across_midnight(site, sink, books, mails):
    """A run that begins at 23:59:56 ends tomorrow; tomorrow's run contacts nobody again."""
    books.only(1, DEBTORS)
    site.behave(delay=0.5)
    day = date.today()
    days = site.work("clock", moments=[{"at": _utc(day, 23, 59, 56)}])
    assert days == [str(day + timedelta(days=1))], "the run went past midnight"
    assert set(mails.by_address().values()) == {1} and mails.count() == DEBTORS
    site.behave()
    site.work("clock", moments=[{"at": _utc(day + timedelta(days=1), 0, 2)}])
    assert mails.count() == DEBTORS
    assert books.states() == {"sent": DEBTORS}
    assert [run["date"] for run in books.runs()] == [day, day + timedelta(days=1)]
    assert _contact_days(books) <= {day, day + timedelta(days=1)}
    site.refuse_errors()


def test_change_of_the_hour(site, sink, books, mails):
    """The hour that comes twice and the hour that never comes make neither day twice."""
    books.only(1, DEBTORS)
    autumn, spring = _next_change(10), _next_change(3)
    for number, sunday in enumerate(sorted((autumn, spring)), start=1):
        midnight = datetime(sunday.year, sunday.month, sunday.day)
        # 00:30 and 01:30 UTC: in autumn both are 02:30 in Paris, in spring 01:30 and 03:30.
        moments = [{"at": str(midnight + timedelta(minutes=minutes))} for minutes in (30, 90)]
        days = site.work("clock", moments=moments)
        assert days == [str(sunday)] * 2
        assert mails.count() == number * DEBTORS
    assert set(mails.by_address().values()) == {2}
    assert [run["date"] for run in books.runs()] == sorted((autumn, spring))
    site.refuse_errors()


def test_other_time_zones(site, sink, books, mails):
    """The company's day counts, whatever day it is where the scheduler's user lives."""
    books.only(1, DEBTORS)
    day = date.today()
    zones = ("Pacific/Auckland", "America/Los_Angeles", "Europe/Paris")
    moments = [{"at": _utc(day, 23, 30), "user_tz": zone} for zone in zones]
    assert site.work("clock", moments=moments) == [str(day)] * 3
    assert [run["date"] for run in books.runs()] == [day]
    assert set(mails.by_address().values()) == {1} and mails.count() == DEBTORS
    assert _contact_days(books) == {day}
    site.refuse_errors()


def test_missed_and_set_back(site, sink, books, mails):
    """Days without a run are caught up once; a clock that goes back contacts nobody again."""
    books.only(1, DEBTORS)
    today = date.today()

    # Too soon for the second level on day 3; it is due on day 15, when nothing runs until day 27;
    # then the clock is set back, by a week and by two months, and goes right again.
    days = (0, 3, 27, 20, -30, 27, 28)
    moments = [{"at": _utc(today + timedelta(days=number), 9)} for number in days]
    contacts = site.work("clock", moments=moments, count=True)
    assert contacts == [DEBTORS, DEBTORS, *[2 * DEBTORS] * 5], contacts
    assert set(mails.by_address().values()) == {2} and mails.count() == 2 * DEBTORS
    assert {run["state"] for run in books.runs()} == {"done"}
    levels = {(row["address"], row["level"]) for row in books.actions("sent")}
    assert len(levels) == 2 * DEBTORS
    site.refuse_errors()


def test_hosts_that_disagree(site, sink, books, mails):
    """A server whose clock is twenty minutes ahead does not take a living one's claims for lost."""
    books.only(1, DEBTORS)
    # Long enough for the other process to load Odoo meanwhile.
    site.behave(delay=2)
    sending = site.worker("crons", names=["run"])
    until(lambda: mails.count() >= 2, "mails")
    ahead = datetime.now(timezone.utc).replace(tzinfo=None) + timedelta(minutes=20)
    site.work("clock", moments=[{"at": str(ahead), "crons": ["send"]}])
    site.behave()
    site.answer(sending)
    books.age_claims()
    site.work("crons", names=["send", "send"])
    assert set(mails.by_address().values()) == {1}, mails.by_address()
    assert books.states() == {"sent": DEBTORS}
    site.refuse_errors(CONFLICT)

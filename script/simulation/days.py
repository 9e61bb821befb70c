"""The calendar of an office in Paris."""

from datetime import datetime, time, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

import holidays

PARIS = ZoneInfo("Europe/Paris")
SATURDAY = 5


@cache
def _holidays(year):
    return holidays.country_holidays("FR", years=year)


@cache
def is_working_day(day):
    """Tell whether the office works."""
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


def working_day(day):
    """Return this day or the next on which the office works."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def moment(day, hour, minute=0):
    """Return an hour of Paris as a naive moment of UTC."""
    local = datetime.combine(day, time(hour, minute), tzinfo=PARIS)
    return local.astimezone(timezone.utc).replace(tzinfo=None)

"""Months, working days: how the code of civil procedure counts (CPC 641, 642)."""

from calendar import monthrange
from datetime import date, timedelta

SATURDAY = 5


def add_months(day, months):
    """Return the day of the same number some months later, else the last day of that month.

    :param date day: the event, whose own day does not count (CPC 641)
    :param int months: may be negative, to count back

    >>> add_months(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    >>> add_months(date(2027, 3, 31), -1)
    datetime.date(2027, 2, 28)
    """
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def holiday_test(holidays):
    """Return a function that says whether a day is a public holiday.

    :param holidays: a container of dates (set, calendar of the ``holidays`` library ...) or a
        function that takes a date; None for no holiday at all

    >>> holiday_test({date(2026, 5, 1)})(date(2026, 5, 1))
    True
    """
    if holidays is None:
        return lambda day: False
    return holidays if callable(holidays) else holidays.__contains__


def is_working_day(day, holidays=None):
    """Say whether a day is neither Saturday, Sunday nor public holiday (CPC 642).

    :param holidays: as for ``holiday_test``
    """
    return day.weekday() < SATURDAY and not holiday_test(holidays)(day)


def next_working_day(day, holidays=None):
    """Return the day itself if it is a working day, else the first one that follows (CPC 642).

    :raises ValueError: no working day within a year, so the calendar is wrong

    >>> next_working_day(date(2027, 2, 28))
    datetime.date(2027, 3, 1)
    """
    for offset in range(366):
        candidate = day + timedelta(days=offset)
        if is_working_day(candidate, holidays):
            return candidate
    raise ValueError(f"No working day in the year from {day.isoformat()}.")


def previous_working_day(day, holidays=None):
    """Return the day itself if it is a working day, else the last one before it.

    No text counts so: it is the day on which somebody who waits for no extension acts.

    :raises ValueError: as for ``next_working_day``

    >>> previous_working_day(date(2027, 2, 28))
    datetime.date(2027, 2, 26)
    """
    for offset in range(366):
        candidate = day - timedelta(days=offset)
        if is_working_day(candidate, holidays):
            return candidate
    raise ValueError(f"No working day in the year before {day.isoformat()}.")


def add_working_days(day, count, holidays=None):
    """Return the day that is some working days later, or earlier when ``count`` is negative.

    The day of the event does not count (CPC 641).

    >>> add_working_days(date(2026, 11, 27), 2)
    datetime.date(2026, 12, 1)
    """
    step = timedelta(days=1 if count >= 0 else -1)
    closed = 0
    for _each in range(abs(count)):
        day += step
        while not is_working_day(day, holidays):
            day += step
            closed += 1
            if closed > 366 + abs(count):
                raise ValueError(f"No working day around {day.isoformat()}.")
    return day

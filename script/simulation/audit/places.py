"""Where a debtor lives: which hour it is there, and which days are public holidays there.

The French holidays are an own table (C. trav. L3133-1, L3134-13 for Alsace-Moselle, L3422-2 for the
days of the abolition of slavery overseas, and the days off by custom of overseas, which CPC 642
names with "chômé"); other countries come from the ``holidays`` library.
"""

from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import pytz
from dateutil.easter import easter

HOME = "Europe/Paris"
OVERSEAS = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}
CODES = {
    "GP": "971",
    "MQ": "972",
    "GF": "973",
    "RE": "974",
    "PM": "975",
    "YT": "976",
    "BL": "977",
    "MF": "978",
    "WF": "986",
    "PF": "987",
    "NC": "988",
}
ABOLITION = {
    "971": (5, 27),
    "972": (5, 22),
    "973": (6, 10),
    "974": (12, 20),
    "976": (4, 27),
    "977": (10, 9),
    "978": (5, 28),
}
# Days off by custom: fixed ones, and those that are counted from Easter.
CUSTOM = {
    "971": ((7, 21),),
    "972": ((7, 21),),
    "978": ((7, 21),),
    "986": ((4, 28), (6, 29), (7, 29)),
    "987": ((3, 5), (11, 20)),
    "988": ((9, 24),),
}
MID_LENT, GOOD_FRIDAY = timedelta(days=-24), timedelta(days=-2)
CUSTOM_OF_EASTER = {"971": (MID_LENT, GOOD_FRIDAY), "972": (GOOD_FRIDAY,), "987": (GOOD_FRIDAY,)}
ALSACE_MOSELLE = ("57", "67", "68")
FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))


def local_day(moment, zone=HOME):
    """Return the day of a moment in UTC at a place."""
    return local_time(moment, zone).date()


def local_time(moment, zone):
    """Return a moment in UTC (naive) as the clock of a place shows it."""
    return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))


def territory(country, postcode):
    """Return the overseas territory's first figures, "" for mainland France or abroad."""
    if country in CODES:
        return CODES[country]
    beginning = (postcode or "").replace(" ", "")[:3]
    return beginning if (country or "FR") == "FR" and beginning in OVERSEAS else ""


def zones(country, postcode, noted):
    """Return the time zones that a debtor may live in: one, unless his country has several.

    :param noted: the zone on his record, which counts when it is one of his country's
    """
    place = territory(country, postcode)
    if place:
        return (OVERSEAS[place],)
    possible = pytz.country_timezones.get(country or "FR", [HOME])
    return (noted,) if noted in possible else tuple(possible)


def is_holiday(day, country, postcode):
    """Tell whether a day is a public holiday where the debtor is."""
    place = territory(country, postcode)
    if (country or "FR") != "FR" and not place:
        return _is_abroad(day, country)
    if day in french_holidays(day.year):
        return True
    if place:
        return _is_overseas(day, place)
    if (postcode or "").strip()[:2] in ALSACE_MOSELLE:
        return day == easter(day.year) + GOOD_FRIDAY or (day.month, day.day) == (12, 26)
    return False


def _is_overseas(day, place):
    """Tell whether a day is one of the territory's own: of its law, or of its custom."""
    of_the_year = (day.month, day.day)
    return (
        ABOLITION.get(place) == of_the_year
        or of_the_year in CUSTOM.get(place, ())
        or day - easter(day.year) in CUSTOM_OF_EASTER.get(place, ())
    )


@cache
def french_holidays(year):
    """Return the eleven public holidays of mainland France."""
    sunday = easter(year)
    moving = (sunday + timedelta(days=days) for days in (1, 39, 50))
    return frozenset((*(date(year, month, day) for month, day in FIXED), *moving))


@cache
def _is_abroad(day, country):
    try:
        return day in holidays.country_holidays(country, years=day.year)
    except NotImplementedError:
        return False


def is_working(day, country="FR", postcode=""):
    """Tell whether a day is neither of the week-end nor a public holiday (CPC 642)."""
    return day.weekday() < 5 and not is_holiday(day, country, postcode)

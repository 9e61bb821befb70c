"""Where a debtor is: whose clock and which public holidays count for contacts.

The departments and communities overseas have clocks and holidays of their own, Moselle and Alsace
two holidays more (C. trav. L3134-13).
"""

from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
import pytz

FRANCE = "FR"

# First digits of a French postcode: the territory's own country code.
_OVERSEAS = {
    "971": "GP",
    "972": "MQ",
    "973": "GF",
    "974": "RE",
    "975": "PM",
    "976": "YT",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}
# Islands that share the first three digits of Guadeloupe.
_ISLANDS = {"97133": "BL", "97150": "MF"}
# First digits of the postcodes of the islands whose clock is not the mainland's.
_ISLAND_CLOCKS = {
    "ES": {"35": "Atlantic/Canary", "38": "Atlantic/Canary"},
    "PT": {
        **{f"9{digit}": "Atlantic/Madeira" for digit in range(5)},
        **{f"9{digit}": "Atlantic/Azores" for digit in range(5, 10)},
    },
}
_MAINLAND_CLOCKS = {"ES": "Europe/Madrid", "PT": "Europe/Lisbon"}
# Departments of local law: the subdivision that has their holidays in the ``holidays`` library.
_LOCAL_LAW = {"57": "57", "67": "6AE", "68": "6AE"}


@dataclass(frozen=True)
class Place:
    """A clock and a calendar.

    :ivar zone: name of the time zone
    :ivar country: code of the country or territory, as ISO 3166 spells it; empty when unknown
    :ivar subdivision: code of the part of the country that has holidays of its own; may be empty
    :ivar other_zones: the country's other clocks, where the address does not tell them apart
    """

    zone: str
    country: str = ""
    subdivision: str = ""
    other_zones: tuple[str, ...] = field(default=(), repr=False)

    @property
    def clock(self):
        """Return the time zone, of ``zoneinfo``."""
        return ZoneInfo(self.zone)

    @property
    def other_clocks(self):
        """Return the other time zones that count as well."""
        return tuple(ZoneInfo(zone) for zone in self.other_zones)

    def is_holiday(self, day):
        """Say whether a day is a public holiday here; never where the calendar is unknown.

        >>> from datetime import date
        >>> find_place("FR", "67000").is_holiday(date(2026, 12, 26))
        True
        >>> find_place("FR", "75011").is_holiday(date(2026, 12, 26))
        False
        """
        return day in _holidays(self.country, self.subdivision, day.year)


def find_place(country, postcode="", zone="", state="", default_zone="UTC"):
    """Return the place of an address.

    A zone that was noted counts where the country has several, or is unknown: Odoo gives every
    new partner the zone of whoever typed it in, which is no news of a debtor in Martinique. Where
    none was noted, each zone of the country counts.

    :param str country: ISO code; empty when it is unknown
    :param str postcode: tells the parts of France apart
    :param str zone: the zone noted for the debtor; may be empty
    :param str state: code of the state or province, for its own holidays; may be empty
    :param str default_zone: what counts when nothing is known
    :return: Place

    >>> find_place("FR", "97200", zone="Europe/Paris")
    Place(zone='America/Martinique', country='MQ', subdivision='')
    >>> find_place("PT", "9000-018").zone
    'Atlantic/Madeira'
    >>> find_place("FR", "57 000")
    Place(zone='Europe/Paris', country='FR', subdivision='57')
    """
    country = (country or "").upper()
    digits = "".join((postcode or "").split())
    subdivision = ""
    if country == FRANCE:
        country = _ISLANDS.get(digits[:5]) or _OVERSEAS.get(digits[:3]) or country
    if country == FRANCE:
        subdivision = _LOCAL_LAW.get(digits[:2], "")
    elif (state or "").upper() in _subdivisions(country):
        subdivision = state.upper()
    known = list(pytz.country_timezones.get(country, ()))
    if zone and (not known or zone in known):
        return Place(zone, country, subdivision)
    first, *others = _find_zones(country, digits, known) or [zone or default_zone]
    return Place(first, country, subdivision, tuple(others))


def _find_zones(country, digits, known):
    """Return the zones in which an address may lie: all of the country's, unless it tells more."""
    if country in _ISLAND_CLOCKS and digits:
        return [_ISLAND_CLOCKS[country].get(digits[:2], _MAINLAND_CLOCKS[country])]
    return known


@lru_cache(maxsize=256)
def _subdivisions(country):
    return frozenset(holidays.list_supported_countries().get(country, ()))


@lru_cache(maxsize=1024)
def _holidays(country, subdivision, year):
    if country not in holidays.list_supported_countries():
        return frozenset()
    return frozenset(
        holidays.country_holidays(country, subdiv=subdivision or None, years=year).keys()
    )

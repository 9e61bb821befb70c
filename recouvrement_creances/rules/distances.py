"""How far from a court somebody lives: the months that he has more (CPC 643, 644; C. com. R622-24).

What counts is the territory of the court: the mainland, or one of the communities overseas.
"""

from .places import FRANCE, find_place

# Where somebody lives, seen from the court.
NEAR = ""
OVERSEAS = "overseas"  # in France, in another territory than the court's
ABROAD = "abroad"
DISTANCES = (NEAR, OVERSEAS, ABROAD)

# The territories that the articles name, as ISO 3166 spells them.
_COMMUNITIES = ("GP", "GF", "MQ", "RE", "YT", "BL", "MF", "PM", "PF", "WF", "NC", "TF")


def find_distance(court_postcode, country, postcode=""):
    """Return how far from a court's territory an address is, one of DISTANCES.

    :param str court_postcode: French; empty for a court of the mainland
    :param str country: ISO code of the address; empty counts as France
    :param str postcode: of the address; tells the territories of France apart

    >>> find_distance("75001", "FR", "69003"), find_distance("75001", "FR", "97400")
    ('', 'overseas')
    >>> find_distance("97400", "FR", "97410"), find_distance("97400", "FR", "75001")
    ('', 'overseas')
    >>> find_distance("75001", "RE"), find_distance("75001", "BE")
    ('overseas', 'abroad')
    """
    territory = find_place(country or FRANCE, postcode).country
    if territory != FRANCE and territory not in _COMMUNITIES:
        return ABROAD
    return NEAR if territory == find_place(FRANCE, court_postcode).country else OVERSEAS

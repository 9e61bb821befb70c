"""What counts as one visitor when attempts are counted by address."""

from ipaddress import ip_address, ip_network

# One subscriber gets so large a network of IPv6 as a whole, and a new address whenever he likes.
SUBSCRIBER_BITS = 64


def find_origin(address):
    """Return what the attempts of an address are counted under.

    >>> find_origin("192.0.2.7")
    '192.0.2.7'
    >>> find_origin("2001:db8:1:2:3:4:5:6") == find_origin("2001:db8:1:2::1")
    True
    >>> find_origin("2001:db8:1:2::1") == find_origin("2001:db8:1:3::1")
    False
    >>> find_origin("::ffff:192.0.2.7")
    '192.0.2.7'
    >>> find_origin("unknown")
    'unknown'
    """
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ip_network((known, SUBSCRIBER_BITS), strict=False))

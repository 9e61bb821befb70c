"""Free ports of this machine."""

import socket


def free(first, tries=200):
    """Return the first port from this one on that nobody listens on, at any address."""
    for port in range(first, first + tries):
        if is_free(port):
            return port
    raise OSError(f"no free port from {first} on")


def is_free(port):
    """Tell whether a program could listen on a port of this machine, at every address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
        return True

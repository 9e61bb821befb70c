"""Locks between scripts that run at the same time. The system frees those of a killed script."""

import fcntl
from contextlib import contextmanager

from . import paths
from .console import say


class Lock:
    """One lock file, held by one owner (exclusive) or by several users (shared)."""

    def __init__(self, name):
        paths.LOCKS.mkdir(parents=True, exist_ok=True)
        self.name = name
        self._file = open(paths.LOCKS / f"{name}.lock", "a")  # noqa: SIM115 (held while locked)

    def _take(self, mode):
        try:
            fcntl.flock(self._file, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def try_exclusive(self):
        """Take it alone, or return False at once."""
        return self._take(fcntl.LOCK_EX)

    def exclusive(self, waiting_for=""):
        """Take it alone, waiting for whoever has it, and say so."""
        if not self.try_exclusive():
            if waiting_for:
                say(f"- waiting for another script ({waiting_for})")
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def shared(self):
        """Take it beside other users."""
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def close(self):
        """Give it back."""
        self._file.close()


@contextmanager
def locked(name, waiting_for=""):
    """Hold a lock alone for the time of a block."""
    lock = Lock(name)
    lock.exclusive(waiting_for)
    try:
        yield
    finally:
        lock.close()


def first_free(names):
    """Return the first lock of these names nobody has, taken; the caller closes it."""
    for name in names:
        lock = Lock(name)
        if lock.try_exclusive():
            return lock
        lock.close()
    raise RuntimeError("every one is taken")

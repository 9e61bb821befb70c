"""Processes that answer one request after the other; what they say is pickled, over pipes."""

import os
import pickle
import subprocess
import sys


class Desk:
    """Another process, as those see it who ask it for something."""

    def __init__(self, script, *arguments):
        self._process = subprocess.Popen(
            [sys.executable, str(script), *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def send(self, message):
        """Ask for something."""
        pickle.dump(message, self._process.stdin)
        self._process.stdin.flush()

    def receive(self):
        """Wait for an answer.

        :raise EOFError: the process has ended instead
        """
        return pickle.load(self._process.stdout)

    def close(self):
        """Let the process end."""
        if self._process.poll() is None:
            self._process.stdin.close()
            self._process.wait()


class Counter:
    """The other side of a desk: where requests come in, one after the other."""

    def __init__(self):
        # Whatever else prints something does so where complaints go.
        self._out = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)

    def requests(self):
        """Yield the requests until nobody asks for anything any more."""
        while True:
            try:
                yield pickle.load(sys.stdin.buffer)
            except EOFError:
                return

    def answer(self, message):
        """Answer the last request."""
        pickle.dump(message, self._out)
        self._out.flush()

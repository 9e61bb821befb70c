"""Programs that run beside a script as long as it lasts: Odoo's web server, the mail catcher."""

import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

from . import paths, ports
from .console import GroundError, say, tail

PATIENCE = 120  # seconds for a service to answer
TRIES = 20  # ports that other programs may take under our hands


class PortTakenError(GroundError):
    """A program has ended as another one listens on its port."""


@contextmanager
def service(command, log, variables, answers, port=None):
    """Run a program until the block ends; go on when it answers.

    :param answers: function that tells whether it does; another program may answer in its place
        where the function does not look at what it logged (``has_logged``)
    :param port: the one that it listens on, so that a taken one is told from other failures
    :raises PortTakenError: it ended as another program has its port
    """
    path = paths.LOGS / log
    with open(path, "wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=variables,
            cwd=paths.PROJECT,
            # Ctrl-C reaches this script only, which then ends its services in order.
            start_new_session=True,
        )
    try:
        _wait(process, answers, path, port)
        yield process
    finally:
        _end(process)


def start_on_free_port(stack, first, start):
    """Start a program on the first port that it gets; return (port, process).

    Between looking for a port and listening on it others may take it: the next one is tried.

    :param stack: ExitStack that ends the program
    :param start: function of a port that returns its service
    """
    for _ in range(TRIES):
        port = ports.free(first)
        try:
            return port, stack.enter_context(start(port))
        except PortTakenError:
            say(f"- another program has taken port {port} meanwhile: the next one is tried")
            first = port + 1
    raise GroundError(f"{TRIES} ports up to {port} were taken one after the other.")


def _wait(process, answers, log, port):
    limit = time.monotonic() + PATIENCE
    # Who answers may be another program: ours has to run.
    while process.poll() is not None or not answers():
        if process.poll() is not None and port and not ports.is_free(port):
            raise PortTakenError(f"Another program listens on port {port}.")
        if process.poll() is not None or time.monotonic() > limit:
            raise GroundError(f"A program did not start. The end of {log}:\n{tail(log)}")
        time.sleep(0.1)


def _end(process):
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def has_logged(log, words):
    """Tell whether the program of a log has written some words."""
    return words in (paths.LOGS / log).read_text(errors="replace")


def listens(port):
    """Tell whether somebody listens on a port of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def is_healthy(port):
    """Tell whether Odoo answers there."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/web/health", timeout=5) as page:
            return page.status == 200
    except (urllib.error.URLError, OSError):
        return False

"""Programs that run beside a script as long as it lasts: Odoo's web server, the mail catcher."""

import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

from . import paths
from .console import GroundError, tail

PATIENCE = 120  # seconds for a service to answer


@contextmanager
def service(command, log, variables, answers):
    """Run a program until the block ends; go on when it answers.

    :param answers: function that tells whether it does
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
        _wait(process, answers, path)
        yield process
    finally:
        _end(process)


def _wait(process, answers, log):
    limit = time.monotonic() + PATIENCE
    while not answers():
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

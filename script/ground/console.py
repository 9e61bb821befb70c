"""What the person at the terminal sees, and how programs are run."""

import shlex
import subprocess
import sys
import time
from contextlib import contextmanager

from . import paths


class GroundError(Exception):
    """Something a person has to know or to do; shown without a traceback."""


def say(text=""):
    """Print a line at once, also when the output is a pipe."""
    print(text, flush=True)


def warn(text):
    """Print what the person should know, without stopping."""
    print(f"! {text}", file=sys.stderr, flush=True)


@contextmanager
def step(title):
    """Show that something long begins, and how long it took."""
    started = time.monotonic()
    print(f"- {title} ...", end="", flush=True)
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - started:.1f} s", flush=True)


def tail(path, lines=30):
    """Return the last lines of a log, for an error message."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def run(command, log, title=None, **options):
    """Run a program with its output in the log of that name; raise with the log's end if it fails.

    :param log: name of the file below the logs folder (it is replaced)
    :return: the path of the log
    """
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    log_path = paths.LOGS / log
    command = [str(part) for part in command]
    with open(log_path, "wb") as output:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, **options
        )
    if done.returncode:
        raise GroundError(
            f"{title or shlex.join(command)} failed (exit code {done.returncode}).\n"
            f"The end of {log_path}:\n{tail(log_path)}"
        )
    return log_path


def answer(command, **options):
    """Run a program and return what it prints; raise with what it complained about."""
    command = [str(part) for part in command]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options
    )
    if done.returncode:
        raise GroundError(f"{shlex.join(command)} failed:\n{done.stderr.strip()}")
    return done.stdout.strip()


def main(function):
    """Run a script's function: errors meant for a person come without a traceback."""
    try:
        sys.exit(function(sys.argv[1:]))
    except GroundError as error:
        print(f"\n{error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        sys.exit(130)

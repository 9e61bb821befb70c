"""What the ground's own logic decides on: what is dropped, which tests a command line names."""

import os
import socket
import sys
from contextlib import ExitStack

import pytest

from ground import database, paths, ports, selection, services

GONE = "4194305"  # more than any number of a process


@pytest.mark.parametrize(
    ("name", "is_left"),
    [
        (GONE, True),
        (f"{GONE}_restored", True),
        (f"{GONE}_kept", False),
        (f"kept_{GONE}", False),
        (str(os.getpid()), False),
    ],
)
def test_what_killed_processes_left_is_dropped_and_what_was_kept_stays(name, is_left):
    assert database._is_left(name) == is_left


@pytest.mark.parametrize(
    ("arguments", "is_named"),
    [
        (["-k", "bench"], False),
        (["-x", "-k", "docs"], False),
        (["-m", "script"], False),
        ([], False),
        (["-x", "script/survival"], True),
        (["script/survival/test_kill.py::test_kill", "-k", "bench"], True),
    ],
)
def test_a_value_of_an_option_names_no_place(arguments, is_named):
    assert selection.is_place_named(arguments) == is_named


# Like Odoo: it listens, or ends at once with the port in the hands of another.
LISTENER = """
import socket, sys, time
own = socket.socket()
own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
own.bind(("", int(sys.argv[1])))
own.listen()
print("running", flush=True)
time.sleep(60)
"""


def test_a_port_that_another_takes_between_looking_and_listening_is_no_error(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "LOGS", tmp_path)
    first = ports.free(18069)
    looked_for = ports.free
    with ExitStack() as stack:

        def look(port, tries=200):
            """Find the port free, and let another program take it at once."""
            found = looked_for(port, tries)
            if found == first:
                other = stack.enter_context(socket.socket())
                other.bind(("127.0.0.1", found))
                other.listen()
            return found

        monkeypatch.setattr(ports, "free", look)
        port, process = services.start_on_free_port(
            stack,
            first,
            lambda port: services.service(
                [sys.executable, "-c", LISTENER, port],
                "listener.log",
                dict(os.environ),
                # The other program answers too.
                lambda: services.has_logged("listener.log", "running") and services.listens(port),
                port,
            ),
        )
        assert port > first
        assert process.poll() is None
    assert process.poll() is not None


def test_a_program_that_ends_for_another_reason_is_not_tried_again(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "LOGS", tmp_path)
    with ExitStack() as stack, pytest.raises(services.GroundError, match="did not start"):
        services.start_on_free_port(
            stack,
            18169,
            lambda port: services.service(
                [sys.executable, "-c", "raise SystemExit('broken')"],
                "broken.log",
                dict(os.environ),
                lambda: services.listens(port),
                port,
            ),
        )

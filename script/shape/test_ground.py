"""What the ground's own logic decides on: what is dropped, which tests a command line names."""

import os

import pytest

from ground import database, selection

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

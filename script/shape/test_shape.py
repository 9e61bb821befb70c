"""The add-on has the shape that lets a reader find things: one test per rule.

A rule is a function of `checks` or `identifiers`; test_planted.py shows that each can fail.
"""

from pathlib import Path

import checks
import identifiers
import pytest
from tree import Tree

ADDON = Path(__file__).resolve().parents[2] / "recouvrement_creances"


def rules():
    """Return every check: the public functions that the two modules define."""
    return [
        function
        for module in (checks, identifiers)
        for name, function in vars(module).items()
        if callable(function)
        and not name.startswith("_")
        and getattr(function, "__module__", "") == module.__name__
    ]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.__name__)
def test_add_on(rule):
    """Nothing in the add-on breaks the rule."""
    found = rule(Tree(ADDON))
    listed = "\n".join(found)
    assert not found, f"{rule.__doc__}\n{listed}"

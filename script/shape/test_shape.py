"""The add-on has the shape that lets a reader find things: one test per rule.

A rule is a function of `checks` or `identifiers`; test_planted.py shows that each can fail.
"""

from pathlib import Path

import checks
import identifiers
import pytest
from tree import Tree

PROJECT = Path(__file__).resolve().parents[2]
ADDONS = ("recouvrement_creances", "recouvrement_creances_sale")


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


@pytest.mark.parametrize("addon", ADDONS)
@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.__name__)
def test_add_on(rule, addon):
    """Nothing in the add-on breaks the rule."""
    found = rule(Tree(PROJECT / addon))
    listed = "\n".join(found)
    assert not found, f"{rule.__doc__}\n{listed}"

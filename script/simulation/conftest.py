"""The short simulation's ground."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ground import simulation
from ground.prepare import prepare


def pytest_configure(config):
    """Name the marker of what takes minutes."""
    config.addinivalue_line("markers", "slow: takes long; run by script/survive")


@pytest.fixture(scope="session")
def ground():
    """Set everything up once; the server of databases stops with its last user."""
    with prepare(needed=simulation.NEEDED) as found:
        yield found

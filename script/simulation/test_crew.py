"""The processes of a simulation: what they say to each other, and what the auditor is shown."""

import os
from datetime import datetime

import psycopg2
import pytest

from simulation import clock
from simulation.auditing import Evening
from simulation.pipes import Desk

ECHO = """
import sys
sys.path.insert(0, {folder!r})
from simulation.pipes import Counter
counter = Counter()
print("noise that no answer is made of")
for request in counter.requests():
    if request == "break":
        sys.exit(3)
    counter.answer(("heard", request))
"""


@pytest.fixture
def desk(tmp_path):
    """Yield a desk whose process says what it has heard."""
    script = tmp_path / "echo.py"
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    script.write_text(ECHO.format(folder=folder))
    desk = Desk(script)
    yield desk
    desk.close()


def test_requests_are_answered_in_their_order(desk):
    """Nothing but answers comes back, whatever else the process prints."""
    for request in ({"day": 1}, ["two"]):
        desk.send(request)
        assert desk.receive() == ("heard", request)


def test_process_that_ends_is_noticed(desk):
    """Nobody waits for an answer that never comes."""
    desk.send("break")
    with pytest.raises(EOFError):
        desk.receive()


@pytest.fixture
def database(ground):
    """Yield a database with the simulation's clock, and one table."""
    name = f"simulation_{os.getpid()}"
    ground.databases.create(name)
    connection = psycopg2.connect(dbname=name)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE day (number int)")
    clock.install(connection, name, datetime(2025, 2, 3, 7, 30))
    yield name
    connection.close()
    ground.databases.drop(name)


def test_evening_stays_as_it_was(database):
    """The auditor sees one evening, and its moment, however far the next day has come."""
    lives, reads = (psycopg2.connect(dbname=database) for _number in range(2))
    lives.autocommit = True
    reads.set_session(isolation_level="REPEATABLE READ")
    evening = Evening(reads)
    with lives.cursor() as cursor:
        cursor.execute("INSERT INTO day VALUES (1)")
        cursor.execute("UPDATE clock.moment SET shown = shown + interval '1 day'")
    evening.rollback()
    assert _read(evening) == (0, datetime(2025, 2, 3, 7, 30))
    assert _read(Evening(reads)) == (1, datetime(2025, 2, 4, 7, 30))
    lives.close()
    reads.close()


def _read(evening):
    with evening.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM day), now() AT TIME ZONE 'UTC'")
        return cursor.fetchone()

"""One clock for all: Python, its threads and PostgreSQL show the simulated moment.

Odoo asks both: ``fields.Datetime.now()`` is Python's, ``cr.now()`` and ``now()`` in SQL are
PostgreSQL's. The database gets a function ``now`` of its own that is found before the server's.
"""

from freezegun import freeze_time

from .days import moment

FUNCTION = """
    CREATE SCHEMA clock;
    CREATE TABLE clock.moment (shown timestamptz NOT NULL);
    INSERT INTO clock.moment VALUES ('{start} UTC');
    CREATE FUNCTION clock.now() RETURNS timestamptz LANGUAGE sql STABLE
        AS 'SELECT shown FROM clock.moment';
    ALTER DATABASE "{database}" SET search_path = public, clock, pg_catalog;
"""


def install(connection, database, start):
    """Give a database the clock; connections made from now on go by it."""
    with connection.cursor() as cursor:
        cursor.execute(FUNCTION.format(start=start, database=database))


class Clock:
    """Shows one moment after the other; it stands still in between.

    :param connection: to the database, whose clock is moved too; None where another process does it
    """

    def __init__(self, connection, start):
        self._connection = connection
        self._freezer = freeze_time(start)
        self._frozen = self._freezer.start()
        self.moment = start
        self.day = start.date()
        self._show()

    def set(self, day, hour, minute=0):
        """Show an hour of Paris."""
        self.day = day
        self.moment = moment(day, hour, minute)
        self._frozen.move_to(self.moment)
        self._show()

    def _show(self):
        if self._connection:
            with self._connection.cursor() as cursor:
                cursor.execute("UPDATE clock.moment SET shown = %s", [f"{self.moment} UTC"])

    def stop(self):
        """Let Python's clock go right again."""
        self._freezer.stop()

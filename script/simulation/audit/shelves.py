"""Rows that are kept from one evening to the next: only those that were written since are read.

PostgreSQL says which: each row bears the number of the transaction that wrote it (``xmin``),
whoever wrote it and by whichever way. What was deleted shows in the number of rows.
"""

from itertools import chain

# The first transaction that the reader may not have seen the end of.
HORIZON = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS number"
# An age counts transactions back, so that it does not matter when their numbers begin anew.
WRITTEN = "age({}.xmin) <= age(%(since)s::xid)"
NUMBERS = 2**32


def horizon(reader):
    """Return the number from which on transactions may write what was not seen yet."""
    return str(int(reader(HORIZON)[0].number) % NUMBERS)


class Shelf:
    """The rows of one query, of which each has an ``id``."""

    def __init__(self, query, tables):
        """Begin empty.

        :param str query: ends with its conditions
        :param tables: aliases of the tables whose rows make the query's rows
        """
        self.query = query
        self.condition = " OR ".join(WRITTEN.format(table) for table in tables)
        self.rows = {}
        self.since = None

    def read(self, reader):
        """Return {id: row}, the first made first.

        :param reader: function of a query and its parameters that returns rows
        """
        now = horizon(reader)
        if self.since is not None:
            written = reader(f"{self.query} AND ({self.condition})", since=self.since)
            if written:
                self._keep(chain(self.rows.values(), written))
        number = None
        if self.rows:
            number = reader(f"SELECT COUNT(*) AS number FROM ({self.query}) counted")[0].number
        if number != len(self.rows):
            self._keep(reader(self.query))
        self.since = now
        return self.rows

    def _keep(self, rows):
        found = {row.id: row for row in rows}
        self.rows = dict(sorted(found.items()))

"""Rows by the hundred thousand: copied, cloned, with indexes made anew afterwards."""

import json
from contextlib import contextmanager
from io import StringIO

from odoo.tools import SQL


def read_rows(env, table, ids):
    """Return rows as dicts, every column as PostgreSQL writes it in JSON."""
    env.flush_all()
    query = "SELECT json_agg(t ORDER BY id) FROM %s t WHERE id IN %s"
    rows = env.execute_query(SQL(query, SQL.identifier(table), tuple(ids) or (0,)))
    return rows[0][0] or []


def read_pairs(cr, table, column, line_ids):
    """Return (journal item, other side) of a relation's table."""
    cr.execute(
        SQL(
            "SELECT account_move_line_id, %s FROM %s WHERE account_move_line_id IN %s",
            SQL.identifier(column),
            SQL.identifier(table),
            tuple(line_ids),
        )
    )
    return cr.fetchall()


def store_rows(cr, name, table, rows):
    """Put rows of a table into a temporary one of the same columns."""
    name = SQL.identifier(name)
    cr.execute(SQL("DROP TABLE IF EXISTS %s", name))
    cr.execute(
        SQL(
            "CREATE TEMP TABLE %s AS SELECT * FROM json_populate_recordset(NULL::%s, %s)",
            name,
            SQL.identifier(table),
            json.dumps(rows),
        )
    )
    cr.execute(SQL("CREATE UNIQUE INDEX ON %s (id)", name))
    cr.execute(SQL("ANALYZE %s", name))


def copy(cr, name, columns, rows):
    """Fill a temporary table with rows from Python.

    :param str columns: names and types, as CREATE TABLE takes them
    """
    table = SQL.identifier(name)
    cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
    cr.execute(SQL("CREATE TEMP TABLE %s (%s)", table, SQL(columns)))
    buffer = StringIO()
    for row in rows:
        buffer.write("\t".join("\\N" if value is None else str(value) for value in row) + "\n")
    buffer.seek(0)
    cr._obj.copy_expert(f"COPY {name} FROM STDIN", buffer)
    cr.execute(SQL("ANALYZE %s", table))


def clone(cr, table, changes, source):
    """Insert every column of the prototype row ``p`` except those that change.

    :param dict changes: {column: expression}
    :param str source: FROM clause, which names the prototype ``p``
    """
    cr.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
        [table],
    )
    columns = [row[0] for row in cr.fetchall()]
    if changes.keys() - set(columns):
        raise ValueError(f"{table} has no {changes.keys() - set(columns)}")
    values = [SQL(changes[name]) if name in changes else _own(name) for name in columns]
    cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s %s",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(values),
            SQL(source),
        )
    )


def _own(name):
    return SQL.identifier("p", name)


def reserve(cr, table, count):
    """Reserve ids for so many rows; return the first one."""
    sequence = f"{table}_id_seq"
    cr.execute(
        SQL(
            "SELECT GREATEST((SELECT last_value FROM %s), (SELECT max(id) FROM %s), 0) + 1",
            SQL.identifier(sequence),
            SQL.identifier(table),
        )
    )
    first = cr.fetchone()[0]
    cr.execute("SELECT setval(%s, %s)", [sequence, first + max(count, 1) - 1])
    return first


@contextmanager
def indexes_later(cr, *tables):
    """Drop plain indexes during the load; make them again in the same transaction.

    Foreign keys are not checked either, where the server lets us: the rows are consistent by
    construction, which the verification shows.
    """
    cr.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
    unchecked = cr.fetchone()[0]
    if unchecked:
        cr.execute("SET LOCAL session_replication_role = replica")
    cr.execute("SET LOCAL maintenance_work_mem = '512MB'")
    cr.execute("SET LOCAL work_mem = '128MB'")
    cr.execute(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid) "
        "  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "  JOIN pg_class t ON t.oid = i.indrelid AND t.relkind = 'r' "
        " WHERE t.relname IN %s AND NOT i.indisunique",
        [tables],
    )
    definitions = cr.fetchall()
    for name, _definition in definitions:
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    yield
    for _name, definition in definitions:
        cr.execute(definition)
    if unchecked:
        cr.execute("SET LOCAL session_replication_role = DEFAULT")

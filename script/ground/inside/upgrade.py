"""What a database holds of the add-on, before and after an update from an earlier release.

Usage: upgrade.py remember|recall RESULT DATABASE, upgrade.py work RESULT ODOO_OPTIONS...
"""

import json
import sys
from pathlib import Path

import psycopg2
import session
from psycopg2 import sql
from schema import read_schema

ADDON = "recouvrement_creances"
# An update may compute stored values anew, which Odoo signs as a change.
SIGNATURES = ["create_uid", "create_date", "write_uid", "write_date"]
COLUMNS = """
    SELECT table_name, array_agg(column_name::text ORDER BY column_name)
      FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name LIKE 'collection\\_%%'
       AND NOT column_name = ANY(%s)
     GROUP BY table_name
"""
# Of a request that nobody has decided on these are worked out anew: a line more, a warning more,
# and after midnight a check of yesterday and a day's interest.
WORKED_OUT = {
    *(("collection_handover_check", name) for name in ("sequence", "result", "because")),
    *(("collection_handover_route", name) for name in ("warning_codes", "cost", "value", "net")),
}
UNDECIDED = ("draft", "requested", "refused")
# What the add-on ships, it may change; what people and the flow wrote, it may not.
SHIPPED = "SELECT res_id FROM ir_model_data WHERE module = %s AND model = %s"
NAMED = "SELECT name FROM ir_model_data WHERE module = %s"


def read_rows(cursor, columns):
    """Return {table: {id or content: row}} of what people and the flow wrote."""
    found = {}
    for table, names in columns.items():
        cursor.execute(SHIPPED, [ADDON, table.replace("_", ".")])
        shipped = {identifier for (identifier,) in cursor.fetchall()}
        query = sql.SQL("SELECT {} FROM {}").format(
            sql.SQL(", ").join(map(sql.Identifier, names)), sql.Identifier(table)
        )
        cursor.execute(query)
        rows = [dict(zip(names, map(str, row), strict=True)) for row in cursor.fetchall()]
        found[table] = {
            row.get("id", json.dumps(row)): row
            for row in rows
            if "id" not in row or int(row["id"]) not in shipped
        }
    return found


def remember(cursor):
    """Return what has to be found again after the update."""
    cursor.execute(COLUMNS, [SIGNATURES])
    columns = dict(cursor.fetchall())
    return {"columns": columns, "rows": read_rows(cursor, columns)}


def recall(cursor, former):
    """Return the schema, what is shipped, and what of the former content is not as it was."""
    schema = read_schema(cursor)
    cursor.execute(NAMED, [ADDON])
    shipped = [name for (name,) in cursor.fetchall()]
    kept = {
        table: [name for name in names if f"column {table}.{name}" in schema]
        for table, names in former["columns"].items()
        if any(name.startswith(f"column {table}.") for name in schema)
    }
    found, differences = read_rows(cursor, kept), []
    undecided = {
        identifier
        for identifier, row in former["rows"].get("collection_handover", {}).items()
        if row["state"] in UNDECIDED
    }
    for table, rows in former["rows"].items():
        for identifier, row in rows.items():
            now = found.get(table, {}).get(identifier)
            if now is None:
                differences.append(f"{table} {identifier} is gone")
                continue
            differences += [
                f"{table} {identifier}: {name} was {row[name]}, is {value}"
                for name, value in now.items()
                if row[name] != value
                and not ((table, name) in WORKED_OUT and row["handover_id"] in undecided)
            ]
    counts = {}
    for table in kept:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        counts[table] = cursor.fetchone()[0]
    return {"schema": schema, "shipped": shipped, "counts": counts, "differences": differences}


def work(env):
    """Live a day on what came along; return the errors of runs and breaks of the evidence."""
    env["collection.run"]._cron_run_daily()
    today = env["collection.run"].search([("date", "=", env.company._collection_today())])
    companies = env["collection.evidence"].search([]).company_id
    breaks = [
        found for company in companies for found in env["collection.evidence.check"]._walk(company)
    ]
    return {
        "runs": len(today),
        "cases": env["collection.case"].search_count([]),
        "evidence": env["collection.evidence"].search_count([]),
        "wrong": [run.error for run in today if run.error] + list(map(str, breaks)),
    }


def main(command, result, *arguments):
    """Carry out a command; the result of the former one is read from its file."""
    result = Path(result)
    if command == "work":
        with session.environment(session.configure([*arguments, "--no-http"])) as env:
            found = work(env)
    else:
        with psycopg2.connect(dbname=arguments[0]) as connection, connection.cursor() as cursor:
            if command == "remember":
                found = remember(cursor)
            else:
                found = recall(cursor, json.loads(result.read_text()))
    result.write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])

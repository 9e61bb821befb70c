"""What a database is made of, by name: a definition that changes is a difference."""

SCHEMA = """
    SELECT 'column ' || table_name || '.' || column_name, data_type
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint ' || conrelid::regclass || '.' || conname,
                     pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger ' || tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
      FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'function ' || proname, md5(prosrc) FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace
"""


def read_schema(cursor):
    """Return {name: definition} of the columns, indexes, constraints, triggers and functions."""
    cursor.execute(SCHEMA)
    return dict(cursor.fetchall())

from odoo.tests import tagged
from odoo.tools import SQL

from ..common import CollectionCommon

# Columns of our tables that refer to a table, and begin no index.
UNINDEXED = """
    SELECT conrelid::regclass::text || '.' || attribute.attname
      FROM pg_constraint
      JOIN pg_attribute attribute
        ON attribute.attrelid = conrelid AND attribute.attnum = conkey[1]
     WHERE contype = 'f' AND confrelid = %s::regclass
       AND conrelid::regclass::text LIKE 'collection!_%%' ESCAPE '!'
       AND NOT EXISTS (SELECT FROM pg_index
                        WHERE indrelid = conrelid AND indkey[0] = conkey[1])
"""


@tagged("post_install", "-at_install")
class TestIndexes(CollectionCommon):
    """What the database looks for by itself, or a scheduled action every hour, has an index."""

    def test_deleting_a_file_scans_none_of_our_tables(self):
        """A key is looked for with every file of Odoo that is deleted."""
        self.cr.execute(UNINDEXED, ["ir_attachment"])
        self.assertFalse(self.cr.fetchall())

    def test_letters_to_follow_are_found_by_an_index(self):
        self.env.flush_all()
        queries = []
        actions = self.registry["collection.action"]
        search = actions._search

        def remember(records, *args, **kwargs):
            query = search(records, *args, **kwargs)
            queries.append(query.select())
            return query

        self.patch(actions, "_search", remember)
        self.root["collection.channel.electronic_letter"]._find_letters(self.company)
        # In the few rows of a test the table is read as a whole, where it can be.
        self.cr.execute("SET LOCAL enable_seqscan = off")
        plan = self.env.execute_query(SQL("EXPLAIN %s", queries[0]))
        self.assertIn("collection_action_letter_index", "\n".join(line for (line,) in plan))

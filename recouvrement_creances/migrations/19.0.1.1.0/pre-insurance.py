"""The tick “Insured” of each company becomes a computed field: Odoo would keep its column for it.

What stood there is put aside before the field is set up; the next script reads and drops it.
"""

from odoo.tools import sql


def migrate(cr, version):
    if version and sql.column_exists(cr, "res_partner", "collection_is_insured"):
        sql.rename_column(cr, "res_partner", "collection_is_insured", "collection_was_insured")

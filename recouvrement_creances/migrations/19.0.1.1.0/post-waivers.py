"""Of an opening balance no credit note was made: what waits is booked by a write-off entry."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    waiting = env["collection.waiver"].search(
        [("state", "in", ("requested", "approved", "met")), ("means", "=", "credit_note")]
    )
    of_entries = waiting.filtered(
        lambda waiver: not any(move.is_sale_document() for move in waiver.item_ids.move_id)
    )
    env.add_to_compute(of_entries._fields["means"], of_entries)
    env.flush_all()
